"""The questionnaire of a case, as its reader may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.ur import full_date
from ethics.models import AnswerChange, CaseAnswers
from ethics.models.questions import (
    answers_of,
    from_record,
    questionnaire_of,
    sheet_of,
    takes_from_record,
    with_record,
)
from ethics.policies import questions as policies
from ethics.questionnaire import (
    Answer,
    Answers,
    Assessment,
    Named,
    Question,
    Questionnaire,
    Raised,
    Severity,
    Words,
    assess,
    current,
    is_answered,
    raised_by,
    visible,
    words_of,
)
from ethics.questionnaire.model import SEVERITIES, STAGE_WORDS, STAGES
from usecases.models import UseCase
from usecases.record import record

# Those that stand on the list of parts; the others stand below with all flags.
HEAVY = ("blocker", "major")
__all__ = ["answers_of", "overview", "panel_facts", "reading", "sheet_facts"]


@dataclass(frozen=True)
class Sheet:
    """What stands behind a page: the version, the answers, and what the record gives."""

    row: CaseAnswers | None
    questionnaire: Questionnaire
    own: Mapping[str, Answer]
    answers: dict[str, Answer]

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0


@dataclass(frozen=True)
class FlagLine:
    """A flag in words, and the question it is about."""

    severity: Severity
    text: Words
    question_id: str
    url: str


@dataclass(frozen=True)
class Progress:
    """How much of something is answered."""

    label: Any
    answered: int
    asked: int

    @property
    def look(self) -> str:
        if self.answered == self.asked:
            return "done"
        return "half" if self.answered else "empty"

    @property
    def words(self) -> str:
        if not self.asked:
            return _("Nothing to answer")
        return _("%(answered)s of %(asked)s") % {"answered": self.answered, "asked": self.asked}


@dataclass(frozen=True)
class Part:
    """A part of the questionnaire on the overview."""

    section: Named
    url: str
    progress: Progress
    # The heavy flags of its answers, each with how many.
    flags: list[tuple[Severity, int]]
    # How many of its questions are this reader's to answer.
    mine: int


@dataclass(frozen=True)
class AxisLine:
    """One axis: the score that counts, its word, and where it comes from."""

    name: Words
    score: int | None
    word: Any
    question_ids: tuple[str, ...]
    unknown: tuple[str, ...]
    counts: str


@dataclass(frozen=True)
class Read:
    """One question with its answer, to be read."""

    question: Question
    words: str
    reason: str
    evidence: str
    flag: FlagLine | None
    origin: str
    who: str
    is_public: bool


def sheet_facts(case: UseCase) -> Sheet:
    """The answers of the case with their version; one query."""
    row = sheet_of(case)
    questionnaire = questionnaire_of(row)
    own: dict[str, Answer] = dict(row.answers) if row else {}
    return Sheet(row, questionnaire, own, with_record(questionnaire, case, own))


# The overview ----------------------------------------------------------------------------------


def overview(user: Any, case: UseCase) -> dict[str, Any]:
    """Parts with progress and flags, the axes side by side, and what each stage still asks."""
    sheet = sheet_facts(case)
    result = assess(sheet.questionnaire, sheet.answers)
    asked = visible(sheet.questionnaire, sheet.answers)
    mine = policies.answered_by(user, case, sheet.questionnaire)
    renews = sheet.row is not None and sheet.questionnaire.ref != current().ref
    return {
        "case": case,
        "questionnaire": sheet.questionnaire,
        "parts": _parts(case, sheet, asked, result, mine),
        "stages": _stages(sheet, asked),
        "axes": axis_lines(sheet.questionnaire, result),
        "flags": [_flag_line(case, sheet.questionnaire, one) for one in result.flags],
        "total": _progress(_("In all"), asked, sheet.answers),
        "renew_url": reverse("ethics:questions_renew", args=[case.pk]) if renews else "",
        "can_answer": bool(policies.can_answer_some(user, case)),
        "next_url": _next_url(case, sheet, asked, mine),
    }


def _parts(
    case: UseCase,
    sheet: Sheet,
    asked: list[Question],
    result: Assessment,
    mine: frozenset[str],
) -> list[Part]:
    found = []
    for section in sheet.questionnaire.sections:
        own = [one for one in asked if one.section == section.id]
        ids = {one.id for one in own}
        raised = [flag.severity for flag in result.flags if flag.question_id in ids]
        progress = _progress(section.name, own, sheet.answers)
        url = part_url(case, section.id)
        heavy = _counted(sheet.questionnaire, [one for one in raised if one in HEAVY])
        found.append(Part(section, url, progress, heavy, len(ids & mine)))
    return found


def _counted(questionnaire: Questionnaire, raised: list[str]) -> list[tuple[Severity, int]]:
    """Each severity with how many, the heaviest first."""
    return [
        (questionnaire.severities[key], raised.count(key))
        for key in reversed(SEVERITIES)
        if key in raised
    ]


def part_url(case: UseCase, section: str) -> str:
    return reverse("ethics:questions_section", args=[case.pk, section])


def _progress(label: Any, asked: list[Question], answers: Answers) -> Progress:
    done = sum(is_answered(one, answers.get(one.id)) for one in asked)
    return Progress(label, done, len(asked))


def _stages(sheet: Sheet, asked: list[Question]) -> list[Progress]:
    """What must be answered before each stage, and how far that is."""
    return [
        _progress(
            STAGE_WORDS[stage], [one for one in asked if one.required_at == stage], sheet.answers
        )
        for stage in STAGES
    ]


def _next_url(case: UseCase, sheet: Sheet, asked: list[Question], mine: frozenset[str]) -> str:
    """The first question of this reader's that waits for an answer."""
    for question in asked:
        if question.id in mine and not is_answered(question, sheet.answers.get(question.id)):
            return f"{part_url(case, question.section)}#q-{question.id}"
    return ""


def axis_lines(questionnaire: Questionnaire, result: Assessment) -> list[AxisLine]:
    """The three axes in words; never added up."""
    found = []
    for key, scale in questionnaire.scales.items():
        axis = result.axes[key]
        word = next((step.name for step in scale.anchors if step.value == axis.score), "")
        line = AxisLine(scale.name, axis.score, word, axis.question_ids, axis.unknown, scale.counts)
        found.append(line)
    return found


def _flag_line(case: UseCase, questionnaire: Questionnaire, raised: Raised) -> FlagLine:
    section = questionnaire.by_id[raised.question_id].section
    url = f"{part_url(case, section)}#q-{raised.question_id}"
    return FlagLine(questionnaire.severities[raised.severity], raised.text, raised.question_id, url)


# Reading -----------------------------------------------------------------------------------------


def reading(user: Any, case: UseCase) -> dict[str, Any]:
    """All answers on one page. Citizens read those that are published, and the others' flags
    in figures."""
    level = policies.reads_answers(user, case)
    sheet = sheet_facts(case)
    full = level == "full"
    people = _last_changes(sheet) if full else {}
    asked = [one for one in visible(sheet.questionnaire, sheet.answers) if full or one.publish]
    if not full:
        # Before anybody has answered, the record itself is there to be read.
        given = sheet.answers if sheet.row else {}
        asked = [one for one in asked if is_answered(one, given.get(one.id))]
    rows = [_read(case, sheet, one, people, full=full) for one in asked]
    return {
        "case": case,
        "level": level,
        "questionnaire": sheet.questionnaire,
        "sections": [
            (section, [row for row in rows if row.question.section == section.id])
            for section in sheet.questionnaire.sections
        ],
        "has_answers": sheet.row is not None,
        "axes": axis_lines(sheet.questionnaire, assess(sheet.questionnaire, sheet.answers))
        if full
        else [],
        "hidden_flags": [] if full else _hidden_flags(sheet),
    }


def _read(
    case: UseCase,
    sheet: Sheet,
    question: Question,
    people: Mapping[str, AnswerChange],
    *,
    full: bool,
) -> Read:
    answer = sheet.answers.get(question.id, {})
    raised = raised_by(question, answer) if full or is_answered(question, answer) else None
    return Read(
        question=question,
        words=words_of(question, answer),
        reason=answer.get("reason", ""),
        # Papers are named for those who work on the case; the public reads answer and reason.
        evidence=answer.get("evidence", "") if full else "",
        flag=_flag_line(case, sheet.questionnaire, raised) if raised else None,
        origin=origin_of(case, sheet, question) if full else "",
        who=who_answered(people.get(question.id)),
        is_public=question.publish,
    )


def _hidden_flags(sheet: Sheet) -> list[tuple[Severity, int]]:
    """How many flags the unpublished answers have raised, the heaviest first."""
    raised = [
        flag.severity
        for flag in assess(sheet.questionnaire, sheet.answers).flags
        if not sheet.questionnaire.by_id[flag.question_id].publish
    ]
    return _counted(sheet.questionnaire, raised)


def _last_changes(sheet: Sheet) -> dict[str, AnswerChange]:
    if sheet.row is None:
        return {}
    rows = sheet.row.changes.select_related("by").order_by("version")
    return {row.question_id: row for row in rows}


def who_answered(change: AnswerChange | None) -> str:
    """Who gave the answer, and when."""
    if change is None:
        return ""
    return _("Answered by %(name)s, %(day)s.") % {
        "name": change.by or _("the system"),
        "day": full_date(change.at),
    }


def origin_of(case: UseCase, sheet: Sheet, question: Question) -> str:
    """Where the text comes from when the proposal has already said it."""
    if not takes_from_record(question, sheet.own.get(question.id)):
        return ""
    if from_record(question, case) is None:
        return ""
    names = [record().by_key[key] for key in question.record_fields]
    labels = ", ".join(f"”{one.short}”" for one in names if case.is_filled(one.key))
    return _("Taken from the proposal: %(fields)s. Change it only if it should say more here.") % {
        "fields": labels
    }


# One part ----------------------------------------------------------------------------------------


def notes_of(user: Any, case: UseCase, sheet: Sheet, section: str) -> dict[str, dict[str, Any]]:
    """What stands beside each question of a part: origin, who answered, who is to."""
    people = _last_changes(sheet)
    found = {}
    for question in sheet.questionnaire.questions_of(section):
        who = who_answered(people.get(question.id))
        if not who:
            verdict = policies.can_answer(user, case, question)
            who = "" if verdict else str(verdict.reason)
        found[question.id] = {"origin": origin_of(case, sheet, question), "who": who}
    return found


def meanwhile(sheet: Sheet, ids: frozenset[str]) -> dict[str, str]:
    """What others have answered to these questions, as a sentence."""
    people = _last_changes(sheet)
    found = {}
    for key in ids & people.keys():
        answer = sheet.answers[key]
        said = words_of(sheet.questionnaire.by_id[key], answer) or _("no answer")
        found[key] = _("Meanwhile %(name)s answered: %(answer)s. %(reason)s") % {
            "name": people[key].by,
            "answer": said,
            "reason": answer["reason"],
        }
    return found


# Beside the case ------------------------------------------------------------------------------


@dataclass(frozen=True)
class PanelFacts:
    """How far the questions are, for the box beside the case."""

    is_begun: bool
    progress: Progress
    worst: Severity | None


def panel_facts(case: UseCase) -> PanelFacts:
    """One query."""
    sheet = sheet_facts(case)
    result = assess(sheet.questionnaire, sheet.answers)
    asked = visible(sheet.questionnaire, sheet.answers)
    return PanelFacts(
        sheet.row is not None,
        _progress(_("In all"), asked, sheet.answers),
        sheet.questionnaire.severities.get(result.worst),
    )
