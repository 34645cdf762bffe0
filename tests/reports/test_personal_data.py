"""Personal data: a rule for every key; exports that are whole and no more; erasure by two."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from committee.enums import Role
from committee.models import Membership, User
from core import outbox, works
from core.audit import all_entries, first_break
from core.documents import validate_ua
from core.models import AuditEntry, Draft, StoredFile, SubmittedForm, Work
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.rounds import RoundState
from meetings.models import PrivateNote
from reports.documents.personal_data import export_json, export_pdf
from reports.models import ErasureRequest
from reports.personal_data import complaints, pointers_in_models, policy
from reports.selectors.links import link_url
from reports.selectors.personal_data import (
    export_of,
    newest_act,
    open_request,
    preview,
    preview_sha256,
)
from reports.services.personal_data import (
    JSON,
    PDF,
    ask_erasure,
    confirm_erasure,
    drop_erasure,
    request_export,
)
from reports.services.reports import open_report
from tests.ethics.scenes_rounds import Round, a_round, bring_to, handed_out, seal
from tests.factories import AgendaItemFactory, day, days, person
from tests.reports import scenes as report_scenes
from usecases.models import Comment, SavedView, UseCase
from usecases.services.discussion import follow_case, write_comment

pytestmark = pytest.mark.django_db
# Each stands in one text that is the person's.
TOKENS = ("zqmail", "zqlogin", "zqtitle", "zqnote", "zqdraft", "zqview", "zqcontact")
SAID = "Det, som personen sagde"
OTHERS = "Det, som en anden sagde"


def admin(name: str = "Administrator") -> User:
    return person(None, name=name, is_staff=True)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_life() -> Round:
    """`citizen` has reviewed, spoken, and left texts of their own all over; `council` too."""
    scene = a_round()
    bring_to(scene, RoundState.DISCUSSION)
    write_comment(case=scene.case_scene.fresh(), text=SAID, by=scene.citizen)
    write_comment(case=scene.case_scene.fresh(), text=OTHERS, by=scene.council)
    follow_case(case=scene.case_scene.fresh(), follows=True, by=scene.citizen)
    for who, mark in ((scene.citizen, "zq"), (scene.council, "andens")):
        Draft.objects.create(owner=who, form="x", fields={"text": f"{mark}draft"})
        SavedView.objects.create(owner=who, name=f"{mark}view")
        item = AgendaItemFactory(meeting__committee=scene.committee)
        PrivateNote.objects.create(owner=who, item=item, text=f"{mark}note")
    User.objects.filter(pk=scene.citizen.pk).update(
        email="zqmail@example.dk", username="zqlogin", title="zqtitle"
    )
    UseCase.objects.filter(pk=scene.case.pk).update(
        proposer=scene.citizen, contact_name="zqcontact", contact_email="zqcontact@example.dk"
    )
    return scene


def leave(scene: Round, name: str = "citizen") -> User:
    """The memberships are over."""
    who: User = scene.again(name)
    Membership.objects.filter(user=who).update(valid_to=day(-1))
    return User.objects.get(pk=who.pk)


def erased(scene: Round, *, keeps_name: bool = True) -> User:
    who = leave(scene)
    row = ask_erasure(person=who, keeps_name=keeps_name, seen=preview_sha256(who), by=admin("Ene"))
    confirm_erasure(request=row, by=admin("Anden"))
    return User.objects.get(pk=who.pk)


def texts_of_database() -> dict[str, str]:
    """Every text, number and JSON of every table, by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = "\n".join(map(str, cursor.fetchall())).lower()
    return found


# The rules --------------------------------------------------------------------------------------


def test_every_key_to_a_person_has_a_rule() -> None:
    assert list(complaints(policy())) == []


def test_keys_are_found_by_looking_at_every_model_anew() -> None:
    """Written apart from the product's own search: through the person's reverse relations."""
    person_model = get_user_model()
    found = set()
    for relation in person_model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            found.add((relation.related_model._meta.label, relation.field.name))

    assert pointers_in_models() == found


def test_a_model_without_a_rule_stops_the_start(monkeypatch: Any) -> None:
    from reports import checks

    known = policy()
    fewer = replace(known, rules=known.rules[1:])
    monkeypatch.setattr(checks.personal_data, "policy", lambda: fewer)

    found = checks.every_key_to_a_person_has_a_rule()

    assert [one.id for one in found] == ["reports.E101"]
    assert known.rules[0].label in found[0].msg


# Export -----------------------------------------------------------------------------------------


def exported(who: User, *, own: bool = True) -> dict[str, Any]:
    return export_of(who, own=own, until=newest_act())


def test_export_has_every_row_that_points_to_the_person() -> None:
    scene = a_life()
    who = scene.again("citizen")

    found = exported(who)

    rows = {
        (part["model"], row["as"], row["id"]) for part in found["models"] for row in part["rows"]
    }
    wanted = {
        (label, name, str(pk))
        for label, name in pointers_in_models()
        for pk in apps.get_model(label)
        ._base_manager.filter(**{name: who})
        .values_list("pk", flat=True)
    }
    assert rows == wanted
    assert len(found["protocol"]) == AuditEntry.objects.filter(actor_id=who.pk).count()


def test_export_has_the_persons_texts_and_nobody_elses() -> None:
    scene = a_life()

    text = export_json(exported(scene.again("citizen"))).decode()

    assert [token for token in TOKENS if token not in text] == []
    assert SAID in text
    assert OTHERS not in text
    assert "andens" not in text


def test_an_administrator_gets_rows_without_texts_and_nothing_private() -> None:
    scene = a_life()

    found = exported(scene.again("citizen"), own=False)

    text = export_json(found).decode()
    assert SAID not in text
    assert [token for token in ("zqnote", "zqdraft", "zqview") if token in text] == []
    named = {part["model"] for part in found["models"]}
    assert named & {"meetings.PrivateNote", "core.Draft", "meetings.Vote"} == set()
    assert "usecases.Comment" in named


def test_an_own_sealed_sheet_is_in_ones_own_export_only() -> None:
    scene = a_round()
    handed_out(scene)
    seal(scene, "council", note="Forseglet note")

    own = export_json(exported(scene.again("council"))).decode()
    by_admin = export_json(exported(scene.again("council"), own=False)).decode()

    assert "Forseglet note" in own
    assert "Forseglet note" not in by_admin


def test_pdf_is_tagged_and_the_same_bytes_again() -> None:
    scene = a_life()
    content = exported(scene.again("citizen"))

    first = export_pdf(content, days(0))

    assert validate_ua(first) == []
    assert export_pdf(content, days(0)) == first


@pytest.mark.parametrize("kind", [JSON, PDF])
def test_export_is_made_and_only_the_person_opens_their_own(kind: str) -> None:
    scene = a_life()
    who, boss = scene.again("citizen"), admin()

    work = request_export(person=who, kind=kind, by=who)
    outbox.drain()

    work.refresh_from_db()
    assert work.file is not None
    opens = works.maker_of(kind).may_open
    lens = scene.again("citizen")
    lens.is_looked_through = True
    assert [opens(one, work) for one in (who, boss, scene.council, lens)] == [
        True, False, False, False,
    ]  # fmt: skip


def test_an_administrators_export_is_for_administrators() -> None:
    scene = a_life()
    boss = admin()

    work = request_export(person=scene.again("citizen"), kind=JSON, by=boss)
    outbox.drain()

    work.refresh_from_db()
    assert json.loads(work.file.read())["own"] is False
    opens = works.maker_of(JSON).may_open
    assert [opens(one, work) for one in (boss, scene.again("citizen"))] == [True, False]


def test_nobody_exports_for_another() -> None:
    scene = a_life()

    with pytest.raises(NotAllowed):
        request_export(person=scene.again("citizen"), kind=JSON, by=scene.secretary)


# Erasure ----------------------------------------------------------------------------------------


def test_erasure_removes_every_word_that_the_rules_say() -> None:
    scene = a_life()

    erased(scene)

    left = texts_of_database()
    assert {
        (token, table) for token in TOKENS for table, text in left.items() if token in text
    } == set()


def test_erasure_keeps_the_record_and_what_others_have() -> None:
    scene = a_life()
    before = {
        label: list(apps.get_model(label)._base_manager.values_list("pk", flat=True))
        for label in {rule.label for rule in policy().rules if rule.erase == "keep"}
    }
    notes = PrivateNote.objects.filter(owner=scene.council).count()

    erased(scene)

    after = {
        label: list(apps.get_model(label)._base_manager.values_list("pk", flat=True))
        for label in before
        if label != "reports.ErasureRequest"
    }
    assert after == {label: pks for label, pks in before.items() if label in after}
    said = Comment.objects.with_text().order_by("number").values_list("text", flat=True)
    assert list(said) == [SAID, OTHERS]
    assert PrivateNote.objects.filter(owner=scene.council).count() == notes


def test_erasure_closes_the_login_and_leaves_the_chain_whole() -> None:
    scene = a_life()
    client = client_of(scene.again("citizen"))

    who = erased(scene)

    assert not who.is_active
    assert not who.has_usable_password()
    assert client.get(reverse("portal:my_work")).status_code == 302
    assert first_break(all_entries()) is None
    call_command("verify_protocol")


def test_no_report_goes_to_who_was_erased() -> None:
    reports = report_scenes.a_scene(meeting="")
    mail = reports.reader.email
    report_scenes.bring_to(reports, "sent")
    link = link_url(reports.report.recipients.get())
    Membership.objects.filter(user=reports.reader).update(valid_to=day(-1))
    who = User.objects.get(pk=reports.reader.pk)

    row = ask_erasure(person=who, keeps_name=False, seen=preview_sha256(who), by=admin("Ene"))
    confirm_erasure(request=row, by=admin("Anden"))
    after = open_report(
        committee=reports.committee,
        recipient_name="Økonomiudvalget",
        period_from=day(1),
        period_to=day(30),
        by=reports.secretary,
    )

    assert list(after.recipients.all()) == []
    assert Client().get(link).status_code == 404
    left = texts_of_database()
    assert not {table for table in left if mail in left[table]}


@pytest.mark.parametrize("keeps_name", [True, False])
def test_the_name_stays_or_becomes_former(keeps_name: bool) -> None:
    scene = a_life()

    who = erased(scene, keeps_name=keeps_name)

    assert who.name == ("Borgermedlem" if keeps_name else f"Tidligere medlem {who.pk}")


def test_the_protocol_says_that_and_not_whom() -> None:
    scene = a_life()

    who = erased(scene)

    row = AuditEntry.objects.get(verb="reports.erase_person")
    assert (row.object_type, row.object_id) == ("committee.User", str(who.pk))
    assert row.actor_name == "Anden"
    assert "zq" not in json.dumps(row.data).lower()


def test_that_there_were_private_notes_is_told_to_nobody() -> None:
    scene = a_life()
    who = leave(scene)
    PrivateNote.objects.filter(owner=who).delete()
    without = preview(who)
    client = client_of(admin())
    shown = client.get(reverse("reports:person_page", args=[who.pk])).content.decode()
    item = AgendaItemFactory(meeting__committee=scene.committee)
    PrivateNote.objects.create(owner=who, item=item, text="Ny")

    assert preview(who) == without
    assert "Private noter" in shown
    assert "Private noter (" not in shown
    erased(scene)
    facts = AuditEntry.objects.get(verb="reports.erase_person").data
    assert "meetings.PrivateNote" not in facts["rows"]
    assert not PrivateNote.objects.filter(owner=who).exists()


def test_exports_that_were_made_go_too() -> None:
    scene = a_life()
    work = request_export(person=scene.again("citizen"), kind=JSON, by=scene.again("citizen"))
    outbox.drain()
    work.refresh_from_db()
    path = work.file.path

    erased(scene)

    assert not Work.objects.filter(pk=work.pk).exists()
    assert not StoredFile.objects.filter(path=path).exists()
    assert default_storage is not None


def test_it_takes_two_and_neither_is_the_person() -> None:
    scene = a_life()
    who, boss = leave(scene), admin()
    User.objects.filter(pk=who.pk).update(is_staff=True)
    who.refresh_from_db()
    row = ask_erasure(person=who, keeps_name=True, seen=preview_sha256(who), by=boss)

    for by in (boss, who, scene.secretary):
        with pytest.raises(NotAllowed):
            confirm_erasure(request=row, by=by)
    with pytest.raises(NotAllowed):
        ask_erasure(person=boss, keeps_name=True, seen="", by=boss)

    assert open_request(who) == row


def test_nothing_is_erased_when_it_is_no_longer_what_was_agreed() -> None:
    scene = a_life()
    who = leave(scene)
    row = ask_erasure(person=who, keeps_name=True, seen=preview_sha256(who), by=admin())
    SubmittedForm.objects.create(owner=who, token="t")

    with pytest.raises(StaleState):
        confirm_erasure(request=row, by=admin("Anden"))

    assert User.objects.get(pk=who.pk).email == "zqmail@example.dk"


def test_who_sits_in_a_committee_or_owns_a_use_is_not_erased() -> None:
    scene = a_life()
    who = scene.again("citizen")
    owner = scene.again("owner")
    UseCase.objects.filter(pk=scene.case.pk).update(owner=owner)

    for one in (who, owner):
        with pytest.raises(Refused):
            ask_erasure(person=one, keeps_name=True, seen=preview_sha256(one), by=admin())


def test_a_dropped_request_erases_nothing_and_another_can_be_made() -> None:
    scene = a_life()
    who = leave(scene)
    row = ask_erasure(person=who, keeps_name=True, seen=preview_sha256(who), by=admin())

    drop_erasure(request=row, by=admin("Anden"))

    with pytest.raises(StaleState):
        confirm_erasure(request=row, by=admin("Tredje"))
    assert ask_erasure(person=who, keeps_name=True, seen=preview_sha256(who), by=admin()).is_open
    assert ErasureRequest.objects.count() == 2


def test_an_erased_person_is_not_erased_again() -> None:
    scene = a_life()
    who = erased(scene)

    with pytest.raises(NotAllowed):
        ask_erasure(person=who, keeps_name=True, seen=preview_sha256(who), by=admin())


# The pages --------------------------------------------------------------------------------------


def test_the_whole_way_on_the_pages() -> None:
    scene = a_life()
    who = leave(scene)
    one, two = client_of(admin("Ene")), client_of(admin("Anden"))
    url = reverse("reports:person_erase", args=[who.pk])

    shown = one.get(url).content.decode()
    asked = one.post(url, {"act": "ask", "keeps_name": "0", "seen": preview(who)["sha256"]})
    alone = one.post(url, {"act": "confirm"})
    listed = two.get(reverse("reports:people_page")).content.decode()
    done = two.post(url, {"act": "confirm"})

    assert "zqnote" not in shown
    assert [answer.status_code for answer in (asked, alone, done)] == [302, 403, 302]
    assert url in listed
    assert not User.objects.get(pk=who.pk).is_active


def test_a_stale_preview_is_answered_in_words() -> None:
    scene = a_life()
    who = leave(scene)

    answer = client_of(admin()).post(
        reverse("reports:person_erase", args=[who.pk]), {"act": "ask", "seen": "0" * 64}
    )

    assert answer.status_code == 409
    assert "Se på den igen" in answer.content.decode()


def test_own_data_shows_what_there_is() -> None:
    scene = a_life()

    answer = client_of(scene.again("citizen")).get(reverse("reports:own_data"))

    assert answer.status_code == 200
    assert "Borgermedlem" in answer.content.decode()


@pytest.mark.parametrize("role", [None, Role.SECRETARIAT, Role.CHAIR, Role.COUNCIL_READER])
def test_others_do_not_administer_personal_data(role: str | None) -> None:
    scene = a_round()
    user = person(scene.committee if role else None, *filter(None, [role]))
    client = client_of(user)

    answers = [
        client.get(reverse(f"reports:{name}", args=args)).status_code
        for name, args in (
            ("people_page", []),
            ("person_page", [scene.citizen.pk]),
            ("person_erase", [scene.citizen.pk]),
        )
    ]

    assert answers == [403, 403, 403]


def test_the_list_of_people_takes_the_same_queries_however_many(
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(admin())
    for number in range(20):
        person(None, name=f"Person {number}")

    with django_assert_max_num_queries(15):
        client.get(reverse("reports:people_page"), {"q": "Person"})
