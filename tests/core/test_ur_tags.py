"""Icons, Danish dates and figures, protected spaces."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from core.templatetags import ur

NBSP = "\u00a0"
EVENING = datetime(2026, 2, 25, 16, 0, tzinfo=UTC)
SPRITE = settings.BASE_DIR / "static" / ur.SPRITE


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("name", "danish", "english"),
    [
        ("long_date", "onsdag den 25. februar 2026", "Wednesday 25 February 2026"),
        ("full_date", "25. februar 2026", "25 February 2026"),
        ("day_month", "25. februar", "25 February"),
        ("weekday_date", "onsdag 25. februar", "Wednesday 25 February"),
        ("clock", "kl. 17.00", "17:00"),
        ("iso", "2026-02-25T17:00:00+01:00", "2026-02-25T17:00:00+01:00"),
    ],
)
def test_date_filters_speak_both_languages(name: str, danish: str, english: str) -> None:
    source = f"{{{{ moment|{name} }}}}"

    with translation.override("da"):
        assert plain(render(source, moment=EVENING)) == danish
        assert plain(render(source, moment=EVENING.isoformat())) == danish
    with translation.override("en"):
        assert plain(render(source, moment=EVENING)) == english
    assert render(source, moment=None) == ""
    assert render(source, moment="") == ""


def test_dates_take_dates_and_protect_the_space() -> None:
    with translation.override("da"):
        assert ur.day_month(date(2026, 2, 25)) == f"25.{NBSP}februar"
        assert ur.day_month("2026-02-25") == f"25.{NBSP}februar"
        assert ur.clock(time(9, 5)) == f"kl.{NBSP}09.05"


@pytest.mark.parametrize("summer", [True, False])
def test_moments_are_told_in_danish_time(summer: bool) -> None:
    moment = datetime(2026, 7 if summer else 1, 1, 22, 30, tzinfo=UTC)

    with translation.override("da"):
        assert ur.time_range(moment, None) == ("00.30" if summer else "23.30")
        assert plain(ur.day_month(moment)) == ("2. juli" if summer else "1. januar")


def test_time_range_has_an_en_dash_without_spaces() -> None:
    end = datetime(2026, 2, 25, 18, 52, tzinfo=UTC)

    with translation.override("da"):
        assert render("{{ a|time_range:b }}", a=EVENING, b=end) == "17.00–19.52"
        assert render("{{ a|time_range:b }}", a=EVENING, b=None) == "17.00"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2026-02-17", "today"),
        ("2026-02-18", "tomorrow"),
        ("2026-02-16", "yesterday"),
        ("2026-02-25", "in 8 days"),
        ("2026-02-14", "3 days ago"),
    ],
)
@time_machine.travel("2026-02-17 23:30 +01:00", tick=False)
def test_relative_day(day: str, text: str) -> None:
    with translation.override("en"):
        assert plain(ur.relative_day(day)) == text


@pytest.mark.parametrize(
    "text",
    [
        "25.~februar", "kl.~17.00", "Kl.~17.00", "§~3", "§§~3 og 4", "2.~udkast", "15~min.",
        "nr.~2", "stk.~4", "62~MB", "om 12~dage",
    ],
)  # fmt: skip
def test_protect_puts_protected_spaces(text: str) -> None:
    assert ur.protect(text.replace("~", " ")) == text.replace("~", NBSP)


@pytest.mark.parametrize("text", ["Punkt 4 og 5", "Mødet slutter 2. Derefter", "i 2026 majoritet"])
def test_protect_leaves_other_spaces(text: str) -> None:
    assert ur.protect(text) == text


def test_protect_keeps_escaping() -> None:
    assert render("{{ text|protect }}", text="<b>§ 3</b>") == f"&lt;b&gt;§{NBSP}3&lt;/b&gt;"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1,0 kB"),
        (1_258_291, "1,2 MB"),
        (62 * 1024 * 1024, "62 MB"),
        (1023 * 1024, "1,0 MB"),
        (None, ""),
    ],
)
def test_file_size_has_a_decimal_comma(count: int | None, text: str) -> None:
    with translation.override("da"):
        assert plain(ur.file_size(count)) == text


def test_number_word_up_to_twelve() -> None:
    with translation.override("da"):
        assert [ur.number_word(n) for n in (0, 1, 12, 13)] == ["nul", "en", "tolv", "13"]
        assert ur.number_word(1, "neuter") == "et"
    with translation.override("en"):
        assert ur.number_word(3) == "three"


def test_prose_renders_markdown_without_html() -> None:
    html = render("{{ text|prose }}", text="**Kl. 17.00** <script>x</script>")

    assert f"<strong>Kl.{NBSP}17.00</strong>" in html
    assert "<script" not in html


def test_icon_is_silent_unless_it_has_a_label() -> None:
    assert render('{% icon "st-done" "s" %}') == (
        '<svg aria-hidden="true" class="icon-svg s" focusable="false">'
        '<use href="/static/ur/icons.svg#st-done"></use></svg>'
    )
    assert 'aria-label="A &amp; B" class="icon-svg" focusable="false" role="img"' in render(
        '{% icon "seal" label=text %}', text="A & B"
    )


def test_access_badge_has_word_and_shape() -> None:
    with translation.override("en"):
        closed, opened = render('{% access_badge "closed" %}'), render('{% access_badge "open" %}')

    assert "ur-closed" in closed
    assert "#lock-shut" in closed
    assert closed.endswith("Closed</span>")
    assert "ur-open" in opened
    assert "#lock-open" in opened
    assert opened.endswith("Open</span>")


@pytest.mark.parametrize("shape", ur.STATUSES)
def test_status_has_word_and_shape(shape: str) -> None:
    css, symbol, word = ur.STATUSES[shape]

    assert f"ur-state {css}" in ur.status(shape)
    assert f"#{symbol}" in ur.status(shape)
    assert ur.status(shape).endswith(f"{word}</span>")
    assert ur.status(shape, "<12 af 15>").endswith("&lt;12 af 15&gt;</span>")


def test_every_icon_in_a_template_is_in_the_sprite() -> None:
    symbols = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    used = {
        (name, path.name)
        for path in _templates()
        for name in re.findall(r'\{% icon "([^"]+)"', path.read_text())
    }

    assert used
    assert [use for use in sorted(used) if use[0] not in symbols] == []
    assert {symbol for _css, symbol, _word in ur.STATUSES.values()} <= symbols
    assert {"info", "success", "warning", "error"} <= symbols


def _templates() -> list[Path]:
    base = settings.BASE_DIR
    folders = [base / "templates", *base.glob("*/templates")]
    return [path for folder in folders for path in folder.rglob("*.html")]


def test_templates_have_no_inline_style_or_script() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")

    # A PDF carries its own style; no browser ever sees it.
    pages = [path for path in _templates() if "pdf" not in path.parts]

    assert [path.name for path in pages if inline.search(path.read_text())] == []
