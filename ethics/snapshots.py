"""What a decision rests on, gathered from everybody who knows a piece of it.

A part of ethics adds its piece with `providers.append(Provider(...))` when it is imported. A piece
is JSON and holds no time of gathering: the same facts give the same hash.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.canonical import canonical_json, sha256_hex
from core.models import StoredFile
from ethics import questionnaire as engine
from ethics import reviewing
from ethics.enums.conditions import STANDING, ConditionState, Gate
from ethics.models import CaseSnapshot, Condition, ReviewRound
from ethics.models.questions import answers_of, questionnaire_of, sheet_of
from ethics.policies import conditions as policies
from ethics.policies.questions import reads_answers
from ethics.selectors.aiact import assessment_of
from usecases.enums import RiskTier
from usecases.models import UseCase
from usecases.record import record
from usecases.selectors.page import readable_kinds, worded

SCHEMA = 1


@dataclass(frozen=True)
class Shown:
    """A line of a piece, as this reader may see it."""

    label: str | Promise
    value: str | Promise


@dataclass(frozen=True)
class Provider:
    """Who knows a piece: what is frozen, and what of the frozen piece a reader may see.

    `show` gets (user, case, piece) and is asked for every reader, citizens among them.
    """

    key: str
    heading: str | Promise
    gather: Callable[[UseCase], Any]
    show: Callable[[Any, UseCase, Any], Iterator[Shown]]


providers: list[Provider] = []


def file_facts(file: StoredFile) -> dict[str, Any]:
    """How an attachment stands in a piece: by its hash."""
    return {"filename": file.filename, "size": file.size, "sha256": file.sha256}


def gathered(case: UseCase) -> bytes:
    """The canonical bytes of everything that is known now."""
    pieces = {one.key: one.gather(case) for one in providers}
    facts = {"schema": SCHEMA, "case": case.pk, "reference": case.reference, "pieces": pieces}
    return canonical_json(facts)


def is_current(snapshot: CaseSnapshot) -> bool:
    """Would the same be frozen now?"""
    case = UseCase.objects.select_related("committee").get(pk=snapshot.case_id)
    return sha256_hex(gathered(case)) == snapshot.sha256


# The pieces that every case has ------------------------------------------------------------------


def _proposal(case: UseCase) -> dict[str, Any]:
    revision = case.revisions.order_by("-number").first()
    if revision is None:
        return {"revision": 0, "sha256": "", "fields": {}}
    fields = revision.content["fields"]
    return {"revision": revision.number, "sha256": revision.sha256, "fields": fields}


def _show_proposal(user: Any, case: UseCase, piece: Any) -> Iterator[Shown]:
    may_read = readable_kinds(user, case)
    for known in record().fields:
        value = piece["fields"].get(known.key)
        if (
            known.public in may_read
            and known.type != "person"
            and value not in (None, "", [], False)
        ):
            yield Shown(known.short, worded(known, value))


def _classification(case: UseCase) -> dict[str, Any]:
    assessment = assessment_of(case)
    digest = assessment.sha256 if assessment else ""
    return {"risk_tier": case.risk_tier, "ruleset": case.ruleset, "assessment": digest}


def _show_classification(user: Any, case: UseCase, piece: Any) -> Iterator[Shown]:
    if piece["risk_tier"]:
        yield Shown(_("AI Act"), RiskTier(piece["risk_tier"]).label)
    if piece["ruleset"]:
        yield Shown(_("Version of the rules"), piece["ruleset"])


def _review(case: UseCase) -> dict[str, Any]:
    """The newest review: its sheets by their hashes, the flags, and the joint assessment."""
    review = ReviewRound.objects.filter(case=case).order_by("-number").first()
    if review is None or not review.turn:
        return {}
    review.case = case
    return {"number": review.number, "kind": review.kind} | reviewing.content_of(review)


def _show_review(user: Any, case: UseCase, piece: Any) -> Iterator[Shown]:
    """For everybody only how much: what was said is read in the review, by those who may."""
    if piece:
        sheets, flags = len(piece["sheets"]), Counter(row[1] for row in piece["flags"])
        yield Shown(_("Sealed sheets"), str(sheets))
        severities = engine.by_ref(piece["questionnaire"]).severities
        for key, count in flags.items():
            yield Shown(str(severities[key].name), str(count))


def _conditions(case: UseCase) -> list[dict[str, Any]]:
    rows = case.conditions.filter(state__in=STANDING | {ConditionState.PROPOSED})
    names = ("number", "text", "gate")
    return [{name: getattr(row, name) for name in names} for row in rows.order_by("number")]


def _show_conditions(user: Any, case: UseCase, piece: Any) -> Iterator[Shown]:
    level = policies.reading(user, case)
    rows = (
        Condition.objects.published() if level == "public" else (Condition.objects.visible_to(user))
    )
    seen = set(rows.filter(case=case).values_list("number", flat=True))
    for one in piece:
        if one["number"] in seen:
            yield Shown(Gate(one["gate"]).label, one["text"])


def _answers(case: UseCase) -> dict[str, Any]:
    return {"questionnaire": questionnaire_of(sheet_of(case)).ref, "answers": answers_of(case)}


def _show_answers(user: Any, case: UseCase, piece: Any) -> Iterator[Shown]:
    """Answer and reason; never the evidence. Citizens see those that are published."""
    level = reads_answers(user, case)
    known = engine.by_ref(piece["questionnaire"])
    for question in engine.visible(known, piece["answers"]):
        answer = piece["answers"].get(question.id)
        if answer and (level == "full" or (level == "public" and question.publish)):
            words = engine.words_of(question, answer)
            reason = answer.get("reason", "")
            yield Shown(f"{question.id}. {question.text}", ". ".join(filter(None, (words, reason))))


providers += [
    Provider("proposal", _("The proposal"), _proposal, _show_proposal),
    Provider("answers", _("The questionnaire"), _answers, _show_answers),
    Provider("classification", _("AI Act"), _classification, _show_classification),
    Provider("review", _("Review"), _review, _show_review),
    Provider("conditions", _("Conditions"), _conditions, _show_conditions),
]
