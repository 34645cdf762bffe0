"""Any input draws: valid, inside the sheet, without a word on top of another, the same twice."""

import json
import re
from dataclasses import fields
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.conf import settings as django_settings
from django.template.loader import render_to_string
from django.utils import translation
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from core.branding import palette
from reports.charts import (
    Axis,
    Bar,
    Bars,
    Dot,
    Flow,
    Flows,
    Lines,
    Mark,
    Scatter,
    Series,
    Stack,
    Stacked,
    Timeline,
    from_dict,
    to_dict,
)  # fmt: skip

LONG = "Kunstig intelligens til sortering af henvendelser fra borgere og virksomheder X"
FONT = "vendor/dkfds/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-{}.ttf"
LOOKS = st.sampled_from(["main", "soft", "pale", "late"])
DAY = date(2026, 1, 1)
names = st.one_of(st.text(max_size=80), st.just(LONG), st.text("Wwm@Æ", min_size=60, max_size=80))
counts = st.one_of(st.integers(0, 50), st.integers(-3, 10**15))
values = st.one_of(counts, st.floats())
dates = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def many(strategy):
    return st.one_of(st.lists(strategy, max_size=3), st.lists(strategy, max_size=45)).map(tuple)


bars = st.builds(
    Bars, key=st.just("k"), heading=names, message=names, unit=names,
    rows=many(st.builds(Bar, names, values, LOOKS)), note=names,
)  # fmt: skip
stacked = st.builds(
    Stacked, key=st.just("k"), heading=names, message=names, unit=names,
    series=st.lists(st.tuples(names, LOOKS), max_size=6).map(tuple),
    rows=many(st.builds(Stack, names, st.lists(counts, max_size=7).map(tuple))),
)  # fmt: skip
scatter = st.builds(
    Scatter, key=st.just("k"), heading=names, message=names,
    x_axis=st.builds(Axis, names, st.integers(-5, 5), st.integers(-5, 9),
                     st.lists(st.tuples(values, names), max_size=6).map(tuple)),
    y_axis=st.builds(Axis, names, values, values),
    dots=many(st.builds(Dot, names, values, values, LOOKS)),
)  # fmt: skip
lines = st.builds(
    Lines, key=st.just("k"), heading=names, message=names, unit=names,
    series=st.lists(st.builds(Series, names, many(st.tuples(dates, values))), max_size=10)
    .map(tuple),
)  # fmt: skip
flows = st.builds(
    Flows, key=st.just("k"), heading=names, message=names, unit=names,
    rows=many(st.builds(Flow, names, names, counts)),
)  # fmt: skip
timelines = st.builds(
    Timeline, key=st.just("k"), heading=names, message=names, start=dates, end=dates,
    today=st.none() | dates,
    marks=many(st.builds(Mark, dates, names, st.sampled_from(["meeting", "due", "milestone", ""]))),
)  # fmt: skip
charts = st.one_of(bars, stacked, scatter, lines, flows, timelines)


@cache
def widths(weight):
    path = Path(django_settings.STATICFILES_DIRS[0]) / FONT.format(weight)
    font = TTFont(path)
    return font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm


def measured(words, size, weight):
    """As wide as the font draws it; what the font lacks is left to another one."""
    known, metrics, units = widths(weight)
    return sum(metrics[known[ord(c)]][0] for c in words if ord(c) in known) * size / units


def boxes(drawing):
    """Left, top, right, bottom of everything that is drawn, and whether it is a word."""
    for node in drawing.iter():
        tag = node.tag.rpartition("}")[2]
        get = lambda *names, node=node: [float(node.get(name)) for name in names]  # noqa: E731
        if tag == "rect":
            x, y, width, height = get("x", "y", "width", "height")
            assert width >= 0
            assert height >= 0
            yield x, y, x + width, y + height, ""
        elif tag == "circle":
            x, y, r = get("cx", "cy", "r")
            yield x - r, y - r, x + r, y + r, ""
        elif tag == "line":
            x1, y1, x2, y2 = get("x1", "y1", "x2", "y2")
            yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), ""
        elif tag in ("polygon", "polyline"):
            at = [float(one) for one in re.split(r"[ ,]+", node.get("points"))]
            yield min(at[::2]), min(at[1::2]), max(at[::2]), max(at[1::2]), ""
        elif tag == "text":
            yield words_box(node)


def words_box(node):
    (x, y), size = (float(node.get("x")), float(node.get("y"))), float(node.get("font-size"))
    weight = "SemiBold" if node.get("font-weight") == "600" else "Regular"
    width = measured(node.text or "", size, weight)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[node.get("text-anchor")]
    # The tall letters reach three quarters of their size, and a fifth below the line.
    return left, y - size * 0.75, left + width, y + size * 0.22, node.text or ""


def drawn(chart):
    with translation.override("da"):
        return ElementTree.fromstring(str(chart.svg()))


@given(charts)
@settings(max_examples=120, deadline=None)
def test_any_input_draws_valid_xml_inside_the_sheet(chart):
    drawing = drawn(chart)

    _x, _y, width, height = (float(one) for one in drawing.get("viewBox").split())
    text = str(chart.svg())
    assert not re.search(r"\b(?:nan|inf)\b", re.sub(r">[^<]*<|aria-label=\"[^\"]*\"", "", text))
    assert " style=" not in re.sub(r">[^<]*<|aria-label=\"[^\"]*\"", "", text)
    for left, top, right, bottom, _words in boxes(drawing):
        assert left >= -1
        assert top >= -1
        assert right <= width + 1
        assert bottom <= height + 1


@given(charts)
@settings(max_examples=80, deadline=None)
def test_no_word_stands_on_another(chart):
    found = [one for one in boxes(drawn(chart)) if one[4].strip()]

    for place, one in enumerate(found):
        for other in found[:place]:
            apart = (
                one[0] >= other[2] - 1 or other[0] >= one[2] - 1
                or one[1] >= other[3] - 1 or other[1] >= one[3] - 1
            )  # fmt: skip
            assert apart or isinstance(chart, Scatter), (one, other)


@given(charts)
@settings(max_examples=50, deadline=None)
def test_the_same_data_draws_the_same_and_survives_being_kept(chart):
    kept = json.loads(json.dumps(to_dict(chart)))

    assert str(chart.svg()) == str(chart.svg())
    again = from_dict(kept)
    assert type(again) is type(chart)
    assert str(again.svg()) == str(chart.svg())
    assert again.table() == chart.table()


@given(charts)
@settings(max_examples=50, deadline=None)
def test_the_table_has_a_cell_for_each_head(chart):
    table = chart.table()

    assert {len(row) for row in table.rows} <= {len(table.heads)}
    assert len(table.lines) == len(table.rows)


def test_a_bar_is_as_long_as_its_number():
    chart = Bars("k", "h", "m", tuple(Bar(f"b{n}", n) for n in (1, 2, 4)), "stk.")

    rects = [node for node in drawn(chart).iter() if node.tag.endswith("rect")]

    one, two, four = (float(node.get("width")) + 1 for node in rects)
    assert (round(two / one, 1), round(four / one, 1)) == (2.0, 4.0)


def test_looks_are_told_apart_without_colour():
    """Each look has its own lightness or its own outline, also in print."""
    from core.branding import luminance
    from reports.charts.draw import paint

    for colour in ("#0b4f5c", "#ffcc00", "#8a1538", "#000000"):
        grounds = [luminance(paint(look, palette(colour))[0]) for look in ("main", "soft", "pale")]
        assert grounds == sorted(grounds)
        assert all(b - a > 0.08 for a, b in pairwise(grounds))
    late = Bars("k", "h", "m", (Bar("a", 3, "late"),), "stk.")
    assert len([node for node in drawn(late).iter() if node.tag.endswith("rect")]) == 2


def test_numbers_are_danish():
    with translation.override("da"):
        table = Bars("k", "h", "m", (Bar("a", 12345), Bar("b", 0.5)), "stk.").table()

    assert table.rows == (("a", "12.345"), ("b", "0,5"))


@pytest.mark.parametrize(
    "chart",
    [
        Bars("k", "Status", "Der er ingen.", (), "stk."),
        Stacked("k", "Status", "Der er ingen.", (), (), "stk."),
        Scatter("k", "Status", "Der er ingen.", Axis("x"), Axis("y"), ()),
        Lines("k", "Status", "Der er ingen.", (), "stk."),
        Flows("k", "Status", "Der er ingen.", (), "stk."),
        Timeline("k", "Status", "Der er ingen.", DAY, DAY, None, ()),
    ],
)
def test_a_figure_of_nothing_says_so_in_words(chart):
    assert chart.is_empty
    assert chart.words == "Der er ingen."
    page = render_to_string("reports/parts/figure.html", {"figure": chart, "number": 1})
    assert "Der er ingen." in page
    assert "<svg" not in page


def test_one_point_is_a_mark_and_a_sentence():
    chart = Lines("k", "Over tid", "Én er i drift.", (Series("i drift", ((DAY, 1),)),), "stk.")

    tags = [node.tag.rpartition("}")[2] for node in drawn(chart).iter()]
    assert "circle" in tags
    assert "polyline" not in tags
    assert "1. januar 2026" in chart.words.replace("\u00a0", " ")


def test_forty_categories_have_forty_bars_and_more_are_told_of():
    chart = Bars("k", "h", "m", tuple(Bar(f"b{n}", n + 1) for n in range(43)), "stk.")

    text = str(chart.svg())

    assert text.count("<rect") == 40
    assert len(chart.table().rows) == 43
    assert ">3 " in text


def test_a_long_name_is_whole_in_the_table():
    chart = Bars("k", "h", "m", (Bar(LONG, 3),), "stk.")

    assert "…" in str(chart.svg())
    assert chart.table().rows[0][0] == LONG


def test_page_and_pdf_have_image_words_and_table(settings):
    from datetime import UTC, datetime

    from django.utils.safestring import mark_safe

    from core.documents import palette_css, render_pdf, validate_ua

    marks = tuple(Mark(DAY + timedelta(days=30 * n), f"Møde {n}", "meeting") for n in range(5))
    figures = [
        Bars("a", "Anvendelser", "Hver anden er <ny> & god", (Bar(LONG, 3, url="/x/"),), "stk."),
        Timeline("b", "Tid", "Halvdelen er gået", DAY, DAY + timedelta(days=300), DAY, marks),
    ]
    page = render_to_string("reports/parts/figure.html", {"figure": to_dict(figures[0])})
    assert 'role="img"' in page
    assert "style=" not in page
    assert '<th scope="row"><a href="/x/">' in page
    pdf = "".join(
        render_to_string("pdf/_figure.html", {"figure": one, "number": n})
        for n, one in enumerate(figures, 1)
    )
    colours = palette("#8a1538")
    data = render_pdf(
        template="pdf/loose.html",
        context={"palette_css": palette_css(colours), "heading": "h", "html": mark_safe(pdf)},
        title="Prøve",
        created=datetime(2026, 3, 1, tzinfo=UTC),
    )
    assert validate_ua(data) == []
    assert len(fields(figures[0])) == 7
