"""System checks of the record's content."""

from django.core.checks import register

from core.content import content_check
from usecases.exchange.mappings import IDEAS, LANDKORT, TARGETS
from usecases.ranking import RANKINGS
from usecases.record import MUNICIPALITIES, RECORDS
from usecases.tiles import TILES

register(content_check(MUNICIPALITIES, 1))
register(content_check(RECORDS, 2))
register(content_check(TILES, 3))
register(content_check(RANKINGS, 4))
register(content_check(TARGETS, 5))
register(content_check(LANDKORT, 6))
register(content_check(IDEAS, 7))
