"""Private notes: one's own, found again, and never shown to anybody else."""

import io

import pikepdf
import pypdfium2
import pytest
from django.urls import reverse

from committee.middleware import SESSION_KEY
from core import outbox
from core.documents import validate_ua
from core.drafts import find_draft, save_draft
from core.models import AuditEntry, OutboxEntry, StoredFile
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.anchoring import Quote
from meetings.models import AgendaItem, PrivateNote
from meetings.selectors.items import item_reading
from meetings.selectors.notes import passages
from meetings.services.disqualification import declare_disqualified, settle
from meetings.services.documents import request_documents
from meetings.services.items import remove_item
from meetings.services.notes import change_note, draft_name, remove_note, write_note
from tests.meetings.scenes import a_scene, bring_to, issue, write

pytestmark = pytest.mark.django_db
TEXT = "Udvalget drøfter et nyt udkast. Forvaltningen foreslår tre faste temaer for arbejdet."
QUOTE = "Forvaltningen foreslår tre faste temaer"


@pytest.fixture
def scene():
    scene = a_scene()
    write(scene, scene.opened, summary=TEXT)
    write(scene, scene.closed, summary="HEMMELIGTEKST om tre bud på driften af systemet.")
    return bring_to(scene, "issued")


def note_by(scene, user, item=None, *, text="Min note", quote=""):
    item = AgendaItem.objects.select_related("meeting").get(pk=(item or scene.opened).pk)
    page = item_reading(user, item)
    return write_note(
        item=item,
        by=user,
        text=text,
        quote=Quote(quote),
        within=passages(page["item"]),
        version=page["version"]["number"],
    )


def item_address(scene, item=None, name="item_page"):
    return reverse(f"meetings:{name}", args=[scene.meeting.pk, (item or scene.opened).pk])


def meeting_address(scene, name="notes_page"):
    return reverse(f"meetings:{name}", args=[scene.meeting.pk])


def page_of(client, user, address):
    client.force_login(user)
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


def again(user):
    return type(user).objects.get(pk=user.pk)


# Writing ------------------------------------------------------------------------------------


def test_highlight_is_marked_in_the_text_for_its_owner_only(client, scene):
    note_by(scene, scene.member, quote=QUOTE)

    _status, own = page_of(client, scene.member, item_address(scene))
    _status, others = page_of(client, scene.recused, item_address(scene))

    assert f"Udvalget drøfter et nyt udkast. <mark>{QUOTE}</mark> for arbejdet." in own
    assert "Min note" in own
    assert "<mark>" not in others
    assert "Min note" not in others


def test_quotation_keeps_what_stands_around_it_and_its_version(scene):
    note = note_by(scene, scene.member, quote=f"  {QUOTE.replace(' ', chr(10), 1)} ")

    assert (note.section, note.quote, note.quoted_from) == ("summary", QUOTE, 1)
    assert (note.prefix, note.suffix) == ("Udvalget drøfter et nyt udkast. ", " for arbejdet.")


@pytest.mark.parametrize(
    ("text", "quote", "field"),
    [("", "", "text"), ("x" * 20_001, "", "text"), ("", "Aldrig skrevet her", "quote")],
)
def test_note_that_says_nothing_or_quotes_nothing_is_refused(scene, text, quote, field):
    with pytest.raises(Refused) as refusal:
        note_by(scene, scene.member, text=text, quote=quote)

    assert refusal.value.field == field
    assert PrivateNote.objects.count() == 0


def test_closed_text_cannot_be_quoted_by_who_does_not_read_it(scene):
    with pytest.raises(Refused):
        note_by(scene, scene.follower, scene.closed, quote="HEMMELIGTEKST")


def test_outsider_cannot_write(scene):
    with pytest.raises(NotAllowed):
        write_note(item=AgendaItem.objects.get(pk=scene.opened.pk), by=scene.outsider, text="Nej")


def test_nothing_is_recorded_or_queued(scene):
    before = AuditEntry.objects.count(), OutboxEntry.objects.count()
    note = note_by(scene, scene.member, quote=QUOTE)
    change_note(item=note.item, note_id=note.pk, text="Ny", version=1, by=scene.member)
    remove_note(note=note, version=2, by=scene.member)

    assert (AuditEntry.objects.count(), OutboxEntry.objects.count()) == before
    assert PrivateNote.objects.count() == 0


# Two windows ----------------------------------------------------------------------------------


def test_two_windows_keep_both_texts(scene):
    note = note_by(scene, scene.member, quote=QUOTE)
    change_note(item=note.item, note_id=note.pk, text="Vindue et", version=1, by=scene.member)
    saved = change_note(
        item=note.item, note_id=note.pk, text="Vindue to", version=1, by=scene.member
    )

    assert saved.kept_both
    assert list(PrivateNote.objects.values_list("text", "quote")) == [
        ("Vindue et", QUOTE),
        ("Vindue to", QUOTE),
    ]


def test_note_removed_in_another_window_is_written_anew(scene):
    note = note_by(scene, scene.member)
    remove_note(note=note, version=1, by=scene.member)
    change_note(item=note.item, note_id=note.pk, text="Stadig her", version=1, by=scene.member)

    assert PrivateNote.objects.get().text == "Stadig her"


def test_changed_note_is_not_removed_unread(scene):
    note = note_by(scene, scene.member)
    change_note(item=note.item, note_id=note.pk, text="Ny", version=1, by=scene.member)

    with pytest.raises(StaleState):
        remove_note(note=note, version=1, by=scene.member)


def test_anothers_note_can_be_neither_changed_nor_removed(client, scene):
    note = note_by(scene, scene.member)
    client.force_login(scene.chair)
    client.post(
        item_address(scene, name="note_save"), {"note": note.pk, "text": "Min", "version": 1}
    )
    address = reverse("meetings:note_remove", args=[scene.meeting.pk, scene.opened.pk, note.pk])
    answer = client.post(address, {"version": 1})

    note.refresh_from_db()
    assert (answer.status_code, note.text) == (404, "Min note")
    assert PrivateNote.objects.get(owner=scene.chair).text == "Min"


# The form -------------------------------------------------------------------------------------


def test_form_writes_and_forgets_the_draft(client, scene):
    client.force_login(scene.member)
    client.post(item_address(scene, name="note_draft"), {"text": "Halvt skrev"})
    typed = client.get(item_address(scene)).content.decode()
    answer = client.post(item_address(scene, name="note_save"), {"text": "Helt", "quote": QUOTE})

    assert "Halvt skrev" in typed
    assert answer["Location"] == f"{item_address(scene)}#notes"
    assert PrivateNote.objects.get().quote == QUOTE
    assert find_draft(owner=scene.member, form=draft_name(scene.opened)) is None


def test_refused_form_shows_what_was_typed(client, scene):
    client.force_login(scene.member)
    posted = {"text": "Mit ord", "quote": "Ikke i teksten"}
    answer = client.post(item_address(scene, name="note_save"), posted)

    assert answer.status_code == 422
    assert "Mit ord" in answer.content.decode()
    assert "Ikke i teksten" in answer.content.decode()


# New versions ---------------------------------------------------------------------------------


def test_highlight_is_found_in_a_new_version(client, scene):
    note_by(scene, scene.member, quote=QUOTE)
    write(scene, scene.opened, summary=f"Et helt nyt afsnit først.\n\n{TEXT}")
    issue(scene)

    assert f"<mark>{QUOTE}</mark>" in page_of(client, scene.member, item_address(scene))[1]


def test_changed_passage_is_marked_as_it_now_is(client, scene):
    note_by(scene, scene.member, quote=QUOTE)
    write(scene, scene.opened, summary=TEXT.replace("tre faste", "fire faste"))
    issue(scene)
    _status, page = page_of(client, scene.member, item_address(scene))

    assert "<mark>Forvaltningen foreslår fire faste temaer</mark>" in page
    assert QUOTE in page  # as it was


def test_passage_that_is_gone_is_loose_with_the_old_words(client, scene):
    note_by(scene, scene.member, quote=QUOTE)
    write(scene, scene.opened, summary="Noget ganske andet.")
    issue(scene)
    _status, page = page_of(client, scene.member, item_address(scene))

    assert "<mark>" not in page
    assert QUOTE in page


# Who sees what ----------------------------------------------------------------------------------


def test_disqualified_member_keeps_own_words_and_loses_the_quotation(client, scene):
    note_by(scene, scene.member, scene.closed, text="Mit spørgsmål", quote="HEMMELIGTEKST om tre")
    row = declare_disqualified(
        item=AgendaItem.objects.get(pk=scene.closed.pk),
        member=scene.member, grounds="Bror", by=scene.member,
    )  # fmt: skip
    pages = [item_address(scene, scene.closed), meeting_address(scene)]
    pages += [meeting_address(scene, "notes_export")]
    during = [page_of(client, again(scene.member), page)[1] for page in pages]
    settle(case=row, upheld=False, by=scene.secretary)
    after = page_of(client, again(scene.member), pages[1])[1]

    assert ["Mit spørgsmål" in page for page in during] == [True, True, True]
    assert ["HEMMELIGTEKST" in page for page in during] == [False, False, False]
    assert "HEMMELIGTEKST" in after


def test_item_that_was_taken_off_leaves_one_s_own_words(client, scene):
    note_by(scene, scene.member, text="Husk", quote=QUOTE)
    remove_item(item=AgendaItem.objects.get(pk=scene.opened.pk), by=scene.secretary)
    _status, page = page_of(client, scene.member, meeting_address(scene))

    assert "Husk" in page
    assert QUOTE not in page


def test_who_left_the_committee_keeps_own_words(client, scene):
    note_by(scene, scene.member, scene.closed, text="Mit spørgsmål", quote="HEMMELIGTEKST om")
    scene.member.memberships.all().delete()
    status, page = page_of(client, again(scene.member), meeting_address(scene))

    assert (status, "Mit spørgsmål" in page, "HEMMELIGTEKST" in page) == (200, True, False)


@pytest.mark.parametrize("name", ["notes_page", "notes_export"])
def test_outsiders_have_no_such_page(client, scene, name):
    assert page_of(client, scene.outsider, meeting_address(scene, name))[0] == 404


def test_view_as_shows_neither_the_member_s_notes_nor_one_s_own(client, scene):
    note_by(scene, scene.member, text="MEDLEMSNOTE", quote=QUOTE)
    note_by(scene, scene.secretary, text="SEKRETÆRNOTE")
    client.force_login(scene.secretary)
    session = client.session
    session[SESSION_KEY] = {"who": str(scene.member.pk), "committee": scene.committee.pk}
    session.save()
    page = client.get(item_address(scene)).content.decode()

    assert [word in page for word in ("MEDLEMSNOTE", "SEKRETÆRNOTE", "<mark>")] == [False] * 3
    assert client.get(meeting_address(scene)).status_code == 404


def test_answers_are_not_kept_by_anybody(client, scene):
    note_by(scene, scene.member)
    client.force_login(scene.member)
    names = ["notes_page", "notes_export"]
    answers = [client.get(meeting_address(scene, name)) for name in names]
    answers += [client.get(item_address(scene)), client.post(meeting_address(scene, "notes_pack"))]

    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}


# Export and PDF ---------------------------------------------------------------------------------


def test_export_is_in_the_order_of_the_agenda(client, scene):
    note_by(scene, scene.member, scene.closed, text="Anden")
    note_by(scene, scene.member, text="Første", quote=QUOTE)
    _status, text = page_of(client, scene.member, meeting_address(scene, "notes_export"))

    assert f"## 1. Åbent punkt\n\n> {QUOTE}\n\nFørste\n\n## 2. HEMMELIGTITEL\n\nAnden\n" in text


def pdf_text(data):
    pages = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in pages]


def test_pdf_holds_the_notes_alone_until_there_is_a_pack(client, scene):
    note_by(scene, scene.member, text="Mit ord i PDF", quote=QUOTE)
    client.force_login(scene.member)
    answer = client.post(meeting_address(scene, "notes_pack"))

    assert answer["Content-Disposition"].endswith('mine-noter.pdf"')
    assert "Mit ord i PDF" in "".join(pdf_text(answer.content))
    assert validate_ua(answer.content) == []


def test_pack_with_notes_is_made_for_the_reader_and_not_stored(client, scene):
    note_by(scene, scene.member, text="Mit ord i PDF", quote=QUOTE)
    request_documents(scene.fresh(), kinds=("pack",), by=scene.secretary)
    outbox.drain()
    files = StoredFile.objects.count()
    client.force_login(scene.member)
    acts = AuditEntry.objects.count()
    answer = client.post(meeting_address(scene, "notes_pack"))
    pages = pdf_text(answer.content)
    pack = client.get(reverse("meetings:document_file", args=[scene.meeting.pk, "pack"]))

    assert "Mit ord i PDF" in pages[-1]
    assert "side 1 af 1" in pages[-1].replace("\xa0", " ") or "page 1 of 1" in pages[-1]
    assert len(pages) == len(pdf_text(pack.content)) + 1
    assert "Mit ord i PDF" not in "".join(pdf_text(pack.content))
    assert StoredFile.objects.count() == files
    assert AuditEntry.objects.count() == acts + 2  # the pack was read twice; the notes never
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_outline() as outline:
        assert outline.root[-1].title in {"Mine noter", "My notes"}


def test_draft_of_a_note_belongs_to_its_writer(client, scene):
    save_draft(
        owner=scene.member, form=draft_name(scene.opened),
        fields={"text": "UFÆRDIG"}, base_versions={},
    )  # fmt: skip

    assert "UFÆRDIG" in page_of(client, scene.member, item_address(scene))[1]
    assert "UFÆRDIG" not in page_of(client, scene.chair, item_address(scene))[1]
