"""How much longer a document takes than WeasyPrint needs for the same HTML alone.

An app hangs up its documents in its `benchmarks` module, one line each:
`document_sample("minutes", prepare)`. `prepare()` makes the data and returns the function that
makes the document's bytes; only that function is measured. `manage.py bench documents` runs all.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from core.documents.render import Rendering, recorded

Make = Callable[[], bytes]
SAMPLES: dict[str, Callable[[], Make]] = {}


@dataclass(frozen=True)
class Measured:
    """Processor seconds of the fastest round each: other work on the machine counts least."""

    name: str
    document: float
    alone: float
    size: int

    @property
    def ratio(self) -> float:
        return self.document / self.alone


def document_sample(name: str, prepare: Callable[[], Make]) -> None:
    if SAMPLES.setdefault(name, prepare) is not prepare:
        raise ValueError(f"two document samples named {name!r}")


def measure_document(name: str, make: Make, *, rounds: int) -> Measured:
    """Make the document and its HTML alone by turns; a first round warms fonts and imports."""
    with recorded() as renderings:
        data = make()
    for rendering in renderings:
        _alone(rendering)
    document, alone = [], []
    for _round in range(rounds):
        document.append(_seconds(make))
        alone.append(sum(_seconds(lambda one=one: _alone(one)) for one in renderings))  # type: ignore[misc]
    return Measured(name, min(document), min(alone), len(data))


def _alone(rendering: Rendering) -> None:
    """What WeasyPrint does by itself: the same HTML, stylesheets, fonts and sort of PDF."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from core.documents.fetcher import LockedFetcher, static_path
    from core.documents.render import STYLESHEETS

    fetcher, fonts = LockedFetcher(), FontConfiguration()
    styles = [
        CSS(filename=static_path(name), url_fetcher=fetcher, font_config=fonts)
        for name in STYLESHEETS
    ]
    kind = None if rendering.variant == "plain" else rendering.variant
    page = HTML(string=rendering.html, url_fetcher=fetcher)
    page.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant=kind)


def _seconds(act: Callable[[], object]) -> float:
    # One thread that never waits: what a clock shows beside this is what others do.
    began = time.process_time()
    act()
    return time.process_time() - began
