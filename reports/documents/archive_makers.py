"""The long works of the archive and of the hand-over to the case system."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import works
from core.models import Work
from meetings.models import Meeting
from reports.documents import archive_reports  # noqa: F401 - its documents go into packages
from reports.documents.archive import make_package
from reports.documents.esdh import make_hand_off
from reports.models import ArchivePackage
from reports.policies import archive as policies
from reports.selectors import esdh
from reports.services import archive


def _may_open_package(user: Any, work: Work) -> bool:
    package = ArchivePackage.objects.select_related("committee").filter(work=work).first()
    return package is not None and bool(policies.can_open(user, package))


def _may_open_hand_off(user: Any, work: Work) -> bool:
    meeting = Meeting.objects.filter(pk=work.params.get("meeting")).first()
    if meeting is None or not policies.can_hand_off(user, meeting):
        return False
    return policies.reads_all_of(user, esdh.scope_of(meeting).closed_items)


def _may_list_hand_off(user: Any, work: Work) -> bool:
    meeting = Meeting.objects.filter(pk=work.params.get("meeting")).first()
    return meeting is not None and bool(policies.can_hand_off(user, meeting))


def _package_address(work: Work) -> str:
    return reverse("reports:archive_file", args=[ArchivePackage.objects.get(work=work).pk])


def _hand_off_address(work: Work) -> str:
    return reverse("reports:hand_off_file", args=[work.params["meeting"]])


works.register(
    works.Maker(
        archive.KIND, _("Archive package"), make_package, _may_open_package, _package_address
    )
)
works.register(
    works.Maker(
        esdh.KIND,
        _("Hand-over to the case system"),
        make_hand_off,
        _may_open_hand_off,
        _hand_off_address,
        _may_list_hand_off,
    )
)
