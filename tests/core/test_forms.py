"""Danish dates and times in forms, and the markup of the dkfds template pack."""

from datetime import date, time

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.forms import ClockField, DanishDateField, PlainMessages, RefusableForm
from core.verdicts import NotAllowed, Refused, StaleState, no


class MeetingForm(PlainMessages, forms.Form):
    title = forms.CharField(label="Title", help_text="Short & telling", max_length=80)
    day = DanishDateField(label="Date")
    start = ClockField(label="Begins", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), ("o", "Ordinary")])
    access = forms.ChoiceField(
        label="Access", widget=forms.RadioSelect, choices=[("open", "Open"), ("closed", "Closed")]
    )
    readers = forms.MultipleChoiceField(
        label="Readers",
        widget=forms.CheckboxSelectMultiple,
        choices=[("m", "Members")],
        required=False,
    )
    checked = forms.BooleanField(label="I have checked it")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture(autouse=True)
def english() -> object:
    with translation.override("en"):
        yield


def crispy(form: forms.Form) -> str:
    source = "{% load crispy_forms_tags %}{{ form|crispy }}"
    return Template(source).render(Context({"form": form}))


VALID = {
    "title": "3. møde",
    "day_day": "25",
    "day_month": "2",
    "day_year": "2026",
    "start": "17.00",
    "kind": "o",
    "access": "closed",
    "checked": "on",
}


@given(st.dates(date(1000, 1, 1)))
def test_date_field_reads_back_what_it_shows(day: date) -> None:
    field = DanishDateField()
    shown = field.widget.decompress(day)
    posted = dict(zip(("d_day", "d_month", "d_year"), shown, strict=True))

    assert field.clean(field.widget.value_from_datadict(posted, {}, "d")) == day


@pytest.mark.parametrize(
    "text", ["25.2.2026", "25 02 2026", "25/2/2026", "25-02-2026", "2026-02-25", " 25. 02. 2026 "]
)
def test_date_field_takes_usual_spellings(text: str) -> None:
    field = DanishDateField()

    assert field.clean(field.widget.value_from_datadict({"d": text}, {}, "d")) == date(2026, 2, 25)


@pytest.mark.parametrize("text", ["31.02.2026", "25.2.26", "2.2026", "x", "..2026", "00.01.2026"])
def test_date_field_says_how_to_write(text: str) -> None:
    with pytest.raises(forms.ValidationError, match="Write the date with day, month and year"):
        DanishDateField().clean(text)


def test_date_field_shows_what_was_typed_again() -> None:
    form = MeetingForm(VALID | {"day_day": "31", "day_year": ""})
    html = crispy(form)

    assert form["day"].value() == "31.2."
    assert 'name="day_day" value="31"' in html
    assert 'name="day_month" value="2"' in html
    assert 'name="day_year" maxlength' in html or 'name="day_year" inputmode' in html


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("17.00", time(17)),
        ("17:05", time(17, 5)),
        ("17", time(17)),
        ("0930", time(9, 30)),
        ("kl. 9.30", time(9, 30)),
        ("", None),
    ],
)
def test_clock_field_takes_usual_spellings(text: str, moment: time | None) -> None:
    assert ClockField(required=False).clean(text) == moment


@pytest.mark.parametrize("text", ["25.00", "17.61", "five", "17.0", "-1"])
def test_clock_field_says_how_to_write(text: str) -> None:
    with pytest.raises(forms.ValidationError, match="Write the time with hours and minutes"):
        ClockField().clean(text)


def test_clock_field_shows_a_full_stop() -> None:
    assert ClockField().prepare_value(time(9, 5)) == "09.05"


@pytest.mark.parametrize(("data", "changed"), [("25.02.2026", False), ("x", True), ("", True)])
def test_date_field_has_changed(data: str, changed: bool) -> None:
    assert DanishDateField().has_changed(date(2026, 2, 25), data) is changed


def test_form_valid() -> None:
    form = MeetingForm(VALID)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2026, 2, 25)
    assert form.cleaned_data["start"] == time(17)


def test_required_messages_say_what_to_do() -> None:
    assert {name: errors[0] for name, errors in MeetingForm({}).errors.items()} == {
        "title": "Fill in “Title”",
        "day": "Write the date with day, month and year, for example 25 02 2026",
        "kind": "Choose under “Kind”",
        "access": "Choose under “Access”",
        "checked": "Tick “I have checked it”",
    }


def test_own_required_message_stays() -> None:
    class Form(PlainMessages, forms.Form):
        heading = forms.CharField(error_messages={"required": "Write a heading"})

    assert Form({}).errors["heading"] == ["Write a heading"]


def test_crispy_field_has_label_hint_and_class() -> None:
    html = crispy(MeetingForm())

    assert '<label class="form-label" for="id_title">Title</label>' in html
    assert '<span class="form-hint" id="id_title_helptext">' in html
    assert 'class="form-input"' in html
    assert 'aria-describedby="id_title_helptext"' in html
    assert '<select name="kind" class="form-select" id="id_kind">' in html
    assert "(optional)" in html.split("Begins")[1].split("</label>")[0]
    assert "(optional)" not in html.split("Title")[1].split("</label>")[0]
    assert 'class="form-input ur-clock"' in html
    assert "error-summary" not in html


def test_crispy_groups_are_fieldsets() -> None:
    html = crispy(MeetingForm(initial={"access": "closed"}))

    assert html.count("<fieldset") == 3
    assert (
        '<input class="form-radio" id="id_access_1" name="access" type="radio" value="closed" '
        'checked><label class="form-label" for="id_access_1">Closed</label>'
    ) in html
    assert 'name="readers" type="checkbox" value="m"' in html
    assert (
        '<div class="form-group-day"><label class="form-label" for="id_day_0">Day</label>' in html
    )


def test_crispy_errors_are_tied_to_their_fields() -> None:
    form = MeetingForm({})
    form.add_error(None, "Nothing fits")
    html = crispy(form)

    assert (
        'class="alert alert-error error-summary ur-sum" role="alert" tabindex="-1" data-focus'
        in html
    )
    assert "<li>Nothing fits</li>" in html
    for link in ("id_title", "id_day_0", "id_kind", "id_access_0", "id_checked"):
        assert f'<li><a href="#{link}">' in html
        assert f'id="{link}"' in html
    assert (
        '<span class="form-error-message" id="id_title_error"><span class="sr-only">Error: </span>'
        in html
    )
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert '<fieldset aria-describedby="id_day_error">' in html


def test_crispy_escapes_what_was_typed() -> None:
    form = MeetingForm(VALID | {"title": '"><script>', "kind": "<b>"})

    assert "<script>" not in crispy(form)
    assert "<b>" not in crispy(form)


def test_crispy_tag_renders_a_whole_form() -> None:
    form = MeetingForm({})
    form.helper = FormHelper()
    form.helper.layout = Layout(
        Fieldset("About", "title", "day"), Submit("save", "Save {{ what }}", css_class="s")
    )
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(
        Context({"form": form, "csrf_token": "token", "what": "<all>"})
    )

    assert 'method="post"' in html
    assert "novalidate" in html
    assert "csrfmiddlewaretoken" in html
    assert "<legend>About</legend>" in html
    assert html.count("error-summary") == 1
    assert '<button type="submit" name="save" value="save" class="button button-primary s"' in html
    assert ">Save &lt;all&gt;</button>" in html


# A form that says why not -------------------------------------------------------------------


class Wish(RefusableForm):
    text = forms.CharField()


def refused(error):
    def act():
        raise error

    return act


def test_form_that_is_not_sent_raises_the_no():
    with pytest.raises(NotAllowed, match="Ikke dig"):
        Wish().is_ready(no("Ikke dig"))

    assert not Wish().is_ready()


def test_form_that_is_sent_shows_the_no_above_what_was_typed():
    form = Wish({"text": "Mine ord"})

    assert not form.is_ready(no("Ikke dig"))
    assert (form.status, form.non_field_errors(), form["text"].value()) == (
        403, ["Ikke dig"], "Mine ord",
    )  # fmt: skip


@pytest.mark.parametrize(("error", "status", "field"), [
    (Refused("Nej", "text"), 422, "text"),
    (Refused("Nej", "other"), 422, "__all__"),
    (NotAllowed("Nej"), 403, "__all__"),
    (StaleState("Nej"), 409, "__all__"),
])  # fmt: skip
def test_form_shows_what_stopped_the_act(error, status, field):
    form = Wish({"text": "Mine ord"})

    assert form.is_ready()
    assert form.attempt(refused(error)) is None
    assert not form.carries_out(refused(error))
    assert (form.status, list(form.errors), form["text"].value()) == (status, [field], "Mine ord")


def test_form_gives_back_what_came_of_it():
    form = Wish({"text": "Mine ord"})

    assert form.is_ready()
    assert form.attempt(lambda: 7) == 7
    assert form.carries_out(lambda: None)
    assert form.status == 200
