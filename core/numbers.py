"""Numbers that come from outside."""

LONGEST = 9


def whole_number(text: str | None) -> int | None:
    """What `text` says in plain digits; None for anything else, and for what no key can be."""
    if text and len(text) <= LONGEST and text.isascii() and text.isdigit():
        return int(text)
    return None


def page_number(text: str, last: int, otherwise: int) -> int:
    """The page that an address asks for, or the nearest there is; `otherwise` when it asks none."""
    number = whole_number(text[:LONGEST])
    return otherwise if number is None else max(1, min(number, last))
