"""System checks of what an installation is given from outside."""

from typing import Any

from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Caution

from core.sealing import SealError, certificate


@register
def seal_certificate_is_usable(**_options: Any) -> list[CheckMessage]:
    """A certificate that is lost, locked or out of date is told about before minutes are locked."""
    try:
        certificate()
    except SealError as error:
        return [Caution(str(error), hint="SEAL_CERTIFICATE, SEAL_PASSPHRASE", id="core.W101")]
    return []
