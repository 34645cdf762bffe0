"""The long works of the archive and of the hand-over to the case system."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import works
from core.models import Work
from meetings.models import Meeting
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


works.register(works.Maker(archive.KIND, _("Archive package"), make_package, _may_open_package))
works.register(
    works.Maker(esdh.KIND, _("Hand-over to the case system"), make_hand_off, _may_open_hand_off)
)
