"""The tile map: one square per municipality, where it is beside its neighbours."""

from dataclasses import dataclass
from functools import cache

from core.content import ContentKind, Node
from usecases.record import municipalities


@dataclass(frozen=True)
class TileMap:
    """Authority code → column and row."""

    title: str
    places: dict[str, tuple[int, int]]

    @property
    def columns(self) -> int:
        return 1 + max(column for column, _row in self.places.values())

    @property
    def rows(self) -> int:
        return 1 + max(row for _column, row in self.places.values())


def parse_tiles(key: str, version: int, node: Node) -> TileMap:
    """Read one file. Raises `ContentError`."""
    given = dict(node.take("tiles", dict))
    places = {code: (place[0], place[1]) for code, place in given.items() if _is_place(place)}
    if len(places) != len(given):
        raise node.fail("each tile has a column and a row")
    if len(set(places.values())) != len(places):
        raise node.fail("two municipalities stand on the same tile")
    if lacking := municipalities().keys() ^ places.keys():
        raise node.fail(f"not the municipalities we know: {', '.join(sorted(lacking))}")
    return TileMap(node.take("title"), places)


def _is_place(place: object) -> bool:
    return isinstance(place, list) and len(place) == 2 and all(type(n) is int for n in place)


TILES: ContentKind[TileMap] = ContentKind(app="usecases", folder="tiles", parse=parse_tiles)


@cache
def tile_map() -> TileMap:
    return TILES.load("danmark", 1)
