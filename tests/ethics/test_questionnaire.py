"""The questionnaire engine: what is asked, what answers come to, and what a new version asks."""

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.verdicts import Refused
from ethics.questionnaire import NO_ANSWER, assess, by_ref, checked, compare, current, visible
from ethics.questionnaire.model import SEVERITIES, UNKNOWN, Words

ETIK = current()
BAD = {"impact": 3, "safeguard": 0, "value": 0}


def q(key):
    return ETIK.by_id[key]


def answer(value, reason="Fordi."):
    return {"value": value, "reason": reason, "evidence": ""}


def value_of(question):
    """Any answer that the question takes, or none."""
    if question.type == "text":
        return st.sampled_from(["", "En tekst."])
    keys = [key for key, _name in question.choices]
    if question.type == "scale_0_4":
        keys = [int(key) if key.isdigit() else key for key in keys]
    return st.sampled_from(["", *keys])


ANSWERS = st.fixed_dictionaries({one.id: value_of(one).map(answer) for one in ETIK.questions})


def test_domain_is_whole():
    covered = {point for one in ETIK.questions for point in one.kl_points}

    assert (len(ETIK.questions), len(ETIK.sections)) == (39, 11)
    assert sum(len(one.flags) for one in ETIK.questions) == 72
    assert covered == set(range(1, 11))
    assert by_ref("etik@1") == ETIK


def test_words_follow_the_language():
    with translation.override("da"):
        danish = str(q("K3").text)
    with translation.override("en"):
        english = str(q("K3").text)

    assert danish.startswith("Er der tvivl")
    assert english.startswith("Is there doubt")


@pytest.mark.parametrize(
    ("data", "asked"),
    [(None, True), ("ordinary", True), ("unknown", True), ("none", False)],
)
def test_questions_on_personal_data_leave_only_when_there_is_none(data, asked):
    answers = {"C1": answer(data)} if data else {}

    assert (q("C2") in visible(ETIK, answers)) is asked


def test_hidden_answer_raises_no_flag_and_comes_back():
    answers = {"C1": answer("ordinary"), "C2": answer("no")}

    hidden = assess(ETIK, answers | {"C1": answer("none")})

    assert "C2" in [flag.question_id for flag in assess(ETIK, answers).flags]
    assert "C2" not in [flag.question_id for flag in hidden.flags]
    assert q("C2") not in hidden.unanswered


def test_an_answer_to_a_hidden_question_shows_nothing():
    """B leans on A: when A itself is not asked, what stands there does not count."""
    first = replace(q("C2"), show_if=q("C2").show_if)
    leaning = replace(q("C3"), show_if=(replace(q("C2").show_if[0], question="C2", wanted=True),))
    leaning = replace(leaning, show_if=(replace(leaning.show_if[0], values=frozenset({"yes"})),))
    rows = tuple({"C2": first, "C3": leaning}.get(one.id, one) for one in ETIK.questions)
    changed = replace(ETIK, questions=rows, by_id={one.id: one for one in rows})
    answers = {"C1": answer("ordinary"), "C2": answer("yes")}

    assert leaning in visible(changed, answers)
    assert leaning not in visible(changed, answers | {"C1": answer("none")})


def test_axes_name_the_answer_that_counts():
    answers = {"E4": answer(1), "H1": answer(3), "J2": answer(UNKNOWN), "E1": answer(2)}

    axes = assess(ETIK, answers | {"A2": answer(4), "A3": answer(UNKNOWN)}).axes

    assert (axes["impact"].score, axes["impact"].question_ids) == (3, ("H1", "J2"))
    assert axes["impact"].unknown == ("J2",)
    assert (axes["safeguard"].score, axes["safeguard"].question_ids) == (2, ("E1",))
    assert (axes["value"].score, axes["value"].scores) == (4, {"A2": 4, "A3": 0})


def test_axis_without_answers_has_no_score():
    assert assess(ETIK, {}).axes["impact"].score is None


@pytest.mark.parametrize("key", [one.id for one in ETIK.questions if one.type != "text"])
def test_unknown_raises_a_flag_of_every_question(key):
    answers = {key: answer(UNKNOWN, "")}

    assert key in [flag.question_id for flag in assess(ETIK, answers).flags]


def test_text_that_is_not_written_raises_its_flag():
    assert {flag.question_id for flag in assess(ETIK, {}).flags} == {"A1", "A5"}


@given(ANSWERS, st.sampled_from([one.id for one in ETIK.questions if one.show_if]))
def test_hiding_leaves_neither_flag_nor_score(answers, key):
    condition = q(key).show_if[0]
    hiding = answers | {condition.question: answer(next(iter(condition.values)))}

    result = assess(ETIK, hiding)
    without = assess(ETIK, {k: v for k, v in hiding.items() if k != key})

    assert result == without
    assert key not in {flag.question_id for flag in result.flags}


@given(ANSWERS, st.sampled_from(list(ETIK.by_id)))
def test_unknown_is_never_better_than_its_floor(answers, key):
    scale = q(key).scale
    result = assess(ETIK, answers | {key: answer(UNKNOWN, "")})

    if scale == "impact":
        assert result.axes[scale].score >= BAD[scale]
    elif scale == "safeguard":
        assert result.axes[scale].score == BAD[scale]
    elif scale == "value":
        others = assess(ETIK, {k: v for k, v in answers.items() if k != key}).axes[scale].score
        assert result.axes[scale].score == (others or 0)


@given(ANSWERS)
def test_flags_come_heaviest_first(answers):
    weights = [SEVERITIES.index(flag.severity) for flag in assess(ETIK, answers).flags]

    assert weights == sorted(weights, reverse=True)


# One answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "raw", "kept"),
    [
        ("K3", {"value": "no"}, {"value": "no", "reason": "", "evidence": ""}),
        ("E1", {"value": "2", "reason": " Prøvet. "}, answer(2, "Prøvet.")),
        ("E1", {"value": UNKNOWN}, answer(UNKNOWN, "")),
        ("H2", {"value": "na", "reason": "Ingen borgere."}, answer("na", "Ingen borgere.")),
        ("C1", {"value": "special"}, answer("special", "")),
        ("A1", {"value": "<b>Mails</b>"}, answer("**Mails**", "")),
        ("E1", {}, NO_ANSWER),
        ("E1", {"value": None, "reason": "Senere"}, answer("", "Senere")),
    ],
)
def test_answer_is_kept(key, raw, kept):
    assert checked(q(key), raw) == kept


@pytest.mark.parametrize(
    ("key", "raw", "field"),
    [
        ("K3", {"value": "na", "reason": "x"}, "K3"),
        ("K3", {"value": True}, "K3"),
        ("E1", {"value": "5", "reason": "x"}, "E1"),
        ("E1", {"value": "-1", "reason": "x"}, "E1"),
        ("E1", {"value": "02", "reason": "x"}, "E1"),
        ("E1", {"value": ["2"], "reason": "x"}, "E1"),
        ("E1", {"value": 2}, "E1_reason"),
        ("E1", {"value": "0", "reason": "  "}, "E1_reason"),
        ("H2", {"value": "na"}, "H2_reason"),
        ("C1", {"value": "andet"}, "C1"),
        ("A1", {"value": "x" * 10_001}, "A1"),
        ("K3", {"value": "no", "reason": "x" * 4_001}, "K3_reason"),
        ("K3", {"value": "no", "evidence": "x" * 2_001}, "K3_evidence"),
    ],
)
def test_answer_that_does_not_hold_names_its_field(key, raw, field):
    with pytest.raises(Refused) as refusal:
        checked(q(key), raw)

    assert refusal.value.field == field


def test_several_answers_are_kept_in_order():
    several = replace(q("C1"), type="multi")

    assert checked(several, {"value": ["special", "none"]})["value"] == ["none", "special"]
    with pytest.raises(Refused):
        checked(several, {"value": ["special", UNKNOWN]})


# A new version -----------------------------------------------------------------------------------


def version_two():
    """Etik without A4, with K5, another wording of A1 and a heavier flag of K4."""
    heavier = replace(q("K4").flags[0], severity="major")
    rows = [
        replace(one, text=Words("Ny ordlyd?", "New words?")) if one.id == "A1" else one
        for one in ETIK.questions
        if one.id != "A4"
    ]
    rows = [replace(one, flags=(heavier,)) if one.id == "K4" else one for one in rows]
    rows.append(replace(q("K4"), id="K5"))
    return replace(ETIK, ref="etik@2", questions=tuple(rows), by_id={one.id: one for one in rows})


def test_new_version_tells_what_is_new_changed_and_gone():
    found = compare(ETIK, version_two())

    assert [one.id for one in found.new] == ["K5"]
    assert [(a.id, b.id) for a, b in found.changed] == [("A1", "A1")]
    assert [one.id for one in found.removed] == ["A4"]
    assert [b.id for _a, b in found.reweighed] == ["K4"]


@given(ANSWERS)
def test_answers_to_unchanged_questions_carry_over(answers):
    carried = compare(ETIK, version_two()).carried(answers)

    assert set(answers) - set(carried) == {"A1", "A4"}
    assert all(carried[key] == answers[key] for key in carried)


def test_version_beside_itself_is_the_same():
    assert compare(ETIK, ETIK).is_empty
