"""Forms of the review rounds; each move asks for what it needs, and no more."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.models import User
from core.forms import DanishDateField
from ethics.enums.rounds import Conflict, RoundDecision, RoundKind, SheetAdvice
from ethics.models import ReviewRound
from ethics.services.round_facts import DAYS_TO_REVIEW
from usecases.enums import DecisionAccess, EthicsOutcome
from usecases.forms.moves import DATE_EXAMPLE, LONG
from usecases.forms.moves import DecisionForm as CaseDecisionForm
from usecases.forms.record import RefusableForm

CLOSES = time(12, 0)
LONGEST = 5000


class StepForm(RefusableForm):
    """The facts of a move; nothing when it asks for nothing."""

    def __init__(self, review: ReviewRound, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review

    def facts(self) -> dict[str, Any]:
        """What the service wants."""
        return dict(self.cleaned_data)


class ReasonForm(StepForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        widget=LONG,
        help_text=_("Everybody who takes part in the review reads it, and so does the proposer."),
    )


class AnswerForm(StepForm):
    reason = forms.CharField(
        label=_("What you have changed or added"),
        max_length=LONGEST,
        required=False,
        widget=LONG,
        help_text=_("Change the proposal first. The reviewers see the difference."),
    )


def usual_deadline() -> date:
    """What is proposed; the secretariat may choose another day."""
    return timezone.localdate() + timedelta(days=DAYS_TO_REVIEW)


class DeadlineForm(RefusableForm):
    """Until when the sheets are open."""

    deadline = DanishDateField(
        label=_("The sheets must be sealed before"),
        help_text=_("At 12 noon that day. For example 25 02 2026"),
    )

    @property
    def closes(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["deadline"], CLOSES))


class StartForm(DeadlineForm, StepForm):
    blind = forms.BooleanField(
        label=_("Hide from the reviewers whose proposal it is"),
        required=False,
        help_text=_("Until the review has been discussed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].initial = usual_deadline()

    def facts(self) -> dict[str, Any]:
        return {"deadline": self.closes, "blind": self.cleaned_data["blind"]}


class FastTrackForm(StepForm):
    assessment = forms.CharField(
        label=_("Assessment"),
        max_length=LONGEST,
        widget=LONG,
        help_text=_("The members read it, and can call the case up within ten working days."),
    )
    impartial = forms.BooleanField(label=_("I am impartial in this case"), required=False)


class SignForm(StepForm):
    assessment = forms.CharField(
        label=_("Joint assessment"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("What speaks for it and against it, and where you disagree."),
    )


class AgendaForm(StepForm):
    on = DanishDateField(label=_("Date of the meeting"), help_text=DATE_EXAMPLE)
    title = forms.CharField(label=_("Heading of the item"), max_length=200)
    item = forms.CharField(label=_("Number of the item"), max_length=60, required=False)
    url = forms.CharField(
        label=_("Link to the item"),
        max_length=500,
        required=False,
        help_text=_("The address of the item in Udvalgsrum, or of the agenda elsewhere."),
    )
    published_on = DanishDateField(
        label=_("The members have had the agenda since"),
        required=False,
        help_text=_("Left empty, today counts."),
    )
    access = forms.ChoiceField(
        label=_("The item is"),
        choices=DecisionAccess,
        initial=DecisionAccess.OPEN,
        widget=forms.RadioSelect,
    )
    ground = forms.CharField(label=_("Legal ground, when closed"), max_length=200, required=False)


class RecommendForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("What does the committee recommend?"),
        choices=EthicsOutcome,
        widget=forms.RadioSelect,
    )
    on = DanishDateField(label=_("Date of the meeting"), help_text=DATE_EXAMPLE)
    present = forms.IntegerField(
        label=_("Members who were present"),
        min_value=0,
        max_value=200,
        help_text=_("Without those who are disqualified in the case."),
    )
    reasons = forms.CharField(label=_("Reasons"), max_length=LONGEST, widget=LONG)
    dissent = forms.CharField(
        label=_("Dissent"),
        max_length=LONGEST,
        required=False,
        widget=LONG,
        help_text=_("With the names of the members who want it."),
    )


class DeferForm(ReasonForm):
    revisit_on = DanishDateField(label=_("Look at it again"), help_text=DATE_EXAMPLE)


class SendForm(StepForm):
    body = forms.CharField(
        label=_("Which body decides?"),
        max_length=200,
        help_text=_("For example the finance committee, or a manager with delegated power."),
    )


class DecideForm(CaseDecisionForm):
    """The decision of the competent body; of a use that runs, whether it may go on."""

    review_again = DanishDateField(
        label=_("Review it again"),
        required=False,
        help_text=_("Left empty, it is in a year."),
    )

    def __init__(self, review: ReviewRound, running: bool, bodies: Any, *args: Any) -> None:
        super().__init__(bodies, *args)
        kinds = (
            [RoundDecision.UPHOLD, RoundDecision.SUSPEND]
            if running
            else [RoundDecision.PILOT, RoundDecision.OPERATION, RoundDecision.REJECT]
        )
        choice: Any = self.fields["decision"]
        choice.choices = [(one.value, one.label) for one in kinds]
        self.fields["body"].initial = review.body
        for name in RUNS_WITHOUT if running else ("review_again",):
            del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """What the service wants; a chosen body goes by its own name."""
        facts = dict(self.cleaned_data)
        if facts.get("committee"):
            facts["body"] = facts["committee"].full_name
        return {key: value for key, value in facts.items() if key != "body" or value}


# What is kept on a case that is decided, and not of a use that runs already.
RUNS_WITHOUT = ("case_id", "item", "link", "access", "ground", "conditions", "dissent", "expires")
FORMS: dict[str, type[StepForm]] = {
    "ask_for_information": ReasonForm,
    "answer": AnswerForm,
    "start_individual": StartForm,
    "fast_track": FastTrackForm,
    "call_up": StepForm,
    "reveal": StepForm,
    "sign_assessment": SignForm,
    "put_on_agenda": AgendaForm,
    "take_up_again": AgendaForm,
    "recommend": RecommendForm,
    "defer": DeferForm,
    "send_to_body": SendForm,
    "cancel": ReasonForm,
    "restart_on_change": ReasonForm,
}


class OpenForm(RefusableForm):
    """Why the case is reviewed."""

    kind = forms.ChoiceField(label=_("Why is it reviewed?"), choices=(), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, required=False, widget=LONG)

    def __init__(self, kinds: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["kind"]
        choice.choices = [(one, RoundKind(one).label) for one in kinds]


class DeclareForm(RefusableForm):
    """Impartial in this very case?"""

    answer = forms.ChoiceField(
        label=_("Is there something that makes you partial in this case?"),
        choices=Conflict,
        widget=forms.RadioSelect,
        help_text=_(
            "For example that you, or somebody close to you, gain by it, have worked on it, or "
            "work for the supplier."
        ),
    )
    grounds = forms.CharField(
        label=_("What is it?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("When you are partial or in doubt. Only the secretariat reads it."),
    )


class AssignForm(RefusableForm):
    """Somebody who may review."""

    reviewer = forms.ModelChoiceField(
        label=_("Who is asked?"), queryset=User.objects.none(), empty_label=_("Choose")
    )

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        field.queryset = User.objects.filter(pk__in=[one.user.pk for one in people])
        words = {one.user.pk: f"{one.user.name}, {one.words}" for one in people}
        field.label_from_instance = lambda user: words[user.pk]


class ReleaseForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=LONG)


class SealForm(RefusableForm):
    """The last page of a sheet."""

    recommendation = forms.ChoiceField(
        label=_("What would you recommend?"), choices=SheetAdvice, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("In a few words, why"), max_length=LONGEST, required=False, widget=LONG
    )


class AdditionForm(RefusableForm):
    question = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(label=_("What you add"), max_length=LONGEST, widget=LONG)
    reason = forms.CharField(label=_("Why now"), max_length=LONGEST, widget=LONG)

    def __init__(self, questions: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(one.id, f"{one.id}. {one.text}") for one in questions]
        choice: Any = self.fields["question"]
        choice.choices = [("", _("The whole sheet")), *rows]
