"""The declaration, and the texts it governs."""

import json

import pytest
from django.db import DatabaseError, transaction

from core.canonical import sha256_hex
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from tests.factories import day
from tests.usecases.scenes import ALL_STAGES, a_scene, bring_to, fill, filled, submit
from usecases.enums import Status
from usecases.forms.record import section_form
from usecases.models import Revision, StatusChange, UseCase
from usecases.record import (
    COLUMNS,
    MUNICIPALITIES,
    RECORDS,
    STAGES,
    code_of,
    municipalities,
    record,
)
from usecases.selectors.missing import missing_fields, missing_for
from usecases.services.texts import answer_similar, content_of, create_case, save_values

pytestmark = pytest.mark.django_db


def test_content_is_without_mistakes():
    assert RECORDS.errors() == [] == MUNICIPALITIES.errors()
    assert len(municipalities()) == 98
    assert code_of("Gentofte Kommune") == "0157"
    assert next(iter(municipalities().values())) == "Albertslund"
    assert list(municipalities().values())[-1] == "Aarhus"


def test_intake_has_at_most_six_steps_and_asks_everything_that_submitting_needs():
    asked = {one.key for section in record().intake for one in section.fields}

    assert len(record().intake) + 1 <= 6
    assert {one.key for one in record().required_at("submission")} <= asked


def test_every_field_is_in_the_form_of_its_section_and_on_the_model():
    scene = a_scene()
    for section in record().sections:
        form = section_form(section, scene.case)
        assert [one.key for one in section.fields] == [k for k in form.fields if k != "version"]
    assert {one.key for one in record().fields if one.is_column} == COLUMNS
    assert all(hasattr(UseCase, key) for key in COLUMNS)


@pytest.mark.parametrize("known", list(record().fields), ids=lambda known: known.key)
def test_field_keeps_its_value_through_form_and_row(known):
    scene = a_scene()
    value = filled(known, scene.owner)
    case = scene.fresh()
    other = {"pilot_start": day(1)} if known.key == "pilot_end" else {}
    save_values(case=case, values={**other, known.key: value}, version=1, by=scene.proposer)

    assert scene.fresh().value(known.key) == value
    assert scene.fresh().is_filled(known.key)
    assert section_form(record().section(known.section), scene.fresh()).initial[known.key] == value


@pytest.mark.parametrize("stage", STAGES)
def test_completeness_names_each_field_with_a_link_to_its_input(stage):
    scene = a_scene()
    fill(scene, *(one for one in STAGES if one != stage))
    wanted = [one for one in record().required_at(stage) if not scene.fresh().is_filled(one.key)]

    found = missing_fields(scene.fresh(), stage)

    assert [one.text for one in found] == [one.short for one in wanted]
    assert all(f"#{known.anchor}" in one.url for known, one in zip(wanted, found, strict=True))
    fill(scene, stage)
    assert missing_fields(scene.fresh(), stage) == []


def test_links_lead_to_inputs_that_are_there(client):
    scene = a_scene()
    client.force_login(scene.proposer)
    for one in missing_fields(scene.fresh(), *STAGES):
        url, anchor = one.url.split("#")
        assert f'id="{anchor}"' in client.get(url).content.decode(), one


@pytest.mark.parametrize(("key", "value"), [
    ("summary", "x" * 351),
    ("field", "astrologi"),
    ("effects", ["time", "magi"]),
    ("municipality", "Gentofte"),
    ("title", " "),
])  # fmt: skip
def test_value_that_cannot_be_kept_is_refused_at_its_field(key, value):
    scene = a_scene()
    with pytest.raises(Refused) as caught:
        save_values(case=scene.case, values={key: value}, version=1, by=scene.proposer)

    assert caught.value.field == key
    assert scene.fresh().version == 1


def test_pilot_ends_after_it_begins():
    scene = a_scene()
    dates = {"pilot_start": day(9), "pilot_end": day(3)}
    with pytest.raises(Refused):
        save_values(case=scene.case, values=dates, version=1, by=scene.proposer)


def test_draft_has_no_revisions_and_a_submitted_text_is_frozen():
    scene = a_scene()
    fill(scene, *ALL_STAGES)
    assert Revision.objects.count() == 0
    submit(scene)
    first = Revision.objects.get()
    case = scene.fresh()
    save_values(case=case, values={"problem": "Nyt"}, version=case.version, by=scene.proposer)

    assert first.sha256 == sha256_hex(first.body.encode())
    assert json.loads(first.body)["fields"]["title"] == "AI til mails"
    assert "contact_email" not in content_of(case)
    assert list(Revision.objects.values_list("number", flat=True)) == [1, 2]
    assert scene.fresh().revision == 2


@pytest.mark.database
@pytest.mark.parametrize("model", [Revision, StatusChange])
def test_history_cannot_be_changed(model):
    scene = a_scene()
    submit(scene)
    for change in (lambda: model.objects.update(by=None), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_saving_what_is_there_is_no_act():
    scene = a_scene()
    acts = AuditEntry.objects.count()

    save_values(case=scene.case, values={"title": "AI til mails"}, version=1, by=scene.proposer)

    assert (scene.fresh().version, AuditEntry.objects.count()) == (1, acts)


def test_text_of_another_version_is_stale():
    scene = a_scene()
    save_values(case=scene.case, values={"unit": "A"}, version=1, by=scene.proposer)

    with pytest.raises(StaleState):
        save_values(case=scene.case, values={"unit": "B"}, version=1, by=scene.proposer)


@pytest.mark.parametrize(("status", "writers"), [
    (Status.DRAFT, {"proposer", "owner"}),
    (Status.UNDER_ASSESSMENT, {"proposer", "owner", "secretary"}),
    (Status.PILOT, {"owner", "secretary"}),
    (Status.REJECTED, set()),
])  # fmt: skip
def test_who_writes(status, writers):
    scene = a_scene()
    fill(scene, *ALL_STAGES)
    bring_to(scene, status)
    found = set()
    for name in ("proposer", "owner", "secretary", "chair", "member", "reviewer", "outsider"):
        case = scene.fresh()
        try:
            save_values(
                case=case, values={"unit": name}, version=case.version, by=getattr(scene, name)
            )
            found.add(name)
        except NotAllowed:
            continue

    assert found == writers


def test_difference_is_told():
    scene = a_scene()
    with pytest.raises(Refused):
        answer_similar(case=scene.case, answer="different", by=scene.proposer)
    answer_similar(case=scene.case, answer="different", note="Kun post.", by=scene.proposer)

    assert all("lignende" not in one.url for one in missing_for(scene.fresh(), "submit"))


def test_no_case_without_a_title():
    scene = a_scene()
    with pytest.raises(Refused):
        create_case(committee=scene.committee, values={"title": ""}, by=scene.proposer)
