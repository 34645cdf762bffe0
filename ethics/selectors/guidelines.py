"""Guidelines as their pages need them, and how others cite them. Adopted texts are read frozen."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.utils.translation import gettext as _

from committee.models import Committee
from core.diffs import Piece, word_diff
from core.merging import three_way
from core.verdicts import Refused
from ethics.enums.guidelines import AmendmentState, VersionState
from ethics.models import (
    Amendment,
    AmendmentText,
    Guideline,
    GuidelineEdition,
    GuidelineSection,
    GuidelineVersion,
)
from ethics.policies import guidelines as policies

# Citing ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CitedSection:
    number: int
    heading: str
    text: str


@dataclass(frozen=True)
class Citable:
    """An adopted version with its sections, as a review chooses among them."""

    version: GuidelineVersion
    title: str
    sections: tuple[CitedSection, ...]

    def cite(self, number: int) -> str:
        words = {"title": self.title, "version": self.version.number, "section": number}
        return _("%(title)s, version %(version)s, section %(section)s") % words


def citable(committee: Committee) -> list[Citable]:
    """The versions in force of a body's guidelines, by title."""
    rows = GuidelineEdition.objects.filter(
        version__guideline__committee=committee, version__state=VersionState.ADOPTED
    )
    rows = rows.select_related("version__guideline").order_by("version__guideline__title")
    return [_citable(row) for row in rows]


def _citable(edition: GuidelineEdition) -> Citable:
    content = edition.content
    sections = tuple(CitedSection(**one) for one in content["sections"])
    return Citable(edition.version, content["guideline"]["title"], sections)


def cite(version: GuidelineVersion, section: int) -> str:
    """“Etiske retningslinjer, version 2, afsnit 3”, also when the version has been replaced.

    Raises `Refused` for a version that was never adopted and a section that it does not have.
    """
    edition = GuidelineEdition.objects.filter(version=version).select_related("version").first()
    if edition is None:
        raise Refused(_("Only an adopted version can be cited."), "section")
    found = _citable(edition)
    if section not in {one.number for one in found.sections}:
        raise Refused(_("The version has no such section."), "section")
    return found.cite(section)


# The list ---------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A guideline in the list."""

    guideline: Guideline
    edition: GuidelineEdition | None
    draft: int
    waiting: int


def guideline_rows(user: Any) -> list[Row]:
    """Those that `user` may know of; drafts and amendments only inside."""
    rows = Guideline.objects.visible_to(user).select_related("committee")
    versions = GuidelineVersion.objects.exclude(state=VersionState.SUPERSEDED)
    rows = rows.prefetch_related(
        Prefetch("versions", versions.select_related("edition"), to_attr="standing")
    ).annotate(waiting=Count("amendments", filter=Q(amendments__state=AmendmentState.OPEN)))
    return [_row(user, one) for one in rows]


def _row(user: Any, guideline: Any) -> Row:
    inside = policies.is_inside(user, guideline.committee_id)
    by_state = {one.state: one for one in guideline.standing}
    adopted, draft = by_state.get(VersionState.ADOPTED), by_state.get(VersionState.DRAFT)
    return Row(
        guideline,
        adopted.edition if adopted else None,
        draft.number if draft and inside else 0,
        guideline.waiting if inside else 0,
    )


# What citizens read ---------------------------------------------------------------------


@dataclass(frozen=True)
class SectionChange:
    """A section of one version beside the version before it."""

    number: int
    heading: str
    what: str
    pieces: list[Piece]


def adopted_page(user: Any, guideline: Guideline, version: str, against: str) -> dict[str, Any]:
    """An adopted version, the newest when none is asked for, and how it came from another.

    Raises `Http404` for a version that is none, and for a guideline that never was adopted.
    """
    rows = GuidelineEdition.objects.filter(version__guideline=guideline)
    editions = list(rows.select_related("version").order_by("-version__number"))
    if not editions:
        raise Http404
    edition = _chosen(editions, version) if version else editions[0]
    other = _chosen(editions, against) if against else None
    content = edition.content
    return {
        "guideline": guideline,
        "edition": edition,
        "is_newest": edition == editions[0],
        "newest": editions[0],
        "title": content["guideline"]["title"],
        "sections": content["sections"],
        "editions": editions,
        "older": next((e for e in editions if e.version.number < edition.version.number), None),
        "against": other,
        "changes": changes_between(other, edition) if other else [],
        "inside": policies.is_inside(user, guideline.committee_id),
    }


def _chosen(editions: list[GuidelineEdition], number: str) -> GuidelineEdition:
    found = next((one for one in editions if str(one.version.number) == number), None)
    if found is None:
        raise Http404
    return found


def changes_between(old: GuidelineEdition, new: GuidelineEdition) -> list[SectionChange]:
    """Section by section in the order of their numbers; those that are the same are left out."""
    sides = [{one["number"]: one for one in edition.content["sections"]} for edition in (old, new)]
    before, after = sides
    changes = [
        _change(number, before.get(number), after.get(number))
        for number in sorted(before.keys() | after.keys())
    ]
    return [one for one in changes if one is not None]


def _change(
    number: int, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> SectionChange | None:
    if old == new:
        return None
    what = "new" if old is None else "removed" if new is None else "changed"
    heading = (new or old or {})["heading"]
    texts = [f"{one['heading']}\n\n{one['text']}" if one else "" for one in (old, new)]
    return SectionChange(number, heading, what, word_diff(*texts))


# Where it is worked on ---------------------------------------------------------------------


def work_page(user: Any, guideline: Guideline) -> dict[str, Any]:
    """The text as it is now with the changes that members want, section by section."""
    version = guideline.versions.select_related("edition").latest("number")
    sections = list(version.sections.filter(removed=False))
    waiting = amendments_of(guideline, AmendmentState.OPEN)
    texts = {one.number: one for one in sections}
    shown = [shown_amendment(one, texts.get(one.amendment.section_number)) for one in waiting]
    runs = policies.can_run(user, guideline.committee_id)
    is_draft = version.state == VersionState.DRAFT
    return {
        "guideline": guideline,
        "version": version,
        "is_draft": is_draft,
        "sections": [
            {
                "section": one,
                "amendments": [a for a in shown if a.amendment.section_number == one.number],
            }
            for one in sections
        ],
        "waiting": len(shown),
        "answered": [
            one.amendment
            for one in amendments_of(
                guideline,
                AmendmentState.ACCEPTED,
                AmendmentState.DECLINED,
                AmendmentState.WITHDRAWN,
            )
        ],
        "adopted": _adopted(guideline, version),
        "runs": bool(runs),
        "edits": bool(runs) and is_draft,
        "may_amend": bool(policies.can_amend(user, guideline)),
    }


def _adopted(guideline: Guideline, newest: GuidelineVersion) -> GuidelineEdition | None:
    if newest.state == VersionState.ADOPTED:
        return newest.edition
    rows = GuidelineEdition.objects.filter(
        version__guideline=guideline, version__state=VersionState.ADOPTED
    )
    return rows.select_related("version").first()


@dataclass(frozen=True)
class WithText:
    amendment: Amendment
    text: AmendmentText


def amendments_of(guideline: Guideline, *states: str) -> list[WithText]:
    """The guideline's amendments in these states, each with its newest text."""
    rows = guideline.amendments.filter(state__in=states).select_related("author", "into")
    rows = rows.prefetch_related("texts")
    return [
        WithText(one, next(t for t in one.texts.all() if t.number == one.texts_count))
        for one in rows
    ]


@dataclass(frozen=True)
class ShownAmendment:
    """A proposed change beside the section as it reads now.

    `is_stale`: the section has changed since; `pieces` then shows the change put on the new text
    as well as it goes (`clean` says whether the two keep clear of each other).
    """

    amendment: Amendment
    text: AmendmentText
    now: str
    is_gone: bool
    is_stale: bool
    clean: bool
    merged: str
    pieces: list[Piece]


def shown_amendment(one: WithText, section: GuidelineSection | None) -> ShownAmendment:
    wanted, now = one.text, section.text if section else ""
    is_stale = section is None or now != wanted.base
    merged, clean = wanted.text, True
    if is_stale and section is not None:
        merged, clean = three_way(wanted.base, wanted.text, now)
    return ShownAmendment(
        amendment=one.amendment,
        text=wanted,
        now=now,
        is_gone=section is None,
        is_stale=is_stale,
        clean=clean,
        merged=merged,
        pieces=word_diff(now, merged) if section else word_diff(wanted.base, wanted.text),
    )


def amendment_page(user: Any, amendment: Amendment) -> dict[str, Any]:
    """One proposed change: against the text now, and every text it has had."""
    guideline = amendment.guideline
    version = guideline.versions.latest("number")
    number = amendment.section_number
    section = version.sections.filter(number=number).first()
    texts = list(amendment.texts.select_related("by"))
    is_open = bool(policies.is_open(amendment))
    standing = section if section and not section.removed else None
    shown = shown_amendment(WithText(amendment, texts[-1]), standing)
    return {
        "amendment": amendment,
        "guideline": guideline,
        "heading": section.heading if section else "",
        "shown": shown,
        "texts": [(one, word_diff(one.base, one.text)) for one in texts[::-1]],
        "is_open": is_open,
        "answers": bool(policies.can_answer(user, amendment)),
        "rebases": bool(policies.can_rebase(user, amendment)) and not shown.is_gone,
        "withdraws": bool(policies.can_withdraw(user, amendment)),
    }
