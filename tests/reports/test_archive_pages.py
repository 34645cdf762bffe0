"""The pages of the archive: list, request, result of the check, hand-over, retention."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.models import AuditEntry, Work
from meetings.enums import Edition
from reports.models import ArchivePackage, RetentionLog
from tests.factories import CommitteeFactory, StoredFileFactory, day, person
from tests.meetings.scenes import a_scene
from tests.reports.archive_scenes import SECRETS, held_meeting, stored_path
from tests.world import client_of

pytestmark = pytest.mark.django_db


def a_row(committee, edition: str = "public", **facts) -> ArchivePackage:
    """A package that is there, without its making."""
    number = Work.objects.count()
    work = Work.objects.create(
        kind="reports.archive",
        key=f"reports.archive:{number}",
        title=f"p{number}.zip",
        file=StoredFileFactory(data=b"PK", filename="p.zip", media_type="application/zip"),
        made_at=timezone.now(),
    )
    return ArchivePackage.objects.create(
        committee=committee,
        edition=edition,
        period_from=day(-9),
        period_to=day(0),
        work=work,
        **facts,
    )


def test_a_package_is_asked_for_made_checked_and_fetched_in_the_browser() -> None:
    scene = held_meeting("issued")
    client = client_of(scene.again(scene.secretary))
    when = timezone.localtime(scene.meeting.starts_at).strftime("%d %m %Y")

    asked = client.post(
        reverse("reports:archive_new"),
        {
            "committee": scene.committee.pk,
            "period_from": when,
            "period_to": when,
            "edition": Edition.FULL,
        },
    )
    outbox.drain()
    page = client.get(asked["Location"])
    client.post(f"{asked['Location']}efterproev/")
    outbox.drain()
    checked = client.get(asked["Location"])
    file = client.get(f"{asked['Location']}hent/")

    package = ArchivePackage.objects.get()
    assert asked.status_code == 302
    assert f"{asked['Location']}hent/" in page.content.decode()
    assert package.is_valid is True
    assert b"".join(file.streaming_content)[:2] == b"PK"
    assert package.work.file.sha256 in checked.content.decode()
    assert AuditEntry.objects.filter(verb="reports.read_package").count() == 1
    assert not any(secret in page.content + checked.content for secret in SECRETS)


def test_a_damaged_package_is_named_on_its_page() -> None:
    scene = a_scene()
    package = a_row(scene.committee)
    stored_path(package).write_bytes(b"ikke en zip")
    client = client_of(scene.again(scene.secretary))

    client.post(reverse("reports:archive_check", args=[package.pk]))
    outbox.drain()
    page = client.get(package.get_absolute_url()).content.decode()

    package.refresh_from_db()
    assert package.is_valid is False
    assert "faults-h" in page


def test_a_period_that_ends_before_it_begins_is_refused_in_the_form() -> None:
    scene = a_scene()
    data = {
        "committee": scene.committee.pk,
        "period_from": "02 02 2026",
        "period_to": "01 02 2026",
        "edition": "full",
    }

    answer = client_of(scene.again(scene.secretary)).post(reverse("reports:archive_new"), data)

    assert answer.status_code == 422
    assert not ArchivePackage.objects.exists()


def test_the_list_costs_the_same_however_long_it_is() -> None:
    scene = a_scene()
    client = client_of(scene.again(scene.secretary))
    a_row(scene.committee)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("reports:archive_list")).status_code == 200
        counts.append(len(caught))
        for _more in range(8):
            a_row(scene.committee)

    assert counts[0] == counts[1]


def test_an_administrator_sees_packages_and_opens_the_public_ones_only() -> None:
    scene = a_scene()
    full, public = a_row(scene.committee, "full"), a_row(scene.committee)
    client = client_of(person(None, name="Administrator", is_staff=True))

    statuses = [
        client.get(reverse("reports:archive_file", args=[one.pk])).status_code
        for one in (full, public)
    ]

    assert statuses == [403, 200]
    assert client.get(full.get_absolute_url()).status_code == 200
    assert client.get(reverse("reports:retention")).status_code == 200


def test_packages_of_another_body_are_not_there() -> None:
    scene = a_scene()
    other = a_row(CommitteeFactory(name="Et andet udvalg"))
    client = client_of(scene.again(scene.secretary))

    assert client.get(other.get_absolute_url()).status_code == 404
    shown = client.get(reverse("reports:archive_list")).content.decode()
    assert other.get_absolute_url() not in shown


def test_a_meeting_is_handed_over_in_the_browser() -> None:
    scene = held_meeting("issued")
    client = client_of(scene.again(scene.secretary))
    address = reverse("reports:hand_off_page", args=[scene.meeting.pk])
    protocol = reverse("meetings:meeting_protocol", args=[scene.meeting.pk])

    before = client.get(address).content.decode()
    client.post(address)
    outbox.drain()
    after = client.get(address).content.decode()
    file = client.get(f"{address}hent/")

    assert address in client.get(protocol).content.decode()
    assert f"{address}hent/" not in before
    assert f"{address}hent/" in after
    assert file["Content-Type"] == "application/zip"
    assert AuditEntry.objects.filter(verb="reports.read_hand_off").count() == 1


def test_retention_tells_rules_and_what_was_deleted() -> None:
    scene = a_scene()
    package = a_row(scene.committee, "full")
    RetentionLog.objects.create(
        rule="retention@1#skriftlige-input", model="meetings.InputAnswer", count=3, package=package
    )
    client = client_of(person(None, name="Administrator", is_staff=True))

    page = client.get(reverse("reports:retention")).content.decode()

    assert len(re.findall(r"skriftlige input", page)) == 2
    assert package.get_absolute_url() in page
    assert "591/2003" in page
