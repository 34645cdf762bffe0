"""Numbers that come from outside."""

LONGEST = 9


def whole_number(text: str | None) -> int | None:
    """What `text` says in plain digits; None for anything else, and for what no key can be."""
    if text and len(text) <= LONGEST and text.isascii() and text.isdigit():
        return int(text)
    return None
