"""Content files: every mistake is named with file, line and reason, and stops the start."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from committee.rules import RULES
from core import content
from core.content import ContentError, ContentKind, content_check, read_yaml
from meetings.sections import EXERCISES, SECTION_TEMPLATES

KINDS = {"rules": RULES, "templates": SECTION_TEMPLATES, "exercises": EXERCISES}
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def forget_content():
    """Content is read once per process; here it changes."""
    content._load_all.cache_clear()
    yield
    content._load_all.cache_clear()


def source(kind: ContentKind) -> Path:
    return min((ROOT / kind.app / "content" / kind.folder).glob("*.yaml"))


def write(base: Path, kind: ContentKind, text: str, name: str = "proeve@1.yaml") -> None:
    folder = base / kind.app / "content" / kind.folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def errors(base: Path, kind: ContentKind) -> list[str]:
    with override_settings(BASE_DIR=base):
        return [str(error) for error in kind.errors()]


EXERCISE = "title: AI-mareridt\ninstruction: Skriv det værste.\nprompts:\n- Hvem?\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (EXERCISE, []),
        ("", ["proeve@1.yaml:1: the file must be a mapping"]),
        ("- a\n", ["proeve@1.yaml:1: the file must be a mapping"]),
        (EXERCISE.replace("title: AI-mareridt\n", ""), ["proeve@1.yaml:1: “title” is missing"]),
        (EXERCISE.replace("AI-mareridt", "3"), ["proeve@1.yaml:1: “title” has the wrong type"]),
        (EXERCISE.replace("Skriv det værste.", "' '"), ["proeve@1.yaml:2: “instruction” is empty"]),
        (EXERCISE + "titel: x\n", ["proeve@1.yaml:5: “titel” is not known here"]),
        (EXERCISE + "title: x\n", ["proeve@1.yaml:5: “title” stands twice"]),
        (EXERCISE + "a: [1\n", ["proeve@1.yaml:6: did not find expected ',' or ']'"]),
    ],
)
def test_mistake_is_named_with_its_line(tmp_path, text, found):
    write(tmp_path, EXERCISES, text)

    said = errors(tmp_path, EXERCISES)

    assert [s.split(": ")[0] for s in said] == [s.split(": ")[0] for s in found]
    if "expected" not in "".join(found):
        assert said == found


def test_rules_file_mistakes_name_their_own_line(tmp_path):
    text = source(RULES).read_text()
    lines = text.splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.strip().startswith("value:"))
    lines[number - 1] = lines[number - 1].split("value:")[0] + "value: [forkert]"
    write(tmp_path, RULES, "\n".join(lines))

    assert errors(tmp_path, RULES) == [f"proeve@1.yaml:{number}: “value” has the wrong type"]


@pytest.mark.parametrize("name", ["uden-version.yaml", "a@b.yaml", "a@1.5.yaml", "@1.yaml"])
def test_file_name_is_checked(tmp_path, name):
    write(tmp_path, EXERCISES, EXERCISE, name)

    assert errors(tmp_path, EXERCISES) == [f"{name}:1: the file name must be <key>@<version>.yaml"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_line_of_our_own_content_is_needed(tmp_path, kind):
    """A file without any one of its top-level keys is refused, or the key is optional."""
    text = source(kind).read_text()
    node = read_yaml(source(kind))
    optional = {"order"}
    for key in set(node) - optional:
        starts = [node.lines[other] for other in node] + [len(text.splitlines()) + 1]
        begin = node.lines[key]
        end = min(line for line in starts if line > begin)
        lines = text.splitlines()
        write(tmp_path, kind, "\n".join(lines[: begin - 1] + lines[end - 1 :]) + "\n")

        assert f"“{key}” is missing" in "".join(errors(tmp_path, kind))


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_check_fails_on_a_mistake(tmp_path, kind):
    write(tmp_path, kind, "nonsens: 1\n")

    with override_settings(BASE_DIR=tmp_path), pytest.raises(SystemCheckError) as raised:
        call_command("check")

    assert "proeve@1.yaml:1: " in str(raised.value)


def test_our_own_content_has_no_mistakes():
    assert [kind.errors() for kind in KINDS.values()] == [[], [], []]
    assert content_check(RULES, 1)(None) == []


def test_content_that_does_not_exist_is_a_key_error():
    with pytest.raises(KeyError):
        RULES.by_reference("opgaveudvalg@99")


def test_newest_is_by_number_not_by_letters(tmp_path):
    for version in (2, 10, 9):
        write(tmp_path, EXERCISES, EXERCISE.replace("AI-mareridt", f"Nr. {version}"),
              f"proeve@{version}.yaml")  # fmt: skip

    with override_settings(BASE_DIR=tmp_path):
        assert EXERCISES.newest()["proeve"].title == "Nr. 10"
        assert EXERCISES.by_reference("proeve@9").title == "Nr. 9"


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ("- summary", "each section must be a mapping"),
        ("- key: decision\n  heading: X", "section keys must be unique"),
        ("- key: a\n  heading: X\n- key: a\n  heading: Y", "section keys must be unique"),
        ("- key: a\n  heading: X\n  required: maybe", "“required” has the wrong type"),
        ("- key: a\n  heading: X\n  other: y", "“other” is not known here"),
    ],
)
def test_template_sections_are_checked(tmp_path, section, reason):
    head = "title: T\ndecision_heading: B\nattachments_heading: C\nsections:\n"
    write(tmp_path, SECTION_TEMPLATES, head + section + "\n")

    found = errors(tmp_path, SECTION_TEMPLATES)

    assert len(found) == 1
    assert reason in found[0]
    assert found[0].startswith("proeve@1.yaml:")


@pytest.mark.parametrize("order", ["[sections, decision]", "[sections, decision, decision, x]",
                                   "[sections, sections, decision, attachments]"])  # fmt: skip
def test_template_order_names_each_part_once(tmp_path, order):
    head = "title: T\ndecision_heading: B\nattachments_heading: C\n"
    write(tmp_path, SECTION_TEMPLATES, f"{head}order: {order}\nsections:\n- key: a\n  heading: X\n")

    assert ["order must name" in text for text in errors(tmp_path, SECTION_TEMPLATES)] == [True]


def test_file_that_is_not_utf8_is_named(tmp_path):
    folder = tmp_path / "meetings" / "content" / "exercises"
    folder.mkdir(parents=True)
    (folder / "proeve@1.yaml").write_bytes("title: Ærø".encode("latin-1"))

    assert ["proeve@1.yaml:1: " in text for text in errors(tmp_path, EXERCISES)] == [True]


def test_key_that_is_not_text_is_named(tmp_path):
    write(tmp_path, EXERCISES, EXERCISE + "? [a, b]\n: x\n")

    assert ["proeve@1.yaml:5: " in text for text in errors(tmp_path, EXERCISES)] == [True]


def test_content_error_carries_file_and_line():
    assert str(ContentError(Path("/x/a@1.yaml"), 7, "why")) == "a@1.yaml:7: why"
