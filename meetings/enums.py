"""Words of the meetings' world. Imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    READ_THROUGH = "read_through", _("Read-through")
    ISSUED = "issued", _("Issued")
    IN_SESSION = "in_session", _("In session")
    MINUTES_DRAFT = "minutes_draft", _("Minutes being written")
    APPROVAL = "approval", _("Minutes for approval")
    LOCKED = "locked", _("Locked")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")


# The agenda can still be changed and issued (again).
AGENDA_OPEN = frozenset({MeetingState.DRAFT, MeetingState.READ_THROUGH, MeetingState.ISSUED})
# Members and the public have received an agenda.
AGENDA_OUT = frozenset(
    {
        MeetingState.ISSUED,
        MeetingState.IN_SESSION,
        MeetingState.MINUTES_DRAFT,
        MeetingState.APPROVAL,
        MeetingState.LOCKED,
        MeetingState.PUBLISHED,
    }
)
# Decisions can be written.
DECIDING = frozenset({MeetingState.IN_SESSION, MeetingState.MINUTES_DRAFT})
# The meeting has begun: its items can be decided, or have been.
HELD = DECIDING | {MeetingState.APPROVAL, MeetingState.LOCKED, MeetingState.PUBLISHED}
# The minutes are frozen; corrections are numbered additions.
CLOSED_RECORD = frozenset({MeetingState.LOCKED, MeetingState.PUBLISHED})


class MeetingKind(models.TextChoices):
    ORDINARY = "ordinary", _("Meeting")
    EXTRAORDINARY = "extraordinary", _("Extraordinary meeting")
    THEME_DAY = "theme_day", _("Theme day")
    WORKSHOP = "workshop", _("Workshop")


WORKSHOP_KINDS = frozenset({MeetingKind.THEME_DAY, MeetingKind.WORKSHOP})


class ItemKind(models.TextChoices):
    DECISION = "decision", _("Decision")
    DISCUSSION = "discussion", _("Discussion")
    BRIEFING = "briefing", _("Briefing")


class Access(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    NONE = "", _("Not decided")
    ADOPTED = "adopted", _("Adopted")
    ADOPTED_CHANGED = "adopted_changed", _("Adopted with changes")
    REJECTED = "rejected", _("Rejected")
    DISCUSSED = "discussed", _("Discussed")
    NOTED = "noted", _("Noted")
    POSTPONED = "postponed", _("Postponed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What only a body that is quorate can do (kommunestyrelseslovens § 11, stk. 2).
BINDING = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_CHANGED, Outcome.REJECTED})


class OpeningStep(models.TextChoices):
    """What is done before the first item, in this order."""

    ROLL_CALL = "roll_call", _("Roll call")
    AGENDA = "agenda", _("Approval of the agenda")
    IMPARTIALITY = "impartiality", _("Impartiality")


class VersionKind(models.TextChoices):
    AGENDA = "agenda", _("Agenda")
    MINUTES = "minutes", _("Minutes")


class Edition(models.TextChoices):
    FULL = "full", _("Full edition")
    PUBLIC = "public", _("Public edition")


class DocumentKind(models.TextChoices):
    AGENDA = "agenda", _("Agenda")
    PACK = "pack", _("Meeting pack")
    MINUTES = "minutes", _("Minutes")


class AttendanceStatus(models.TextChoices):
    UNKNOWN = "unknown", _("No answer")
    PRESENT = "present", _("Present")
    APOLOGY = "apology", _("Apology")
    ABSENT = "absent", _("Absent without apology")
    SUBSTITUTE = "substitute", _("Substitute")

    @classmethod
    def in_the_room(cls) -> frozenset[str]:
        """Statuses that fill the seat."""
        return frozenset({cls.PRESENT.value, cls.SUBSTITUTE.value})


class RoundState(models.TextChoices):
    OPEN = "open", _("Open for input")
    CLOSED = "closed", _("Closed")


class MotionKind(models.TextChoices):
    POSTPONEMENT = "postponement", _("Postponement")
    AMENDMENT = "amendment", _("Amendment")
    ADDITION = "addition", _("Addition")
    MAIN = "main", _("Main motion")


class MotionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    OPEN = "open", _("Being voted on")
    CLOSED = "closed", _("Voted on")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class VoteMethod(models.TextChoices):
    NAME = "name", _("By name")
    ACCLAMATION = "acclamation", _("Without a count")


class VoteChoice(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstains")


class VoteResult(models.TextChoices):
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")


class DisqualificationState(models.TextChoices):
    RAISED = "raised", _("Raised")
    UPHELD = "upheld", _("Disqualified")
    DISMISSED = "dismissed", _("Impartial")


class DisqualificationSource(models.TextChoices):
    OWN = "own", _("Disclosed by the member")
    OTHER = "other", _("Raised by another")


class DisqualificationGround(models.TextChoices):
    """Forvaltningslovens § 3, stk. 1."""

    OWN_INTEREST = "nr1", _("No. 1: a personal or financial interest of one's own")
    CLOSE_RELATION = "nr2", _("No. 2: a spouse, a relative or somebody close has an interest")
    COMPANY = "nr3", _("No. 3: a close connection to a company or an association")
    SUPERVISION = "nr4", _("No. 4: took part in the matter at the authority complained of")
    OTHER_DOUBT = "nr5", _("No. 5: something else that makes others doubt the impartiality")


class ApprovalAnswer(models.TextChoices):
    APPROVE = "approve", _("Approved")
    RESERVATION = "reservation", _("Approved with a reservation")
    CORRECTION = "correction", _("Asks for a correction")


class FollowUpState(models.TextChoices):
    OPEN = "open", _("In progress")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class FollowUpNoteKind(models.TextChoices):
    PROGRESS = "progress", _("Progress")
    CHANGED = "changed", _("Changed; it said before")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")
    HANDED = "handed", _("Handed over")


class ChangeKind(models.TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved")
    REMOVED = "removed", _("Removed")


# The section that a carried item tells its story in, where the template has one.
EARLIER_DECISIONS = "earlier_decisions"
# The text keys that every section template has, beside its own sections.
DECISION = "decision"
PUBLIC_DECISION = "public_decision"
# The heading that an import found over the attachments.
ATTACHMENTS = "attachments"
