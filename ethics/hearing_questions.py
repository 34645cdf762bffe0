"""The questions a hearing begins with, declared as data in `content/hearing/*.yaml`."""

from dataclasses import dataclass

from django.utils.translation import get_language

from core.content import ContentKind, Node

CURRENT = "medarbejdere@1"
LANGUAGES = ("da", "en")


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    da: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "da").startswith("en") else self.da


@dataclass(frozen=True)
class Question:
    id: str
    text: Words


@dataclass(frozen=True)
class Questions:
    key: str
    version: int
    title: Words
    questions: tuple[Question, ...]

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.version}"


def parse_questions(key: str, version: int, node: Node) -> Questions:
    """Read one file. Raises `ContentError`."""
    title = node.take("title", Node)
    found = Questions(
        key,
        version,
        _words(title),
        tuple(_question(entry, node) for entry in node.take("questions", list)),
    )
    title.finish()
    ids = [one.id for one in found.questions]
    if not ids or len(ids) != len(set(ids)):
        raise node.fail("there must be questions, each with an id of its own", "questions")
    return found


def _question(entry: object, parent: Node) -> Question:
    if not isinstance(entry, Node):
        raise parent.fail("each question must be a mapping", "questions")
    question = Question(entry.take("id"), _words(entry))
    entry.finish()
    return question


def _words(node: Node) -> Words:
    return Words(*(node.take(language) for language in LANGUAGES))


HEARINGS = ContentKind("ethics", "hearing", parse_questions)


def defaults() -> Questions:
    """What a new hearing begins with."""
    return HEARINGS.by_reference(CURRENT)
