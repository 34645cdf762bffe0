"""The pages of reports, and that a PDF says what its page says."""

import io
import re
from html import unescape

import pikepdf
import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from committee.models import User
from core.documents import validate_ua
from core.models import Draft
from meetings.models import Meeting
from meetings.services.planning import create_meeting
from reports.documents.status import report_pdf
from reports.models import Report
from reports.services.documents import find_report_work
from tests.factories import day, days
from tests.reports.scenes import a_scene, bring_to, write

pytestmark = pytest.mark.django_db


def as_user(client, user):
    client.force_login(User.objects.get(pk=user.pk))
    return client


def words_of(text: str) -> str:
    return " ".join(re.sub(r"[\u00a0\ufffe\u00ad]", " ", text).split())


def page_words(html: str) -> list[str]:
    """The pieces of text of the report on its page, in their order."""
    inside = html[html.index('<div class="ur-report">') : html.index("</main>")]
    inside = re.sub(r"<details.*?</details>|<svg.*?</svg>", " ", inside, flags=re.DOTALL)
    pieces = (words_of(unescape(one)) for one in re.split(r"<[^>]+>", inside))
    return [one for one in pieces if one]


def pdf_words(data: bytes) -> str:
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    return words_of(" ".join(pages))


def test_pdf_says_what_the_page_says(client):
    scene = bring_to(a_scene(), "sent")
    html = as_user(client, scene.reader).get(scene.report.get_absolute_url()).content.decode()

    text = re.sub(r"\s+", "", pdf_words(report_pdf(scene.fresh())))

    missing = [one for one in page_words(html) if re.sub(r"\s+", "", one) not in text]
    assert missing == []


def test_pdf_is_tagged_danish_bookmarked_and_conforms():
    data = report_pdf(bring_to(a_scene(), "sent").fresh())

    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "da"
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_outline() as tree:
            assert len(tree.root) == 13
    assert validate_ua(data) == []


def test_same_report_gives_the_same_bytes():
    report = bring_to(a_scene(meeting=""), "frozen").fresh()

    assert report_pdf(report) == report_pdf(report)


def test_render_document_makes_a_report(tmp_path):
    scene = a_scene(meeting="")
    out = tmp_path / "rapport.pdf"

    call_command("render_document", "status-report", str(scene.report.pk), "--out", str(out))

    assert out.read_bytes() == report_pdf(scene.fresh())
    with pytest.raises(CommandError):
        call_command("render_document", "status-report", "999999")


@pytest.mark.parametrize(
    "text",
    [
        "N" * 200,
        "<script>alert(1)</script> & ”anførsel”",
        "MsoNormal \u2022 punkt\r\n\tindrykket\u00a0tekst",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ],
)
def test_whatever_is_pasted_in_draws(text, client):
    scene = a_scene(meeting="")
    write(scene, headline=text[:200], foreword=text)
    write(scene, **{"comment.next": text})

    page = as_user(client, scene.secretary).get(scene.report.get_absolute_url())

    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    assert report_pdf(scene.fresh())[:5] == b"%PDF-"


def test_names_of_eighty_characters_break_and_do_not_leave_the_page():
    from committee.models import Committee

    scene = a_scene(meeting="")
    Committee.objects.filter(pk=scene.committee.pk).update(full_name="Opgaveudvalget " + "Æ" * 65)
    Report.objects.filter(pk=scene.report.pk).update(recipient_name="Udvalg" + "ø" * 74)

    assert len(pypdfium2.PdfDocument(report_pdf(scene.fresh()))) > 1


def test_draft_of_what_is_typed_waits(client):
    scene = a_scene(meeting="")
    as_user(client, scene.secretary)
    url = reverse("reports:report_draft", args=[scene.report.pk])

    kept = client.post(url, {"foreword": "Halvfærdig", "version": "0"})

    assert kept.status_code == 200
    form = client.get(reverse("reports:report_edit", args=[scene.report.pk])).content.decode()
    assert "Halvfærdig" in form
    client.post(
        reverse("reports:report_edit", args=[scene.report.pk]),
        {"foreword": "Færdig", "version": "0"},
    )
    assert scene.fresh().foreword == "Færdig"
    assert not Draft.objects.filter(owner=scene.secretary).exists()


def test_two_editors_get_both_texts(client):
    scene = a_scene(meeting="")
    url = reverse("reports:report_edit", args=[scene.report.pk])
    as_user(client, scene.chair).post(url, {"foreword": "Formandens ord", "version": "0"})

    answer = as_user(client, scene.secretary).post(
        url, {"foreword": "Sekretærens ord", "version": "0"}
    )

    html = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert answer.status_code == 409
    assert "Formandens" in html
    assert "Sekretærens" in html


def test_report_begins_on_its_page_and_goes_all_the_way(client):
    scene = a_scene(meeting="")
    as_user(client, scene.secretary)
    fields = {
        "kind": "status",
        "recipient_name": "Byrådet",
        "period_from": day(-30).strftime("%d %m %Y"),
        "period_to": day(-1).strftime("%d %m %Y"),
    }

    answer = client.post(reverse("reports:report_new"), fields)

    report = Report.objects.get(recipient_name="Byrådet")
    assert answer.headers["Location"] == report.get_absolute_url()
    texts = {"headline": "Overskrift", "foreword": "Forord", "version": "0"}
    client.post(reverse("reports:report_edit", args=[report.pk]), texts)
    client.post(reverse("reports:report_act", args=[report.pk, "til-godkendelse"]))
    sha256 = Report.objects.get(pk=report.pk).sha256
    approve = reverse("reports:report_approve", args=[report.pk])
    client.post(approve, {"sha256": sha256})
    as_user(client, scene.chair).post(approve, {"sha256": sha256})
    as_user(client, scene.secretary)
    client.post(reverse("reports:report_act", args=[report.pk, "frys"]))
    client.post(reverse("reports:report_act", args=[report.pk, "send"]))
    assert Report.objects.get(pk=report.pk).state == "sent"


def test_form_that_is_wrong_keeps_what_was_typed(client):
    scene = a_scene(meeting="")
    answer = as_user(client, scene.secretary).post(
        reverse("reports:report_new"), {"recipient_name": "Byrådet", "period_from": "31 02 2026"}
    )

    assert answer.status_code == 422
    assert "Byrådet" in answer.content.decode()


def test_list_costs_the_same_for_many_reports(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    scene = a_scene(meeting="")
    as_user(client, scene.secretary)
    url = reverse("reports:report_list")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(10, 60):
        Report.objects.create(
            committee=scene.committee, number=number, recipient_name="X",
            period_from=day(-10), period_to=day(-1),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few)


def test_recipients_cost_the_same_for_many(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reports.services.sending import add_recipient

    scene = bring_to(a_scene(meeting=""), "sent")
    as_user(client, scene.secretary)
    url = reverse("reports:report_recipients", args=[scene.report.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(20):
        add_recipient(
            report=scene.fresh(), name=f"N {number}", email=f"n{number}@example.dk",
            by=scene.secretary,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few)


def test_finished_report_is_put_on_an_agenda_with_the_pdf_that_was_made(client, drain_outbox):
    scene = a_scene(meeting="")
    bring_to(scene, "frozen")
    meeting = create_meeting(
        committee=scene.committee, starts_at=days(30), ends_at=days(30).replace(hour=20),
        by=scene.secretary,
    )  # fmt: skip
    as_user(client, scene.secretary)
    address = reverse("reports:report_item", args=[scene.report.pk])
    facts = {"meeting": meeting.pk, "minutes": "15"}

    shown = client.get(address)
    early = client.post(address, facts)
    drain_outbox()
    done = client.post(address, facts)

    drafts = Meeting.objects.filter(state="draft").order_by("starts_at", "pk")
    assert list(shown.context["form"].fields["meeting"].queryset) == list(drafts)
    assert early.status_code == 422
    item = meeting.items.get()
    assert done.headers["Location"] == item.get_absolute_url()
    assert item.minutes == 15
    assert item.attachments.get().file.sha256 == find_report_work(scene.fresh()).file.sha256


def test_draft_report_is_put_on_no_agenda(client):
    scene = a_scene(meeting="")
    address = reverse("reports:report_item", args=[scene.report.pk])

    assert as_user(client, scene.secretary).get(address).status_code == 403
