"""Dilemmas as their pages need them. Citizens read what was published, never the rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from committee.models import Committee
from core.canonical import canonical_json, sha256_hex
from ethics.enums.guidelines import DilemmaState, Side, VersionState
from ethics.models import Dilemma, GuidelineSection, GuidelineVersion
from ethics.policies import guidelines as policies


def public_body(dilemma: Dilemma) -> dict[str, Any]:
    """What citizens would read of it: no names of people."""
    arguments = [
        {"side": one.side, "text": one.text, "source": one.source}
        for one in dilemma.arguments.all()
    ]
    return {
        "schema": 1,
        "title": dilemma.title,
        "situation": dilemma.situation,
        "state": str(dilemma.state),
        "stance": dilemma.stance,
        "arguments": arguments,
    }


def body_hash(dilemma: Dilemma) -> str:
    return sha256_hex(canonical_json(public_body(dilemma)))


def dilemma_rows(user: Any) -> list[dict[str, Any]]:
    """Those that `user` may know of; a citizen's rows hold only what was published."""
    rows = Dilemma.objects.visible_to(user).select_related("published")
    return [_row(user, one) for one in rows.annotate(count=Count("arguments"))]


def _row(user: Any, dilemma: Any) -> dict[str, Any]:
    inside = policies.is_inside(user, dilemma.committee_id)
    content = {} if inside else dilemma.published.content
    return {
        "url": dilemma.get_absolute_url(),
        "title": dilemma.title if inside else content["title"],
        "state": dilemma.state if inside else content["state"],
        "word": DilemmaState(dilemma.state if inside else content["state"]).label,
        "count": dilemma.count if inside else len(content["arguments"]),
        "is_public": dilemma.published_id is not None,
        "inside": inside,
    }


def dilemma_page(user: Any, dilemma: Dilemma) -> dict[str, Any]:
    """All of it inside; else what was published."""
    if not policies.is_inside(user, dilemma.committee_id):
        return published_page(dilemma)
    arguments = list(dilemma.arguments.select_related("author"))
    return {
        "dilemma": dilemma,
        "inside": True,
        "title": dilemma.title,
        "situation": dilemma.situation,
        "stance": dilemma.stance,
        "word": dilemma.get_state_display(),
        "is_settled": dilemma.state == DilemmaState.SETTLED,
        "sides": _sides(arguments, lambda one: one.side),
        "section": section_line(dilemma),
        "published": dilemma.published,
        "is_behind": is_behind(dilemma),
        "runs": bool(policies.can_run(user, dilemma.committee_id)),
        "may_argue": bool(policies.can_add_argument(user, dilemma)),
    }


def is_behind(dilemma: Dilemma) -> bool:
    """Has it changed since it was published?"""
    if dilemma.published is None:
        return False
    return dilemma.published.sha256 != body_hash(dilemma)


def published_page(dilemma: Dilemma) -> dict[str, Any]:
    """What citizens read of it."""
    publication: Any = dilemma.published
    content = publication.content
    return {
        "dilemma": dilemma,
        "inside": False,
        "title": content["title"],
        "situation": content["situation"],
        "stance": content["stance"],
        "word": DilemmaState(content["state"]).label,
        "is_settled": content["state"] == DilemmaState.SETTLED,
        "sides": _sides(content["arguments"], lambda one: one["side"]),
        "published": publication,
    }


def _sides(arguments: list[Any], side_of: Any) -> list[dict[str, Any]]:
    return [
        {
            "key": side.value,
            "label": side.label,
            "arguments": [one for one in arguments if side_of(one) == side],
        }
        for side in Side
    ]


@dataclass(frozen=True)
class SectionLine:
    """The section of a guideline that a dilemma is about."""

    title: str
    number: int
    heading: str
    url: str


def section_line(dilemma: Dilemma) -> SectionLine | None:
    if dilemma.guideline is None:
        return None
    guideline, number = dilemma.guideline, dilemma.section_number or 0
    rows = GuidelineSection.objects.filter(version__guideline=guideline, number=number)
    last = rows.order_by("-version__number").first()
    heading = last.heading if last else ""
    return SectionLine(guideline.title, number, heading, f"{guideline.work_url}#afsnit-{number}")


def section_choices(committee: Committee) -> list[tuple[str, str]]:
    """“guideline:section” and its words, of the newest version of each of the body's guidelines."""
    versions = GuidelineVersion.objects.filter(guideline__committee=committee)
    versions = versions.exclude(state=VersionState.SUPERSEDED).order_by("number")
    newest = {one.guideline_id: one.pk for one in versions}
    rows = GuidelineSection.objects.filter(version__in=newest.values(), removed=False)
    rows = rows.select_related("version__guideline").order_by("version__guideline__title", "number")
    return [
        (
            f"{row.version.guideline_id}:{row.number}",
            f"{row.version.guideline.title}, {row.number}. {row.heading}",
        )
        for row in rows
    ]
