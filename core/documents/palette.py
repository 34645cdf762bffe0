"""The municipality's colours as CSS variables of a document."""

import re
from typing import Protocol

from django.utils.safestring import SafeString, mark_safe

HEX = re.compile(r"#[0-9a-fA-F]{6}")
VARIABLES = ("brand", "on_brand", "brand_dark", "brand_tint", "brand_line", "brand_text")


class Palette(Protocol):
    """Six colours derived from the one that the municipality chose, as `#rrggbb`."""

    @property
    def brand(self) -> str: ...
    @property
    def on_brand(self) -> str: ...
    @property
    def brand_dark(self) -> str: ...
    @property
    def brand_tint(self) -> str: ...
    @property
    def brand_line(self) -> str: ...
    @property
    def brand_text(self) -> str: ...


def palette_css(palette: Palette) -> SafeString:
    """Return a `:root` rule with the colours; anything but `#rrggbb` raises `ValueError`."""
    rules = [f"--{name.replace('_', '-')}:{_colour(palette, name)}" for name in VARIABLES]
    return mark_safe(":root{" + ";".join(rules) + "}")  # noqa: S308 - six checked hex values


def _colour(palette: Palette, name: str) -> str:
    value = str(getattr(palette, name))
    if not HEX.fullmatch(value):
        raise ValueError(f"{name} is not a colour: {value!r}")
    return value
