"""A double click is one act, and a form that was corrected may come again."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.models import Draft, SubmittedForm
from core.once import FIELD, new_token
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.urls("tests.core.shop")]


@pytest.fixture
def buyer(client):
    user = UserFactory()
    client.force_login(user)
    return client


def post(client, token="a", word="x", **headers):
    return client.post("/shop/", {FIELD: token, "word": word}, headers=headers)


def test_double_click_is_one_act_and_leads_to_the_same_page(buyer):
    first, second = post(buyer), post(buyer)

    assert (first.status_code, first["Location"]) == (302, "/shop/1/")
    assert (second.status_code, second["Location"]) == (302, "/shop/1/")
    assert Draft.objects.count() == 1


def test_double_click_through_htmx_is_one_act(buyer):
    answers = [post(buyer, **{"HX-Request": "true"}) for _click in range(2)]

    assert [a["HX-Redirect"] for a in answers] == ["/shop/1/", "/shop/1/"]
    assert Draft.objects.count() == 1


def test_each_rendering_of_the_form_is_an_act_of_its_own(buyer):
    answers = [post(buyer, token=new_token()) for _form in range(2)]

    assert [a["Location"] for a in answers] == ["/shop/1/", "/shop/2/"]


def test_form_without_token_acts_each_time(buyer):
    for _click in range(2):
        buyer.post("/shop/", {"word": "x"})

    assert Draft.objects.count() == 2


def test_corrected_form_may_come_with_the_same_token(buyer):
    wrong, right, again = post(buyer, word=""), post(buyer), post(buyer)

    assert [a.status_code for a in (wrong, right, again)] == [422, 302, 302]
    assert Draft.objects.count() == 1


def test_form_that_failed_may_come_with_the_same_token(buyer):
    failed, right = post(buyer, word="error"), post(buyer)

    assert [a.status_code for a in (failed, right)] == [409, 302]
    assert Draft.objects.count() == 1


def test_reading_is_not_counted(buyer):
    buyer.get("/shop/", {FIELD: "a"})

    assert not SubmittedForm.objects.exists()


def test_overlong_token_is_no_error(buyer):
    answers = [post(buyer, token="a" * 500) for _click in range(2)]

    assert [a["Location"] for a in answers] == ["/shop/1/", "/shop/1/"]


def test_owner_is_kept(buyer):
    post(buyer)

    assert SubmittedForm.objects.get().owner == get_user_model().objects.get()


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
def test_as_many_acts_as_tokens(tokens):
    client = Client()
    user = UserFactory()
    client.force_login(user)
    seen = {}
    for token in tokens:
        answer = post(client, token=f"{user.pk}-{token}")
        assert answer["Location"] == seen.setdefault(token, answer["Location"])

    assert user.drafts.count() == len(set(tokens))


def test_tokens_fit_and_differ():
    tokens = {new_token() for _form in range(100)}

    assert len(tokens) == 100
    assert max(map(len, tokens)) <= 43


def test_two_clicks_at_the_same_time_are_one_act(run_together):
    user = UserFactory()

    def click():
        client = Client()
        client.force_login(user)
        return lambda: post(client)["Location"]

    assert run_together(*[click() for _click in range(4)]) == ["/shop/1/"] * 4
    assert Draft.objects.count() == 1
