"""Words that must not reach those they are not for, looked for wherever a reader could look.

The world of `tests.world` has a word of its own in every text that is not for all. Each subject
opens every address there is, with every id; what they meet must be words they may read. That
the crawler looks properly is shown by the words that their readers do find.
"""

import csv
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import unquote

import pikepdf
import pypdfium2
import pytest
from django.apps import apps
from django.core import mail
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from committee.models import HandOver, User
from core import outbox
from core.models import AuditEntry, OutboxEntry, StoredFile, Work
from ethics.models import (
    AiActReplay,
    Amendment,
    Condition,
    Dilemma,
    Guideline,
    ReviewAssignment,
    ReviewRound,
    ReviewSheet,
)
from ethics.naming import STEPS
from ethics.naming_conditions import MOVES as CONDITION_MOVES
from meetings.models import AgendaItem, Attachment, FollowUp, InputRound, Meeting
from meetings.services.attachments import change_attachment, remove_attachment
from meetings.services.disqualification import declare_disqualified
from meetings.services.documents import RENDER
from meetings.services.issuing import issue_agenda
from meetings.services.items import change_item, remove_item
from meetings.services.planning import cancel_meeting
from meetings.services.publication import withdraw_minutes
from meetings.services.read_through import remind
from meetings.services.rounds import remind_missing
from reports.models import ArchivePackage, Report, ReportRecipient
from tests.addresses import TABLE, address, body, case_names, objects_of, own_patterns, split
from tests.factories import day
from tests.world import COMMITTEE, Secret, World, client_of, standing_world, undone
from usecases.models import CaseImport, Comment, RankingRound, UseCase
from usecases.naming import FACTS, MOVES
from usecases.record import record
from usecases.selectors.exchange import ALL as FORMATS

pytestmark = pytest.mark.django_db
WORD = re.compile(r"ZQ\d{3}KX", re.IGNORECASE)
UNKNOWN = 999_999
SEEN_AS = {"seen_as_citizen": "anonymous", "seen_as_recused": "recused"}
PRIVATE = "PrivateNote"
MEMBERS_NOTE = "meetings.PrivateNote.quote (closed item)"
# Those who ask for every page once more as a fragment.
FRAGMENT_READERS = {"anonymous", "recused", "recused_chair"}
CRAWLERS = [
    "anonymous",
    "outsider",
    "member",
    "recused",
    "recused_chair",
    "chair",
    "follow_group",
    "secretariat",
    "admin",
    "former_member",
    "neighbour",
    *SEEN_AS,
]
# Who must meet a word that is theirs to read: the first of these who may.
FINDERS = ("secretariat", "member", "chair", "admin", "neighbour")
FOUND_BY = {
    # Those who prepare the meeting see its live text, not what was issued.
    "an open item's text": "anonymous",
    "an open file": "anonymous",
    "published minutes": "anonymous",
    "version.note": "member",
    "meetings.AgendaItem.title (closed item)": "member",
    "meetings.ItemText.text (closed item)": "member",
    "committee.DeliverableEvidence.title (not public)": "neighbour",
    "committee.DeliverableEvidence.url (not public)": "neighbour",
    # The secretariat reads a draft; only its own answer what is similar.
    "usecases.UseCase.similar_note (a draft)": "member",
    # Shown in the form of those who may change the draft.
    "ethics.AiActAssessment.reason (a draft)": "member",
    "ethics.AiActAssessment.evidence (a draft)": "member",
    # One's own and nobody else's.
    # Kept, and on no page that only links lead to: its part shows it hidden.
    "ethics.CaseAnswers.answers (no longer asked)": "",
    "usecases.SavedView.name (private)": "member",
    "usecases.SavedView.name (other)": "neighbour",
    # Whoever logs in and has the link.
    "usecases.SavedView.name (shared)": "member",
    "core.Draft.fields (input)": "recused",
    "meetings.PrivateNote.text (own words, disqualified)": "recused",
    "meetings.PrivateNote.text (own words, of the follow group)": "follow_group",
    "meetings.PrivateNote.quote (of the follow group)": "follow_group",
    # Names of login stand in the administration only.
    "committee.User.email": "admin",
    "committee.User.username": "admin",
    "committee.User.calendar_token": "",
}
# What may stand in a mail, beside the receiver's own address.
MAILED = {
    "meetings.Meeting.online_link",
    "meetings.AgendaItem.title (new, after version 1)",
    "meetings.InputRound.title",
    "meetings.Meeting.title (read-through)",
}
APPS_WITH_TEXTS = {"core", "committee", "ethics", "meetings", "reports", "usecases"}
# Texts with no word in them, and why. Everything else must have one (see the last test).
HARMLESS = {
    "core.AuditEntry": "the protocol holds no texts; its rows are searched below",
    "core.SubmittedForm": "tokens and addresses",
    "core.OutboxEntry": "ids only; its rows are searched below",
    "core.Work.kind": "the name of a kind",
    "core.Work.key": "a kind and a hash",
    "core.Work.params": "ids",
    "core.Draft.form": "the name of a form",
    "core.Draft.base_versions": "numbers",
    "core.StoredFile.path": "a random name",
    "meetings.ProofOverride.key": "a hash of what is missing",
    "core.StoredFile.sha256": "a hash; shown only with the file",
    "core.StoredFile.media_type": "a file type",
    "committee.Municipality": "public",
    "committee.Committee.name": "has its word in a body that is not public",
    "committee.Committee.slug": "part of a public address; guessed below",
    "committee.Committee.section_template": "a reference to content",
    "committee.User.password": "a hash that no page shows",
    "committee.User.name": "names of members are public",
    "committee.User.title": "titles of members are public",
    "committee.RuleProfile.rules_ref": "a reference to content",
    "committee.HandOver.decision": "public where both bodies are",
    "committee.HandOverRow.code": "the name of a duty",
    "committee.HandOverRow.state": "the name of a state",
    "meetings.Meeting.section_template": "a reference to content",
    "meetings.Meeting.ical_uid": "a random identity",
    "meetings.ItemText.key": "the name of a section",
    "meetings.AgendaItem.closing_ground": "public on an issued item; a draft's has its word",
    "meetings.PrivateNote.section": "the name of a section",
    "meetings.IssuedVersion.body": "made of the texts that have words",
    "meetings.IssuedVersion.sha256": "a hash",
    "meetings.DecisionText": "copied from the sealed texts that have words",
    "meetings.RenderedDocument": "ids and a hash",
    "meetings.PublicationFinding.key": "a keyed hash",
    "meetings.PublicationFinding.kind": "the name of a sort",
    "meetings.PublicationFinding.place": "ids and the names of fields",
    "meetings.PublicationRequest.sha256": "a hash",
    "meetings.Seal.sha256": "a hash",
    "meetings.Seal.audit_hash": "a hash; printed in the sealed PDF",
    "meetings.SealedFile.sha256": "a hash",
    "meetings.SealedFile.signed_by": "the municipality's certificate, which signs public files",
    "meetings.Meeting.opening": "names of steps and their times",
    "meetings.ReadThrough.body": "made of the texts that have words",
    "meetings.VoteRound.rule": "the rule's own words, public",
    "usecases.SavedView.token": "the address of a view",
    "usecases.SavedView.query": "filters by code; the words searched for are one's own",
    "ethics.CaseAnswers.questionnaire_ref": "a reference to content",
    "ethics.AnswerChange.question_id": "the id of a question",
    "ethics.ReviewRound.questionnaire_ref": "a reference to content",
    "ethics.ReviewRound.snapshot_sha256": "a hash",
    "ethics.ReviewSheet.questionnaire_ref": "a reference to content",
    "ethics.ReviewSheet.sha256": "a hash of what has a secret salt",
    "ethics.ReviewMove.move": "the name of a move",
    "ethics.SheetAddition.question": "the id of a question",
    "ethics.FlagAnswer.question": "the id of a question",
    "ethics.FlagAnswer.severity": "the name of a severity",
    "ethics.SpreadNote.question": "the id of a question",
    "usecases.UseCase.reference": "a public number",
    "usecases.UseCase.record_ref": "a reference to content",
    "usecases.UseCase.municipality": "a code",
    "usecases.UseCase.field": "the name of a choice",
    "usecases.UseCase.target_group": "the name of a choice",
    "usecases.UseCase.similar_shown": "ids",
    "usecases.UseCase.ruleset": "a reference to content",
    "usecases.UseCase.decision_body": "public with the decision",
    "usecases.UseCase.decision_case_id": "shown with the reasons, which have their word",
    "usecases.UseCase.decision_item": "public with the decision",
    "usecases.UseCase.decision_ground": "public with the decision",
    "usecases.UseCase.decision_link": "public with the decision",
    "usecases.Comment.section": "the name of a part of the record",
    "usecases.CaseScore.scales_ref": "a reference to content",
    "usecases.CitizenAttempt.sender": "a keyed hash that no page shows",
    "usecases.CaseImport.notes": "our own sentences",
    "usecases.CaseImport.failure": "our own sentences",
    "usecases.ImportRow.key": "a hash",
    "usecases.ImportRow.changes": "names of fields",
    "usecases.ImportKey": "hashes",
    "usecases.Revision.sha256": "a hash",
    "usecases.StatusChange.move": "the name of a move",
    "ethics.CaseSnapshot.sha256": "a hash",
    "ethics.Condition.source_ref": "the id of a question",
    "ethics.Guideline.slug": "part of an address; guessed below",
    "ethics.GuidelineEdition.sha256": "a hash",
    "ethics.DilemmaPublication.sha256": "a hash",
    "ethics.Hearing.questions_ref": "a reference to content",
    "ethics.AiActAssessment.ruleset": "a reference to content",
    "ethics.AiActAssessment.result": "codes and dates of the rules",
    "ethics.AiActAssessment.tier": "a code of the rules",
    "ethics.AiActAssessment.disposition": "a code of the rules",
    "ethics.AiActAssessment.confirmed_under": "a reference to content",
    "ethics.AiActAssessment.sha256": "a hash",
    "ethics.ObligationEvidence.code": "a code of the rules",
    "ethics.AiActReplay.ruleset": "a reference to content",
    "ethics.AiActReplayRow.changes": "codes and dates of the rules",
    "ethics.AiActReplayRow.result": "codes and dates of the rules",
    "meetings.WorkshopExercise.exercise_ref": "a reference to content",
    "reports.ErasureRequest.preview_sha256": "a hash",
    # The archive.
    "reports.ArchivePackage.holds": "ids",
    "reports.ArchivePackage.closed_items": "ids",
    "reports.ArchivePackage.faults": "names of files that we gave, and our own sentences",
    "reports.RetentionLog": "names of rules and tables, and ids",
    "reports.Report.sha256": "a hash",
    "reports.ReportApproval.sha256": "a hash",
    "reports.ReportDelivery.email": "the recipient's, which has its word",
    "reports.ReportRecipient.token": "a random address that no page shows",
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    with standing_world(django_db_blocker, tmp_path_factory.mktemp("canary")) as found:
        yield found


@pytest.fixture(autouse=True)
def same_files(world: World, fresh_media, settings) -> None:
    settings.MEDIA_ROOT = world.media
    # What a test rolled back is also undone in the rows as Python holds them.
    for row in vars(world.rows).values():
        if isinstance(row, models.Model):
            row.refresh_from_db()


# Looking ------------------------------------------------------------------------------------


def words_in(answer: HttpResponse) -> set[str]:
    """Every word in an answer: its headers, its body, and what is packed inside."""
    headers = " ".join(f"{key}: {value}" for key, value in answer.headers.items())
    return words(headers) | words_in_bytes(b"".join(answer), answer.get("Content-Type", ""))


def words(text: str) -> set[str]:
    """The words in a text, however it was escaped, folded or hyphenated."""
    plain = re.sub(r"\r?\n[ \t]|[\u00ad\u200b\u2060\ufffe\x02]", "", unescape(unquote(text)))
    return {found.upper() for found in WORD.findall(plain)}


def words_in_bytes(data: bytes, kind: str = "") -> set[str]:
    if data[:5] == b"%PDF-":
        return words_in_pdf(data)
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
            names = " ".join(archive.namelist())
        return words(names).union(*(words_in_bytes(part) for part in parts))
    return words(data.decode("utf-8", "replace"))


def words_in_pdf(data: bytes) -> set[str]:
    """Text, metadata, bookmarks, notes and attached files of a PDF."""
    document = pypdfium2.PdfDocument(data)
    pages = (document[index].get_textpage().get_text_bounded() for index in range(len(document)))
    found = words("\n".join(pages))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            found |= words(strings_of(thing))
            if isinstance(thing, pikepdf.Stream) and not _is_picture(thing):
                found |= words_in_bytes(thing.read_bytes())
    return found


def _is_picture(stream: pikepdf.Stream) -> bool:
    return stream.get("/Subtype") == "/Image" or "/Length1" in stream


def strings_of(thing: Any) -> str:
    """The strings directly in a PDF object; every indirect one is an object itself."""
    if isinstance(thing, pikepdf.String):
        return str(thing)
    if isinstance(thing, pikepdf.Array):
        return " ".join(strings_of(part) for part in thing if not _is_indirect(part))
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return " ".join(strings_of(p) for _key, p in thing.items() if not _is_indirect(p))
    return ""


def _is_indirect(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and part.is_indirect


# Every address with every id ----------------------------------------------------------------


def all_addresses(world: World, name: str) -> list[str]:
    """Every page of the product, also those that a reader could only guess."""
    meetings = [*Meeting.objects.values_list("pk", flat=True), UNKNOWN]
    cases = [*UseCase.objects.values_list("pk", flat=True), UNKNOWN]
    conditions = [
        *Condition.objects.values_list("case", "number"),
        *((pk, UNKNOWN) for pk in cases),
    ]
    rounds = [*InputRound.objects.values_list("pk", flat=True), UNKNOWN]
    items = list(AgendaItem.objects.values_list("meeting_id", "pk"))
    files = list(Attachment.objects.values_list("item__meeting_id", "pk"))
    guidelines = [*Guideline.objects.values_list("slug", flat=True), "findes-ikke"]
    slugs = [world.rows.committee.slug, world.rows.closed_body.slug, "findes-ikke"]
    values: dict[tuple[str, ...], list[tuple[Any, ...]]] = {
        (): [()],
        ("meeting_id",): [(pk,) for pk in meetings],
        ("meeting_id", "item_id"): items,
        ("meeting_id", "attachment_id"): files,
        ("meeting_id", "kind"): list(product(meetings, ("agenda", "pack", "minutes"))),
        ("round_id",): [(pk,) for pk in rounds],
        ("follow_up_id",): [
            (pk,) for pk in (*FollowUp.objects.values_list("pk", flat=True), UNKNOWN)
        ],
        ("ranking_id",): [
            (pk,) for pk in (*RankingRound.objects.values_list("pk", flat=True), UNKNOWN)
        ],
        ("case_id",): [(pk,) for pk in cases],
        ("case_id", "section"): list(product(cases, [one.key for one in record().sections])),
        ("case_id", "move"): list(product(cases, MOVES)),
        ("case_id", "number"): [
            *Comment.objects.values_list("case", "number"),
            *((pk, UNKNOWN) for pk in cases),
        ],
        ("case_id", "fact"): list(product(cases, FACTS)),
        ("case_id", "condition_no"): conditions,
        ("case_id", "condition_no", "evidence_no"): [(*pair, 1) for pair in conditions],
        ("case_id", "condition_no", "act"): [
            (*pair, act) for pair, act in product(conditions, CONDITION_MOVES)
        ],
        ("guideline",): [(slug,) for slug in guidelines],
        ("guideline", "number"): list(product(guidelines, (1, UNKNOWN))),
        ("amendment_id",): [
            (pk,) for pk in (*Amendment.objects.values_list("pk", flat=True), UNKNOWN)
        ],
        ("dilemma_id",): [(pk,) for pk in (*Dilemma.objects.values_list("pk", flat=True), UNKNOWN)],
        ("case_id", "block"): list(product(cases, ("oplysning", "findes-ikke"))),
        ("case_id", "code"): list(product(cases, ("OB-50-1", "OB-99"))),
        ("replay_id",): [
            (pk,) for pk in (*AiActReplay.objects.values_list("pk", flat=True), UNKNOWN)
        ],
        ("import_id",): [
            (pk,) for pk in (*CaseImport.objects.values_list("pk", flat=True), UNKNOWN)
        ],
        **_of_reviews(),
        ("person_id",): [(pk,) for pk in (*User.objects.values_list("pk", flat=True), UNKNOWN)],
        ("format_name",): [(name,) for name in (*FORMATS, "findes-ikke")],
        ("package_id",): [
            (pk,) for pk in (*ArchivePackage.objects.values_list("pk", flat=True), UNKNOWN)
        ],
        **_of_reports(),
        ("slug",): [(slug,) for slug in slugs],
        ("slug", "pk"): [
            (slugs[0], world.rows.deliverable.pk),
            (slugs[1], world.rows.other_deliverable.pk),
            (slugs[0], world.rows.other_deliverable.pk),
        ],
        ("slug", "hand_over_id"): list(
            product(slugs, [*HandOver.objects.values_list("pk", flat=True), UNKNOWN])
        ),
        ("pk",): [(world.rows.municipality.pk,)],
        ("token",): [(getattr(world.people.get(name), "calendar_token", "ukendt"),)],
    }
    paths = []
    for pattern_name, pattern in readable_patterns().items():
        for arguments in values.get(tuple(pattern.pattern.converters), []):
            try:
                paths.append(reverse(pattern_name, args=arguments))
            except NoReverseMatch:
                continue
    paths += [reverse("meetings:item_page", args=pair) for pair in _elsewhere(world, items)]
    paths += [reverse("meetings:attachment_file", args=pair) for pair in _elsewhere(world, files)]
    return [*dict.fromkeys(paths), *_with_questions(world)]


def _of_reviews() -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """Every round with every seat, sheet, part and step, also those of another round."""
    rounds = [*ReviewRound.objects.values_list("pk", flat=True), UNKNOWN]
    seats = [*ReviewAssignment.objects.values_list("pk", flat=True), UNKNOWN]
    sheets = [*ReviewSheet.objects.values_list("pk", flat=True), UNKNOWN]
    return {
        ("work_id",): [(pk,) for pk in (*Work.objects.values_list("pk", flat=True), UNKNOWN)],
        ("review_id",): [(pk,) for pk in rounds],
        ("review_id", "assignment_id"): list(product(rounds, seats)),
        ("review_id", "sheet_id"): list(product(rounds, sheets)),
        ("review_id", "part"): list(product(rounds, ("A", "E", "findes-ikke"))),
        ("review_id", "step"): list(product(rounds, (*STEPS, "findes-ikke"))),
    }


def _of_reports() -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """Every report with every recipient, also those of another report."""
    reports = [*Report.objects.values_list("pk", flat=True), UNKNOWN]
    people = [*ReportRecipient.objects.values_list("pk", flat=True), UNKNOWN]
    return {
        ("report_id",): [(pk,) for pk in reports],
        ("report_id", "recipient_id"): list(product(reports, people)),
    }


def readable_patterns() -> dict[str, URLPattern]:
    """The patterns that answer a GET at all."""
    with TABLE.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["method"] == "GET"]
    posts_only = {split(row["url_name"])[0] for row in rows if row["secretariat"] == "405"}
    return {name: found for name, found in own_patterns().items() if name not in posts_only}


def _elsewhere(world: World, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ids under a meeting that they do not belong to."""
    issued = world.rows.issued.pk
    return [(issued, pk) for meeting, pk in pairs if meeting != issued]


def _with_questions(world: World) -> list[str]:
    """The query parameters that the product knows."""
    rows = world.rows
    issued, published = rows.issued.pk, rows.published.pk
    kinds = [(issued, "agenda"), (issued, "pack"), (published, "minutes")]
    documents = [reverse("meetings:document_file", args=pair) for pair in kinds]
    return [
        *(f"{path}?udgave={edition}" for path in documents for edition in ("full", "public", "x")),
        *(f"/udvalg/{body.slug}/?version=1" for body in (rows.committee, rows.closed_body)),
        *(f"/udvalg/{body.slug}/?version=9&rules=x" for body in (rows.committee, rows.closed_body)),
        *(f"/vis-som/?committee={body.slug}" for body in (rows.committee, rows.closed_body)),
        reverse("meetings:workshop_page", args=[rows.workshop.pk]) + "?gruppe=Bord",
        reverse("meetings:follow_up_list") + "?vis=done",
        *(reverse("usecases:case_list") + f"?vis={which}" for which in ("mine", "venter")),
        # What was merged, on its tab and as found by a word of its title.
        *(reverse("usecases:case_list") + f"?{one}" for one in ("vis=samlet", "q=sammen")),
        *(reverse("usecases:case_list") + f"?som={look}" for look in ("tavle", "kort", "diagram")),
        reverse("usecases:case_list") + "?status=draft&status=withdrawn&sortering=titel",
        *(f"/forslag/?status=pilot&visning={key}-1" for key in ("private", "other", "shared")),
        *(f"/forslag/{c.pk}/?liste=" for c in (rows.case_public, rows.case_title, rows.case_other)),
        reverse("usecases:ranking_page") + "?sortering=stemmer",
        reverse("ethics:condition_list") + "?vis=alle",
        reverse("ethics:condition_list") + "?vis=alle&ejer=mig&port=drift&side=9",
        *(f"{rows.guideline.get_absolute_url()}?version={n}&siden={n}" for n in (1, 2)),
        f"{rows.guideline_other.get_absolute_url()}?version=1&siden=1",
    ]


def admin_addresses() -> list[str]:
    """The lists and forms of the administration, with every row."""
    paths = [reverse("admin:index")]
    for model in (model for model in apps.get_models() if model in _administered()):
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths += [reverse(f"{names}_changelist"), reverse(f"{names}_add")]
        for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:3]:
            paths += [
                reverse(f"{names}_change", args=[pk]),
                reverse(f"{names}_history", args=[pk]),
            ]
    return paths


def _administered() -> set[type[models.Model]]:
    from django.contrib import admin

    return set(admin.site._registry)


def client_for(world: World, name: str) -> Client:
    """The subject's own browser, or the secretariat's looking through somebody's eyes."""
    if name not in SEEN_AS:
        return world.clients[name]
    who = "citizen" if name == "seen_as_citizen" else str(world.people["recused"].pk)
    choice = {"who": who, "committee": world.rows.committee.pk}
    return client_of(world.people["secretariat"], view_as=choice)


def crawl(world: World, name: str) -> dict[str, set[str]]:
    """Word → the addresses where the subject met it."""
    client = client_for(world, name)
    paths = all_addresses(world, name)
    if name in {"admin", "outsider"}:
        paths += admin_addresses()
    found: dict[str, set[str]] = {}
    for path in paths:
        answer = client.get(path)
        _note(found, path, answer)
        is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
        if is_page and name in FRAGMENT_READERS:
            _note(found, f"{path} (htmx)", client.get(path, headers={"hx-request": "true"}))
    return found


def _note(found: dict[str, set[str]], where: str, answer: HttpResponse) -> None:
    assert answer.status_code < 500, where
    for word in words_in(answer):
        found.setdefault(word, set()).add(where)


def leaks(world: World, name: str, found: dict[str, set[str]]) -> list[str]:
    """Words that `name` met and that were not for them."""
    places = {secret.word: secret for secret in world.secrets}
    return [
        f"{places[word].place}: {sorted(where)[:4]}"
        for word, where in sorted(found.items())
        if not may_read(name, places[word])
    ]


def may_read(name: str, secret: Secret) -> bool:
    """Who looks through another's eyes sees what they see, but for their private notes."""
    if name in SEEN_AS and PRIVATE in secret.place:
        return False
    return SEEN_AS.get(name, name) in secret.readers


@pytest.mark.parametrize("name", CRAWLERS)
def test_no_page_leaks(name: str, world: World, caplog) -> None:
    """And, as the control that the crawler looks properly, readers meet what is theirs."""
    caplog.set_level(logging.INFO)
    with undone():
        found = crawl(world, name)
    theirs = {secret.word: secret.place for secret in world.secrets if finder_of(secret) == name}

    assert leaks(world, name, found) == []
    assert {place for word, place in theirs.items() if word not in found} == set()
    own = words(unquote(world.people[name].calendar_token)) if world.people.get(name) else set()
    assert words(caplog.text) - own == set()


def finder_of(secret: Secret) -> str:
    """The one of its readers who must meet a word, or nobody when it is not for reading."""
    if secret.place in FOUND_BY:
        return FOUND_BY[secret.place]
    return next((name for name in FINDERS if name in secret.readers), "")


# Posts: refusals, error pages, forms shown again ------------------------------------------------


@pytest.mark.parametrize(
    "name", ["anonymous", "recused", "recused_chair", "follow_group", "neighbour"]
)
def test_no_answer_to_a_post_leaks(name: str, world: World, caplog) -> None:
    caplog.set_level(logging.INFO)
    found: dict[str, set[str]] = {}
    for case in (case for case in case_names() if not case.startswith("admin:")):
        for variant, empty in product(objects_of(case), (True, False)):
            with undone():
                path = address(world, case, variant)
                data = {} if empty else body(world, case, variant)
                client = Client(raise_request_exception=False)
                client.cookies.update(world.clients[name].cookies)
                _note(found, f"POST {path}", client.post(path, data))
    found = {word: where for word, where in found.items() if word not in own_words(world, name)}
    _by_the_secret_link(world, found)

    # Parts of addresses that were posted to.
    key = words(world.people["member"].calendar_token) | _status_tokens(world)

    assert leaks(world, name, found) == []
    assert words(caplog.text) - key == set()


def _status_tokens(world: World) -> set[str]:
    """The secret parts of the addresses at which citizens follow their proposals."""
    place = "usecases.CitizenProposal.status_token"
    return {secret.word for secret in world.secrets if secret.place.startswith(place)}


def _by_the_secret_link(world: World, found: dict[str, set[str]]) -> None:
    """Who has the link of a citizen's mail is led on to the page that follows the proposal."""
    link = reverse("usecases:citizen_confirm", args=["-"]).removesuffix("-/")
    for token in _status_tokens(world) & found.keys():
        found[token] = {place for place in found[token] if not place.startswith(f"POST {link}")}
        if not found[token]:
            del found[token]


def own_words(world: World, name: str) -> set[str]:
    """One's own address may come back in a form."""
    user = world.people[name]
    return words(f"{user.email} {user.calendar_token}") if user else set()


# Documents --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["anonymous", "follow_group", "recused", "recused_chair", "member"]
)
def test_no_document_leaks(name: str, world: World) -> None:
    rows = world.rows
    wanted = [(rows.issued, "pack"), (rows.published, "minutes"), (rows.approval, "minutes")]
    found: dict[str, set[str]] = {}
    with undone():
        OutboxEntry.objects.all().delete()
        client = client_of(world.people[name])
        for meeting, kind in wanted:
            client.post(reverse("meetings:document_request", args=[meeting.pk, kind]))
        outbox.drain()
        notes = reverse("meetings:notes_pack", args=[rows.issued.pk])
        # What another has had made for themselves must not be what one gets.
        theirs = words_in(client_of(world.people["member"]).post(notes))
        _note(found, notes, client.post(notes))
        for meeting, kind in wanted:
            path = reverse("meetings:document_file", args=[meeting.pk, kind])
            answer = client.get(path)
            if answer.status_code == 200:
                assert answer["Content-Type"] == "application/pdf", path
            _note(found, path, answer)

    own = [secret.word for secret in world.secrets if secret.place == MEMBERS_NOTE]
    assert rows.published_word in found
    assert leaks(world, name, found) == []
    assert set(own) <= theirs


# What leaves the house, and what stays in the queue ---------------------------------------------


def test_mail_and_queue_and_protocol_hold_no_secrets(world: World, caplog) -> None:
    """Not even for members: a mail cannot be called back."""
    caplog.set_level(logging.INFO)
    by, rows = world.people["secretariat"], world.rows
    addresses = {user.email: name for name, user in world.people.items() if user}
    with undone():
        OutboxEntry.objects.all().delete()
        add = {"version": rows.open.version, "access": "closed", "public_title": "Om lokaler"}
        ground = {"closing_ground": "Offentlighedslovens § 30, nr. 2", "closing_reason": "Priser"}
        change_item(item=rows.open, by=by, **add, **ground)
        issue_agenda(meeting=rows.issued, expected=2, by=by)
        remind(read_through=rows.read_through, by=by)
        remind_missing(input_round=rows.round, by=by)
        OutboxEntry.objects.filter(kind=RENDER).delete()
        outbox.drain()
        cancel_meeting(meeting=rows.issued, reason="Salen er optaget.", by=by)
        OutboxEntry.objects.filter(kind=RENDER).delete()
        outbox.drain()
        queue = json.dumps(list(OutboxEntry.objects.values()), default=str)
        protocol = json.dumps(list(AuditEntry.objects.values()), default=str)
    found = set()
    for message in mail.outbox:
        name = next(addresses[email] for email in addresses if email in message.to[0])
        met_by = words(mail_text(message)) - own_words(world, name)
        found |= {(place_of(world, word), name) for word in met_by}

    assert len(mail.outbox) > 6
    assert words(queue) | words(protocol) | words(caplog.text) == set()
    assert {place for place, _name in found} <= MAILED
    assert {name for place, name in found if "online_link" in place} <= COMMITTEE


def place_of(world: World, word: str) -> str:
    return next(secret.place for secret in world.secrets if secret.word == word)


def mail_text(message: Any) -> str:
    """Everything in a mail as it is sent, with its parts decoded."""
    parts = message.message().walk()
    decoded = [part.get_payload(decode=True) or b"" for part in parts]
    return str(message.message()) + b"\n".join(decoded).decode("utf-8", "replace")


# A change of access works on the next request ---------------------------------------------------


def close_item(world: World) -> None:
    rows = world.rows
    change_item(
        item=rows.open,
        by=world.people["secretariat"],
        version=rows.open.version,
        access="closed",
        public_title="Om lokaler",
        closing_ground="Offentlighedslovens § 30, nr. 2",
        closing_reason="Priser",
    )


def close_attachment(world: World) -> None:
    change_attachment(
        attachment=world.rows.open_file, by=world.people["secretariat"], access="closed"
    )


def take_attachment_off(world: World) -> None:
    remove_attachment(attachment=world.rows.open_file, by=world.people["secretariat"])


def take_item_off(world: World) -> None:
    remove_item(item=world.rows.open, by=world.people["secretariat"])


def disqualify(world: World) -> None:
    member = world.people["member"]
    declare_disqualified(item=world.rows.closed, member=member, grounds="Bror", by=member)


def end_membership(world: World) -> None:
    world.people["member"].memberships.update(valid_to=day(-1))


def leave_follow_group(world: World) -> None:
    world.people["follow_group"].memberships.update(valid_to=day(-1))


def withdraw(world: World) -> None:
    by = world.people["secretariat"]
    withdraw_minutes(meeting=world.rows.published, reason="En fejl", by=by)


def hide_body(world: World) -> None:
    committee = type(world.rows.committee).objects.filter(pk=world.rows.committee.pk)
    committee.update(is_public=False)


# What happens, who reads on, and the places that must then be clean for them.
TRANSITIONS = [
    (close_item, "anonymous", ["an open item's text", "an open file"]),
    (close_item, "follow_group", ["an open item's text", "an open file"]),
    (close_attachment, "anonymous", ["an open file"]),
    (close_attachment, "follow_group", ["an open file"]),
    (take_attachment_off, "anonymous", ["an open file"]),
    (take_attachment_off, "member", ["an open file"]),
    (take_item_off, "anonymous", ["an open item's text", "an open file"]),
    (disqualify, "member", ["(closed item)", "(closed)", "(closed DOCX)"]),
    (end_membership, "member", ["(closed", "read-through", "approval", "locked", "Workshop"]),
    (leave_follow_group, "follow_group", ["read-through", "approval", "locked", "Workshop"]),
    (withdraw, "anonymous", ["published minutes"]),
    (hide_body, "anonymous", ["an open item's text", "an open file", "published minutes"]),
]


@pytest.mark.parametrize(("change", "name", "places"), TRANSITIONS)
def test_a_change_of_access_works_at_once(change, name: str, places, world: World) -> None:
    gone = {s.word for s in world.secrets if any(place in s.place for place in places)}
    with undone():
        client = client_of(world.people[name])
        paths = reading_addresses(world)
        earlier = {path: client.get(path) for path in paths}
        seen = gone & set().union(*(words_in(answer) for answer in earlier.values()))
        change(world)
        later: dict[str, set[str]] = {}
        for path in paths:
            etag = earlier[path].get("ETag", "")
            headers = {"if-none-match": etag} if etag else {}
            answer = client.get(path, headers=headers)
            _note(later, path, answer)
            if answer.status_code == 304:
                # "You have it already" is an answer too.
                again = {word: {f"{path} (304)"} for word in words_in(earlier[path])}
                later = again | later

    assert seen
    assert {word: where for word, where in later.items() if word in seen} == {}


def reading_addresses(world: World) -> list[str]:
    """Where the meetings of the transitions are read."""
    rows = world.rows
    paths = ["/moeder/", f"/udvalg/{rows.committee.slug}/", f"/kalender/{rows.committee.slug}.ics"]
    for meeting in (rows.issued, rows.published, rows.approval, rows.locked, rows.reading):
        name = "meetings:{}".format
        pages = ("meeting_agenda", "meeting_attachments", "meeting_minutes", "meeting_ics")
        pages = (*pages, "notes_page", "notes_export")
        paths += [reverse(name(page), args=[meeting.pk]) for page in (*pages, "read_through")]
        paths += [reverse(name("item_page"), args=[meeting.pk, i.pk]) for i in meeting.items.all()]
        files = Attachment.objects.filter(item__meeting=meeting)
        for page in ("attachment_file", "read_through_file"):
            paths += [reverse(name(page), args=[meeting.pk, file.pk]) for file in files]
    return [*paths, reverse("meetings:workshop_page", args=[rows.workshop.pk])]


# Nothing is forgotten ---------------------------------------------------------------------------


def test_every_text_has_a_word_or_a_reason(world: World) -> None:
    texts = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in APPS_WITH_TEXTS
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
    }
    stored = {f"{label}" for label in texts if _holds_a_word(label)}
    excused = {t for t in texts if t in HARMLESS or t.rpartition(".")[0] in HARMLESS}

    assert texts - stored - excused == set()


def _holds_a_word(label: str) -> bool:
    model_label, _dot, field = label.rpartition(".")
    values = apps.get_model(model_label)._default_manager.values_list(field, flat=True)
    return any(words(json.dumps(value, default=str)) for value in values)


def test_the_reasons_are_about_texts_that_exist() -> None:
    labels = {model._meta.label for model in apps.get_models()}
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
    }

    assert set(HARMLESS) <= labels | fields


def test_stored_names_and_bytes_are_seeded(world: World) -> None:
    """Also what no page shows as such: a file's bytes, in PDF and in DOCX."""
    kinds = {
        file.media_type.rpartition("/")[2].rpartition(".")[2]
        for file in StoredFile.objects.all()
        if words_in_bytes(file.read())
    }

    assert {"pdf", "document"} <= kinds
