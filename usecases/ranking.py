"""The scales of the ranking, declared as data: parsed from `content/ranking/*.yaml`."""

from dataclasses import dataclass

from core.content import ContentKind, Node

CURRENT = "ranking@1"
KEYS = ("value", "feasibility", "risk")
LOWEST, HIGHEST = 1, 5
LEVELS = ("low", "middle", "high")


@dataclass(frozen=True)
class Scale:
    """A question with five anchored answers."""

    key: str
    label: str
    question: str
    steps: tuple[str, ...]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Number and anchor, as they are chosen among."""
        return [(number, f"{number}: {step}") for number, step in enumerate(self.steps, LOWEST)]


@dataclass(frozen=True)
class Level:
    """How a risk is drawn and called, up to and with the number `to`."""

    key: str
    to: int
    label: str


@dataclass(frozen=True)
class Ranking:
    key: str
    version: int
    title: str
    scales: tuple[Scale, ...]
    levels: tuple[Level, ...]

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.version}"

    def scale(self, key: str) -> Scale:
        return next(one for one in self.scales if one.key == key)

    def level_of(self, risk: int) -> Level:
        """The word for a risk."""
        return next(one for one in self.levels if risk <= one.to)


def parse_ranking(key: str, version: int, node: Node) -> Ranking:
    """Read one file. Raises `ContentError`."""
    scales = tuple(_scale(entry, node) for entry in node.take("scales", list))
    if tuple(one.key for one in scales) != KEYS:
        raise node.fail(f"the scales must be {', '.join(KEYS)}, in this order", "scales")
    title, levels = node.take("title"), node.take("levels", Node)
    found = tuple(_level(name, levels) for name in LEVELS)
    levels.finish()
    if [one.to for one in found] != sorted({one.to for one in found}) or found[-1].to != HIGHEST:
        raise node.fail(f"the levels must rise and end at {HIGHEST}")
    return Ranking(key, version, title, scales, found)


def _scale(entry: object, parent: Node) -> Scale:
    if not isinstance(entry, Node):
        raise parent.fail("each scale must be a mapping", "scales")
    steps = tuple(entry.take("steps", list))
    if len(steps) != HIGHEST or not all(isinstance(one, str) and one.strip() for one in steps):
        raise entry.fail(f"a scale has {HIGHEST} steps, each anchored by a sentence")
    scale = Scale(entry.take("key"), entry.take("label"), entry.take("question"), steps)
    entry.finish()
    return scale


def _level(name: str, parent: Node) -> Level:
    node = parent.take(name, Node)
    level = Level(name, node.take("to", int), node.take("label"))
    node.finish()
    return level


RANKINGS: ContentKind[Ranking] = ContentKind(app="usecases", folder="ranking", parse=parse_ranking)


def ranking() -> Ranking:
    """The scales in the version that is scored by now."""
    return RANKINGS.by_reference(CURRENT)
