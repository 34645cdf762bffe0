"""Every address of the product in the world of `tests.world`, with a valid body to post.

A name in brackets tells cases of one pattern apart: `meetings:meeting_move[lock]`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ethics.models import Condition, ConditionEvidence, Guideline, GuidelineSection
from ethics.selectors.dilemmas import body_hash
from ethics.services.amendments import mark_of
from ethics.services.guidelines import current_version, draft_hash
from reports.selectors.handover import open_work
from reports.selectors.personal_data import preview_sha256
from tests.factories import PASSWORD, day
from tests.world import World, text_pdf
from usecases.models import Comment
from usecases.services.citizens import link_token

TABLE = Path(__file__).with_name("permissions.csv")
OWN_NAMESPACES = {"", "core", "committee", "ethics", "meetings", "portal", "reports", "usecases"}
OUR_APPS = ("core", "committee")
NO_OBJECT = "-"
# What a variant of each kind of row is in the world.
MEETINGS = {"open": "issued", "draft": "draft", "other": "other", "deleted": "cancelled"}
RUNNING = {**MEETINGS, "open": "running"}
ITEMS = {
    "open": ("issued", "open"),
    "closed": ("issued", "closed"),
    "draft": ("issued", "draft_item"),
    "other": ("other", "other_item"),
    "deleted": ("issued", "deleted"),
}
FILES = {
    "open": ("issued", "open_file"),
    "closed": ("issued", "closed_file"),
    "draft": ("issued", "draft_file"),
    "other": ("other", "other_file"),
    "deleted": ("issued", "deleted_file"),
}
READ_THROUGHS = {"open": "reading", "draft": "draft", "other": "other", "deleted": "cancelled"}
DRAFT_FILES = {
    "open": ("reading", "reading_file"),
    "closed": ("reading", "reading_closed_file"),
    "draft": ("draft", "draft_open_file"),
    "other": ("other", "other_file"),
    "deleted": ("reading", "deleted_file"),
}
COMMENTS = {"open": ("reading", "comment"), "other": ("other", "other_comment")}
WORKSHOPS = {"open": "workshop", "draft": "draft_workshop", "other": "other"}
ROUNDS = {"open": "round", "closed": "closed_round", "other": "other_round"}
MOTIONS = {
    "open": ("running", "running_item", "motion"),
    "other": ("other", "other_item", "other_motion"),
}
VOTE_ROUNDS = {
    "open": ("voting", "voting_item", "vote_round"),
    "closed": ("voting", "voting_closed", "secret_round"),
    "other": ("other", "other_item", "other_vote_round"),
}
VOTED_ON = {
    **ITEMS,
    "open": ("voting", "voting_item"),
    "closed": ("voting", "voting_closed"),
}
RECUSALS = {"open": ("running", "running_case"), "other": ("other", "other_disqualification")}
RECUSAL_ROUNDS = {
    "open": ("voting", "secret_case", "case_round"),
    "other": ("other", "other_disqualification", "other_case_round"),
}
RECUSAL_MOVES = ("inhabil", "habil", "aabn")
MOTION_MOVES = ("aabn", "vedtaget", "forkastet", "traek", "op", "ned")
FOLLOW_UPS = {
    "open": "follow_up",
    "closed": "closed_follow_up",
    "deleted": "done_follow_up",
    "other": "other_follow_up",
}
DECISIONS = {"open": "decision", "closed": "decision_closed", "other": "decision_other"}
# Of the AI Act's assessment.
DUTY = "OB-50-1"
USE_CASES = {
    "open": "case_public",
    "closed": "case_submitted",
    "draft": "case_draft",
    "other": "case_other",
}
CASE_COMMENTS = {
    "open": ("case_public", "case_comment"),
    "closed": ("case_submitted", "case_closed_comment"),
    "other": ("case_other", "case_other_comment"),
}
SAVED_VIEWS = {"open": "shared_view", "draft": "private_view", "other": "other_view"}
RANKINGS = {"open": "ranking_open", "closed": "ranking_closed", "other": "ranking_other"}
CONDITIONS = {
    "open": ("case_decided", "condition_open"),
    "closed": ("case_public", "condition"),
    "draft": ("case_submitted", "condition_proposed"),
    "other": ("case_other", "condition_other"),
}
GUIDELINES = {"open": "guideline", "draft": "guideline_draft", "other": "guideline_other"}
GUIDELINE_SECTIONS = {
    "open": ("guideline", "guideline_section"),
    "draft": ("guideline_draft", "draft_section"),
    "other": ("guideline_other", "other_section"),
}
AMENDMENTS = {"open": "amendment", "closed": "amendment_answered", "other": "amendment_other"}
DILEMMAS = {"open": "dilemma_public", "draft": "dilemma", "other": "dilemma_other"}
REVIEWS = {"open": "review_open", "closed": "review_closed", "other": "review_other"}
REVIEW_SEATS = {
    "open": ("review_open", "review_seat"),
    "other": ("review_other", "review_other_seat"),
}
WORKS = {"open": "work_result", "closed": "work_stale", "other": "work_other"}
REVIEW_SHEETS = {
    "closed": ("review_closed", "review_sheet"),
    "other": ("review_other", "review_other_sheet"),
}
# Who has left can be erased; who sits in the committee cannot.
PEOPLE = {"open": "former_member", "closed": "member"}
REPORTS = {
    "open": "report",
    "closed": "report_sent",
    "draft": "report_draft",
    "other": "report_other",
}
REPORT_RECIPIENTS = {
    "closed": ("report_sent", "report_recipient"),
    "draft": ("report_draft", "draft_recipient"),
    "other": ("report_other", "other_recipient"),
}
REPORT_LINKS = {"closed": "report_recipient", "draft": "draft_recipient"}
CITIZENS = {"open": "citizen_waiting", "closed": "citizen_confirmed"}
# Patterns whose objects are not the usual ones of their parameters.
OBJECTS: dict[str, dict[str, Any]] = {
    "meetings:meeting_move[begin]": MEETINGS,
    "meetings:meeting_move[end]": {"open": "running"},
    "meetings:meeting_move[resume]": {"open": "running"},
    "meetings:meeting_move[send_for_approval]": {"open": "running"},
    "meetings:meeting_move[reopen_minutes]": {"open": "approval"},
    "meetings:meeting_move[lock]": {"open": "approval"},
    "meetings:meeting_live": RUNNING,
    "meetings:meeting_screen": RUNNING,
    "meetings:presence_change": RUNNING,
    "meetings:roll_call": RUNNING,
    "meetings:substitute_name": RUNNING,
    "meetings:opening_step[roll_call]": RUNNING,
    "meetings:item_take_up": {**ITEMS, "open": ("running", "running_item")},
    "meetings:item_decide": {
        **ITEMS,
        "open": ("running", "running_item"),
        "closed": ("running", "running_closed"),
    },
    "meetings:item_finish": {**ITEMS, "open": ("running", "running_closed")},
    "meetings:meeting_publish": {**MEETINGS, "open": "locked"},
    "meetings:meeting_publish_ask": {**MEETINGS, "open": "locked"},
    "meetings:agenda_publish": {**MEETINGS, "open": "held_back"},
    "meetings:agenda_publish_ask": {**MEETINGS, "open": "held_back"},
    "meetings:agenda_findings": {**MEETINGS, "open": "held_back"},
    "meetings:meeting_findings": {**MEETINGS, "open": "locked"},
    "meetings:meeting_withdraw": {**MEETINGS, "open": "published"},
    "meetings:meeting_minutes": {**MEETINGS, "open": "approval"},
    "meetings:meeting_approval": {**MEETINGS, "open": "approval"},
    "meetings:approval_deadline": {**MEETINGS, "open": "approval"},
    "meetings:correction_reply": {
        "open": ("approval", "reservation"),
        "closed": ("approval", "correction"),
        "other": ("other", "correction"),
    },
    "meetings:proof_override": {**MEETINGS, "open": "approval"},
    "meetings:addition_new": {**MEETINGS, "open": "locked"},
    "meetings:meeting_reopen": {**MEETINGS, "open": "locked"},
    "meetings:document_file[minutes]": {"open": "published", "draft": "approval"},
    "meetings:document_request[minutes]": {"open": "published", "draft": "approval"},
    "meetings:read_through_open": {**READ_THROUGHS, "open": "draft"},
    "meetings:recusal_page": {
        **RECUSALS,
        "closed": ("voting", "secret_case"),
        "draft": ("reading", "reading_case"),
    },
    "meetings:recusal_times": RECUSALS,
    **{f"meetings:recusal_move[{move}]": RECUSALS for move in RECUSAL_MOVES},
    "meetings:recusal_vote": RECUSAL_ROUNDS,
    "meetings:recusal_close": RECUSAL_ROUNDS,
    "meetings:recusal_dissent": RECUSAL_ROUNDS,
    "meetings:follow_up_new": {
        **ITEMS,
        "open": ("approval", "held_item"),
        "closed": ("approval", "held_closed"),
    },
    "meetings:item_carry": {
        **ITEMS,
        "open": ("approval", "held_item"),
        "closed": ("approval", "held_closed"),
    },
    "meetings:items_carry": MEETINGS,
    "meetings:follow_up_to_item": {
        "open": ("issued", "follow_up"),
        "closed": ("issued", "closed_follow_up"),
        "draft": ("draft", "follow_up"),
        "other": ("issued", "other_follow_up"),
        "deleted": ("issued", "done_follow_up"),
    },
    "meetings:exercise_add": WORKSHOPS,
    "meetings:note_add": {"open": ("workshop", "exercise"), "other": ("other", "other_exercise")},
    "meetings:note_to_item": {"open": ("workshop", "note"), "other": ("other", "other_note")},
    "meetings:note_remove": {
        "open": ("issued", "open", "private_note"),
        "closed": ("issued", "closed", "closed_private_note"),
        "other": ("other", "other_item", "other_private_note"),
    },
    "meetings:workshop_page": WORKSHOPS,
    "meetings:read_through": READ_THROUGHS,
    "meetings:read_through_file": DRAFT_FILES,
    "meetings:read_through_settle": COMMENTS,
    **{f"meetings:motion_move[{move}]": MOTIONS for move in MOTION_MOVES},
    "meetings:item_votes": VOTED_ON,
    "meetings:motion_add": VOTED_ON,
    "meetings:adopted_text_use": VOTED_ON,
    "meetings:vote_cast": VOTE_ROUNDS,
    "meetings:vote_close": VOTE_ROUNDS,
    "meetings:dissent_write": {**VOTE_ROUNDS, "open": ("voting", "voting_item", "lost_round")},
    "committee:committee_page": {"open": "committee", "other": "closed_body"},
    "committee:deliverable_edit": {
        "open": ("committee", "deliverable"),
        "other": ("closed_body", "other_deliverable"),
    },
    "committee:municipality_logo": {"open": "municipality"},
    # mandate
    **{
        f"reports:{name}": {"open": "committee", "other": "closed_body"}
        for name in ("mandate_progress", "revisit_new", "hand_over")
    },
    "reports:hand_over_page": {
        "open": ("committee", "handed_over"),
        "other": ("closed_body", "other_handed_over"),
    },
    "meetings:calendar_public": {"open": "committee", "other": "closed_body"},
    "meetings:calendar_personal": {"open": "member"},
    **{f"reports:{name}": REPORT_LINKS for name in ("link_page", "link_open", "link_file")},
    "usecases:citizen_confirm": CITIZENS,
    "usecases:citizen_status": CITIZENS,
    "ethics:conditions_page": {**USE_CASES, "deleted": "case_decided"},
    "ethics:evidence_file": {
        "closed": ("case_public", "condition", "condition_evidence"),
        "other": ("case_other", "condition_other", "condition_evidence"),
    },
    "account_reset_password_from_key": {NO_OBJECT: ()},
}
CASES = {
    "meetings:meeting_move": (
        "begin", "end", "resume", "send_for_approval", "reopen_minutes", "lock",
    ),
    "meetings:opening_step": ("roll_call",),
    "meetings:motion_move": MOTION_MOVES,
    "meetings:recusal_move": RECUSAL_MOVES,
    "ethics:questions_section": ("E",),
    "ethics:sheet_section": ("E",),
    "ethics:sheet_draft": ("E",),
    "ethics:review_step": ("spoerg", "aabn-ark", "indstil", "annuller"),
    "ethics:questions_draft": ("E",),
    "reports:report_act": ("hent-tal", "til-godkendelse", "send", "offentliggoer"),
    "reports:recipient_act": ("fjern", "send-igen"),
    "usecases:section_edit": ("idea",),
    "usecases:section_draft": ("idea",),
    "meetings:decision_export": ("csv", "xlsx", "json"),
    "usecases:export_file": ("csv", "json"),
    "usecases:export_gaps": ("nl",),
    "usecases:case_fact": ("klassifikation",),
    "usecases:case_move": ("tag-op",),
    "ethics:condition_move": ("frafald", "genaabn", "saet-i-kraft", "traek-tilbage", "udelad"),
    "ethics:aiact_block": ("oplysning",),
    "ethics:aiact_block_draft": ("oplysning",),
    "ethics:aiact_duty": (DUTY,),
    "ethics:aiact_duty_verify": (DUTY,),
    "meetings:document_file": ("agenda", "pack", "minutes"),
    "meetings:document_request": ("agenda", "pack", "minutes"),
}  # fmt: skip
BY_PARAMETERS: dict[tuple[str, ...], dict[str, Any]] = {
    ("meeting_id",): MEETINGS,
    ("meeting_id", "kind"): MEETINGS,
    ("meeting_id", "item_id"): ITEMS,
    ("meeting_id", "attachment_id"): FILES,
    ("round_id",): ROUNDS,
    ("follow_up_id",): FOLLOW_UPS,
    ("decision_id",): DECISIONS,
    ("ranking_id",): RANKINGS,
    ("report_id",): REPORTS,
    ("report_id", "act"): REPORTS,
    ("report_id", "recipient_id"): REPORT_RECIPIENTS,
    ("report_id", "recipient_id", "act"): REPORT_RECIPIENTS,
    ("case_id",): USE_CASES,
    ("case_id", "section"): USE_CASES,
    ("token",): SAVED_VIEWS,
    ("case_id", "part"): USE_CASES,
    ("case_id", "fact"): USE_CASES,
    ("case_id", "move"): USE_CASES,
    ("case_id", "block"): USE_CASES,
    ("case_id", "code"): USE_CASES,
    ("replay_id",): {"open": "ai_act_replay", "other": "other_ai_act_replay"},
    ("case_id", "number"): CASE_COMMENTS,
    ("case_id", "condition_no"): CONDITIONS,
    ("case_id", "condition_no", "act"): CONDITIONS,
    ("guideline",): GUIDELINES,
    ("guideline", "number"): GUIDELINE_SECTIONS,
    ("amendment_id",): AMENDMENTS,
    ("dilemma_id",): DILEMMAS,
    ("package_id",): {
        "open": "archive_public",
        "closed": "archive_full",
        "other": "archive_other",
    },
    ("import_id",): {"open": "case_import", "other": "other_import"},
    ("review_id",): REVIEWS,
    ("person_id",): PEOPLE,
    ("review_id", "part"): REVIEWS,
    ("review_id", "step"): REVIEWS,
    ("review_id", "assignment_id"): REVIEW_SEATS,
    ("review_id", "sheet_id"): REVIEW_SHEETS,
    ("work_id",): WORKS,
    ("format_name",): {NO_OBJECT: ()},
    (): {NO_OBJECT: ()},
}


# Addresses with a secret part.
BY_TOKEN: dict[str, Callable[[Any], str]] = {
    "meetings:calendar_personal": lambda person: person.calendar_token,
    **{
        f"reports:{name}": lambda recipient: recipient.token
        for name in ("link_page", "link_open", "link_file")
    },
    "usecases:citizen_confirm": link_token,
    "usecases:citizen_status": lambda proposal: proposal.status_token,
}


def patterns(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every named pattern, with its namespace."""
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            inner = ":".join(filter(None, (namespace, found.namespace)))
            yield from patterns(found, inner)
        else:
            yield f"{namespace}:{found.name}" if namespace else f"{found.name}", found


def own_patterns() -> dict[str, URLPattern]:
    """Those of our own apps, with the account pages and the language."""
    found = patterns()
    return {name: p for name, p in found if name.rpartition(":")[0] in OWN_NAMESPACES}


def admin_names() -> list[str]:
    """The index and three pages of everything that can be administered."""
    models = [model._meta for model in admin.site._registry]
    pages = ("changelist", "add", "change")
    names = [f"admin:{m.app_label}_{m.model_name}_{page}" for m in models for page in pages]
    return ["admin:index", *sorted(names)]


def case_names() -> list[str]:
    """Every url_name that the table must have."""
    names = []
    for name in own_patterns():
        names += [f"{name}[{case}]" for case in CASES[name]] if name in CASES else [name]
    return names + admin_names()


def split(name: str) -> tuple[str, str]:
    """The pattern's name and the case in brackets."""
    pattern, _bracket, case = name.rstrip("]").partition("[")
    return pattern, case


def objects_of(name: str) -> dict[str, Any]:
    """Variant → the names of its rows in the world."""
    if name.startswith("admin:"):
        return {NO_OBJECT: ()}
    if name in OBJECTS:
        return OBJECTS[name]
    pattern = own_patterns()[split(name)[0]]
    parameters = tuple(pattern.pattern.converters)
    if parameters == ("meeting_id",) and "gennemlaesning" in str(pattern.pattern):
        return READ_THROUGHS
    return BY_PARAMETERS[parameters]


def rows_of(world: World, name: str, variant: str) -> list[Any]:
    """The rows an address is about, outermost first."""
    names = objects_of(name)[variant]
    names = (names,) if isinstance(names, str) else names
    return [getattr(world.rows, key, None) or world.people[key] for key in names]


def address(world: World, name: str, variant: str) -> str:
    """Where the page is."""
    if name.startswith("admin:"):
        return _admin_address(world, name)
    pattern, case = split(name)
    rows = rows_of(world, name, variant)
    if pattern == "account_reset_password_from_key":
        return reverse(pattern, kwargs={"uidb36": "1", "key": "set-password"})
    if pattern in BY_TOKEN:
        return reverse(pattern, args=[BY_TOKEN[pattern](rows[0])])
    if pattern == "core:brand_css":
        return reverse(pattern) + "?v=0b4f5c"
    arguments = [_argument(pattern, row) for row in rows] + ([case] if case else [])
    return reverse(pattern, args=arguments)


def _argument(pattern: str, row: Any) -> Any:
    if isinstance(row, Comment | Condition | ConditionEvidence | GuidelineSection):
        return row.number
    if isinstance(row, Guideline):
        return row.slug
    by_slug = pattern.rsplit(":", maxsplit=1)[-1] in {
        "committee_page",
        "deliverable_edit",
        "mandate_progress",
        "revisit_new",
        "hand_over",
        "hand_over_page",
        "calendar_public",
    }
    return row.slug if by_slug and hasattr(row, "slug") else row.pk


def _admin_address(world: World, name: str) -> str:
    if not name.endswith("_change"):
        return reverse(name)
    label = name.removeprefix("admin:").removesuffix("_change")
    app, _underscore, model = label.rpartition("_")
    first = apps.get_model(app, model)._default_manager.order_by("pk").first()
    return reverse(name, args=[first.pk if first else 1])


# What is posted -------------------------------------------------------------------------

LATER = "20 11 2030"
HEAD = {
    "title": "Et nyt punkt",
    "kind": "decision",
    "access": "open",
    "public_title": "",
    "closing_ground": "",
    "closing_reason": "",
    "case_id": "",
    "presenter": "",
    "minutes": "10",
}
MEETING = {
    "kind": "ordinary",
    "day": LATER,
    "begins": "17.00",
    "ends": "20.00",
    "place": "Salen",
    "online_link": "",
    "title": "",
}
MINUTES = """REFERAT Udvalget den {day}

Mødedato: {day} kl. 16:30

Punkt 1: Første sag

1 (Åben) Første sag

Resumé
Sagen kort.

Beslutninger
Drøftet.
"""
Body = Callable[[World, list[Any]], dict[str, Any]]


def _kept_head(row: Any) -> dict[str, Any]:
    """The item's head as it stands, so that only the rest is changed."""
    return {name: getattr(row, name) or "" for name in HEAD}


def _version(item: Any) -> int:
    """Of the text that is written on."""
    text = item.texts.filter(key="summary").first()
    return text.version if text else 0


def _other_case(world: World, case: Any) -> Any:
    rows = world.rows
    return rows.case_submitted if case == rows.case_public else rows.case_public


def _order(world: World, rows: list[Any]) -> dict[str, Any]:
    return {"order": [item.pk for item in reversed(rows[0].items.on_agenda())]}


def _hand_over(world: World) -> dict[str, Any]:
    """Everything that the secretariat sees."""
    listing = open_work(world.rows.committee, world.people["secretariat"])
    return {
        "til": world.rows.successor.slug,
        "seen": listing.mark,
        "decision": "Kommunalbestyrelsen, punkt 7",
        "take": [bundle.thing.key for bundle in listing.bundles],
    }


def _answers(case: Any) -> dict[str, Any]:
    """A part of the questionnaire, seen at the newest version."""
    sheet = case.questionnaires.get()
    texts = {"E1_reason": "120 er prøvet.", "E1_evidence": "", "E2_reason": "", "E2_evidence": ""}
    return {"version": sheet.version, "ref": "etik@1", "E1": "2", "E2": "no", **texts}


DECIDED = {"meeting": "3. møde", "item": "2", "decided_on": "03 12 2025", "link": ""}
SHEET_PART = {"E1": "2", "E1_reason": "Prøvet.", "E1_evidence": "", "E2": "no"}
BODIES: dict[str, Body] = {
    "reports:dossier_page": lambda w, r: {"sort": "pdf"},
    "reports:own_data": lambda w, r: {"sort": "json"},
    "reports:person_page": lambda w, r: {"sort": "json"},
    "reports:person_erase": lambda w, r: {
        "act": "ask",
        "keeps_name": "1",
        "seen": preview_sha256(r[0]),
    },
    "reports:report_plan": lambda w, r: {
        "recipient_name": "Byrådet",
        "starts_on": "01 01 2026",
        "months": "3",
        "meets_after_days": "28",
        "deadline_days": "12",
        "draft_days": "14",
    },
    "reports:report_new": lambda w, r: {
        "kind": "status",
        "recipient_name": "Byrådet",
        "period_from": "01 01 2026",
        "period_to": "31 03 2026",
    },
    "reports:report_edit": lambda w, r: {"foreword": "Nyt forord", "version": r[0].version},
    "reports:report_draft": lambda w, r: {"foreword": "Nyt", "version": r[0].version},
    "reports:report_item": lambda w, r: {"meeting": w.rows.draft.pk, "minutes": "20"},
    "reports:report_dates": lambda w, r: {"recipient_name": "Byrådet", "due_on": LATER},
    "reports:report_approve": lambda w, r: {"sha256": r[0].sha256},
    "reports:report_recipients": lambda w, r: {"name": "Ny", "email": "ny@example.dk"},
    "reports:recipient_edit": lambda w, r: {"name": "Ny", "email": "ny@example.dk"},
    "reports:recipient_bounce": lambda w, r: {"words": "Postkassen er fuld"},
    "ethics:guideline_new": lambda w, r: {"title": "En ny retningslinje"},
    "ethics:guideline_adopt": lambda w, r: (
        DECIDED | {"expected": draft_hash(current_version(r[0]))}
    ),
    "ethics:section_new": lambda w, r: {"heading": "Nyt afsnit", "text": "Tekst"},
    "ethics:section_edit": lambda w, r: {
        "heading": "Andet",
        "text": "Tekst",
        "revision": r[1].revision,
    },
    "ethics:section_draft": lambda w, r: {"heading": "Andet", "text": "T", "revision": "2"},
    "ethics:amendment_new": lambda w, r: {
        "text": "Anderledes",
        "reason": "Fordi.",
        "seen": mark_of(r[1].text),
    },
    "ethics:amendment_answer": lambda w, r: (
        DECIDED | {"outcome": "accept", "answer": "", "texts": r[0].texts_count}
    ),
    "ethics:amendment_rebase": lambda w, r: {
        "text": "Anderledes",
        "seen": mark_of(w.rows.guideline_section.text),
    },
    "ethics:dilemma_new": lambda w, r: {"title": "Nyt", "situation": "Sådan", "section": ""},
    "ethics:dilemma_edit": lambda w, r: {
        "title": "Nyt",
        "situation": "Sådan",
        "section": "",
        "state": "open",
        "stance": "",
        "version": r[0].version,
    },
    "ethics:argument_new": lambda w, r: {"side": "for", "text": "Ja.", "source": ""},
    "ethics:dilemma_publish": lambda w, r: {"expected": body_hash(r[0])},
    "ethics:hearing_open": lambda w, r: {
        "parties": ["med", "follow_group"],
        "questions": "Hvad mener I?",
        "deadline": LATER,
    },
    "ethics:hearing_reply": lambda w, r: {
        "answer-1": "Vi mener ja.",
        "who": "Hoved-MED",
        "answered_on": "03 12 2025",
    },
    "ethics:hearing_close": lambda w, r: {"summary": "Vist", "account": "Brugt", "seen": "2"},
    "ethics:hearing_cancel": lambda w, r: {"reason": "Forkert sag."},
    "ethics:questions_section": lambda w, r: _answers(r[0]),
    "ethics:questions_draft": lambda w, r: _answers(r[0]),
    "ethics:review_new": lambda w, r: {"kind": "law_change", "reason": "Ny lov."},
    "ethics:review_declare": lambda w, r: {"answer": "no"},
    "ethics:review_deadline": lambda w, r: {"deadline": day(20).strftime("%d %m %Y")},
    "ethics:review_people": lambda w, r: {"reviewer": w.people["follow_group"].pk},
    "ethics:review_release": lambda w, r: {"reason": "Syg."},
    "ethics:review_step": lambda w, r: {"reason": "Vi mangler noget."},
    "ethics:sheet_section": lambda w, r: SHEET_PART,
    "ethics:sheet_draft": lambda w, r: SHEET_PART,
    "ethics:sheet_seal": lambda w, r: {"recommendation": "recommend"},
    "ethics:sheet_add": lambda w, r: {"text": "Mere.", "reason": "Nyt."},
    "ethics:review_discussion": lambda w, r: {"note-E1": "Drøftet."},
    "ethics:questions_renew": lambda w, r: {"ref": "etik@1"},
    "usecases:cases_act": lambda w, r: {
        "case": [w.rows.case_submitted.pk, w.rows.case_other.pk],
        "act": "take_up",
        "confirm": "1",
    },
    "usecases:board_move": lambda w, r: {"move": "tag-op", "status": r[0].status},
    "usecases:view_new": lambda w, r: {"name": "Ny visning", "liste": "status=pilot"},
    "usecases:view_edit": lambda w, r: {"name": "Nyt navn"},
    "committee:choose_committee": lambda w, r: {"committee": "aaben"},
    "committee:deliverable_edit": lambda w, r: {"status": "done"},
    "reports:revisit_new": lambda w, r: {
        "due_on": str(day(400)),
        "held_on": day(0).strftime("%d %m %Y"),
        "outcome": "upheld",
        "text": "Det virker.",
        "decided_by": "Kommunalbestyrelsen",
    },
    "reports:hand_over": lambda w, r: _hand_over(w),
    "committee:view_as": lambda w, r: {"who": "citizen", "committee": "aaben"},
    "meetings:meeting_new": lambda w, r: MEETING,
    "meetings:meeting_import": lambda w, r: {
        "file": SimpleUploadedFile(
            "referat.txt", MINUTES.format(day=day(-3).strftime("%d-%m-%Y")).encode()
        )
    },
    "meetings:verify_page": lambda w, r: {
        "file": SimpleUploadedFile("x.pdf", text_pdf("Ukendt"), "application/pdf")
    },
    "meetings:meeting_edit": lambda w, r: MEETING | {"version": r[0].version},
    "meetings:meeting_cancel": lambda w, r: {"reason": "Salen er optaget."},
    "meetings:meeting_approval": lambda w, r: {"answer": "approve", "version": 1},
    "meetings:approval_deadline": lambda w, r: {"due_on": LATER, "due_time": "12.00"},
    "meetings:correction_reply": lambda w, r: {"accepted": "yes", "text": "Det er rettet."},
    "meetings:unplaced_save": lambda w, r: {"was": r[0].unplaced, "text": ""},
    "meetings:addition_new": lambda w, r: {
        "text": "Der skulle stå 12.",
        "public_text": "Et tal er rettet.",
        "reason": "Slåfejl.",
    },
    "meetings:meeting_reopen": lambda w, r: {"act": "approve"},
    "meetings:agenda_withdraw": lambda w, r: {"reason": "En fejl."},
    "meetings:meeting_withdraw": lambda w, r: {"reason": "En fejl."},
    "meetings:meeting_answer": lambda w, r: {"coming": "yes", "note": ""},
    "meetings:meeting_issue": lambda w, r: {"expected": r[0].agenda_version + 1, "note": "Ny"},
    "meetings:presence_change": lambda w, r: {"member": w.people["member"].pk, "move": "come"},
    "meetings:roll_call": lambda w, r: {f"status-{w.people['member'].pk}": "present"},
    "meetings:substitute_name": lambda w, r: {
        "member": w.people["member"].pk,
        "email": w.people["outsider"].email,
    },
    "meetings:meeting_people": lambda w, r: {f"status-{w.people['member'].pk}": "present"},
    "meetings:items_order": _order,
    "meetings:item_new": lambda w, r: HEAD,
    "meetings:item_edit": lambda w, r: (
        _kept_head(r[1])
        | {"version": r[1].version, "text-summary": "Ny tekst", "base-summary": _version(r[1])}
    ),
    "meetings:item_draft": lambda w, r: {"text-summary": "Ny tekst", "base-summary": "2"},
    "meetings:item_decide": lambda w, r: {"outcome": "adopted", "text": "Vi gør det.", "base": "0"},
    "meetings:item_move": lambda w, r: {"way": "ned"},
    "meetings:item_disqualify": lambda w, r: {"grounds": "Min bror er part i sagen."},
    "meetings:recusal_raise": lambda w, r: {
        "member": w.people["member"].pk,
        "grounds": "Hans bror er part i sagen.",
    },
    "meetings:recusal_vote": lambda w, r: {"choice": "for"},
    "meetings:recusal_times": lambda w, r: {"left": "", "returned": ""},
    "meetings:motion_add": lambda w, r: {
        "kind": "main",
        "proposer": w.people["member"].pk,
        "text": "Vi gør det.",
    },
    "meetings:vote_cast": lambda w, r: {"choice": "for"},
    "meetings:dissent_write": lambda w, r: {
        "text": "Det er for tidligt.",
        "member": w.people["member"].pk,
    },
    "meetings:attachment_new": lambda w, r: {
        "file": SimpleUploadedFile("nyt.pdf", text_pdf("Nyt"), "application/pdf"),
        "title": "Nyt bilag",
        "access": "",
    },
    "meetings:attachment_edit": lambda w, r: {"title": "Et andet navn", "access": "closed"},
    "meetings:read_through_open": lambda w, r: {
        "readers": [w.people["member"].pk],
        "due_on": LATER,
        "due_time": "12.00",
    },
    "meetings:read_through_comment": lambda w, r: {"text": "Et forslag.", "item": ""},
    "meetings:read_through_settle": lambda w, r: {"settled": "1"},
    "meetings:round_new": lambda w, r: {
        "title": "Om ambitionen",
        "question": "Hvad mener du?",
        "asks": ["members"],
        "meeting": w.rows.issued.pk,
        "due_on": day(5).strftime("%d %m %Y"),
        "due_time": "12.00",
    },
    "meetings:round_page": lambda w, r: {"text": "Det mener jeg."},
    "meetings:round_draft": lambda w, r: {"text": "Det mener"},
    "meetings:round_close": lambda w, r: {"item": w.rows.open.pk, "access": "closed"},
    "reports:archive_new": lambda w, r: {
        "committee": w.rows.committee.pk,
        "period_from": "01 01 2026",
        "period_to": "31 12 2026",
        "edition": "public",
    },
    "meetings:follow_up_new": lambda w, r: {
        "text": "Gør det",
        "owner_unit": "IT",
        "due_on": LATER,
    },
    "meetings:follow_up_edit": lambda w, r: {
        "text": "Gør det nu",
        "owner_unit": "IT",
        "due_on": LATER,
        "version": r[0].version,
    },
    "meetings:follow_up_page": lambda w, r: {"text": "Halvvejs."},
    "meetings:follow_up_drop": lambda w, r: {"reason": "Ikke nødvendigt."},
    "meetings:exercise_add": lambda w, r: {"reference": "ai-mareridt@1"},
    "meetings:note_add": lambda w, r: {"group": "Bord 1", "prompt": "", "text": "En note."},
    "meetings:note_to_item": lambda w, r: {"title": "Fra noten", "meeting": w.rows.issued.pk},
    "meetings:note_save": lambda w, r: {"text": "En note til mig selv."},
    "meetings:note_draft": lambda w, r: {"text": "En halv note"},
    "meetings:note_remove": lambda w, r: {"version": r[2].version},
    "ethics:aiact_try": lambda w, r: {"shown": "SC-01", "q_SC-01": "no"},
    "ethics:aiact_block": lambda w, r: {
        "shown": "T-01",
        "q_T-01": "no",
        "version": getattr(r[0].ai_act_assessments.filter(state="draft").first(), "version", 0),
    },
    "ethics:aiact_block_draft": lambda w, r: {"shown": "T-01", "r_T-01": "En halv"},
    "ethics:aiact_conclude": lambda w, r: {"version": 1},
    "ethics:aiact_duty": lambda w, r: {"kind": "evidence", "text": "Et andet notat"},
    "ethics:aiact_duty_verify": lambda w, r: {
        "evidence": getattr(r[0].ai_act_evidence.first(), "pk", 0)
    },
    "ethics:aiact_replays": lambda w, r: {"ruleset": "ai_act@1"},
    "usecases:case_new": lambda w, r: {"title": "Et nyt forslag", "problem": "Et problem"},
    "usecases:case_new_draft": lambda w, r: {"title": "Et halvt"},
    "usecases:similar_cases": lambda w, r: {"title": "forslag"},
    "usecases:section_edit": lambda w, r: {
        "title": "En ny titel",
        "problem": "Et nyt problem",
        "version": r[0].version,
    },
    "usecases:section_draft": lambda w, r: {"title": "En halv titel"},
    "usecases:case_similar": lambda w, r: {"similar_answer": "none", "similar_note": ""},
    "usecases:case_decide": lambda w, r: {
        "decision": "reject",
        "body": "Økonomiudvalget",
        "on": day(-1).strftime("%d %m %Y"),
        "access": "open",
        "reasons": "Fordi.",
    },
    "usecases:case_discussion": lambda w, r: {"text": "En ny kommentar"},
    "usecases:comment_draft": lambda w, r: {"text": "En halv kommentar"},
    "usecases:comment_edit": lambda w, r: {"text": "En anden kommentar", "version": r[1].version},
    "usecases:comment_remove": lambda w, r: {"reason": "Personoplysninger"},
    "usecases:case_seen": lambda w, r: {"shown": "1"},
    "usecases:case_follow": lambda w, r: {"follows": "1"},
    "usecases:case_merge": lambda w, r: {
        "into": _other_case(w, r[0]).pk,
        "reason": "Det samme",
    },
    "usecases:case_split": lambda w, r: {"title": "En del", "problem": "", "reason": "To idéer"},
    "usecases:import_new": lambda w, r: {
        "file": SimpleUploadedFile("landkort.csv", b"Projekttitel;Kommune\nPost;Vejle\n")
    },
    "ethics:condition_new": lambda w, r: {
        "text": "Der skal logges.",
        "gate": "pilot",
        "owner": w.people["member"].pk,
        "due_on": LATER,
        "source": "decision",
    },
    "ethics:condition_take": lambda w, r: {"condition": w.rows.condition_open.pk},
    "ethics:condition_edit": lambda w, r: {
        "text": "Der skal logges i et år.",
        "gate": "pilot",
        "owner": w.people["member"].pk,
        "due_on": LATER,
        "version": r[1].version,
    },
    "ethics:condition_evidence": lambda w, r: {"text": "Vi har slået det til."},
    "ethics:condition_verify": lambda w, r: {"evidence": 1, "verdict": "verify"},
    "ethics:condition_move": lambda w, r: {
        "reason": "Fordi.",
        "body": "Økonomiudvalget",
        "on": day(-1).strftime("%d %m %Y"),
    },
    "usecases:case_fact": lambda w, r: {"tier": "minimal", "ruleset": "ai_act@1"},
    "usecases:case_score": lambda w, r: {
        "value": "3",
        "feasibility": "4",
        "risk": "1",
        "reason": "Fordi.",
    },
    "usecases:ranking_round_new": lambda w, r: {
        "title": "Runde",
        "votes_each": "4",
        "most_per_case": "3",
        "closes_on": LATER,
        "closes_time": "12.00",
        "cases": [w.rows.case_submitted.pk, w.rows.case_title.pk],
    },
    "usecases:ranking_round": lambda w, r: {f"votes_{r[0].entries.first().pk}": "1"},
    "usecases:citizen_form": lambda w, r: {
        "title": "Et forslag",
        "problem": "Et problem",
        "helps": "Alle",
        "name": "Bodil",
        "email": "bodil@example.dk",
    },
    "account_login": lambda w, r: {"login": w.people["outsider"].email, "password": PASSWORD},
    "account_reset_password": lambda w, r: {"email": "ukendt@example.dk"},
    "account_change_password": lambda w, r: {
        "oldpassword": PASSWORD,
        "password1": "en-helt-ny-kode-7",
        "password2": "en-helt-ny-kode-7",
    },
    "set_language": lambda w, r: {"language": "en", "next": "/"},
}


def body(world: World, name: str, variant: str) -> dict[str, Any]:
    """A valid body for a POST to the address."""
    if name.startswith("admin:"):
        return {}
    make = BODIES.get(split(name)[0])
    return dict(make(world, rows_of(world, name, variant))) if make else {}
