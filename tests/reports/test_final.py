"""The final report: what it says, what is missing, its PDF, and the package for the council."""

import hashlib
import io
import json

import pikepdf
import pytest
from django.utils import translation

from committee.enums import Role
from core.documents import validate_ua
from core.text import clean_text
from core.verdicts import NotAllowed, StaleState
from meetings.models import AgendaItem
from meetings.services.planning import create_meeting
from reports.content.final import final_content
from reports.documents.final import final_pdf
from reports.models import Report
from reports.selectors.reading import shown_content
from reports.services import reports as services
from reports.services.item_package import make_item_package
from tests.core.test_documents import text_of
from tests.factories import (
    CommitteeFactory,
    DeliverableEvidenceFactory,
    DeliverableFactory,
    RuleProfileFactory,
    day,
    days,
    person,
)
from tests.reports import scenes
from usecases.models import UseCase

pytestmark = pytest.mark.django_db
KEYS = [
    *("summary", "guidelines", "areas", "cases", "members", "process", "deliverables"),
    *("participation", "inputs", "decisions", "dissent", "conditions", "missing"),
]
LONG = "Kunstig intelligens til sortering af henvendelser fra borgere og virksomheder X"
WORD = "<p class=MsoNormal>Indsat fra <b>Word</b><o:p></o:p></p><ul><li>et</li><li>to</li></ul>"


@pytest.fixture(autouse=True)
def danish():
    with translation.override("da"):
        yield


def a_final(**scene):
    """A final report over the period of the scene's status report."""
    found = scenes.a_scene(**scene)
    found.report = services.open_report(
        committee=found.committee,
        recipient_name="Kommunalbestyrelsen",
        period_from=day(-90),
        period_to=day(0),
        kind="final",
        by=found.secretary,
    )
    return found


def texts(content, key):
    part = next(one for one in content["sections"] if one["key"] == key)
    return " ".join(
        block.get("text", "") + block.get("heading", "")
        + " ".join(cell["text"] for row in block.get("rows", []) for cell in row["cells"])
        for block in part["blocks"]
    )  # fmt: skip


def test_every_section_is_there_and_it_is_json():
    scene = a_final()
    content = scene.fresh().content

    assert [part["key"] for part in content["sections"]] == KEYS
    assert json.loads(json.dumps(content)) == content
    assert all(part["blocks"] for part in content["sections"])


def test_every_decision_and_member_is_in_it():
    scene = a_final()
    content = scene.fresh().content

    for item in AgendaItem.objects.filter(meeting=scene.held.meeting):
        heading = item.public_title if item.access == "closed" else item.title
        assert heading in texts(content, "decisions")
    for name in ("Formand", "Medlem", "Inhabilt medlem"):
        assert name in texts(content, "members")
    assert "Sekretær B" not in texts(content, "members")
    assert "HEMMELIG" not in json.dumps(content)


def test_reasons_of_a_closed_decision_stay_out():
    scene = a_final()
    for number, access in ((7, "open"), (8, "closed")):
        scenes.a_case(
            scene.committee, number, "pilot", decision="approve_pilot",
            decision_access=access, decision_reasons=f"GRUND{number}",
        )  # fmt: skip

    told = texts(final_content(scene.fresh()), "areas")

    assert "GRUND7" in told
    assert "GRUND8" not in told


def test_reasons_of_a_decision_that_is_closed_afterwards_are_gone():
    scene = a_final()
    case = scenes.a_case(
        scene.committee, 7, "pilot", decision="approve_pilot",
        decision_access="open", decision_reasons="GRUND7",
    )  # fmt: skip
    report = scene.fresh()
    report.content = final_content(report)
    before = json.dumps(shown_content(report))
    type(case).objects.filter(pk=case.pk).update(decision_access="closed")

    assert ("GRUND7" in before, "GRUND7" in json.dumps(shown_content(report))) == (True, False)


def test_a_period_without_meetings_says_so():
    scene = a_final(meeting="")
    content = scene.fresh().content

    assert texts(content, "decisions")
    assert texts(content, "process")
    missing = texts(content, "missing")
    assert "En samlet ambition" in missing
    assert next(one for one in content["key_figures"] if one["key"] == "meetings")["value"] == "0"
    assert validate_ua(final_pdf(scene.fresh())) == []


def test_a_task_with_evidence_is_not_missing_it():
    scene = a_final()
    task = DeliverableFactory(
        terms=scene.committee.terms.first(), title="Temadag", status="done", position=9
    )
    DeliverableEvidenceFactory(deliverable=task, title="Billeder fra dagen")

    content = final_content(scene.fresh())

    assert "Billeder fra dagen" in texts(content, "deliverables")
    assert "Temadag" not in texts(content, "missing")


def test_the_same_rows_are_the_same_content_and_bytes():
    scene = a_final()
    report = scene.fresh()

    one, other = final_content(report), final_content(report)

    assert one | {"gathered_at": ""} == other | {"gathered_at": ""}
    assert final_pdf(report) == final_pdf(scene.fresh())


def test_pdf_has_contents_numbers_alternative_texts_and_the_words_of_the_page(client):
    scene = a_final()
    person(scene.committee, Role.MEMBER, name="Æ" * 20 + " " + LONG[:59])
    UseCase.objects.filter(committee=scene.committee).update(title=LONG)
    services.gather(report=scene.fresh(), by=scene.secretary)
    scenes.write(scene, foreword=WORD, headline=LONG)
    report = scene.fresh()

    data = final_pdf(report)

    assert validate_ua(data) == []
    text = text_of(data)
    assert "1. " in text
    for part in report.content["sections"]:
        assert part["heading"] in text
    assert "Indsat fra Word" in text
    assert "MsoNormal" not in text
    assert LONG in text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        alts = [
            str(one.Alt)
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
    figures = [
        block
        for part in report.content["sections"]
        for block in part["blocks"]
        if block["kind"] == "figure"
    ]
    assert len(alts) >= 4
    assert len(alts) <= len(figures)
    client.force_login(scene.secretary)
    page = client.get(report.get_absolute_url()).content.decode()
    for part in report.content["sections"]:
        assert part["heading"] in page
    assert "style=" not in page


# The package for the council -------------------------------------------------------------------


def a_council(template, *secretaries):
    body = CommitteeFactory(kind="council", section_template=template)
    RuleProfileFactory(terms__committee=body)
    from tests.factories import MembershipFactory

    for one in secretaries:
        MembershipFactory(user=one, committee=body, role=Role.SECRETARIAT)
    by = type(secretaries[0]).objects.get(pk=secretaries[0].pk)
    return create_meeting(
        committee=body, starts_at=days(30), ends_at=days(30).replace(hour=20), by=by
    ), by  # fmt: skip


@pytest.mark.parametrize("template", ["gentofte@1", "norddjurs@1"])
def test_a_frozen_report_becomes_an_item_in_the_sections_of_its_body(template):
    scene = a_final()
    scenes.bring_to(scene, "frozen")
    meeting, by = a_council(template, scene.secretary)

    report = scene.fresh()
    pdf = final_pdf(report)
    item = make_item_package(report=report, meeting=meeting, pdf=pdf, by=by)

    written = dict(item.texts.values_list("key", "text"))
    wanted = {one.key for one in meeting.template.sections if one.required}
    assert wanted <= {key for key, text in written.items() if text}
    assert "Tre opgaver er i gang." in " ".join(written.values())
    (attachment,) = item.attachments.all()
    assert attachment.file.media_type == "application/pdf"
    assert attachment.title == item.title
    assert attachment.file.sha256 == hashlib.sha256(pdf).hexdigest()


def test_only_a_finished_report_and_a_draft_agenda_make_a_package():
    scene = a_final()
    meeting, by = a_council("gentofte@1", scene.secretary)

    with pytest.raises(NotAllowed):
        make_item_package(report=scene.fresh(), meeting=meeting, pdf=b"", by=by)
    scenes.bring_to(scene, "frozen")
    with pytest.raises(NotAllowed):
        make_item_package(report=scene.fresh(), meeting=meeting, pdf=b"", by=scene.held.member)
    outsider = person(scene.committee, Role.SECRETARIAT)
    with pytest.raises(NotAllowed):
        make_item_package(report=scene.fresh(), meeting=meeting, pdf=b"", by=outsider)
    type(meeting).objects.filter(pk=meeting.pk).update(state="issued")
    with pytest.raises(StaleState):
        make_item_package(report=scene.fresh(), meeting=meeting, pdf=b"", by=by)
    assert meeting.items.count() == 0
    assert Report.objects.get(pk=scene.report.pk).state == "frozen"
    assert clean_text(WORD).startswith("Indsat fra **Word**")
