"""The matrix: value by feasibility, risk as shape, word and colour; and its places on the page.

Several cases share a square of the grid. Each square has room for `MOST` marks side by side, so
that no mark and no number covers another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from usecases.models import CaseScore, UseCase
from usecases.ranking import HIGHEST, LOWEST, Level, ranking

# Marks that are drawn; the table has them all.
MOST = 30
COLUMNS, ROWS = 6, 5
# A mark is 22 wide and has 24 to itself: what a finger and a pointer need.
STEP = 24
CELL_WIDTH, CELL_HEIGHT = COLUMNS * STEP + 8, ROWS * STEP + 8
LEFT, TOP, BELOW = 64, 12, 56
STEPS = HIGHEST - LOWEST + 1
WIDTH = LEFT + STEPS * CELL_WIDTH + 12
HEIGHT = TOP + STEPS * CELL_HEIGHT + BELOW


@dataclass(frozen=True)
class Ranked:
    """A case with its newest score, and its votes in the newest closed round."""

    number: int
    case: UseCase
    score: CaseScore | None
    level: Level | None
    votes: int | None

    @property
    def total(self) -> int | None:
        """Value and feasibility less risk: a way to sort, never shown without its parts."""
        one = self.score
        return one.value + one.feasibility - one.risk if one else None


@dataclass(frozen=True)
class Mark:
    """A case on the plot: its middle, and what it says."""

    ranked: Ranked
    x: int
    y: int

    @property
    def corners(self) -> str:
        """A diamond round the middle."""
        return (
            f"{self.x},{self.y - 13} {self.x + 13},{self.y} "
            f"{self.x},{self.y + 13} {self.x - 13},{self.y}"
        )

    @property
    def left(self) -> int:
        return self.x - 10

    @property
    def top(self) -> int:
        return self.y - 10


@dataclass(frozen=True)
class Line:
    """A line or a label of the grid."""

    at: int
    middle: int
    label: str


def plot(rows: Sequence[Ranked]) -> dict[str, Any]:
    """Everything that the drawing needs, as numbers: no style and no script."""
    marks = place([row for row in rows if row.score][:MOST])
    scales = ranking()
    return {
        "marks": marks,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "top": TOP,
        "right": WIDTH - 12,
        "bottom": HEIGHT - BELOW,
        "middle_x": (LEFT + WIDTH) // 2,
        "middle_y": (TOP + HEIGHT - BELOW) // 2,
        "foot": HEIGHT - 8,
        "ticks_y": HEIGHT - BELOW + 22,
        "columns": [_column(n) for n in range(LOWEST, HIGHEST + 1)],
        "rows": [_row(n) for n in range(LOWEST, HIGHEST + 1)],
        "x_label": scales.scale("feasibility").label,
        "y_label": scales.scale("value").label,
        "left_out": max(0, sum(1 for row in rows if row.score) - MOST),
    }


def _column(step: int) -> Line:
    at = LEFT + (step - LOWEST) * CELL_WIDTH
    return Line(at, at + CELL_WIDTH // 2, str(step))


def _row(step: int) -> Line:
    at = TOP + (HIGHEST - step) * CELL_HEIGHT
    return Line(at, at + CELL_HEIGHT // 2, str(step))


def place(rows: Sequence[Ranked]) -> list[Mark]:
    """Give each its own place in the square of its score, in the order of the list."""
    squares: dict[tuple[int, int], list[Ranked]] = {}
    for row in rows:
        if row.score is not None:
            squares.setdefault((row.score.feasibility, row.score.value), []).append(row)
    found = [
        _mark(row, square, index, len(members))
        for square, members in squares.items()
        for index, row in enumerate(members)
    ]
    return sorted(found, key=lambda mark: mark.ranked.number)


def _mark(row: Ranked, square: tuple[int, int], index: int, count: int) -> Mark:
    """In the middle of the square when alone; in rows round the middle when many."""
    columns = min(count, COLUMNS)
    lines = -(-count // COLUMNS)
    line, column = divmod(index, COLUMNS)
    here = min(columns, count - line * COLUMNS)
    middle_x, middle_y = _column(square[0]).middle, _row(square[1]).middle
    # Half steps, so that an even number stands evenly.
    x = middle_x + (2 * column - here + 1) * STEP // 2
    y = middle_y + (2 * line - lines + 1) * STEP // 2
    return Mark(row, x, y)
