"""One table: who may do what in which state, and the sentence that says why not."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation

from committee.enums import Role
from meetings import policies
from meetings.enums import MeetingState as S
from meetings.models import (
    Disqualification,
    FollowUp,
    Motion,
    ReadThrough,
    ReadThroughReader,
    ReopenRequest,
    VoteRound,
)
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    DisqualificationFactory,
    InputRoundFactory,
    MeetingFactory,
    MembershipFactory,
    UserFactory,
    day,
    person,
)

pytestmark = pytest.mark.django_db

# Everybody who can come to the door, by the role that would let them in.
ROLES: dict[str, Role | None] = {
    "anonymous": None,
    "outsider": None,
    "administrator": None,
    "former member": None,
    "future member": None,
    "other secretariat": None,
    "citizen member": Role.MEMBER,
    "council member": Role.MEMBER,
    "recused member": Role.MEMBER,
    "chair": Role.CHAIR,
    "vice-chair": Role.VICE_CHAIR,
    "secretariat": Role.SECRETARIAT,
    "follow group": Role.FOLLOW_GROUP,
    "reviewer": Role.REVIEWER,
    "data protection officer": Role.DPO,
    "lawyer": Role.LEGAL,
    "system owner": Role.SYSTEM_OWNER,
    "council reader": Role.COUNCIL_READER,
}
SECRETARIAT = {"secretariat"}
LEADERS = {"chair", "vice-chair"}
MEMBERS = {"citizen member", "council member", "recused member"} | LEADERS

ONLY_SECRETARIAT = "Only the secretariat can do this. Write to them if something must be changed."
LOCKED = "The minutes are locked. Corrections can only be made as numbered additions."
CANCELLED = "The meeting is cancelled."
RECORD_CLOSED = {S.LOCKED: LOCKED, S.PUBLISHED: LOCKED}


def states(reason: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, reason)


@dataclass(frozen=True)
class Rule:
    """Who may, what the others read, and in which states even those who may, may not."""

    who: set[str]
    others: str
    states: dict[str, str] = field(default_factory=dict)
    # The state speaks before the role: everybody may know that the record is closed.
    state_first: bool = False
    about: str = "meeting"
    # More people in some states.
    also: dict[str, set[str]] = field(default_factory=dict)

    def reason(self, role: str, state: str) -> str:
        by_role = "" if role in self.who | self.also.get(state, set()) else self.others
        by_state = self.states.get(state, "")
        return by_state or by_role if self.state_first else by_role or by_state


NOT_ON = "The meeting is not on: the state is “%s”."
NOT_IN_SESSION = {
    S.DRAFT: "Draft",
    S.READ_THROUGH: "Read-through",
    S.ISSUED: "Issued",
    S.MINUTES_DRAFT: "Minutes being written",
    S.APPROVAL: "Minutes for approval",
    S.LOCKED: "Locked",
    S.PUBLISHED: "Published",
    S.CANCELLED: "Cancelled",
}
IN_STATE = {**NOT_IN_SESSION, S.IN_SESSION: "In session"}


def only_in(sentence: str, *names: str) -> dict[str, str]:
    """Refused with `sentence` and the state, in every state but these."""
    return {
        state: f"{sentence} The state is “{IN_STATE[state]}”."
        for state in S.values
        if state not in names
    }


NOT_BEGUN = "Decisions can be written when the meeting has begun."
AGENDA_SHUT = "The agenda can no longer be changed: the state is “%s”."
EDIT_AGENDA = {
    S.APPROVAL: AGENDA_SHUT % "Minutes for approval",
    S.CANCELLED: AGENDA_SHUT % "Cancelled",
    **RECORD_CLOSED,
}
NO_SUBSTITUTES = "A substitute can be named from the issue of the agenda to the meeting's end."
CANNOT_ISSUE = "“Issue the agenda” is not possible now: the state is “%s”. Nothing was changed."
NO_ANSWER = "You can answer from the day the agenda is issued until the meeting begins."
NO_DECLARING = "You can tell us from the day the agenda is issued until the minutes are locked."
ONLY_READERS = "Only those asked to read the draft can comment on it, and only until it is issued."
NOT_A_WORKSHOP = "Exercises belong to a workshop or a theme day. Change the kind of meeting first."

NOT_HELD = (S.DRAFT, S.READ_THROUGH, S.ISSUED, S.CANCELLED)
ONLY_MOTIONS = "Only the chair and the secretariat handle motions and votes."
NO_VOTES = (
    dict.fromkeys(
        (*NOT_HELD, S.MINUTES_DRAFT, S.APPROVAL), "Votes are held while the meeting is on."
    )
    | RECORD_CLOSED
)
NO_RAISING = "You can ask from the day the agenda is issued until the meeting ends."
ONLY_SETTLERS = "Only the chair and the secretariat write down what the committee decides."
IN_THE_MEETING = "The committee decides in the meeting whether a member is disqualified."
NO_DISSENT = states("A dissenting opinion belongs to a vote that has been held.", *NOT_HELD)
TAKE_BACK = "The minutes are out for approval. Take them back first."
ONLY_REOPENERS = "Only the chair and the secretariat can reopen the minutes."
NO_REOPENING = only_in("Only locked minutes are reopened.", S.LOCKED) | {
    S.PUBLISHED: "The minutes are published. Withdraw them first."
}
CLOSED_FOLLOW_UP = {
    "done": "The follow-up is closed.",
    "dropped": "The follow-up is closed.",
}

TABLE: dict[str, Rule] = {
    "can_create_meeting": Rule(
        SECRETARIAT, "Only the secretariat can plan meetings.", about="committee"
    ),
    "can_plan_meeting": Rule(
        SECRETARIAT, "Only the secretariat can plan meetings.", about="committee"
    ),
    "can_edit_meeting": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        RECORD_CLOSED | {S.CANCELLED: CANCELLED},
        state_first=True,
    ),
    "can_edit_agenda": Rule(SECRETARIAT, ONLY_SECRETARIAT, EDIT_AGENDA),
    "can_write_item": Rule(SECRETARIAT, ONLY_SECRETARIAT, EDIT_AGENDA, about="item"),
    "can_record_decision": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        states(NOT_BEGUN, S.DRAFT, S.READ_THROUGH, S.ISSUED, S.APPROVAL, S.CANCELLED)
        | RECORD_CLOSED,
        about="item",
    ),
    "can_approve_agenda": Rule(
        LEADERS,
        "Only the chair can approve the agenda. The secretariat can send it to the chair.",
        {S.CANCELLED: CANCELLED},
        state_first=True,
    ),
    "can_read_through": Rule(SECRETARIAT, ONLY_SECRETARIAT),
    "can_issue_agenda": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        {
            state: CANNOT_ISSUE % label
            for state, label in {
                S.IN_SESSION: "In session",
                S.MINUTES_DRAFT: "Minutes being written",
                S.APPROVAL: "Minutes for approval",
                S.LOCKED: "Locked",
                S.PUBLISHED: "Published",
                S.CANCELLED: "Cancelled",
            }.items()
        },
    ),
    "can_lead_meeting": Rule(
        LEADERS | SECRETARIAT,
        "Only the chair and the secretariat can begin and end the meeting.",
    ),
    "can_run_session": Rule(
        LEADERS | SECRETARIAT,
        "Only the chair and the secretariat can begin and end the meeting.",
        {state: NOT_ON % word for state, word in NOT_IN_SESSION.items()},
    ),
    "can_record_attendance": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        RECORD_CLOSED | {S.CANCELLED: CANCELLED, S.APPROVAL: TAKE_BACK},
        state_first=True,
        also={S.IN_SESSION: LEADERS},
    ),
    "can_name_substitute": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        dict.fromkeys(
            (S.DRAFT, S.READ_THROUGH, S.MINUTES_DRAFT, S.APPROVAL, S.CANCELLED), NO_SUBSTITUTES
        )
        | RECORD_CLOSED,
        state_first=True,
    ),
    "can_finish_minutes": Rule(SECRETARIAT, ONLY_SECRETARIAT),
    "can_lock_minutes": Rule(
        LEADERS | SECRETARIAT, "Only the chair and the secretariat can lock the minutes."
    ),
    "can_override_proof": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        only_in("This can be done while the minutes are being written.", S.MINUTES_DRAFT)
        | RECORD_CLOSED,
    ),
    "can_handle_approval": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        only_in("The minutes are not out for approval.", S.APPROVAL),
    ),
    "can_answer_minutes": Rule(
        MEMBERS | SECRETARIAT,
        "Only members approve the minutes.",
        only_in("The minutes are not out for approval.", S.APPROVAL),
    ),
    "can_add_addition": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        only_in("Additions are for minutes that are locked.", S.LOCKED, S.PUBLISHED),
    ),
    "can_ask_reopening": Rule(LEADERS | SECRETARIAT, ONLY_REOPENERS, NO_REOPENING),
    "can_approve_reopening": Rule(LEADERS | SECRETARIAT, ONLY_REOPENERS, NO_REOPENING),
    "can_publish_minutes": Rule(SECRETARIAT, ONLY_SECRETARIAT),
    "can_approve_publication": Rule(
        LEADERS | SECRETARIAT, "Only the chair and the secretariat can approve the publication."
    ),
    "can_cancel_meeting": Rule(SECRETARIAT, ONLY_SECRETARIAT),
    "can_answer_invitation": Rule(
        MEMBERS,
        "Only members answer the invitation.",
        states(NO_ANSWER, *(set(S.values) - {S.ISSUED})),
    ),
    "can_declare_disqualified": Rule(
        MEMBERS,
        "Only members can be disqualified from an item.",
        states(NO_DECLARING, S.DRAFT, S.READ_THROUGH, S.LOCKED, S.PUBLISHED, S.CANCELLED),
        about="item",
    ),
    "can_raise_disqualification": Rule(
        MEMBERS | SECRETARIAT,
        "Only members and the secretariat can ask whether somebody is disqualified.",
        states(NO_RAISING, S.DRAFT, S.READ_THROUGH, S.LOCKED, S.PUBLISHED, S.CANCELLED),
        about="item until the meeting ends",
    ),
    "can_follow_disqualification": Rule(
        MEMBERS | SECRETARIAT, "Only members and the secretariat follow the votes.", about="case"
    ),
    "can_settle_disqualification": Rule(
        LEADERS | SECRETARIAT,
        ONLY_SETTLERS,
        states(IN_THE_MEETING, *NOT_HELD, S.APPROVAL) | RECORD_CLOSED,
        about="case until the meeting ends",
    ),
    "can_vote_on_disqualification": Rule(
        LEADERS | SECRETARIAT,
        ONLY_SETTLERS,
        states(IN_THE_MEETING, *NOT_HELD, S.APPROVAL) | RECORD_CLOSED,
        about="case until the meeting ends",
    ),
    "can_comment_read_through": Rule(
        MEMBERS | {"follow group"}, ONLY_READERS, about="meeting read through"
    ),
    "can_run_workshop": Rule(
        SECRETARIAT, ONLY_SECRETARIAT, {S.CANCELLED: CANCELLED}, about="workshop"
    ),
    "can_write_workshop_note": Rule(
        MEMBERS | SECRETARIAT | {"follow group"},
        "Only members, the follow group and the secretariat write notes.",
        RECORD_CLOSED | {S.CANCELLED: CANCELLED},
        state_first=True,
    ),
    "can_open_round": Rule(SECRETARIAT, ONLY_SECRETARIAT, about="committee"),
    "can_run_round": Rule(
        SECRETARIAT, ONLY_SECRETARIAT, {"closed": "The round is closed."}, about="round"
    ),
    "can_keep_notes": Rule(
        {name for name, role in ROLES.items() if role}, "Only the committee can keep notes here."
    ),
    "can_follow_votes": Rule(
        MEMBERS | SECRETARIAT, "Only members and the secretariat follow the votes.", about="item"
    ),
    "can_handle_motions": Rule(
        LEADERS | SECRETARIAT,
        ONLY_MOTIONS,
        {state: why for state, why in NO_VOTES.items() if state != S.ISSUED},
        about="item",
    ),
    "can_run_votes": Rule(LEADERS | SECRETARIAT, ONLY_MOTIONS, NO_VOTES, about="item"),
    "can_cast_vote": Rule(set(ROLES), "", NO_VOTES, about="own vote"),
    "can_write_dissent": Rule(
        set(ROLES),
        "",
        NO_DISSENT | {S.APPROVAL: TAKE_BACK} | RECORD_CLOSED,
        about="own vote until the meeting ends",
    ),
    "can_carry_item": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        states("Only an item that was postponed can be carried to the next meeting.", *NOT_HELD),
        about="postponed item",
    ),
    "can_add_follow_up": Rule(
        SECRETARIAT,
        ONLY_SECRETARIAT,
        states("Follow-ups can be added when the meeting has begun.", *NOT_HELD),
        about="item",
    ),
    "can_manage_follow_up": Rule(
        SECRETARIAT, ONLY_SECRETARIAT, CLOSED_FOLLOW_UP, about="follow-up"
    ),
    # Given to a body that the same people prepare; test_handover has the others.
    "can_hand_follow_up": Rule(SECRETARIAT, ONLY_SECRETARIAT, CLOSED_FOLLOW_UP, about="follow-up"),
    "can_report_progress": Rule(
        SECRETARIAT,
        "Only the owner and the secretariat can report on a follow-up.",
        CLOSED_FOLLOW_UP,
        about="follow-up",
    ),
    "can_answer_round": Rule(
        MEMBERS | {"follow group"},
        "This round does not ask you.",
        {"closed": "The round is closed. Your input is with the meeting."},
        about="round",
    ),
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def people() -> dict[str, Any]:
    committee = CommitteeFactory()
    found: dict[str, Any] = {name: person(committee, role) for name, role in ROLES.items() if role}
    former, future = UserFactory(), UserFactory()
    MembershipFactory(user=former, committee=committee, role=Role.SECRETARIAT, valid_to=day(-1))
    MembershipFactory(user=future, committee=committee, role=Role.SECRETARIAT, valid_from=day(1))
    return found | {
        "committee": committee,
        "anonymous": AnonymousUser(),
        "outsider": person(None),
        "administrator": person(None, is_staff=True, is_superuser=True),
        "former member": former,
        "future member": future,
        "other secretariat": person(CommitteeFactory(), Role.SECRETARIAT),
    }


def meeting_in(state: str, people: dict[str, Any], **fields: Any) -> Any:
    meeting = MeetingFactory(
        committee=people["committee"], state=state, agenda_version=1, minutes_version=1, **fields
    )
    AgendaItemFactory(meeting=meeting)
    return meeting


def item_in(state: str, people: dict[str, Any]) -> Any:
    item = meeting_in(state, people).items.get()
    DisqualificationFactory(item=item, member=people["recused member"])
    return item


def read_through_in(state: str, people: dict[str, Any]) -> Any:
    """Everybody who has a name was asked to read, also those who left since."""
    meeting = meeting_in(state, people)
    row = ReadThrough.objects.create(
        meeting=meeting, body="{}", opened_at=timezone.now(), due_at=timezone.now(),
        opened_by=people["secretariat"],
    )  # fmt: skip
    for name in set(ROLES) - {"anonymous"}:
        ReadThroughReader.objects.create(read_through=row, reader=people[name])
    return meeting


def round_in(state: str, people: dict[str, Any]) -> Any:
    meeting = meeting_in(S.DRAFT, people)
    return InputRoundFactory(meeting=meeting, state=state, asks_follow_group=True)


def postponed_in(state: str, people: dict[str, Any]) -> Any:
    item = item_in(state, people)
    item.outcome = "postponed"
    return item


def round_of_votes_in(state: str, people: dict[str, Any]) -> Any:
    motion = Motion(item=item_in(state, people), text="Et forslag")
    return VoteRound(motion=motion)


def case_in(state: str, people: dict[str, Any]) -> Any:
    member = people["citizen member"]
    return Disqualification(item=item_in(state, people), member=member, declared_by=member)


def follow_up_in(state: str, people: dict[str, Any]) -> Any:
    item = item_in(S.PUBLISHED, people)
    return FollowUp(item=item, text="En opgave", owner_unit="IT", state=state)


OBJECTS: dict[str, tuple[list[str], Callable[[str, dict[str, Any]], Any]]] = {
    "committee": (["any"], lambda _state, people: people["committee"]),
    "meeting": (S.values, meeting_in),
    "item": (S.values, item_in),
    "meeting read through": (S.values, read_through_in),
    "workshop": (S.values, lambda state, people: meeting_in(state, people, kind="workshop")),
    "round": (["open", "closed"], round_in),
    "own vote": (S.values, round_of_votes_in),
    "own vote until the meeting ends": (
        [state for state in S.values if state != S.MINUTES_DRAFT],
        round_of_votes_in,
    ),
    "item until the meeting ends": (
        [state for state in S.values if state not in {S.MINUTES_DRAFT, S.APPROVAL}],
        item_in,
    ),
    "case": (S.values, case_in),
    "case until the meeting ends": (
        [state for state in S.values if state != S.MINUTES_DRAFT],
        case_in,
    ),
    "postponed item": (S.values, postponed_in),
    "follow-up": (["open", "done", "dropped"], follow_up_in),
}


OWN = ("can_cast_vote", "can_write_dissent", "can_answer_minutes")


def verbs() -> dict[str, Callable[..., Any]]:
    found = {name: value for name, value in vars(policies).items() if name.startswith("can_")}
    handing = found["can_hand_follow_up"]
    found["can_hand_follow_up"] = lambda user, row: handing(user, row, row.item.meeting.committee)
    return found | {name: own(found[name]) for name in OWN}


def own(can: Callable[..., Any]) -> Callable[..., Any]:
    """A policy about a person's own vote or answer; that of others has tests of its own."""
    return lambda user, obj: can(user, obj, user)


def test_every_policy_is_reached_through_the_package():
    written = {
        name
        for module in iter_modules(policies.__path__)
        for name, value in vars(import_module(f"meetings.policies.{module.name}")).items()
        if inspect.isfunction(value) and name.startswith("can_")
    }

    assert written == set(verbs())


def test_every_verb_role_and_state_is_in_the_table():
    assert set(TABLE) == set(verbs())
    assert {role for role in ROLES.values() if role} == set(Role)
    for rule in TABLE.values():
        assert rule.who <= set(ROLES)
        assert set(rule.states) <= set(OBJECTS[rule.about][0])


@pytest.mark.parametrize("verb", sorted(TABLE))
def test_policy(verb, people):
    rule, can = TABLE[verb], verbs()[verb]
    names, make = OBJECTS[rule.about]
    found, expected = {}, {}

    for state in names:
        obj = make(state, people)
        for role in ROLES:
            verdict = can(people[role], obj)
            assert verdict.allowed == (not verdict.reason)
            found[role, state] = str(verdict.reason)
            expected[role, state] = rule.reason(role, state)

    assert found == expected


def test_issuing_waits_for_the_chair_when_the_rules_say_so(people, monkeypatch):
    meeting = meeting_in(S.DRAFT, people)
    rule = meeting.rule_profile.rules.rules["chair_approves_agenda"]
    monkeypatch.setitem(
        meeting.rule_profile.rules.rules,
        "chair_approves_agenda",
        type(rule)(rule.key, True, rule.text, rule.legal, rule.source),
    )

    before = policies.can_issue_agenda(people["secretariat"], meeting)
    meeting.agenda_approved_at = timezone.now()
    after = policies.can_issue_agenda(people["secretariat"], meeting)

    assert str(before.reason) == "The chair must approve the agenda first. Send it to the chair."
    assert after.allowed


def test_issuing_needs_an_item(people):
    meeting = MeetingFactory(committee=people["committee"])

    verdict = policies.can_issue_agenda(people["secretariat"], meeting)

    assert str(verdict.reason) == "The agenda has no items yet. Add the first one."


@pytest.mark.parametrize("heading", ["", "Lukket punkt", "LUKKET PUNKT 4", "Fortroligt", "–"])
def test_issuing_needs_public_headings_that_speak(people, heading):
    meeting = MeetingFactory(committee=people["committee"])
    AgendaItemFactory(meeting=meeting, closed=True, public_title=heading)

    verdict = policies.can_issue_agenda(people["secretariat"], meeting)

    assert str(verdict.reason) == "Write a public heading that says what item 1 is about."


def test_exercises_are_for_workshops(people):
    verdict = policies.can_run_workshop(people["secretariat"], meeting_in(S.DRAFT, people))

    assert str(verdict.reason) == NOT_A_WORKSHOP


def test_read_through_that_is_over_takes_no_comments(people):
    meeting = read_through_in(S.READ_THROUGH, people)
    meeting.read_throughs.update(closed_at=timezone.now())

    assert str(policies.can_comment_read_through(people["chair"], meeting).reason) == ONLY_READERS


def test_member_who_was_not_asked_does_not_comment(people):
    meeting = read_through_in(S.READ_THROUGH, people)
    ReadThroughReader.objects.filter(reader=people["chair"]).delete()

    assert not policies.can_comment_read_through(people["chair"], meeting)
    assert policies.can_comment_read_through(people["vice-chair"], meeting)


@pytest.mark.parametrize(
    ("asks", "who"),
    [
        ({"asks_members": True, "asks_follow_group": False}, MEMBERS),
        ({"asks_members": False, "asks_follow_group": True}, {"follow group"}),
    ],
)
def test_round_asks_whom_it_says(people, asks, who):
    row = InputRoundFactory(meeting=meeting_in(S.DRAFT, people), **asks)

    assert {role for role in ROLES if policies.can_answer_round(people[role], row)} == who


def test_secretariat_alone_raises_and_settles_after_the_meeting(people):
    item, case = item_in(S.MINUTES_DRAFT, people), case_in(S.MINUTES_DRAFT, people)
    sent = item_in(S.APPROVAL, people)

    can = {
        "raise": {r for r in ROLES if policies.can_raise_disqualification(people[r], item)},
        "raise late": {r for r in ROLES if policies.can_raise_disqualification(people[r], sent)},
        "settle": {r for r in ROLES if policies.can_settle_disqualification(people[r], case)},
        "vote": {r for r in ROLES if policies.can_vote_on_disqualification(people[r], case)},
    }

    assert can == {
        "raise": SECRETARIAT, "raise late": SECRETARIAT, "settle": SECRETARIAT, "vote": set(),
    }  # fmt: skip


def test_secretariat_alone_answers_for_another_member(people):
    meeting = meeting_in(S.APPROVAL, people)

    verdicts = {
        role: policies.can_answer_minutes(people[role], meeting, people["council member"])
        for role in ROLES
    }

    assert {role for role, verdict in verdicts.items() if verdict} == SECRETARIAT | {
        "council member"
    }
    assert str(verdicts["chair"].reason) == "You can only answer for yourself."


def test_whoever_asked_for_a_reopening_does_not_approve_it(people):
    meeting = meeting_in(S.LOCKED, people)
    ReopenRequest.objects.create(meeting=meeting, reason="Fejl i punkt 1", asked_by=people["chair"])

    approvers = {r for r in ROLES if policies.can_approve_reopening(people[r], meeting)}

    assert approvers == {"vice-chair"} | SECRETARIAT


def test_nobody_settles_their_own_case(people):
    case = case_in(S.IN_SESSION, people)
    case.member = people["chair"]

    verdict = policies.can_settle_disqualification(people["chair"], case)

    assert "§ 6, stk. 3" in str(verdict.reason)
    assert policies.can_settle_disqualification(people["vice-chair"], case)


@pytest.mark.parametrize(("state", "readers"), [(S.ISSUED, LEADERS), (S.IN_SESSION, MEMBERS)])
def test_grounds_are_read_by_those_who_decide_when_they_do(people, state, readers):
    case = case_in(state, people)
    concerned = {"citizen member"}

    found = {role for role in ROLES if policies.reads_grounds(people[role], case)}

    assert found == (readers | SECRETARIAT | concerned) - {"recused member"}


# How much is read --------------------------------------------------------------------


def test_closed_items_are_read_in_full_by_members_who_are_impartial(people):
    item = item_in(S.ISSUED, people)
    levels = {
        role: policies.reading_level(people[role], item.pk, people["committee"].pk)
        for role in ROLES
    }

    full = (MEMBERS | SECRETARIAT) - {"recused member"}
    assert levels == {role: "full" if role in full else "public" for role in ROLES}


def test_drafts_are_seen_by_those_who_make_them(people):
    seen = {role for role in ROLES if policies.sees_drafts(people[role], people["committee"].pk)}

    assert seen == LEADERS | SECRETARIAT


def test_insiders_have_a_role_today(people):
    meeting = meeting_in(S.DRAFT, people)

    inside = {role for role in ROLES if policies.is_insider(people[role], meeting)}
    assert inside == {name for name, role in ROLES.items() if role}


def test_inactive_account_has_no_roles(people):
    secretary = people["secretariat"]
    secretary.is_active = False

    assert not policies.can_edit_agenda(secretary, meeting_in(S.DRAFT, people))
