"""Reading the rules of the AI Act from their file; every mistake is told with its line."""

from functools import cache
from pathlib import Path
from typing import Any

from core.content import ContentKind, Node, read_yaml
from ethics.ai_act.articles import danish_article
from ethics.ai_act.reading import Reader, day, nodes, one_of, unique
from ethics.ai_act.rules import (
    BY_TIER,
    END,
    REVIEW,
    UNKNOWN,
    Date,
    Derived,
    Named,
    Obligation,
    Option,
    OtherLaw,
    Outcome,
    Question,
    Rules,
    Text,
    When,
)

CURRENT = "ai_act@1"
TYPES = ("yes_no_unknown", "single", "multi")
KINDS = ("trigger", "element", "exception", "fact")
GATES = ("screening", "pilot", "operation")
OUTCOME_GATES = (
    *("block", "none", "obligations", "legal_confirmation", "legal_review"),
    "reclassify_before_pilot",
)
CONFIDENCE = ("high", "medium", "low")


def parse_rules(key: str, version: int, node: Node) -> Rules:
    """Read one file. Raises `ContentError`."""
    reader = Reader()
    head = _head(node, reader)
    asked, found = nodes(node, "questions"), nodes(node, "outcomes")
    reader.note_labels(asked, nodes_of(node, "derived_labels"))
    reader.note_outcomes(found, list(node.take("markers", list, [])))
    questions = _questions(asked, reader)
    rules = Rules(
        key=key,
        version=version,
        **head,
        presets=_presets(node, {one.id: one for one in questions}),
        questions=questions,
        by_id={one.id: one for one in questions},
        place={one.id: place for place, one in enumerate(questions)},
        derived=_derived(node, reader, questions),
        outcomes=_outcomes(found, node, reader),
        obligations=_obligations(node, reader),
        other_law=tuple(_other(row, reader) for row in nodes(node, "other_law")),
    )
    reader.check_conditions()
    return rules


def nodes_of(node: Node, key: str) -> list[Node]:
    """A look at rows that are read later."""
    return [row for row in node.get(key, []) if isinstance(row, Node)]


def _head(node: Node, reader: Reader) -> dict[str, Any]:
    for row in nodes(node, "dates"):
        name = unique(row, "id", reader.dates)
        reader.dates[name] = Date(
            name,
            day(row, "date"),
            NOT_YET,
            str(row.take("basis")),
            one_of(row, "confidence", CONFIDENCE),
        )
        reader.later.append((row, name))
    for row, name in reader.later:
        known = reader.dates[name]
        text = reader.text(row)
        row.finish()
        reader.dates[name] = Date(name, known.day, text, known.basis, known.confidence)
    for kind in ("blocks", "tiers", "actors"):
        getattr(reader, kind).update(_named(node, kind, reader))
    reader.answers = tuple(_answer(row, reader) for row in nodes(node, "answers"))
    return {
        "title": str(node.take("title")),
        "edition": str(node.take("edition")),
        "as_of": day(node, "as_of"),
        "legal_basis": str(node.take("legal_basis")),
        "disclaimer": reader.text(node, "disclaimer"),
        "open_questions": tuple(
            reader.dated(str(one), "en", node, "open_questions")
            for one in node.take("open_questions", list, [])
        ),
        "dates": reader.dates,
        "blocks": reader.blocks,
        "tiers": reader.tiers,
        "actors": reader.actors,
        "annex_1": _acts(node),
    }


NOT_YET = Text("", "")


def _named(node: Node, kind: str, reader: Reader) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for row in nodes(node, kind):
        key = unique(row, "key", found)
        found[key] = Named(key, reader.text(row), str(row.take("slug", default="-")))
        row.finish()
    return found


def _acts(node: Node) -> dict[str, list[str]]:
    part = node.take("annex_1_acts", Node)
    found = {}
    for section in list(part):
        rows = nodes(part, section)
        found[section] = [f"{row.take('n', int)}. {row.take('act')}" for row in rows]
        for row in rows:
            row.finish()
    return found


def _answer(row: Node, reader: Reader) -> Option:
    option = Option(value=_value(row), text=reader.text(row))
    row.finish()
    return option


def _value(row: Node) -> str:
    value = row.take("value", (str, bool))
    if isinstance(value, bool):
        raise row.fail("write the answers yes and no in quotes: 'yes', 'no'", "value")
    return str(value)


def _article(row: Node) -> Text:
    reference = str(row.take("article"))
    return Text(reference, danish_article(reference))


# Questions ----------------------------------------------------------------------------------


def _questions(rows: list[Node], reader: Reader) -> tuple[Question, ...]:
    place: dict[str, int] = {}
    for number, row in enumerate(rows):
        place[unique(row, "id", place)] = number
    names = [*place, END]
    found = []
    for number, row in enumerate(rows):
        question = _question(names[number], names[number + 1], row, reader)
        _check_targets(question, row, place)
        found.append(question)
        reader.set_so_far |= {label for option in question.options for label in option.sets}
    return tuple(found)


def _question(name: str, following: str, row: Node, reader: Reader) -> Question:
    kind = one_of(row, "type", TYPES)
    show_if = reader.when(row, "show_if")
    if show_if is not None:
        for label in sorted(show_if.labels - reader.set_so_far):
            raise row.fail(f"nothing before {name} sets “{label}”", "show_if")
    options = _options(row, kind, following, reader)
    question = Question(
        id=name,
        block=one_of(row, "block", reader.blocks),
        article=_article(row),
        kind=one_of(row, "kind", KINDS),
        type=kind,
        text=reader.text(row),
        help=reader.text(row, "help", optional=True),
        relevance=str(row.take("relevance", default="medium")),
        applies_from=reader.date_id(row, "applies_from"),
        show_if=show_if,
        else_next=str(row.take("else_next", default=following)),
        options=options,
        by_value={option.value: option for option in options},
    )
    row.finish()
    return question


def _options(row: Node, kind: str, following: str, reader: Reader) -> tuple[Option, ...]:
    texts = {option.value: option.text for option in reader.answers}
    found: dict[str, Option] = {}
    for one in nodes(row, "options"):
        value = _value(one)
        if value in found:
            raise one.fail(f"the answer “{value}” stands twice", "value")
        if kind == "yes_no_unknown" and value not in texts:
            raise one.fail(f"“{value}” is not one of {', '.join(texts)}", "value")
        text = texts[value] if kind == "yes_no_unknown" else reader.text(one)
        sets = tuple(str(label) for label in one.take("set", list, []))
        if value == UNKNOWN and not any(label.startswith(REVIEW) for label in sets):
            raise one.fail("“unknown” must set a review. label: not knowing is never a no")
        outcome = str(one.take("outcome", default="")) if "outcome" in one else ""
        if outcome and outcome not in reader.outcomes:
            raise one.fail(f"there is no outcome “{outcome}”", "outcome")
        found[value] = Option(value, text, sets, outcome, str(one.take("next", default=following)))
        one.finish()
    if UNKNOWN not in found:
        raise row.fail("one of the answers must be “unknown”", "options")
    return tuple(found.values())


def _check_targets(question: Question, row: Node, place: dict[str, int]) -> None:
    here = place[question.id]
    targets = [("else_next", question.else_next)]
    targets += [("options", option.next) for option in question.options]
    for key, target in targets:
        if target == END:
            continue
        if target not in place:
            raise row.fail(f"{question.id} leads to “{target}”, which is not a question", key)
        if place[target] <= here:
            raise row.fail(f"a cycle: {question.id} leads back to “{target}”", key)


def _presets(node: Node, questions: dict[str, Question]) -> dict[str, str | list[str]]:
    part = node.take("presets", Node)
    for name, value in part.items():
        if name not in questions:
            raise part.fail(f"there is no question “{name}”", name)
        for one in value if isinstance(value, list) else [value]:
            if one not in questions[name].by_value:
                raise part.fail(f"“{one}” is not an answer to {name}", name)
        if isinstance(value, list) != questions[name].is_multi:
            raise part.fail(f"the answer to {name} has the wrong type", name)
    return dict(part)


# What follows -------------------------------------------------------------------------------


def _derived(node: Node, reader: Reader, questions: tuple[Question, ...]) -> tuple[Derived, ...]:
    """In their order; a label may not hang on one that is only derived below it."""
    known = {label for one in questions for option in one.options for label in option.sets}
    rows, found = nodes(node, "derived_labels"), []
    for row in rows:
        when = reader.when(row, "rule") or When()
        for label in sorted(when.labels - known):
            if label in reader.labels:
                raise row.fail(f"a cycle: “{label}” is only known after this label", "rule")
        label = str(row.take("label"))
        found.append(
            Derived(
                label=label,
                when=when,
                requires_tier=_tiers(row, "requires_tier", reader),
                requires_no_tier=_tiers(row, "requires_no_tier", reader),
                article=_article(row),
                note=str(row.take("note", default="")),
            )
        )
        row.finish()
        known.add(label)
    return tuple(found)


def _tiers(row: Node, key: str, reader: Reader) -> frozenset[str]:
    found = row.take(key, list, [])
    for one in found:
        if one not in reader.tiers:
            raise row.fail(f"there is no tier “{one}”", key)
    return frozenset(found)


def _outcomes(rows: list[Node], node: Node, reader: Reader) -> tuple[Outcome, ...]:
    found: list[Outcome] = []
    for row in rows:
        outcome = _outcome(unique(row, "id", [one.id for one in found]), row, reader)
        if outcome.rank in [one.rank for one in found]:
            raise row.fail(f"rank {outcome.rank} stands twice", "rank")
        found.append(outcome)
    if sum(one.when.otherwise for one in found) != 1:
        raise node.fail("exactly one outcome must hold “otherwise”", "outcomes")
    return tuple(sorted(found, key=lambda one: one.rank))


def _outcome(name: str, row: Node, reader: Reader) -> Outcome:
    when = reader.when(row, "when")
    if when is None:
        raise row.fail("“when” is missing")
    outcome = Outcome(
        id=name,
        rank=row.take("rank", int),
        tier=one_of(row, "tier", reader.tiers),
        when=when,
        text=reader.text(row),
        article=_article(row),
        gate=one_of(row, "gate", OUTCOME_GATES),
        applies_from=reader.date_id(row, "applies_from"),
        stacks=row.take("stacks", bool, False),
        note=reader.text(row, "note", optional=True),
    )
    row.finish()
    return outcome


def _obligations(node: Node, reader: Reader) -> tuple[Obligation, ...]:
    found: dict[str, Obligation] = {}
    for row in nodes(node, "obligations"):
        name = unique(row, "id", found)
        found[name] = _obligation(name, row, reader)
    return tuple(found.values())


def _obligation(name: str, row: Node, reader: Reader) -> Obligation:
    part = row.take("applies_if", Node)
    tier, role = part.take("tier", default=""), part.take("role", default="")
    if tier and tier not in reader.tiers:
        raise part.fail(f"there is no tier “{tier}”", "tier")
    if role and f"role.{role}" not in reader.labels:
        raise part.fail(f"nothing sets “role.{role}”", "role")
    annex, always = part.take("annex", default=""), part.take("always", bool, False)
    when = reader.labels_of(part)
    later = row.take("later", Node) if "later" in row else None
    obligation = Obligation(
        id=name,
        actor=one_of(row, "actor", reader.actors),
        article=_article(row),
        text=reader.text(row),
        when=when,
        tiers=frozenset({tier} if tier else ()),
        role=f"role.{role}" if role else "",
        annex=annex,
        always=always,
        applies_from=reader.date_id(row, "applies_from", BY_TIER),
        other_reading=reader.date_id(row, "other_reading"),
        later_if=frozenset(later.take("any", list)) if later is not None else frozenset(),
        later=reader.date_id(later, "from") if later is not None else "",
        gate=one_of(row, "gate", GATES),
        evidence=reader.text(row, "evidence"),
        publish=row.take("publish", bool, False),
        confidence=one_of(row, "confidence", CONFIDENCE) if "confidence" in row else "high",
    )
    if not obligation.applies_from:
        raise row.fail("“applies_from” is missing")
    row.finish()
    return obligation


def _other(row: Node, reader: Reader) -> OtherLaw:
    found = OtherLaw(
        str(row.take("id")), str(row.take("ref")), reader.text(row), reader.text(row, "when")
    )
    row.finish()
    return found


AI_ACT: ContentKind[Rules] = ContentKind(app="ethics", folder="ai_act", parse=parse_rules)


# Versions that are not of the law in force: a draft to be tried, an example in the demo.
_ADDED: dict[str, Path] = {}


def add_rules(path: Path) -> None:
    """Make one file known beside those of the folder. The folder's own come first."""
    _ADDED[path.stem] = path


@cache
def rules_of(reference: str) -> Rules:
    """One version of the rules. Raises `KeyError` or `ValueError` when there is none."""
    path = _ADDED.get(reference)
    if path is None or (AI_ACT.directory() / path.name).exists():
        return AI_ACT.by_reference(reference)
    key, _at, version = path.stem.rpartition("@")
    node = read_yaml(path)
    rules = parse_rules(key, int(version), node)
    node.finish()
    return rules


def current_rules() -> Rules:
    """The version under which assessments are made now."""
    return rules_of(CURRENT)


def rulesets() -> list[str]:
    """Every version that there is, the oldest first."""
    names = {path.stem for path in AI_ACT.directory().glob("*.yaml")} | set(_ADDED)
    return sorted(names, key=lambda one: int(one.rpartition("@")[2]))
