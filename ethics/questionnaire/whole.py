"""Mistakes that can only be seen when a questionnaire is read whole."""

from core.content import Node
from ethics.questionnaire.model import EMPTY, SEVERITIES, UNKNOWN, Question, Questionnaire
from ethics.questionnaire.reader import Reader
from usecases.record import RecordField, record

Row = tuple[Question, Node]


def check_whole(
    reader: Reader,
    found: Questionnaire,
    rows: list[Row],
    points: list[tuple[int, Node]],
    node: Node,
) -> None:
    """What can only be seen when everything is read."""
    for missing in [one for one in SEVERITIES if one not in found.severities]:
        reader.note(node, f"the severity “{missing}” is missing", "severities")
    known = {one.id for one in found.sections}
    for question, where in rows:
        if question.section not in known:
            reader.note(where, f"there is no section “{question.section}”", "section")
        _check_names(reader, found, question, where)
        _check_flags(reader, question, where)
        _check_conditions(reader, found, question, where)
        _check_reuse(reader, question, where)
    covered = {number for question, _where in rows for number in question.kl_points}
    for number, where in points:
        if number not in covered:
            reader.note(where, f"no question covers KL's point {number}", "n")


def _check_names(reader: Reader, found: Questionnaire, question: Question, where: Node) -> None:
    for name in question.principles:
        if name not in found.principles:
            reader.note(where, f"there is no principle “{name}”", "principles")
    for number in question.kl_points:
        if number not in found.kl_points:
            reader.note(where, f"KL has no point {number}", "kl_points")


def _possible(question: Question) -> set[str]:
    """Every answer that a flag or a condition can name."""
    if question.type == "text":
        return {EMPTY, "filled"}
    return {value for value, _name in question.choices}


def _check_flags(reader: Reader, question: Question, where: Node) -> None:
    for flag in question.flags:
        for value in sorted(flag.when - _possible(question)):
            reader.note(
                where, f"{question.id}: a flag waits for “{value}”, which is no answer", "flags"
            )
    raised = frozenset().union(*(flag.when for flag in question.flags))
    bad = EMPTY if question.type == "text" else UNKNOWN
    if bad not in raised:
        reader.note(where, f"{question.id}: “{bad}” must raise a flag", "flags")


def _check_conditions(
    reader: Reader, found: Questionnaire, question: Question, where: Node
) -> None:
    for condition in question.show_if:
        target = found.by_id.get(condition.question)
        if target is None:
            reader.note(
                where, f"“show_if” asks for “{condition.question}”, which is no question", "show_if"
            )
            continue
        for value in sorted(condition.values - (_possible(target) - {EMPTY})):
            reader.note(
                where,
                f"“show_if” waits for “{value}”, which is no answer to {target.id}",
                "show_if",
            )
    if _comes_back(found, question.id, question.id, frozenset()):
        reader.note(
            where, f"{question.id} is shown only if it is answered itself: a circle", "show_if"
        )


def _comes_back(found: Questionnaire, start: str, at: str, passed: frozenset[str]) -> bool:
    for condition in found.by_id[at].show_if if at in found.by_id else ():
        target = condition.question
        if target == start:
            return True
        if target not in passed and _comes_back(found, start, target, passed | {target}):
            return True
    return False


def _check_reuse(reader: Reader, question: Question, where: Node) -> None:
    """The fields of a use case's record exist, fit, and are no more secret than the answer."""
    for name in question.record_fields:
        known = record().by_key.get(name)
        if known is None:
            reader.note(where, f"“reuse”: the record of a use case has no field “{name}”", "reuse")
            continue
        if question.publish and known.public != "everyone":
            reader.note(where, f"“reuse”: “{name}” is not public, and the answer is", "reuse")
        elif question.options and not _fits(question, known):
            reader.note(where, f"“reuse”: “{name}” has other answers than {question.id}", "reuse")


def _fits(question: Question, known: RecordField) -> bool:
    return set(known.choices) - {UNKNOWN} == {option.id for option in question.options}
