"""What must never change is guarded by the database itself, on both databases."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from committee.models import HandOver, HandOverRow, Revisit
from core.models import AuditEntry
from core.triggers import APPEND_ONLY
from ethics.models import (
    Amendment,
    AmendmentText,
    AnswerChange,
    Argument,
    CaseAnswers,
    CaseSnapshot,
    Condition,
    ConditionEvent,
    ConditionEvidence,
    Dilemma,
    DilemmaPublication,
    Guideline,
    GuidelineEdition,
    GuidelineSection,
    GuidelineVersion,
    Hearing,
    HearingReply,
    ReviewAssignment,
    ReviewMove,
    ReviewRound,
    ReviewSheet,
    SectionRevision,
    SheetAddition,
)
from meetings.models import (
    CorrectionReply,
    Decision,
    DecisionText,
    Dissent,
    FollowUp,
    FollowUpNote,
    IssuedVersion,
    ItemTextRevision,
    MinutesAddition,
    MinutesApproval,
    Motion,
    ProofOverride,
    Seal,
    SealedFile,
    Vote,
    VoteRound,
)
from reports.models import Report, ReportApproval, ReportRevision
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    IssuedVersionFactory,
    ItemTextFactory,
    StoredFileFactory,
    UserFactory,
    day,
)
from usecases.models import (
    CaseHandOver,
    CaseMerge,
    CaseScore,
    CaseSplit,
    Comment,
    CommentVersion,
    Revision,
    StatusChange,
    UseCase,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def audit_row():
    return AuditEntry.objects.create(
        seq=1, at="2026-01-01T00:00:00Z", verb="a.b", object_type="x", object_id="1",
        prev_hash="0" * 64, hash="1" * 64,
    )  # fmt: skip


def a_vote():
    user = UserFactory()
    motion = Motion.objects.create(
        item=AgendaItemFactory(), proposer=user, recorded_by=user, text="Et forslag", position=1
    )
    row = VoteRound.objects.create(motion=motion, number=1, method="name", opened_by=user)
    return Vote.objects.create(round=row, member=user, choice="for", recorded_by=user)


def a_dissent():
    vote = a_vote()
    return Dissent.objects.create(
        round=vote.round, member=vote.member, text="Nej", recorded_by=vote.member
    )


def a_follow_up_note():
    user = UserFactory()
    row = FollowUp.objects.create(
        item=AgendaItemFactory(), text="En opgave", owner=user, due_on=day(3), created_by=user
    )
    return FollowUpNote.objects.create(follow_up=row, text="Godt i gang", written_by=user)


def a_seal():
    version = IssuedVersionFactory(kind="minutes")
    return Seal.objects.create(
        meeting=version.meeting,
        version=version,
        sha256="2" * 64,
        audit_seq=1,
        audit_hash="3" * 64,
        sealed_at="2026-01-01T00:00:00Z",
    )


def a_sealed_file():
    return SealedFile.objects.create(
        seal=a_seal(), edition="full", file=StoredFileFactory(), sha256="4" * 64
    )


def a_case():
    return UseCase.objects.create(committee=CommitteeFactory(), title="Et forslag")


def a_revision():
    return Revision.objects.create(case=a_case(), number=1, body="{}", sha256="5" * 64)


def a_status_change():
    return StatusChange.objects.create(case=a_case(), move="submit", old="draft", new="submitted")


def a_condition():
    return Condition.objects.create(
        case=a_case(), number=1, text="Log", gate="pilot", owner=UserFactory(), due_on=day(9)
    )


def an_evidence():
    return ConditionEvidence.objects.create(
        condition=a_condition(), number=1, text="Se her", by=UserFactory()
    )


def a_condition_event():
    return ConditionEvent.objects.create(condition=a_condition(), kind="added")


def a_snapshot():
    return CaseSnapshot.objects.create(
        case=a_case(), number=1, revision=1, body="{}", sha256="6" * 64, by=UserFactory()
    )


def a_guideline_version():
    guideline = Guideline.objects.create(
        committee=CommitteeFactory(), slug="kompas", title="Kompas"
    )
    return GuidelineVersion.objects.create(guideline=guideline, number=1, created_by=UserFactory())


def an_edition():
    return GuidelineEdition.objects.create(
        version=a_guideline_version(), body="{}", sha256="7" * 64, by=UserFactory(),
        meeting="3. møde", decided_on=day(0),
    )  # fmt: skip


def a_section_revision():
    section = GuidelineSection.objects.create(
        version=a_guideline_version(), number=1, heading="Åbenhed"
    )
    return SectionRevision.objects.create(
        section=section, number=1, heading="Åbenhed", by=UserFactory()
    )


def an_amendment_text():
    version = a_guideline_version()
    row = Amendment.objects.create(
        guideline=version.guideline, section_number=1, author=UserFactory(), reason="Derfor"
    )
    return AmendmentText.objects.create(amendment=row, number=1, text="Nyt", by=UserFactory())


def a_dilemma():
    return Dilemma.objects.create(
        committee=CommitteeFactory(), title="Tempo", situation="Sådan", created_by=UserFactory()
    )


def an_argument():
    return Argument.objects.create(dilemma=a_dilemma(), side="for", text="Ja", author=UserFactory())


def a_dilemma_publication():
    return DilemmaPublication.objects.create(
        dilemma=a_dilemma(), body="{}", sha256="8" * 64, by=UserFactory()
    )


def a_hearing_reply():
    hearing = Hearing.objects.create(
        case=a_case(), asks_med=True, deadline=day(9), opened_by=UserFactory()
    )
    return HearingReply.objects.create(hearing=hearing, party="follow_group", by=UserFactory())


def an_answer_change():
    sheet = CaseAnswers.objects.create(case=a_case(), questionnaire_ref="etik@1")
    return AnswerChange.objects.create(
        sheet=sheet, version=1, question_id="A1", answer={"value": "x"}, by=UserFactory()
    )


def a_review():
    return ReviewRound.objects.create(
        case=a_case(), number=1, kind="initial", revision=1, questionnaire_ref="etik@1"
    )


def a_review_move():
    return ReviewMove.objects.create(
        round=a_review(), move="cancel", old="r_screening", new="r_cancelled"
    )


def a_sheet_addition():
    seat = ReviewAssignment.objects.create(
        round=a_review(), reviewer=UserFactory(), capacity="citizen"
    )
    sheet = ReviewSheet.objects.create(
        assignment=seat, turn=1, revision=1, questionnaire_ref="etik@1"
    )
    return SheetAddition.objects.create(sheet=sheet, text="Mere", reason="Nyt", by=UserFactory())


def a_score():
    steps = {"value": 1, "feasibility": 1, "risk": 1}
    return CaseScore.objects.create(case=a_case(), reason="Derfor", by=UserFactory(), **steps)


def an_approval():
    user = UserFactory()
    return MinutesApproval.objects.create(
        version=IssuedVersionFactory(kind="minutes"),
        member=user,
        number=1,
        answer="correction",
        text="Der mangler noget",
        recorded_by=user,
    )


def a_correction_reply():
    row = an_approval()
    return CorrectionReply.objects.create(approval=row, accepted=True, text="Ja", by=row.member)


def an_override():
    return ProofOverride.objects.create(
        meeting=AgendaItemFactory().meeting, key="5", line="Ingen", reason="Glemt", by=UserFactory()
    )


def an_addition():
    return MinutesAddition.objects.create(
        meeting=AgendaItemFactory().meeting, number=1, text="Ord", reason="Fejl", by=UserFactory()
    )


def a_comment_version():
    comment = Comment.objects.create(case=a_case(), number=1, author=UserFactory())
    return CommentVersion.objects.create(comment=comment, number=1, text="En kommentar")


def a_merge():
    return CaseMerge.objects.create(
        case=a_case(), into=a_case(), reason="Det samme", by=UserFactory()
    )


def a_split():
    return CaseSplit.objects.create(
        case=a_case(), origin=a_case(), revision=1, reason="To idéer", by=UserFactory()
    )


def a_decision():
    item = AgendaItemFactory()
    committee = item.meeting.committee
    return Decision.objects.create(
        committee=committee, meeting=item.meeting, item=item, year=2026, serial=1
    )


def a_decision_text():
    row = a_decision()
    version = IssuedVersionFactory(meeting=row.meeting, kind="minutes")
    return DecisionText.objects.create(
        decision=row, version=version, number=1, access="open", body={}
    )


def a_report():
    return Report.objects.create(
        committee=CommitteeFactory(),
        number=1,
        recipient_name="Økonomiudvalget",
        period_from=day(-90),
        period_to=day(-1),
    )


def a_report_revision():
    return ReportRevision.objects.create(report=a_report(), number=0)


def a_report_approval():
    return ReportApproval.objects.create(
        report=a_report(), side="leader", person=UserFactory(), sha256="7" * 64, approval_round=1
    )


def a_revisit():
    return Revisit.objects.create(
        committee=CommitteeFactory(), due_on=day(0), held_on=day(0), outcome="upheld",
        text="Det virker.", decided_by="Rådet", by=UserFactory(),
    )  # fmt: skip


def a_hand_over():
    facts = {"giver": CommitteeFactory(), "receiver": CommitteeFactory(), "decision": "Punkt 7"}
    return HandOver.objects.create(by=UserFactory(), **facts)


def a_handed_row():
    facts = {"kind": "case", "object_id": 1, "state": "pilot"}
    return HandOverRow.objects.create(hand_over=a_hand_over(), **facts)


def a_handed_case():
    case = a_case()
    facts = {"origin": case.committee, "receiver": CommitteeFactory()}
    return CaseHandOver.objects.create(case=case, by=UserFactory(), **facts)


ROWS = {
    "reports_reportrevision": a_report_revision,
    "reports_reportapproval": a_report_approval,
    "meetings_decision": a_decision,
    "meetings_decisiontext": a_decision_text,
    # mandate
    "committee_revisit": a_revisit,
    "committee_handover": a_hand_over,
    "committee_handoverrow": a_handed_row,
    "usecases_casehandover": a_handed_case,
    "meetings_minutesapproval": an_approval,
    "meetings_correctionreply": a_correction_reply,
    "meetings_proofoverride": an_override,
    "meetings_minutesaddition": an_addition,
    "core_auditentry": audit_row,
    "meetings_issuedversion": IssuedVersionFactory,
    "meetings_itemtextrevision": lambda: ItemTextRevision.objects.create(
        item_text=ItemTextFactory(), number=1, text="En tekst"
    ),
    "meetings_vote": a_vote,
    "meetings_dissent": a_dissent,
    "meetings_followupnote": a_follow_up_note,
    "meetings_seal": a_seal,
    "meetings_sealedfile": a_sealed_file,
    "usecases_revision": a_revision,
    "usecases_statuschange": a_status_change,
    "usecases_casescore": a_score,
    "usecases_commentversion": a_comment_version,
    "usecases_casemerge": a_merge,
    "usecases_casesplit": a_split,
    "ethics_conditionevidence": an_evidence,
    "ethics_conditionevent": a_condition_event,
    "ethics_casesnapshot": a_snapshot,
    "ethics_guidelineedition": an_edition,
    "ethics_sectionrevision": a_section_revision,
    "ethics_amendmenttext": an_amendment_text,
    "ethics_argument": an_argument,
    "ethics_dilemmapublication": a_dilemma_publication,
    "ethics_hearingreply": a_hearing_reply,
    "ethics_answerchange": an_answer_change,
    "ethics_reviewmove": a_review_move,
    "ethics_sheetaddition": a_sheet_addition,
}


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_append_only_table_is_tried_here():
    assert set(ROWS) == APPEND_ONLY


FROZEN = (
    ReportApproval,
    ReportRevision,
    AmendmentText,
    AnswerChange,
    Argument,
    CaseSnapshot,
    DilemmaPublication,
    GuidelineEdition,
    HearingReply,
    ReviewMove,
    SectionRevision,
    SheetAddition,
    ConditionEvent,
    ConditionEvidence,
    AuditEntry,
    IssuedVersion,
    ItemTextRevision,
    Vote,
    Dissent,
    FollowUpNote,
    Seal,
    SealedFile,
    Revision,
    StatusChange,
    CaseScore,
    MinutesApproval,
    CorrectionReply,
    ProofOverride,
    MinutesAddition,
    Decision,
    DecisionText,
    CommentVersion,
    CaseMerge,
    CaseSplit,
    CaseHandOver,
    HandOver,
    HandOverRow,
    Revisit,
)


def test_what_is_promised_frozen_is_append_only():
    frozen = {model._meta.db_table for model in FROZEN}

    assert frozen == APPEND_ONLY
    assert {model._meta.db_table for model in apps.get_models()} >= APPEND_ONLY


@pytest.mark.parametrize("table", sorted(ROWS))
@pytest.mark.parametrize("act", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_append_only_table_refuses(table, act):
    row = ROWS[table]()

    with pytest.raises(DatabaseError, match="append-only"):
        run(act.format(table=table))

    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("table", sorted(ROWS))
def test_append_only_table_refuses_truncate(table):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    ROWS[table]()
    # Foreign keys are checked at commit, and TRUNCATE does not wait for them.
    run("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="append-only"):
        run(f"TRUNCATE {table} CASCADE")


def test_orm_cannot_delete_an_act():
    row = audit_row()

    with pytest.raises(TypeError):
        row.delete()


@pytest.mark.django_db(transaction=True)
def test_transactional_tests_may_flush_and_the_guard_is_back():
    from django.core.management import call_command

    audit_row()
    call_command("flush", verbosity=0, interactive=False)
    audit_row()

    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM core_auditentry")
