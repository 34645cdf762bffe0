"""Reports of the world, with a word in every text that is not for all."""

from typing import Any

from core.canonical import canonical_json, sha256_hex
from reports.models import (
    Report,
    ReportDelivery,
    ReportPlan,
    ReportRecipient,
    ReportRevision,
)
from tests.factories import day, days
from tests.world import COMMITTEE, EVERYBODY, NEIGHBOUR, PREPARERS, World

Readers = frozenset[str]


def reports(world: World) -> None:
    """One that everybody reads, one for the committee, a draft, and a neighbour's."""
    rows = world.rows
    sent = {"state": "sent", "frozen_at": days(-3), "sent_at": days(-2)}
    rows.report = _report(world, rows.committee, 1, "public", EVERYBODY, **sent, is_public=True)
    rows.report_sent = _report(world, rows.committee, 2, "sent", COMMITTEE, **sent)
    rows.report_draft = _report(world, rows.committee, 3, "draft", PREPARERS)
    rows.report_other = _report(world, rows.closed_body, 1, "another body", NEIGHBOUR, **sent)
    for key, report, readers in (
        ("report_recipient", rows.report_sent, PREPARERS),
        ("draft_recipient", rows.report_draft, PREPARERS),
        ("other_recipient", rows.report_other, NEIGHBOUR),
    ):
        setattr(rows, key, _recipient(world, report, key, readers))
    ReportPlan.objects.create(
        committee=rows.closed_body,
        recipient_name=world.secret("reports.ReportPlan.recipient_name", NEIGHBOUR),
        starts_on=day(-400),
    )


def _report(
    world: World, committee: Any, number: int, place: str, readers: Readers, **fields: Any
) -> Report:
    def word(name: str) -> str:
        return world.secret(f"reports.Report.{name} ({place})", readers)

    texts = {name: word(name) for name in ("headline", "foreword", "requests")}
    recipient, comment = word("recipient_name"), word("comments")
    content = _content(committee, texts | {"recipient": recipient}, comment, word("content"))
    report = Report.objects.create(
        committee=committee,
        number=number,
        recipient_name=recipient,
        period_from=day(-90),
        period_to=day(-10),
        due_on=day(5),
        comments={"cases": comment},
        content=content,
        sha256=sha256_hex(canonical_json(content)),
        gathered_at=days(-4),
        **texts,
        **fields,
    )
    ReportRevision.objects.create(
        report=report,
        number=0,
        texts={"foreword": world.secret(f"reports.ReportRevision.texts ({place})", frozenset())},
    )
    return report


def _content(committee: Any, about: dict[str, str], comment: str, words: str) -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": "status",
        "municipality": committee.municipality.name,
        "committee": {"slug": committee.slug, "name": "Udvalget", "full_name": "Udvalget"},
        "report": about | {"period": "1. kvartal 2026", "meets_on": "", "previous": ""},
        "as_of": day(-10).isoformat(),
        "gathered_at": days(-4).isoformat(),
        "key_figures": [{"key": "a", "value": "1", "label": "sag", "url": "", "before": ""}],
        "sections": [
            {
                "key": "cases",
                "heading": "AI-anvendelser efter status",
                "comment": comment,
                "blocks": [{"kind": "words", "text": words, "url": "", "link": ""}],
            }
        ],
    }


def _recipient(world: World, report: Report, place: str, readers: Readers) -> ReportRecipient:
    def word(name: str) -> str:
        return world.secret(f"reports.{name} ({place})", readers)

    recipient = ReportRecipient.objects.create(
        report=report,
        name=word("ReportRecipient.name"),
        email=f"{word('ReportRecipient.email').lower()}@example.dk",
    )
    if report.state == "sent":
        ReportDelivery.objects.create(
            recipient=recipient,
            number=1,
            email=recipient.email,
            state="sent",
            settled_at=days(-1),
            words=word("ReportDelivery.words"),
        )
    return recipient
