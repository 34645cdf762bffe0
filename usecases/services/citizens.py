"""Proposals from citizens: sent without login, confirmed by mail, then submitted like any other."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from committee.models import Committee
from committee.policies import still_works
from core import audit, outbox
from core.templatetags.ur import clock
from core.text import clean_text
from core.verdicts import Refused
from usecases import hooks
from usecases.enums import FINAL, Status
from usecases.models import CitizenAttempt, CitizenProposal, StatusChange, UseCase
from usecases.record import code_of
from usecases.services.moves import next_reference
from usecases.services.telling import tell_move
from usecases.services.texts import freeze
from usecases.services.words import index_words

SEND = "usecases.send_citizen"
SALT = "usecases.citizen"
LINK_LASTS = timedelta(days=7)
# How long name and e-mail are kept after the case has ended.
CONTACT_LASTS = timedelta(days=365)
WINDOW = timedelta(hours=1)
LONGEST = {"title": 100, "problem": 2500, "helps": 1000, "name": 150, "email": 254}


class TooMany(Refused):
    """The public form has been sent too often; says when to try again."""

    def __init__(self, again_at: datetime) -> None:
        self.again_at = again_at
        words = _(
            "We have received many proposals in a short time. Try again %(clock)s. "
            "What you have written still stands below."
        )
        super().__init__(words % {"clock": clock(again_at)})


@transaction.atomic
def receive_proposal(
    *, committee: Committee, values: dict[str, str], sender: str
) -> CitizenProposal:
    """Keep what a citizen wrote, and ask by mail whether it is theirs.

    `sender` is the network address; only a keyed hash of it is kept, for a day. Raises
    `TooMany`, and `Refused` for texts that lack or are too long.
    """
    facts = {key: _checked(key, values.get(key, "")) for key in LONGEST}
    still_works(committee).require()
    # One at a time, so that two at once do not both get the last place.
    list(Committee.objects.select_for_update().filter(pk=committee.pk).values_list("pk"))
    _count_attempt(sender)
    row = CitizenProposal.objects.create(committee=committee, **facts)
    _mail(row, "confirm")
    return row


def _checked(key: str, raw: str) -> str:
    long_text = key in ("problem", "helps")
    text = clean_text(raw) if long_text else " ".join(raw.split())
    if not text:
        raise Refused(_("Fill in this field."), key)
    if len(text) > LONGEST[key]:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST[key]}, key)
    if key == "email":
        try:
            validate_email(text)
        except ValidationError as error:
            raise Refused(_("Write an e-mail address like navn@eksempel.dk."), key) from error
    return text


def _count_attempt(sender: str) -> None:
    """Count this one, or refuse it when the hour has had enough."""
    now = timezone.now()
    key = salted_hmac(SALT, sender, algorithm="sha256").hexdigest()
    recent = CitizenAttempt.objects.filter(at__gt=now - WINDOW).order_by("-at")
    limits = (
        (recent.filter(sender=key), settings.CITIZEN_PROPOSALS_PER_SENDER),
        (recent, settings.CITIZEN_PROPOSALS_IN_ALL),
    )
    waits = []
    for rows, most in limits:
        # The oldest of the newest `most`: when it is an hour old, there is room again.
        last = rows.values_list("at", flat=True)[most - 1 : most]
        waits += [at + WINDOW for at in last]
    if waits:
        raise TooMany(max(waits) + timedelta(minutes=1))
    CitizenAttempt.objects.create(sender=key, at=now)


def _mail(row: CitizenProposal, occasion: str) -> None:
    outbox.enqueue(
        kind=SEND,
        key=f"citizen:{row.pk}:{occasion}",
        payload={"proposal": row.pk, "occasion": occasion},
    )


# The link ----------------------------------------------------------------------------------------


def link_token(row: CitizenProposal) -> str:
    """What stands in the confirmation mail's link."""
    return signing.dumps(row.pk, salt=SALT)


def by_link(token: str) -> CitizenProposal | None:
    """The proposal that a link is about, or None when it has run out or is none of ours."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    rows = CitizenProposal.objects.select_related("committee__municipality", "case")
    return rows.filter(pk=pk).first() if isinstance(pk, int) else None


@transaction.atomic
def confirm_proposal(*, proposal: CitizenProposal) -> CitizenProposal | None:
    """Make it a submitted case without a proposer who logs in. Confirming twice is once.

    None when it was deleted meanwhile.
    """
    rows = CitizenProposal.objects.select_for_update(of=("self",)).select_related(
        "committee__municipality"
    )
    row = rows.filter(pk=proposal.pk).first()
    if row is None or row.confirmed_at:
        return row
    row.case, row.confirmed_at = _submitted(row), timezone.now()
    row.problem = row.helps = row.name = row.email = ""
    row.save()
    _mail(row, "receipt")
    return row


def _submitted(row: CitizenProposal) -> UseCase:
    now = timezone.now()
    case = UseCase.objects.create(
        committee=row.committee,
        status=Status.SUBMITTED,
        status_since=now,
        submitted_at=now,
        reference=next_reference(timezone.localdate(now).year),
        title=row.title,
        municipality=code_of(row.committee.municipality.name),
        answers={"problem": row.problem, "affected_groups": row.helps},
        contact_name=row.name,
        contact_email=row.email,
    )
    index_words(case)
    freeze(case, by=None)
    change = StatusChange.objects.create(
        case=case, move="submit", old=Status.DRAFT, new=Status.SUBMITTED, at=now, by=None
    )
    facts = {"proposal": row.pk, "revision": case.revision}
    audit.record("usecases.submit_from_citizen", case, by=None, scope=row.committee, data=facts)
    tell_move(case, change, None)
    hooks.tell(hooks.moved, case, "submit", None)
    return case


# Forgetting --------------------------------------------------------------------------------------


def forget_unconfirmed() -> int:
    """Delete what nobody confirmed in time, and the counts of yesterday."""
    now = timezone.now()
    CitizenAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()
    old = CitizenProposal.objects.filter(confirmed_at__isnull=True, created_at__lt=now - LINK_LASTS)
    return old.delete()[0]


def forget_contacts() -> int:
    """Delete name and e-mail of citizens whose case ended, or went into another, a year ago."""
    before = timezone.now() - CONTACT_LASTS
    ended = UseCase.objects.filter(
        Q(status__in=FINAL, status_since__lt=before) | Q(merge__at__lt=before),
        citizen_proposal__isnull=False,
    ).exclude(contact_name="", contact_email="", contact_phone="")
    count = 0
    for case in ended.select_related("committee"):
        count += _forget(case)
    return count


@transaction.atomic
def _forget(case: UseCase) -> int:
    nothing: dict[str, Any] = {"contact_name": "", "contact_email": "", "contact_phone": ""}
    UseCase.objects.filter(pk=case.pk).update(**nothing)
    audit.record("usecases.forget_citizen", case, by=None, scope=case.committee)
    return 1
