"""Characters that the document's font cannot draw.

A missing glyph is an empty box on paper and breaks PDF/UA, so symbols outside the font are
replaced by their nearest kin or named; letters of other scripts are left to the system's fonts.
"""

import unicodedata
from functools import cache

from core.documents.fetcher import FONTS, static_path

KIN = {
    "✔": "✓", "✅": "✓", "☑": "✓", "✕": "×", "✖": "×", "❌": "×", "☐": "[ ]", "□": "[ ]",
    "\u202f": "\u00a0", "\u2011": "-", "▪": "•", "■": "•", "●": "•", "○": "◦", "⚠": "(!)",
    "➔": "→", "➜": "→", "⇒": "→", "\u2028": " ", "\u2029": " ", "\u00ad": "",
}  # fmt: skip
INVISIBLE = {"Cf", "Cc", "Mn", "Me"}
LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mc", "Nd"}


@cache
def _covered() -> frozenset[int]:
    """Code points that every weight in use can draw."""
    from fontTools.ttLib import TTFont

    weights = ("Regular", "Italic", "Medium", "SemiBold", "Bold")
    maps = [
        TTFont(static_path(f"{FONTS}/IBMPlexSans-{weight}.ttf"), lazy=True).getBestCmap()
        for weight in weights
    ]
    return frozenset(set.intersection(*(set(cmap) for cmap in maps)))


def drawable(text: str) -> str:
    """Return `text` with every symbol the font lacks replaced by one it has."""
    missing = {char for char in set(text) if ord(char) not in _covered() and char not in "\n\r\t"}
    if not missing:
        return text
    return text.translate({ord(char): _stand_in(char) for char in sorted(missing)})


def _stand_in(char: str) -> str:
    if char in KIN:
        return KIN[char]
    plain = unicodedata.normalize("NFKD", char)
    # Compatibility forms must not become markup: the text is already HTML here.
    if plain != char and all(ord(part) in _covered() and part not in "<>&\"'" for part in plain):
        return plain
    category = unicodedata.category(char)
    if category in LETTERS:
        return char
    if category in INVISIBLE:
        return char if unicodedata.combining(char) else ""
    return named(char)


def named(char: str) -> str:
    """What stands where a character cannot be drawn. Danish: documents are."""
    return f"[tegn U+{ord(char):04X}]"
