"""Reading a questionnaire's file, strictly: every mistake is told with its line and its reason."""

import re
from collections.abc import Collection, Iterator
from typing import Any, TypeVar, cast

from core.content import ContentErrors, Node
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
from ethics.questionnaire.reader import Reader, no_twice, whole_entry
from ethics.questionnaire.whole import check_whole

T = TypeVar("T")
Row = tuple[Question, Node]
QUESTION_ID = re.compile(r"[A-Z]{1,2}[0-9]{1,3}")


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
        no_twice(reader, cast("list[tuple[Any, Node]]", rows))
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
        check_whole(reader, found, questions, [(n, where) for (n, _w), where in points], node)
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
    no_twice(reader, cast("list[tuple[Any, Node]]", rows))
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
            lambda entry=entry: whole_entry(entry, node, "show_if", _condition)  # type: ignore[misc]
        )
        if condition:
            yield condition


def _condition(node: Node) -> Condition:
    if ("is" in node) == ("is_not" in node):
        raise node.fail("“show_if” needs either “is” or “is_not”")
    wanted = "is" in node
    values = frozenset(_names(node, "is" if wanted else "is_not"))
    return Condition(_line(node, "question"), values, wanted)
