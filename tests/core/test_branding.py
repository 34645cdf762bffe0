"""The municipality's colour: derived colours keep their promised contrast."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.branding import (
    AA_TEXT,
    AAA_TEXT,
    WHITE,
    contrast,
    livery,
    mix,
    palette,
    palette_css,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0b4f5c", "#ffffff", 9.18),
    ],
)
def test_contrast_known_values(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


@given(COLOURS)
def test_palette_keeps_its_promises_for_any_colour(colour: str) -> None:
    colours = palette(colour)

    assert contrast(colours.on_brand, colours.brand) >= AA_TEXT
    assert contrast(colours.on_brand, colours.brand_dark) >= AA_TEXT
    assert contrast(colours.brand_text, WHITE) >= AAA_TEXT
    assert contrast(colours.brand_text, colours.brand_tint) >= AA_TEXT
    assert contrast(colours.brand_text, colours.brand_soft) >= AA_TEXT
    assert contrast("#5c5c5c", colours.brand_tint) >= AA_TEXT
    assert contrast("#1a1a1a", colours.brand_soft) >= AAA_TEXT


@given(COLOURS)
def test_palette_css_names_every_colour_once(colour: str) -> None:
    css = palette_css(palette(colour))

    assert css.startswith(f":root{{--brand:{colour};--on-brand:#")
    assert css.count("--brand-text:") == 1
    assert "_" not in css


def test_palette_dark_colour_is_its_own_text_colour() -> None:
    colours = palette("#0B4F5C ")

    assert (colours.brand, colours.brand_text, colours.on_brand) == (
        "#0b4f5c",
        "#0b4f5c",
        "#ffffff",
    )
    assert (colours.brand_tint, colours.brand_dark) == ("#eef3f4", "#09414b")


def test_palette_light_colour_gets_dark_text() -> None:
    colours = palette("#ffd23f")

    assert colours.on_brand == "#1a1a1a"
    assert contrast(colours.brand_dark, WHITE) < contrast(colours.brand, WHITE)


def test_palette_middle_grey_gets_black_text() -> None:
    assert palette("#7a7a7a").on_brand == "#000000"


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#12345g", "#1234567", "#000;}body{"])
def test_palette_refuses_what_is_not_a_colour(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        palette(wrong)


def test_livery_carries_the_logo_as_a_data_url() -> None:
    dressed = livery("#0b4f5c", b"png", "image/png")

    assert dressed.brand == "#0b4f5c"
    assert dressed.logo == "data:image/png;base64,cG5n"
    assert livery("#0b4f5c").logo == ""


def test_mix_rounds_like_css() -> None:
    assert mix("#0b4f5c", "#ffffff", 0.3) == "#b6cace"
