"""Reading a questionnaire's file, strictly: every mistake is told with its line and its reason."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar, cast

from core.content import ContentError, ContentErrors, Node
from ethics.questionnaire.model import (
    ANSWERED_BY,
    EMPTY,
    SEVERITIES,
    STAGES,
    STEPS,
    TYPES,
    UNKNOWN,
    Anchor,
    Condition,
    Flag,
    Named,
    Question,
    Questionnaire,
    Scale,
    Severity,
    Words,
)
from usecases.record import RecordField, record

T = TypeVar("T")
Row = tuple[Question, Node]
QUESTION_ID = re.compile(r"[A-Z]{1,2}[0-9]{1,3}")


class Reader:
    """Collects mistakes, so that the file is read to its end."""

    def __init__(self) -> None:
        self.mistakes: list[ContentError] = []

    def attempt(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ContentError as error:
            self.mistakes += error.mistakes
            return None

    def note(self, node: Node, message: str, key: str = "") -> None:
        self.mistakes.append(node.fail(message, key))

    def rows(self, node: Node, key: str, read: Callable[[Node], T]) -> list[tuple[T, Node]]:
        """The entries of the list `key` that could be read, each with where it stands."""
        found = []
        for entry in self.attempt(lambda: node.take(key, list)) or []:
            row = self.attempt(lambda entry=entry: _whole(entry, node, key, read))  # type: ignore[misc]
            if row is not None:
                found.append((row, entry))
        return found


def _whole(entry: Any, parent: Node, key: str, read: Callable[[Node], T]) -> T:
    if not isinstance(entry, Node):
        raise parent.fail(f"each entry of “{key}” must be a mapping", key)
    found = read(entry)
    entry.finish()
    return found


def parse_questionnaire(key: str, version: int, node: Node) -> Questionnaire:
    """Read one file. Raises `ContentErrors` with everything that is wrong."""
    reader = Reader()
    title = reader.attempt(lambda: _inner(node, "title"))
    node.pop("as_of", None)
    severities = reader.rows(node, "severities", _severity)
    scales = reader.rows(node, "scales", _scale)
    points = reader.rows(node, "kl_points", _point)
    principles = reader.rows(node, "principles", _principle)
    sections = reader.rows(node, "sections", _named)
    by_scale = {scale.id: scale for scale, _node in scales}
    questions = reader.rows(node, "questions", lambda entry: _question(entry, by_scale))
    for rows in (severities, scales, principles, sections, questions):
        _no_twice(reader, cast("list[tuple[Any, Node]]", rows))
    found = Questionnaire(
        ref=f"{key}@{version}",
        title=title or Words("", ""),
        severities={one.id: one for one, _node in severities},
        scales=by_scale,
        kl_points=dict(one for one, _node in points),
        principles={one.id: one for one, _node in principles},
        sections=tuple(one for one, _node in sections),
        questions=tuple(one for one, _node in questions),
        by_id={one.id: one for one, _node in questions},
    )
    # A question that could not be read would be missed everywhere.
    if not reader.mistakes:
        _check_whole(reader, found, questions, [(n, where) for (n, _w), where in points], node)
    if reader.mistakes:
        raise ContentErrors(reader.mistakes)
    return found


# The parts of a file -------------------------------------------------------------------------


def _words(node: Node, prefix: str = "") -> Words:
    """`da` and `en`, or `help_da` and `help_en`. Raises `ContentError`."""
    before = f"{prefix}_" if prefix else ""
    return Words(_line(node, f"{before}da"), _line(node, f"{before}en"))


def _line(node: Node, key: str) -> str:
    if isinstance(node.get(key), bool):
        raise node.fail(f"“{key}” must stand in quotes", key)
    return str(node.take(key)).strip()


def _inner(node: Node, key: str) -> Words:
    entry = node.take(key, Node)
    found = _words(entry)
    entry.finish()
    return found


def _names(node: Node, key: str, *, optional: bool = False) -> tuple[str, ...]:
    """A list of words; a bare yes or no is told, since YAML reads it as true or false."""
    given = node.take(key, list, [] if optional else ...)
    if any(isinstance(one, bool) for one in given):
        raise node.fail(f"yes and no in “{key}” must stand in quotes", key)
    if any(isinstance(one, (Node, list)) for one in given):
        raise node.fail(f"“{key}” must be a list of words", key)
    return tuple(str(one) for one in given)


def _one_of(node: Node, key: str, allowed: Collection[str]) -> str:
    value = _line(node, key)
    if value not in allowed:
        raise node.fail(f"“{key}” cannot be “{value}”; it is one of {', '.join(allowed)}", key)
    return value


def _severity(node: Node) -> Severity:
    return Severity(_one_of(node, "id", SEVERITIES), _words(node), _words(node, "effect"))


def _scale(node: Node) -> Scale:
    found = Scale(
        id=_line(node, "id"),
        name=_words(node),
        counts=cast("Any", _one_of(node, "counts", ("highest", "lowest"))),
        unknown=node.take("unknown", int),
        anchors=_anchors(node),
    )
    if found.unknown not in STEPS:
        raise node.fail("“unknown” must be a step from 0 to 4", "unknown")
    return found


def _anchors(node: Node) -> tuple[Anchor, ...]:
    """All five steps, each with its words."""
    entries = node.take("anchors", list, [])
    if any(not isinstance(entry, Node) for entry in entries):
        raise node.fail("each anchor must be a mapping", "anchors")
    found = []
    for entry in entries:
        found.append(Anchor(entry.take("v", int), _words(entry)))
        entry.finish()
    if [anchor.value for anchor in found] != list(STEPS):
        raise node.fail("a scale needs an anchor for each step from 0 to 4, in order", "anchors")
    return tuple(found)


def _point(node: Node) -> tuple[int, Words]:
    return node.take("n", int), _words(node)


def _named(node: Node) -> Named:
    return Named(_line(node, "id"), _words(node))


def _principle(node: Node) -> Named:
    node.pop("altai", None)
    return Named(_line(node, "id"), _words(node), _names(node, "source"))


def _option(node: Node) -> Named:
    if isinstance(node.get("value"), bool):
        raise node.fail("yes and no as “value” must stand in quotes", "value")
    found = Named(_line(node, "value"), _words(node))
    if found.id in (UNKNOWN, EMPTY):
        raise node.fail(f"“{found.id}” is always there and cannot be an option", "value")
    return found


# One question --------------------------------------------------------------------------------


def _question(node: Node, scales: dict[str, Scale]) -> Question:
    reader = Reader()
    kind = reader.attempt(lambda: _one_of(node, "type", TYPES)) or "text"
    options = _options(reader, node, kind)
    scale = _own_scale(reader, node, kind, scales)
    attempt = reader.attempt
    empty = Words("", "")
    found = Question(
        id=attempt(lambda: _question_id(node)) or "",
        section=attempt(lambda: _line(node, "section")) or "",
        type=cast("Any", kind),
        text=attempt(lambda: _words(node)) or empty,
        help=attempt(lambda: _words(node, "help")) or empty,
        evidence=attempt(lambda: _words(node, "evidence")) or empty,
        required_at=attempt(lambda: _one_of(node, "required_at", STAGES)) or "",
        answered_by=attempt(lambda: _one_of(node, "answered_by", ANSWERED_BY)) or "",
        publish=bool(attempt(lambda: node.take("publish_answer", bool))),
        material=bool(attempt(lambda: node.take("material", bool, False))),
        scale=scale.id if scale else "",
        options=options,
        anchors=_steps(reader, node, kind, scale),
        flags=tuple(one for one, _node in reader.rows(node, "flags", _flag)),
        show_if=tuple(_conditions(reader, node)),
        principles=attempt(lambda: _names(node, "principles")) or (),
        kl_points=attempt(lambda: _numbers(node, "kl_points")) or (),
        reuse=attempt(lambda: _names(node, "reuse", optional=True)) or (),
        source=attempt(lambda: _names(node, "source")) or (),
    )
    if reader.mistakes:
        # What else stands there would only be told again as unknown.
        node.clear()
        raise ContentErrors(reader.mistakes)
    return found


def _question_id(node: Node) -> str:
    found = _line(node, "id")
    if not QUESTION_ID.fullmatch(found):
        raise node.fail(f"the id “{found}” must be a capital and figures, like A1", "id")
    return found


def _numbers(node: Node, key: str) -> tuple[int, ...]:
    given = node.take(key, list)
    if any(type(one) is not int for one in given):
        raise node.fail(f"“{key}” must be a list of numbers", key)
    return tuple(given)


def _options(reader: Reader, node: Node, kind: str) -> tuple[Named, ...]:
    if (kind in ("single", "multi")) != ("options" in node):
        reader.note(node, "options belong to single and multi, and only there", "type")
    if "options" not in node:
        return ()
    rows = reader.rows(node, "options", _option)
    _no_twice(reader, cast("list[tuple[Any, Node]]", rows))
    return tuple(one for one, _node in rows)


def _own_scale(reader: Reader, node: Node, kind: str, scales: dict[str, Scale]) -> Scale | None:
    if (kind == "scale_0_4") != ("scale" in node):
        reader.note(node, "“scale” belongs to scale_0_4, and only there", "type")
    if "scale" not in node:
        return None
    name = reader.attempt(lambda: _one_of(node, "scale", scales))
    return scales.get(name or "")


def _steps(reader: Reader, node: Node, kind: str, scale: Scale | None) -> tuple[Anchor, ...]:
    """The question's own anchors, else those of its scale."""
    if "anchors" not in node:
        return scale.anchors if scale else ()
    if kind != "scale_0_4":
        reader.note(node, "anchors belong to scale_0_4, and only there", "anchors")
    return reader.attempt(lambda: _anchors(node)) or ()


def _flag(node: Node) -> Flag:
    when = _names(node, "when")
    if not when:
        raise node.fail("a flag needs an answer that raises it", "when")
    return Flag(frozenset(when), _one_of(node, "severity", SEVERITIES), _words(node))


def _conditions(reader: Reader, node: Node) -> Iterator[Condition]:
    """One condition or a list of them; all must hold."""
    if "show_if" not in node:
        return
    given = node.pop("show_if")
    for entry in given if isinstance(given, list) else [given]:
        condition = reader.attempt(
            lambda entry=entry: _whole(entry, node, "show_if", _condition)  # type: ignore[misc]
        )
        if condition:
            yield condition


def _condition(node: Node) -> Condition:
    if ("is" in node) == ("is_not" in node):
        raise node.fail("“show_if” needs either “is” or “is_not”")
    wanted = "is" in node
    values = frozenset(_names(node, "is" if wanted else "is_not"))
    return Condition(_line(node, "question"), values, wanted)


# The whole -----------------------------------------------------------------------------------


def _no_twice(reader: Reader, rows: list[tuple[Any, Node]]) -> None:
    seen: set[str] = set()
    for one, node in rows:
        if one.id in seen:
            reader.note(node, f"the id “{one.id}” stands twice", "id")
        seen.add(one.id)


def _check_whole(
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
