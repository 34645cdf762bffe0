"""One sample address of every page: what the crawl of `test_pages.py` visits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from committee.models import Committee, User
from core.admin import ReadOnlyAdmin
from core.models import Work
from demo.ethics import seed_guidelines
from demo.meetings import seed_meetings
from demo.reports_status import seed_reports
from demo.usecases import seed_cases
from ethics.ai_act import classify
from ethics.models import (
    AiActAssessment,
    AiActReplay,
    AiActReplayRow,
    Amendment,
    Dilemma,
    ObligationEvidence,
    ReviewRound,
)
from ethics.questionnaire import current
from ethics.services.aiact import save_answers
from ethics.services.conditions import add_condition
from ethics.services.hearings import open_hearing
from ethics.services.reviewers import assign_reviewer
from meetings.enums import MeetingKind
from meetings.models import Disqualification, FollowUp, InputRound, Meeting
from meetings.services.disqualification import declare_disqualified
from meetings.services.follow_ups import create_follow_up
from meetings.services.planning import create_meeting
from meetings.services.read_through import open_read_through
from meetings.services.rounds import open_round
from meetings.services.workshops import add_exercise, write_note
from reports.models import ArchivePackage, Report, ReportRecipient
from reports.services.archive import request_package
from tests.ethics.ai_act_scenes import CHATBOT, complete
from tests.factories import day, days
from tests.usecases.scenes import values_for
from usecases.models import CaseImport, RankingRound, SavedView, UseCase
from usecases.record import record
from usecases.services.discussion import edit_comment, write_comment
from usecases.services.moves import move_case
from usecases.services.ranking import open_ranking, score_case
from usecases.services.texts import answer_similar, create_case
from usecases.services.views import save_view

# Not pages: they only take a POST, or answer with a file, a feed or data.
NOT_PAGES = frozenset(
    [
        "account_reset_password_from_key",
        "ethics:aiact_block_draft",
        "ethics:aiact_duty_verify",
        "ethics:aiact_replay_apply",
        "committee:choose_committee",
        "committee:municipality_logo",
        "core:brand_css",
        "core:healthz",
        "core:readyz",
        "core:work_cancel",
        "core:work_dismiss",
        "core:work_file",
        "core:work_retry",
        "ethics:section_draft",
        # Only after a hand-over, which nobody has carried out in the demo.
        "reports:hand_over_page",
        "meetings:adopted_text_use",
        "meetings:unplaced_save",
        "meetings:proof_override",
        "meetings:correction_reply",
        "meetings:approval_deadline",
        "meetings:agenda_approve",
        "meetings:attachment_edit",
        "meetings:attachment_file",
        "meetings:attachment_remove",
        "meetings:calendar_personal",
        "meetings:calendar_public",
        "meetings:calendar_renew",
        "meetings:decision_export",
        "meetings:dissent_write",
        "meetings:document_request",
        "meetings:exercise_add",
        "meetings:follow_up_finish",
        "reports:archive_check",
        "reports:archive_file",
        "reports:hand_off_file",
        "meetings:follow_up_to_item",
        "meetings:item_carry",
        "meetings:item_draft",
        "meetings:item_draft_discard",
        "meetings:item_move",
        "meetings:items_carry",
        "meetings:items_order",
        "meetings:item_decide",
        "meetings:item_finish",
        "meetings:item_take_up",
        "meetings:opening_step",
        "meetings:presence_change",
        "meetings:recusal_close",
        "meetings:recusal_dissent",
        "meetings:recusal_move",
        "meetings:recusal_times",
        "meetings:recusal_vote",
        "meetings:roll_call",
        "meetings:meeting_announce",
        "meetings:meeting_ics",
        "meetings:agenda_findings",
        "meetings:agenda_publish_ask",
        "meetings:issue_findings",
        "meetings:meeting_findings",
        "meetings:meeting_move",
        "meetings:motion_add",
        "meetings:motion_move",
        "meetings:meeting_publish_ask",
        "meetings:note_add",
        "meetings:note_draft",
        "meetings:note_remove",
        "meetings:note_save",
        "meetings:note_to_item",
        "meetings:notes_export",
        "meetings:notes_pack",
        "meetings:read_through_close",
        "meetings:read_through_comment",
        "meetings:read_through_done",
        "meetings:read_through_file",
        "meetings:read_through_open",
        "meetings:read_through_remind",
        "meetings:read_through_settle",
        "meetings:round_close",
        "meetings:round_draft",
        "meetings:round_remind",
        "meetings:substitute_name",
        "meetings:vote_cast",
        "meetings:vote_close",
        "ethics:questions_draft",
        "ethics:sheet_draft",
        "portal:news_read",
        "reports:link_file",
        "reports:link_open",
        "reports:recipient_act",
        "reports:report_act",
        "reports:report_approve",
        "reports:report_draft",
        "reports:report_file_request",
        "set_language",
        "ethics:condition_take",
        "ethics:evidence_file",
        "ethics:review_result_request",
        # The sample review is in screening, so it has no sheet that could be added to.
        "ethics:sheet_add",
        "ethics:snapshot_take",
        "usecases:board_move",
        "usecases:case_follow",
        "usecases:case_new_draft",
        "usecases:case_seen",
        "usecases:cases_act",
        "usecases:citizen_confirm",
        "usecases:citizen_status",
        "usecases:comment_draft",
        "usecases:ranking_round_close",
        "usecases:section_draft",
        "usecases:export_file",
        "usecases:export_schema",
        "usecases:import_held",
        "usecases:import_run",
        "usecases:similar_cases",
        "usecases:view_delete",
        "usecases:view_open",
    ]
)


@dataclass(frozen=True)
class World:
    """The demo's meetings, a workshop, a read-through and a round of input."""

    committee: Committee
    published: Meeting
    issued: Meeting
    draft: Meeting
    workshop: Meeting
    round: InputRound
    follow_up: FollowUp
    case: Disqualification
    draft_case: UseCase
    submitted_case: UseCase
    ranking: RankingRound


def build_world(committee: Committee) -> World:
    by = User.objects.get(username="sekretariat")
    _first, published, _approval, issued, draft = seed_meetings(committee, "meeting")
    starts, ends = days(40).replace(hour=17), days(40).replace(hour=20)
    workshop = create_meeting(
        committee=committee, starts_at=starts, ends_at=ends, kind=MeetingKind.WORKSHOP, by=by
    )
    exercise = add_exercise(meeting=workshop, reference="ai-mareridt@1", by=by)
    write_note(exercise=exercise, group="Gruppe 1", text="Et system uden en chef.", by=by)
    readers = list(User.objects.filter(username__in=["formand", "foelgegruppe"]))
    open_read_through(meeting=draft, readers=readers, due_at=days(2), by=by)
    input_round = open_round(
        meeting=draft, title="Ambitionen", question="Hvad mangler?", closes_at=days(5), by=by
    )
    follow_up = create_follow_up(
        item=published.items.on_agenda()[0],
        text="Skaf tallene til næste møde.",
        owner_unit="IT-afdelingen",
        due_on=days(-3).date(),
        by=by,
    )
    case = declare_disqualified(
        item=issued.items.on_agenda()[1],
        member=User.objects.get(username="medlem-5"),
        grounds="Min søster er leverandør.",
        by=by,
    )
    seed_cases(committee)
    seed_guidelines(committee)
    request_package(
        committee=committee, edition="full", period_from=day(-300), period_to=day(0), by=by
    )
    seed_reports(committee)
    save_view(name="Piloter i kommunen", query="status=pilot", by=by, is_shared=True)
    return World(
        committee,
        published,
        issued,
        draft,
        workshop,
        input_round,
        follow_up,
        case,
        *(cases := _use_cases(committee, by)),
        _ranking(committee, cases[1], by),
    )


def _use_cases(committee: Committee, by: User) -> list[UseCase]:
    """A proposal that is being written, and one that has been submitted and is spoken of."""
    found = []
    for title in ("AI til mails", "AI til sortering af mails"):
        texts = {"problem": "Vi får 300 mails om dagen."}
        values = values_for("submission") | texts | {"title": title}
        found.append(create_case(committee=committee, values=values, by=by))
    answer_similar(case=found[1], answer="different", note="Kun post.", by=by)
    submitted = move_case(case=found[1], move="submit", by=by)
    row = write_comment(case=submitted, text="Hvem holder øje med fejl?", by=by)
    edit_comment(comment=row, text="Hvem holder øje med svarene?", version=1, by=by)
    review = ReviewRound.objects.get(case=submitted)
    assign_reviewer(review=review, reviewer=User.objects.get(username="borger-6"), by=by)
    write_comment(case=submitted, text="Det gør systemejeren.", by=by, reply_to=row.number)
    _conditions(submitted, by)
    open_hearing(
        case=submitted,
        parties=["med", "follow_group"],
        questions=["Hvad ændrer det i hverdagen?", "Hvad råder I til?"],
        deadline=days(9).date(),
        by=by,
    )
    _ai_act(committee, found[0], submitted, by)
    for title in ("Statusrapport 2", "Sagsmappe"):
        work = Work.objects.create(
            kind="ethics.result", key=title, title=title, params={"review": 0}
        )
        work.askers.create(person=by)
    return [found[0], submitted]


def _conditions(case: UseCase, by: User) -> None:
    """One of the secretariat's own, and one that is another's to meet."""
    common = {"case": case, "gate": "pilot", "due_on": day(20), "by": by}
    for owner, text in (
        (by, "Borgerne får besked."),
        (User.objects.get(username="formand"), "Log."),
    ):
        add_condition(text=text, owner=owner, **common)


def _ai_act(committee: Committee, concluded: UseCase, begun: UseCase, by: User) -> None:
    """One that is assessed with evidence of a duty, one that is being answered, and a replay."""
    answers = complete(CHATBOT | {"T-05": "yes", "T-05x": "unknown"})
    save_answers(case=begun, answers=answers, version=0, by=by)
    result = classify(answers).stored()
    row = AiActAssessment.objects.create(
        case=concluded, number=1, state="concluded", ruleset="ai_act@1", answers=answers,
        result=result, tier=result["tier"], disposition=result["disposition"],
        concluded_at=days(-1), concluded_by=by,
    )  # fmt: skip
    ObligationEvidence.objects.create(
        case=concluded, code="OB-50-1", text="Se skærmbilledet.", by=by
    )
    replay = AiActReplay.objects.create(
        committee=committee, ruleset="ai_act@1", state="checked", looked_at=1, by=by
    )
    changes = [{"what": "date", "code": "OB-50-1", "old": "2026-08-02", "new": "2027-08-02"}]
    AiActReplayRow.objects.create(replay=replay, assessment=row, changes=changes, result=result)


def _ranking(committee: Committee, case: UseCase, by: User) -> RankingRound:
    """A proposal with its score, and an open round about it and another."""
    steps = {"value": 4, "feasibility": 3, "risk": 2}
    score_case(case=case, scores=steps, reason="Det sparer tid hver uge.", by=by)
    values = values_for("submission") | {"title": "AI til vejtilsyn"}
    other = create_case(committee=committee, values=values, by=by)
    answer_similar(case=other, answer="none", by=by)
    other = move_case(case=other, move="submit", by=by)
    return open_ranking(
        committee=committee,
        title="Runde i november",
        cases=[case, other],
        votes_each=5,
        most_per_case=3,
        closes_at=days(5),
        by=by,
    )


def addresses(world: World) -> dict[str, list[str]]:
    """Url name → sample addresses. A page without one fails the test of the list."""
    meetings = [world.draft, world.issued, world.published]
    found = {name: [_reverse(name)] for name in url_names() if _takes_nothing(name)}
    for name in url_names():
        if name in found or name in NOT_PAGES:
            continue
        facts_of = _of_reports(name) or _facts(name, world, meetings)
        samples = [_reverse(name, **facts) for facts in facts_of]
        found[name] = samples
    # What was merged stands on a tab of its own, and beside what a word finds.
    register = _reverse("usecases:case_list")
    found["usecases:case_list"] += [f"{register}?vis=samlet", f"{register}?q=sortering"]
    return {name: samples for name, samples in found.items() if name not in NOT_PAGES}


# Pages of a meeting that only one of the meetings has.
ONLY_OF = {
    "meetings:workshop_page": "workshop",
    "meetings:read_through": "draft",
    "meetings:meeting_cancel": "draft",
    "meetings:meeting_answer": "issued",
    "meetings:addition_new": "published",
    "meetings:agenda_publish": "issued",
}


# Pages of a proposal that only one that was submitted has.
ONLY_OF_SUBMITTED = {
    *("ethics:aiact_conclude", "ethics:condition_new"),
    *("usecases:case_merge", "usecases:case_split"),
}
# Pages of a condition that its owner has, or everybody else of the secretariat.
ONLY_CONDITION = {"ethics:condition_evidence": 1, "ethics:condition_verify": 2}
ONLY_OF_SUBMITTED |= {
    f"ethics:hearing_{page}" for page in ("page", "open", "reply", "close", "cancel")
}
# Pages of a report that only a draft has.
ONLY_OF_DRAFT_REPORT = {"reports:report_edit", "reports:report_dates"}
# Pages of a proposal that only a draft has.
ONLY_OF_DRAFT = {"usecases:case_review", "usecases:case_similar"}


def _facts(name: str, world: World, meetings: list[Meeting]) -> list[dict[str, Any]]:
    """The arguments of the samples of one url, from the names of its arguments."""
    if name == "meetings:follow_up_new":
        item = world.published.items.on_agenda()[0]
        return [{"meeting_id": world.published.pk, "item_id": item.pk}]
    if name in ONLY_OF:
        return [{"meeting_id": getattr(world, ONLY_OF[name]).pk}]
    if name in ONLY_OF_DRAFT:
        return [{"case_id": world.draft_case.pk}]
    if name in ONLY_OF_SUBMITTED:
        return [{"case_id": world.submitted_case.pk}]
    if name in ONLY_CONDITION:
        return [{"case_id": world.submitted_case.pk, "condition_no": ONLY_CONDITION[name]}]
    cases = [world.draft_case, world.submitted_case]
    deliverable = world.committee.terms.get().deliverables.first()
    samples: dict[frozenset[str], list[dict[str, Any]]] = {
        frozenset({"meeting_id"}): [{"meeting_id": meeting.pk} for meeting in meetings],
        frozenset({"meeting_id", "item_id"}): [
            {"meeting_id": meeting.pk, "item_id": item.pk}
            for meeting in meetings
            for item in _open_and_closed(meeting)
        ],
        frozenset({"meeting_id", "kind"}): [{"meeting_id": world.issued.pk, "kind": "agenda"}],
        frozenset({"case_id"}): [{"case_id": case.pk} for case in cases],
        frozenset({"case_id", "part"}): [
            {"case_id": world.submitted_case.pk, "part": one.id} for one in current().sections
        ],
        frozenset({"case_id", "section"}): [
            {"case_id": world.draft_case.pk, "section": one.key} for one in record().sections
        ],
        **_reviews(world),
        frozenset({"ranking_id"}): [{"ranking_id": world.ranking.pk}],
        frozenset({"case_id", "number"}): [{"case_id": world.submitted_case.pk, "number": 1}],
        frozenset({"case_id", "condition_no"}): [
            {"case_id": world.submitted_case.pk, "condition_no": number} for number in (1, 2)
        ],
        frozenset({"case_id", "condition_no", "act"}): [
            {"case_id": world.submitted_case.pk, "condition_no": 1, "act": act}
            for act in ("frafald", "udelad")
        ],
        frozenset({"case_id", "block"}): [
            {"case_id": world.submitted_case.pk, "block": slug}
            for slug in ("omfang", "forbud", "oplysning")
        ],
        frozenset({"case_id", "code"}): [{"case_id": world.draft_case.pk, "code": "OB-50-1"}],
        frozenset({"replay_id"}): [{"replay_id": AiActReplay.objects.get().pk}],
        frozenset({"case_id", "move"}): [{"case_id": case.pk, "move": "tag-op"} for case in cases],
        frozenset({"case_id", "fact"}): [
            {"case_id": world.submitted_case.pk, "fact": fact}
            for fact in ("klassifikation", "anbefaling")
        ],
        frozenset({"follow_up_id"}): [{"follow_up_id": world.follow_up.pk}],
        frozenset({"decision_id"}): [
            {"decision_id": pk} for pk in world.published.decisions.values_list("pk", flat=True)
        ],
        frozenset({"meeting_id", "row_id"}): [
            {"meeting_id": world.issued.pk, "row_id": world.case.pk}
        ],
        frozenset({"round_id"}): [{"round_id": world.round.pk}],
        frozenset({"token"}): [{"token": SavedView.objects.get(name="Piloter i kommunen").token}],
        frozenset({"guideline"}): [
            {"guideline": slug} for slug in ("principper-for-svar-til-borgere", "ai-ambition")
        ],
        frozenset({"guideline", "number"}): [{"guideline": "ai-ambition", "number": 1}],
        frozenset({"amendment_id"}): [{"amendment_id": Amendment.objects.order_by("pk")[0].pk}],
        frozenset({"dilemma_id"}): [
            {"dilemma_id": pk} for pk in Dilemma.objects.values_list("pk", flat=True)
        ],
        frozenset({"work_id"}): [
            {"work_id": pk} for pk in Work.objects.values_list("pk", flat=True)
        ],
        frozenset({"package_id"}): [{"package_id": ArchivePackage.objects.get().pk}],
        frozenset({"import_id"}): [{"import_id": CaseImport.objects.get().pk}],
        frozenset({"format_name"}): [{"format_name": "nl"}],
        frozenset({"slug"}): [{"slug": world.committee.slug}],
        frozenset({"person_id"}): [{"person_id": User.objects.get(username="medlem-5").pk}],
        frozenset({"slug", "pk"}): [{"slug": world.committee.slug, "pk": deliverable.pk}],
    }
    return samples.get(frozenset(arguments(name)), [])


def _of_reports(name: str) -> list[dict[str, Any]]:
    """Of each report, and of the recipients of the one that was sent, opened and unopened."""
    asked = frozenset(arguments(name))
    people = list(ReportRecipient.objects.filter(report__state="sent").order_by("pk"))
    reports = Report.objects.order_by("pk")
    if name in ONLY_OF_DRAFT_REPORT:
        reports = reports.filter(state="draft")
    if name == "reports:report_item":
        reports = reports.filter(state="sent")
    samples: dict[frozenset[str], list[dict[str, Any]]] = {
        frozenset({"report_id"}): [{"report_id": one.pk} for one in reports],
        frozenset({"report_id", "recipient_id"}): [
            {"report_id": one.report_id, "recipient_id": one.pk} for one in people[:1]
        ],
    }
    if name == "reports:link_page":
        return [{"token": one.token} for one in people]
    return samples.get(asked, [])


def _reviews(world: World) -> dict[frozenset[str], list[dict[str, Any]]]:
    """A first review in screening, with one who has been asked: the reader of the crawl."""
    review = ReviewRound.objects.get(case=world.submitted_case)
    seat = review.assignments.first()
    steps = ("spoerg", "udsend-ark", "hurtig", "annuller", "dagsorden", "beslutning")
    found: dict[frozenset[str], list[dict[str, Any]]] = {
        frozenset({"review_id"}): [{"review_id": review.pk}],
        frozenset({"review_id", "step"}): [{"review_id": review.pk, "step": one} for one in steps],
        frozenset({"review_id", "part"}): [{"review_id": review.pk, "part": "E"}],
        frozenset({"review_id", "sheet_id"}): [{"review_id": review.pk, "sheet_id": 1}],
    }
    if seat is not None:
        own = {"review_id": review.pk, "assignment_id": seat.pk}
        found[frozenset({"review_id", "assignment_id"})] = [own]
    return found


def _open_and_closed(meeting: Meeting) -> list[Any]:
    items = list(meeting.items.on_agenda())
    closed = [item for item in items if item.is_closed][:1]
    return [item for item in items if not item.is_closed][:1] + closed


# The URLconf ---------------------------------------------------------------------------


def url_names() -> list[str]:
    """Every name of the URLconf but the administration's."""
    return sorted(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[Any], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from _names(pattern.url_patterns, prefix + inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


def arguments(name: str) -> set[str]:
    namespace, _colon, short = name.rpartition(":")
    resolver: Any = get_resolver()
    if namespace:
        resolver = resolver.namespace_dict[namespace][1]
    return set(resolver.reverse_dict[short][0][0][1])


def _takes_nothing(name: str) -> bool:
    return not arguments(name)


def _reverse(name: str, **facts: Any) -> str:
    return reverse(name, kwargs=facts)


# The administration --------------------------------------------------------------------


def admin_addresses() -> list[str]:
    """Every list, every empty form and one filled-in form of Django admin."""
    from django.contrib import admin

    found = [reverse("admin:index"), reverse("admin:password_change")]
    for model, registered in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{base}_changelist"))
        if not isinstance(registered, ReadOnlyAdmin):
            found.append(reverse(f"{base}_add"))
        row = model._default_manager.first()
        if row:
            found += [reverse(f"{base}_{page}", args=[row.pk]) for page in ("change", "history")]
    return found
