"""What a worker says of how far it is, in a form that each reader reads in their own language.

A worker has no reader, so a maker passes the English msgid, marked with `gettext_noop`, and
numbers beside it: `report(step("File %(n)s of %(all)s", n=3, all=12), 40)`. Numbers only: a step
rests in the outbox, where no text may.
"""

from django.utils.translation import gettext

MARK = "\t"


def step(msgid: str, **numbers: int) -> str:
    """The step as it is kept."""
    return MARK.join([msgid, *(f"{name}={int(number)}" for name, number in numbers.items())])


def step_words(kept: str) -> str:
    """The step in the reader's language; what is no msgid is shown as it is."""
    msgid, *numbers = kept.split(MARK)
    if not msgid:
        return ""
    if not numbers:
        return gettext(msgid)
    try:
        return gettext(msgid) % dict(one.split("=", 1) for one in numbers)
    except (KeyError, ValueError):
        # Cut in the middle, or a translation that names another number.
        return ""
