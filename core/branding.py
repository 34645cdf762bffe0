"""The municipality's colour: everything derived from it, for pages, PDFs and charts alike.

A rule makes any colour safe: `brand` is only ever a ground with `on_brand` on it; what is
drawn on white or on the tint (links, icons, lines that carry meaning) is `brand_text`.
"""

import re
from base64 import b64encode
from dataclasses import asdict, dataclass, fields

WHITE, INK, BLACK = "#ffffff", "#1a1a1a", "#000000"
AA_TEXT = 4.5
AAA_TEXT = 7.0
HEX = re.compile(r"#[0-9a-f]{6}")
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#rrggbb`. Promised ratios: `on_brand` at least 4.5 on `brand` and on
    `brand_dark`; `brand_text` at least 7 on white and 4.5 on `brand_tint` and `brand_soft`."""

    brand: str
    on_brand: str
    brand_dark: str  # the ground under the pointer: away from the colour of `on_brand`
    brand_tint: str
    brand_line: str
    brand_soft: str
    brand_text: str
    brand_1: str  # four steps for charts, light to dark; always with a `brand_text` outline
    brand_2: str
    brand_3: str
    brand_4: str


@dataclass(frozen=True, slots=True)
class Livery(Palette):
    """What a document wears: the colours and the logo, as a data URL ("" for none)."""

    logo: str = ""


def livery(colour: str, logo: bytes = b"", media_type: str = "image/png") -> Livery:
    """The palette of `colour` with the municipality's logo; ValueError unless it is `#rrggbb`."""
    url = f"data:{media_type};base64,{b64encode(logo).decode()}" if logo else ""
    return Livery(**asdict(palette(colour)), logo=url)


def palette(colour: str) -> Palette:
    """Derive the palette of a municipality's colour; ValueError unless it is `#rrggbb`."""
    brand = colour.strip().lower()
    if not HEX.fullmatch(brand):
        raise ValueError(f"not a colour of the form #rrggbb: {colour!r}")
    on_brand = text_on(brand)
    text = darkened(brand, AAA_TEXT)
    return Palette(
        brand=brand,
        on_brand=on_brand,
        brand_dark=mix(brand, BLACK if on_brand == WHITE else WHITE, 0.82),
        brand_tint=mix(brand, WHITE, 0.07),
        brand_line=mix(brand, WHITE, 0.30),
        brand_soft=mix(brand, WHITE, 0.18),
        brand_text=text,
        brand_1=mix(text, WHITE, 0.25),
        brand_2=mix(text, WHITE, 0.45),
        brand_3=mix(text, WHITE, 0.72),
        brand_4=text,
    )


def palette_css(colours: Palette) -> str:
    """Return the stylesheet that gives a page its colours."""
    values = (
        f"--{field.name.replace('_', '-')}:{getattr(colours, field.name)}"
        for field in fields(colours)
    )
    return f":root{{{';'.join(values)}}}\n"


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance, 0 to 1."""
    red, green, blue = (_linear(channel / 255) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """Return `share` of `colour` mixed with `other`, as CSS color-mix in srgb does."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def text_on(ground: str) -> str:
    """Return the text colour for a ground: white if readable, else ink, else black.

    There are middle greys on which neither white nor ink reaches 4.5; black then does.
    """
    readable = (text for text in (WHITE, INK) if contrast(text, ground) >= AA_TEXT)
    return next(readable, BLACK)


def darkened(colour: str, ratio: float) -> str:
    """Return `colour` mixed with as little black as gives `ratio` on white."""
    steps = (mix(colour, BLACK, share / 100) for share in range(100, -1, -1))
    return next(step for step in steps if contrast(step, WHITE) >= ratio)
