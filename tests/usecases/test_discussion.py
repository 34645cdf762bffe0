"""What is said of a case: who may, when, what is kept, what is new, and who is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.drafts import find_draft
from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused, StaleState
from tests.factories import person
from tests.usecases.scenes import a_scene, act, bring_to
from usecases import policies
from usecases.enums import FINAL, Status
from usecases.models import CaseReading, Comment, CommentVersion, UseCase
from usecases.selectors.discussion import look, versions_of
from usecases.services import discussion, reading, texts
from usecases.services.discussion import edit_comment, remove_comment, write_comment

pytestmark = pytest.mark.django_db
SPEAK = {"proposer", "owner", "secretary", "chair", "member", "follower"}
SILENT = {"reviewer", "outsider"}


def a_discussion(status=Status.SUBMITTED):
    scene = a_scene()
    UseCase.objects.update(owner=scene.owner)
    bring_to(scene, status)
    OutboxEntry.objects.all().delete()
    return scene


def say(scene, who="member", text="Et spørgsmål", **more):
    return write_comment(case=scene.fresh(), text=text, by=scene.again(who), **more)


def newest_text(row):
    return row.versions.order_by("-number").first().text


# Who and when -----------------------------------------------------------------------------------


def test_the_table_has_everybody_and_every_state():
    scene = a_scene()
    people = {name for name, one in vars(scene).items() if hasattr(one, "email")}

    assert people - {"second"} == SPEAK | SILENT
    assert set(policies.CLOSED_TO_COMMENTS) == FINAL


@pytest.mark.parametrize("status", Status.values)
def test_who_may_comment_when(status):
    scene = a_discussion(status) if status != Status.DRAFT else a_scene()
    UseCase.objects.update(owner=scene.owner)
    is_open = status not in FINAL and status != Status.DRAFT
    for name in sorted(SPEAK | SILENT):
        verdict = policies.can_comment(scene.again(name), scene.fresh())
        assert bool(verdict) == (name in SPEAK and is_open), name
        wanted = StaleState if name in SPEAK else NotAllowed
        if not verdict:
            with pytest.raises(wanted):
                say(scene, name)

    assert not policies.can_comment(None, scene.fresh())


def test_a_discussion_closes_and_keeps_the_text(client):
    scene = a_discussion()
    client.force_login(scene.member)
    act(scene, "withdraw", scene.proposer, reason="Fortrudt.")
    url = f"/forslag/{scene.case.pk}/samtale/"

    answer = client.post(url, {"text": "Mit lange svar", "section": "", "reply_to": "0"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Mit lange svar</textarea>" in text
    assert "data-reason" in text
    assert Comment.objects.count() == 0
    assert find_draft(owner=scene.member, form=f"comment:{scene.case.pk}::0").fields == {
        "text": "Mit lange svar", "notify": "",
    }  # fmt: skip
    assert "Mit lange svar</textarea>" in client.get(url).content.decode()


# Writing, changing, taking away -----------------------------------------------------------------


def test_answers_stand_one_level_deep():
    scene = a_discussion()
    first = say(scene, section="benefit")
    second = say(scene, "owner", reply_to=first.number)
    third = say(scene, reply_to=second.number)

    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert (second.parent, third.parent) == (first, first)
    assert third.section == "benefit"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"section": "findes-ikke"}, "section"),
        ({"reply_to": 77}, "text"),
        ({"notify": "Ukendt Person"}, "notify"),
    ],
)
def test_bad_comment_is_refused_beside_its_field(facts, field):
    scene = a_discussion()

    with pytest.raises(Refused) as refusal:
        say(scene, **facts)

    assert refusal.value.field == field
    assert Comment.objects.count() == 0


def test_edit_keeps_what_it_said():
    scene = a_discussion()
    row = say(scene, text="Vi bør vente med planen.")
    edit_comment(comment=row, text="Vi bør begynde med planen.", version=1, by=scene.member)
    row.refresh_from_db()

    newest, oldest = versions_of(row)

    assert (row.version, newest.number, oldest.number) == (2, 2, 1)
    changed = {(piece.kind, piece.text) for piece in newest.pieces if piece.kind != "same"}
    assert changed == {("del", "vente"), ("ins", "begynde")}
    assert oldest.pieces[0].text == "Vi bør vente med planen."


def test_same_text_is_no_new_version_and_old_version_is_refused():
    scene = a_discussion()
    row = say(scene)
    edit_comment(comment=row, text="Et spørgsmål", version=1, by=scene.member)
    edit_comment(comment=row, text="Et andet", version=1, by=scene.member)

    with pytest.raises(StaleState):
        edit_comment(comment=row, text="Et tredje", version=1, by=scene.member)
    assert row.versions.count() == 2


@pytest.mark.parametrize("act_on", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_versions_cannot_be_changed(act_on):
    scene = a_discussion()
    say(scene)

    with pytest.raises(DatabaseError, match="append-only"):  # noqa: SIM117
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act_on.format(CommentVersion._meta.db_table))


REMOVERS = {"member": True, "secretary": True, "second": True}


@pytest.mark.parametrize("name", sorted(SPEAK | SILENT | {"second"}))
def test_who_may_change_and_remove_a_comment(name):
    scene = a_discussion()
    row = say(scene, "member")
    user = scene.again(name)
    row.case = scene.fresh()

    assert bool(policies.can_edit_comment(user, row)) == (name == "member")
    assert bool(policies.can_remove_comment(user, row)) == REMOVERS.get(name, False)
    remove_comment(comment=row, by=scene.member)
    row.refresh_from_db()
    assert not policies.can_edit_comment(user, row)
    assert not policies.can_remove_comment(user, row)
    assert policies.reads_versions(user, row) == (name in {"secretary", "second"})


def test_removed_comment_leaves_its_place(client):
    scene = a_discussion()
    row = say(scene, text="Noget privat om en borger")
    say(scene, "owner", text="Svaret bliver stående", reply_to=row.number)
    with pytest.raises(Refused):
        remove_comment(comment=row, by=scene.secretary)
    remove_comment(comment=row, by=scene.secretary, reason="Personoplysninger")
    client.force_login(scene.member)

    text = client.get(f"/forslag/{scene.case.pk}/samtale/").content.decode()

    assert "Noget privat" not in text
    assert "Personoplysninger" in text
    assert "Svaret bliver stående" in text
    versions = f"/forslag/{scene.case.pk}/samtale/{row.number}/udgaver/"
    assert client.get(versions).status_code == 404
    client.force_login(scene.secretary)
    assert "Noget privat" in client.get(versions).content.decode()


def test_each_act_is_one_row_of_the_protocol_without_words():
    scene = a_discussion()
    before = AuditEntry.objects.count()
    row = say(scene, text="Hemmelige ord")
    edit_comment(comment=row, text="Hemmelige ord igen", version=1, by=scene.member)
    remove_comment(comment=row, by=scene.member)
    discussion.follow_case(case=scene.case, follows=False, by=scene.member)

    found = list(AuditEntry.objects.order_by("seq")[before:])

    verbs = [one.verb.partition(".")[2] for one in found]
    assert verbs == ["comment", "edit_comment", "remove_comment", "unfollow"]
    assert "Hemmelige" not in str([one.data for one in found])


# New since last ---------------------------------------------------------------------------------


def new_for(scene, who):
    return look(scene.again(who), scene.fresh()).new


def later(scene, minutes):
    """Let the time since the last visit pass."""
    CaseReading.objects.update(visited_at=timezone.now() - timedelta(minutes=minutes))


def test_reload_does_not_clear_and_a_later_visit_does():
    scene = a_discussion()
    say(scene)
    assert (new_for(scene, "chair"), new_for(scene, "member")) == (1, 0)

    for _reload in range(3):
        reading.note_visit(case=scene.case, shown=1, by=scene.chair)
        assert new_for(scene, "chair") == 1

    say(scene, "owner", "Kom til imens")
    later(scene, 29)
    assert new_for(scene, "chair") == 2
    later(scene, 31)
    # What came after the page was shown is still new.
    assert new_for(scene, "chair") == 1


def test_mark_as_read_counts_what_stood_on_the_page():
    scene = a_discussion()
    say(scene)
    say(scene, text="Kom, mens siden stod åben")

    reading.mark_read(case=scene.case, shown=1, by=scene.chair)
    assert new_for(scene, "chair") == 1
    reading.mark_read(case=scene.case, shown=999, by=scene.chair)
    assert new_for(scene, "chair") == 0
    say(scene, text="Endnu en")
    assert new_for(scene, "chair") == 1


def test_removed_comments_are_not_new():
    scene = a_discussion()
    row = say(scene)
    remove_comment(comment=row, by=scene.member)

    assert new_for(scene, "chair") == 0


def test_page_marks_by_form_alone_and_a_get_marks_nothing(client):
    scene = a_discussion()
    say(scene)
    client.force_login(scene.chair)
    page = f"/forslag/{scene.case.pk}/samtale/"
    for _reload in range(2):
        assert 'class="badge ur-new"' in client.get(page).content.decode()
    assert CaseReading.objects.filter(user=scene.chair).count() == 0

    client.post(f"/forslag/{scene.case.pk}/laest/", {"shown": "1"})

    assert 'class="badge ur-new"' not in client.get(page).content.decode()


def test_case_page_does_not_claim_to_have_shown_what_is_on_another_page(client):
    scene = a_discussion()
    for number in range(9):
        say(scene, text=f"Nr. {number}")
    client.force_login(scene.chair)

    text = client.get(scene.case.get_absolute_url()).content.decode()

    assert '"shown": "0"' in text.replace("&quot;", '"')


# Who is told ------------------------------------------------------------------------------------


def mails(drain_outbox):
    mail.outbox = []
    drain_outbox()
    return {(one.to[0].partition("<")[2].rstrip(">"), one.subject) for one in mail.outbox}


def receivers(drain_outbox):
    return {address for address, _subject in mails(drain_outbox)}


def test_proposer_owner_and_commenters_hear_once_until_they_look(drain_outbox):
    scene = a_discussion()
    say(scene, "member")
    assert receivers(drain_outbox) == {scene.proposer.email, scene.owner.email}
    say(scene, "chair")
    assert receivers(drain_outbox) == {scene.member.email}
    reading.note_visit(case=scene.case, shown=2, by=scene.owner)
    say(scene, "chair")
    assert receivers(drain_outbox) == {scene.owner.email}


def test_no_is_remembered(drain_outbox):
    scene = a_discussion()
    discussion.follow_case(case=scene.case, follows=False, by=scene.proposer)
    discussion.follow_case(case=scene.case, follows=False, by=scene.member)
    discussion.follow_case(case=scene.case, follows=True, by=scene.reviewer)
    say(scene, "member")
    say(scene, "owner")

    assert receivers(drain_outbox) == {scene.owner.email, scene.reviewer.email}


def test_outsider_cannot_follow():
    scene = a_discussion()

    with pytest.raises(NotAllowed):
        discussion.follow_case(case=scene.case, follows=True, by=scene.outsider)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Spørg @Borger 1 om det", {"one"}),
        ("Spørg @Borger 12, tak", {"twelve"}),
        ("@borger 1 og @BORGER 12", {"one", "twelve"}),
        ("Skriv til info@Borger 1", set()),
        ("@Borger 123 er en anden", set()),
        ("@Ansat må ikke læse det", set()),
        ("@Fremmed findes ikke", set()),
    ],
)
def test_mentions_find_those_who_may_read(text, who):
    scene = a_discussion()
    named = {
        "one": person(scene.committee, "member", name="Borger 1"),
        "twelve": person(scene.committee, "member", name="Borger 12"),
    }

    row = say(scene, text=text)

    found = set(row.mentions.values_list("user", flat=True))
    assert found == {named[name].pk for name in who}


def test_mention_is_mailed_by_name_or_field_and_says_nothing_closed(drain_outbox):
    scene = a_discussion()
    say(scene, text="@Formand, se det hemmelige", notify="følgegruppe")

    mails(drain_outbox)

    told = {one.to[0].partition("<")[2].rstrip(">") for one in mail.outbox}
    assert {scene.chair.email, scene.follower.email} <= told
    everything = "".join(str(one.message()) + one.body + one.subject for one in mail.outbox)
    assert "hemmelige" not in everything
    assert scene.fresh().title not in everything
    assert scene.fresh().number in everything


def test_nobody_is_mailed_who_may_no_longer_read(drain_outbox):
    scene = a_discussion()
    say(scene, text="@Formand, hvad siger du?")
    scene.chair.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))

    assert scene.chair.email not in receivers(drain_outbox)
    assert AuditEntry.objects.filter(verb="usecases.mail_not_sent").count() == 1


def test_edit_tells_only_the_newly_named(drain_outbox):
    scene = a_discussion()
    row = say(scene, text="@Formand?")
    mails(drain_outbox)
    edit_comment(comment=row, text="@Formand og @Sekretær?", version=1, by=scene.member)

    assert receivers(drain_outbox) == {scene.secretary.email}


def test_changed_proposal_is_a_new_revision_and_tells_the_commenters(client, drain_outbox):
    scene = a_discussion()
    case = scene.fresh()
    texts.save_values(case=case, values={"problem": "Nyt"}, version=case.version, by=scene.proposer)
    assert receivers(drain_outbox) == set()
    say(scene, "member")
    mails(drain_outbox)
    case = scene.fresh()
    texts.save_values(case=case, values={"problem": "Nyere"}, version=case.version, by=scene.owner)

    assert receivers(drain_outbox) == {scene.member.email, scene.proposer.email}
    assert scene.fresh().revision == case.revision + 1
    client.force_login(scene.member)
    text = client.get(f"/forslag/{case.pk}/aendringer/").content.decode()
    assert "<ins>Nyere</ins>" in text
    assert "<del>Nyt</del>" in text
    page = client.get(f"/forslag/{case.pk}/samtale/").content.decode()
    assert f"version {case.revision}" in page


# The pages, without a script --------------------------------------------------------------------


def test_whole_discussion_by_forms_alone(client):
    scene = a_discussion()
    client.force_login(scene.member)
    base = f"/forslag/{scene.case.pk}/samtale/"
    kept = client.post(f"{base}kladde/", {"text": "Halvt", "section": "benefit", "reply_to": "0"})
    assert kept.status_code == 200
    assert "Halvt</textarea>" in client.get(f"{base}?afsnit=benefit").content.decode()

    sent = client.post(base, {"text": "Helt", "section": "benefit", "_once": "x" * 32})
    again = client.post(base, {"text": "Helt", "section": "benefit", "_once": "x" * 32})

    assert sent["Location"] == again["Location"] == f"{base}?kommentar=1#kommentar-1"
    assert Comment.objects.count() == 1
    assert find_draft(owner=scene.member, form=f"comment:{scene.case.pk}:benefit:0") is None
    page = client.get(scene.case.get_absolute_url()).content.decode()
    assert "Helt" in page
    client.post(f"{base}1/ret/", {"text": "Helt andet", "version": "1"})
    stale = client.post(f"{base}1/ret/", {"text": "For sent", "version": "1"})
    assert stale.status_code == 409
    assert "For sent</textarea>" in stale.content.decode()
    assert "<ins>" in client.get(f"{base}1/udgaver/").content.decode()
    client.post(f"{base}1/fjern/", {})
    assert "Helt andet" not in client.get(base).content.decode()


def test_names_are_suggested_without_a_script(client):
    scene = a_discussion()
    client.force_login(scene.member)

    text = client.get(f"/forslag/{scene.case.pk}/samtale/").content.decode()

    assert f'<option value="{scene.chair.name}">' in text
    assert f'<option value="{scene.outsider.name}">' not in text


@pytest.mark.parametrize("who", ["outsider", "citizen"])
def test_those_outside_never_read_a_word(client, who):
    scene = a_discussion(Status.PILOT)
    say(scene, text="Internt spørgsmål")
    if who == "outsider":
        client.force_login(scene.outsider)
    case = scene.case

    assert "Internt" not in client.get(case.get_absolute_url()).content.decode()
    wanted = {"outsider": 404, "citizen": 302}[who]
    for path in ("samtale/", "samtale/1/udgaver/", "aendringer/"):
        assert client.get(f"{case.get_absolute_url()}{path}").status_code == wanted


# Long ones --------------------------------------------------------------------------------------


def fill_with(scene, count, parent=None):
    start = Comment.objects.filter(case=scene.case).count()
    rows = Comment.objects.bulk_create(
        Comment(
            case=scene.case, number=start + n + 1, author=scene.member, parent=parent, revision=1,
        )
        for n in range(count)
    )  # fmt: skip
    CommentVersion.objects.bulk_create(
        CommentVersion(comment=row, number=1, text=f"Nr. {row.number}") for row in rows
    )
    return rows


@pytest.mark.parametrize("who", ["secretary", "member", "proposer"])
@pytest.mark.parametrize("path", ["", "samtale/", "samtale/?kommentar=1", "samtale/?afsnit=idea"])
def test_pages_cost_the_same_for_1_3_and_300(client, who, path):
    costs = []
    for count in (1, 3, 300):
        scene = a_discussion()
        rows = fill_with(scene, count)
        fill_with(scene, count, parent=rows[0])
        client.force_login(scene.again(who))
        url = scene.case.get_absolute_url() + path
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1] == costs[2], costs
    assert costs[0] <= 32


def test_long_discussion_opens_where_something_is_new(client):
    scene = a_discussion()
    rows = fill_with(scene, 60)
    fill_with(scene, 30, parent=rows[30])
    reading.mark_read(case=scene.case, shown=30, by=scene.chair)
    client.force_login(scene.chair)
    base = f"/forslag/{scene.case.pk}/samtale/"

    text = client.get(base).content.decode()

    assert 'id="kommentar-31"' in text
    assert 'id="kommentar-20"' not in text
    # The thread's newest answers, and the way to the rest.
    assert 'id="kommentar-90"' in text
    assert 'id="kommentar-61"' not in text
    thread = client.get(f"{base}?traad=31&side=1").content.decode()
    assert 'id="kommentar-61"' in thread
    assert 'id="kommentar-32"' not in thread
    assert client.get(f"{base}?traad=61").status_code == 404
    for odd in ("side=x", "side=0", "side=99999999999", "kommentar=x", "svar=²"):
        assert client.get(f"{base}?{odd}").status_code == 200


def test_two_comments_at_once_get_a_number_each(run_together):
    scene = a_discussion()

    answers = run_together(*(lambda who=who: say(scene, who) for who in ("member", "chair")))

    assert sorted(one.number for one in answers) == [1, 2]
