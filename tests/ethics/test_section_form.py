"""One part of the questionnaire as a form: what is read, what is refused, what is shown."""

from django.http import QueryDict
from django.template.loader import render_to_string

from ethics.forms.questions import SectionForm
from ethics.questionnaire import current

ETIK = current()
C, E = ETIK.section("C"), ETIK.section("E")


def post(**fields):
    data = QueryDict(mutable=True)
    for key, value in fields.items():
        data[key] = value
    return data


def test_answers_are_read():
    form = SectionForm(ETIK, E, {}, post(E1="2", E1_reason="120 prøvet.", E2="unknown"))

    assert form.is_valid()
    assert form.cleaned_answers()["E1"] == {"value": 2, "reason": "120 prøvet.", "evidence": ""}
    assert form.cleaned_answers()["E2"]["value"] == "unknown"
    assert form.cleaned_answers()["E4"]["value"] == ""


def test_scale_without_reason_is_refused_beside_its_question():
    form = SectionForm(ETIK, E, {}, post(E1="2", E4="9", E4_reason="x"))

    assert not form.is_valid()
    assert set(form.errors) == {"E1_reason", "E4"}


def test_answer_to_what_is_no_longer_asked_is_kept_even_when_it_does_not_hold():
    stored = {"C2": {"value": "no", "reason": "", "evidence": ""}}

    form = SectionForm(ETIK, C, stored, post(C1="none", C2="na"))

    assert form.is_valid()
    assert form.cleaned_answers()["C2"]["value"] == "no"


def test_only_own_questions_are_read():
    form = SectionForm(ETIK, C, {}, post(C1="none", C2="yes", D1="no"), may={"C1"})

    assert form.is_valid()
    assert list(form.cleaned_answers()) == ["C1"]


def test_rows_follow_what_stands_in_the_form():
    form = SectionForm(ETIK, C, {}, post(C1="none", C4="no"))
    rows = {row.id: row for row in form.rows}

    assert [row.is_shown for row in form.rows] == [True, False, False, True]
    assert rows["C2"].condition == "C1!=none"
    assert [flag.severity.id for flag in rows["C4"].flags if flag.is_raised] == ["blocker"]
    assert [choice.is_chosen for choice in rows["C4"].choices] == [False, True, False]


def test_question_is_drawn_with_its_boxes_and_what_the_owner_said():
    answers = {"E1": {"value": 3, "reason": "Prøvet.", "evidence": ""}}
    form = SectionForm(ETIK, E, {}, given=answers, given_by="Systemejers svar")

    html = render_to_string("ethics/parts/question.html", {"row": form.rows[0]})

    assert html.count('type="radio"') == 6
    assert "Systemejers svar: 3, på plads." in html
    assert 'for="id_E1_reason"' in html
