"""Guidelines, dilemmas and hearings of the world, with a word in every text that is not for all."""

from typing import Any

from core.canonical import canonical_json, sha256_hex
from ethics.models import (
    Amendment,
    AmendmentText,
    Argument,
    Dilemma,
    DilemmaPublication,
    Guideline,
    GuidelineEdition,
    GuidelineSection,
    GuidelineVersion,
    Hearing,
    HearingReply,
    SectionRevision,
)
from tests.factories import day, days
from tests.world import EVERYBODY, NEIGHBOUR, NOBODY, SECRETARIAT, TABLE, World

Readers = frozenset[str]


def guidelines(world: World) -> None:
    """One that was adopted and is being changed, one that never was, and a neighbour's."""
    rows, by = world.rows, world.people["secretariat"]
    rows.guideline = Guideline.objects.create(
        committee=rows.committee, slug="etiske-retningslinjer", title="Etiske retningslinjer"
    )
    _adopted(world, rows.guideline, "an adopted guideline", EVERYBODY, by)
    rows.guideline_section = _draft(world, rows.guideline, 2, "draft", TABLE, by)
    rows.guideline_draft = Guideline.objects.create(
        committee=rows.committee,
        slug="ambition",
        title=world.secret("ethics.Guideline.title (never adopted)", TABLE),
    )
    rows.draft_section = _draft(world, rows.guideline_draft, 1, "never adopted", TABLE, by)
    rows.guideline_other = Guideline.objects.create(
        committee=rows.closed_body,
        slug="naboens-retningslinjer",
        title=world.secret("ethics.Guideline.title (another body)", NEIGHBOUR),
    )
    neighbour = world.people["neighbour"]
    _adopted(world, rows.guideline_other, "another body", NEIGHBOUR, neighbour)
    rows.other_section = _draft(
        world, rows.guideline_other, 2, "another body", NEIGHBOUR, neighbour
    )
    _amendments(world)


def _adopted(world: World, guideline: Guideline, place: str, readers: Readers, by: Any) -> None:
    version = GuidelineVersion.objects.create(
        guideline=guideline, number=1, state="adopted", created_by=by
    )

    def word(name: str) -> str:
        return world.secret(f"ethics.GuidelineEdition.{name} ({place})", readers)

    body = canonical_json(
        {
            "guideline": {"slug": guideline.slug, "title": guideline.title},
            "sections": [{"number": 1, "heading": "Kontrol", "text": word("body")}],
        }
    )
    GuidelineEdition.objects.create(
        version=version,
        body=body.decode(),
        sha256=sha256_hex(body),
        meeting=f"Møde {word('meeting')}",
        item=word("item"),
        decided_on=day(-9),
        link=f"https://example.dk/{word('link')}",
        by=by,
    )


def _draft(
    world: World, guideline: Guideline, number: int, place: str, readers: Readers, by: Any
) -> GuidelineSection:
    version = GuidelineVersion.objects.create(guideline=guideline, number=number, created_by=by)
    section = GuidelineSection.objects.create(
        version=version,
        number=1,
        heading=world.secret(f"ethics.GuidelineSection.heading ({place})", readers),
        text=f"Teksten {world.secret(f'ethics.GuidelineSection.text ({place})', readers)} her.",
        revision=2,
    )
    SectionRevision.objects.create(
        section=section,
        number=1,
        by=by,
        heading=world.secret(f"ethics.SectionRevision.heading ({place})", NOBODY),
        text=world.secret(f"ethics.SectionRevision.text ({place})", NOBODY),
    )
    SectionRevision.objects.create(
        section=section, number=2, by=by, heading=section.heading, text=section.text
    )
    return section


def _amendments(world: World) -> None:
    rows, people = world.rows, world.people
    rows.amendment = _amendment(world, rows.guideline, rows.guideline_section, "open", TABLE)
    answered = rows.amendment_answered = _amendment(
        world, rows.guideline, rows.guideline_section, "answered", TABLE
    )

    def word(name: str) -> str:
        return world.secret(f"ethics.Amendment.{name}", TABLE)

    answered.state, answered.answer = "declined", word("answer")
    answered.meeting, answered.item = word("meeting"), word("item")
    answered.link, answered.decided_on = f"https://example.dk/{word('link')}", day(-2)
    answered.answered_by, answered.answered_at = people["secretariat"], days(-2)
    answered.save()
    rows.amendment_other = _amendment(
        world, rows.guideline_other, rows.other_section, "another body", NEIGHBOUR, "neighbour"
    )


def _amendment(
    world: World,
    guideline: Guideline,
    section: GuidelineSection,
    place: str,
    readers: Readers,
    who: str = "member",
) -> Amendment:
    by = world.people[who]

    def word(name: str) -> str:
        return world.secret(f"ethics.{name} ({place})", readers)

    row = Amendment.objects.create(
        guideline=guideline, section_number=1, author=by, reason=word("Amendment.reason")
    )
    base = section.text if place != "answered" else f"Før stod {word('AmendmentText.base')}."
    AmendmentText.objects.create(
        amendment=row, number=1, base=base, text=f"Nu {word('AmendmentText.text')}.", by=by
    )
    return row


def dilemmas(world: World) -> None:
    """One for the committee alone, one that is published and has changed since, a neighbour's."""
    rows = world.rows
    rows.dilemma = _dilemma(world, "inside", rows.committee, TABLE, "member")
    rows.dilemma_other = _dilemma(world, "another body", rows.closed_body, NEIGHBOUR, "neighbour")
    rows.dilemma_public = _dilemma(world, "changed since", rows.committee, TABLE, "member")
    body = canonical_json(
        {
            "title": world.secret("a published dilemma", EVERYBODY),
            "situation": "En situation",
            "state": "open",
            "stance": "",
            "arguments": [{"side": "for", "text": "Ja", "source": ""}],
        }
    )
    rows.dilemma_public.published = DilemmaPublication.objects.create(
        dilemma=rows.dilemma_public,
        body=body.decode(),
        sha256=sha256_hex(body),
        by=world.people["secretariat"],
    )
    rows.dilemma_public.save()


def _dilemma(world: World, place: str, committee: Any, readers: Readers, who: str) -> Dilemma:
    by = world.people[who]

    def word(name: str) -> str:
        return world.secret(f"ethics.{name} ({place})", readers)

    row = Dilemma.objects.create(
        committee=committee,
        title=word("Dilemma.title"),
        situation=word("Dilemma.situation"),
        stance=word("Dilemma.stance"),
        created_by=by,
    )
    for side in ("for", "against"):
        Argument.objects.create(
            dilemma=row,
            side=side,
            author=by,
            text=word(f"Argument.text, {side}"),
            source=word(f"Argument.source, {side}"),
        )
    return row


def hearings(world: World) -> None:
    """An open one with answers, a closed one, one that was called off, and a neighbour's."""
    rows, people = world.rows, world.people
    row = _hearing(world, "open", rows.case_public, TABLE, "secretariat")
    own = SECRETARIAT | {"follow_group"}
    _reply(world, row, "open", own, "follow_group", party="follow_group")
    _reply(world, row, "open, MED", SECRETARIAT, "secretariat", party="med")
    _hearing(
        world, "called off", rows.case_submitted, TABLE, "secretariat", state="cancelled",
        reason=world.secret("ethics.Hearing.reason", TABLE), closed_at=days(-3),
    )  # fmt: skip
    closed = _hearing(
        world, "closed", rows.case_submitted, TABLE, "secretariat", state="closed",
        summary=world.secret("ethics.Hearing.summary", TABLE),
        account=world.secret("ethics.Hearing.account", TABLE),
        closed_at=days(-1), closed_by=people["secretariat"],
    )  # fmt: skip
    _reply(world, closed, "closed", TABLE, "follow_group", party="follow_group")
    other = _hearing(world, "another body", rows.case_other, NEIGHBOUR, "neighbour")
    _reply(world, other, "another body", NEIGHBOUR, "neighbour", party="med")


def _hearing(
    world: World, place: str, case: Any, readers: Readers, who: str, **fields: Any
) -> Hearing:
    # The questions of one that was called off, and has a newer one, stand on no page.
    asked = NOBODY if place == "called off" else readers
    question = world.secret(f"ethics.Hearing.questions ({place})", asked)
    facts = {"asks_med": True, "asks_follow_group": True, "deadline": day(9), **fields}
    return Hearing.objects.create(
        case=case,
        questions=[{"id": "1", "text": question}],
        questions_ref="medarbejdere@1",
        opened_by=world.people[who],
        **facts,
    )


def _reply(
    world: World, row: Hearing, place: str, readers: Readers, who: str, party: str
) -> HearingReply:
    def word(name: str) -> str:
        return world.secret(f"ethics.HearingReply.{name} ({place})", readers)

    facts = {"who": word("who"), "answered_on": day(-1)} if party == "med" else {}
    return HearingReply.objects.create(
        hearing=row, party=party, answers={"1": word("answers")}, by=world.people[who], **facts
    )
