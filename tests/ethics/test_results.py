"""The result page and its PDF: who reads it, what stands in it, what it costs."""

import io

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.documents import validate_ua
from core.models import Work
from ethics.documents import result_pdf
from ethics.services import results
from tests.ethics import scenes_rounds as scenes

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def revealed():
    """Three sheets that disagree, in discussion."""
    scene = scenes.a_round()
    scenes.handed_out(scene)
    scenes.seal(scene, "council", E1=1)
    scenes.seal(scene, "citizen", E1=4, A3=4)
    scenes.seal(scene, "ethicist", note="Jeg er i tvivl.")
    scene.move("reveal")
    return scene


def address(scene, name="review_result"):
    return reverse(f"ethics:{name}", args=[scene.review.pk])


def text_of(data):
    import pypdfium2

    document = pypdfium2.PdfDocument(io.BytesIO(data))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_result_page_shows_axes_disagreement_and_advice(client, revealed):
    client.force_login(revealed.again("council"))

    answer = client.get(address(revealed))

    assert answer.status_code == 200
    page = answer.content.decode()
    for words in ("Tre akser", "Kommunalbestyrelsesmedlem", "Prisen for et nej", "E1"):
        assert words in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("council", 200), ("secretary", 200), ("proposer", 403), ("owner", 403), ("outsider", 404)],
)
def test_result_is_read_by_those_who_read_the_sheets(client, revealed, who, status):
    client.force_login(revealed.again(who))

    statuses = [
        client.get(address(revealed, name)).status_code
        for name in ("review_result", "review_result_file")
    ]

    assert statuses == [status, status]


def test_result_is_shut_before_the_reveal(client):
    scene = scenes.a_round()
    scenes.handed_out(scene)
    scenes.seal(scene, "council")
    client.force_login(scene.again("council"))

    assert client.get(address(scene)).status_code == 403


def test_result_page_costs_few_queries(client, revealed):
    client.force_login(revealed.again("council"))
    client.get(address(revealed))

    with CaptureQueriesContext(connection) as found:
        client.get(address(revealed))

    # The savepoints around saving the session are the test's: it runs inside a transaction.
    asked = [one for one in found.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= MOST_QUERIES


def test_result_pdf_is_tagged_and_says_what_the_page_says(revealed):
    data = result_pdf(revealed.fresh())

    assert validate_ua(data) == []
    text = text_of(data)
    for words in ("Tre akser", "Etiker", "Prisen for et nej", "E1"):
        assert words in text
    assert len(pikepdf.open(io.BytesIO(data)).pages) <= 3


def test_result_pdf_is_asked_for_once_and_made_by_the_worker(client, revealed, drain_outbox):
    client.force_login(revealed.again("secretary"))

    for _time in range(2):
        client.post(address(revealed, "review_result_request"))
    drain_outbox()

    assert Work.objects.count() == 1
    answer = client.get(address(revealed, "review_result_file"), follow=True)
    assert answer["Content-Type"] == "application/pdf"


def test_result_pdf_of_yesterday_is_not_served_after_a_note(revealed):
    before = results.fingerprint(revealed.fresh())
    scenes.discussed(revealed)

    assert results.fingerprint(revealed.fresh()) != before
