"""Nothing that only the committee may read survives redaction."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json
from meetings.redaction import public_snapshot, redact
from tests.meetings.samples import CLOSED_WORDS, attachment, item, rich, section, snapshot

SECRET = st.text(alphabet="ABCDEFGH", min_size=1, max_size=8).map(lambda s: f"hemmelig-{s}-æ")


@given(st.lists(SECRET, min_size=12, max_size=12), st.sampled_from(["open", "closed"]))
def test_no_internal_string_of_a_closed_item_survives(words: list[str], access: str) -> None:
    closed = item(
        1,
        words[0],
        access="closed",
        public_title="Offentlig overskrift",
        closing={"ground": "§ 30", "reason": words[1]},
        presenter=words[2],
        sections=[section("s", words[3], words[4], words[5])],
        decision={"heading": words[6], "outcome": "adopted", "text": words[7]},
        public_decision="Offentlig beslutning",
        votes={"later": words[8]},
        attachments=[
            attachment(1, "1.1", words[9], access="closed", filename=words[10]),
            attachment(2, "1.2", "Åbent", inner_note=words[11]),
        ],
    )
    opened = item(2, "Åbent punkt", attachments=[attachment(3, "2.1", words[9], access="closed")])
    source = snapshot([closed, opened], unplaced=words[0], secret_key=words[1])
    source["version"]["note"] = words[2]
    source["meeting"]["online_link"] = words[3]
    source["changes"] = [
        {
            "kind": "changed",
            "item": 101,
            "number": 1,
            "title": words[0],
            "public_title": "Offentlig overskrift",
            "what": [words[4]],
        },
        {
            "kind": "changed",
            "item": 102,
            "number": 2,
            "title": "Åbent punkt",
            "public_title": "Åbent punkt",
            "what": [f"Nyt bilag {words[9]}"],
        },
        {
            "kind": "removed",
            "item": 9,
            "number": None,
            "title": words[0],
            "public_title": "Udgået",
            "what": [words[1]],
        },
    ]

    found = canonical_json(public_snapshot(source)).decode()

    assert [word for word in words if word in found] == []
    assert "Offentlig overskrift" in found
    assert "Offentlig beslutning" in found


def test_redaction_twice_is_redaction_once() -> None:
    once = public_snapshot(rich("agenda"))

    assert public_snapshot(once) == once


def test_redaction_leaves_its_source_alone() -> None:
    source, before = rich("agenda"), canonical_json(rich("agenda"))

    public_snapshot(source)["items"][0]["sections"].clear()

    assert canonical_json(source) == before


def test_a_reader_is_judged_item_by_item() -> None:
    def recused(item: dict[str, Any]) -> Any:
        return "public" if item["id"] == 106 else "full"

    seen = redact(rich("agenda"), level=recused, keep={"online_link"})

    assert seen["meeting"]["online_link"] == "https://example.dk/moede/3"
    assert seen["items"][4] == rich("agenda")["items"][4]
    assert seen["items"][5]["redacted"] is True
    assert [word for word in CLOSED_WORDS if word in str(seen["items"][5])] == []


def test_open_item_of_the_public_has_its_open_attachments_only() -> None:
    source = snapshot(
        [
            item(
                1,
                "Åbent",
                attachments=[attachment(1, "1.1", "A"), attachment(2, "1.2", "B", access="closed")],
            )
        ]
    )

    assert [row["id"] for row in public_snapshot(source)["items"][0]["attachments"]] == [1]
