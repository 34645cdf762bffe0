"""Comments on a case: written, changed, taken away, followed."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from usecases import policies
from usecases.models import (
    CaseFollow,
    Comment,
    CommentMention,
    CommentVersion,
    UseCase,
)
from usecases.record import record
from usecases.selectors.readers import readers_of
from usecases.services.reading import mark_read
from usecases.services.telling import follow_unless_refused, tell_comment, tell_mentioned
from usecases.services.texts import fresh

LONGEST_COMMENT = 5000
LONGEST_REASON = 1000


@transaction.atomic
def write_comment(
    *,
    case: UseCase,
    text: str,
    by: Any,
    section: str = "",
    reply_to: int = 0,
    notify: str = "",
    shown: int = 0,
) -> Comment:
    """Comment on the case, on one part of it, or answer comment number `reply_to`.

    Those named with @ in the text, and the one in `notify`, get a mail. `shown` is the newest
    comment that stood on the writer's page. Raises `NotAllowed` for who does not comment,
    `StaleState` when the discussion is over, `Refused` for a text or a name that cannot be.
    """
    policies.may_comment(by, case).require()
    case = fresh(case)
    policies.may_comment(by, case).require()
    _require_open(case)
    words = checked_text(text)
    parent = _parent(case, reply_to)
    mentioned = find_mentioned(case, words, notify)
    row = Comment.objects.create(
        case=case,
        number=_next_number(case),
        parent=parent,
        section=parent.section if parent else _checked_section(section),
        author=by,
        revision=case.revision,
    )
    CommentVersion.objects.create(comment=row, number=1, text=words, at=row.at)
    _mention(row, mentioned)
    follow_unless_refused(case, [by.pk])
    tell_comment(row, mentioned)
    if shown:
        mark_read(case=case, shown=shown, by=by)
    _record("comment", row, by, section=row.section, mentioned=sorted(mentioned))
    return row


def _require_open(case: UseCase) -> None:
    """Also for those whose page was loaded before it was closed."""
    verdict = policies.is_open_to_comments(case)
    if not verdict:
        raise StaleState(verdict.reason)


def checked_text(text: str) -> str:
    words = clean_text(text)
    if not words:
        raise Refused(_("Write your comment before you send it."), "text")
    if len(words) > LONGEST_COMMENT:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_COMMENT}, "text")
    return words


def _checked_section(section: str) -> str:
    if section and section not in {part.key for part in record().sections}:
        raise Refused(_("Choose one of the proposal's parts."), "section")
    return section


def _parent(case: UseCase, number: int) -> Comment | None:
    """The first comment of the thread that `number` stands in."""
    if not number:
        return None
    found = Comment.objects.filter(case=case, number=number).select_related("parent").first()
    if found is None:
        raise Refused(_("The comment you answer is not here."), "text")
    return found.parent or found


def _next_number(case: UseCase) -> int:
    """Inside the lock on the case, so that numbers have no gaps that fill up later."""
    newest = Comment.objects.filter(case=case).aggregate(n=Max("number"))["n"] or 0
    return int(newest) + 1


def find_mentioned(case: UseCase, text: str, notify: str = "") -> set[int]:
    """Those named in `text` with @ and the one in `notify`, among those who may read the case.

    A name in the text that nobody here has is left alone: it is only words. The field asks for
    somebody, so there a name that nobody has is refused, whoever else it may belong to.
    """
    if "@" not in text and not notify.strip():
        return set()
    people = readers_of(case)
    found = {user.pk for user in people if user.name and _is_named(user.name, people, text)}
    wanted = " ".join(notify.replace("@", " ").split()).casefold()
    named = {user.pk for user in people if user.name.casefold() == wanted}
    if wanted and not named:
        raise Refused(_("Nobody of that name can read the proposal."), "notify")
    return found | named


def _is_named(name: str, people: Iterable[Any], text: str) -> bool:
    """“@Borgermedlem 12” does not name Borgermedlem 1."""
    longer = [p.name for p in people if p.name != name and _starts(p.name, name)]
    for one in sorted(longer, key=len, reverse=True):
        text = _pattern(one).sub(" ", text)
    return bool(_pattern(name).search(text))


def _starts(longer: str, name: str) -> bool:
    return longer.casefold().startswith(name.casefold())


def _pattern(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w)@{words}(?!\w)", re.IGNORECASE)


def _mention(row: Comment, users: Iterable[int]) -> None:
    CommentMention.objects.bulk_create(
        [CommentMention(comment=row, user_id=pk) for pk in sorted(users)], ignore_conflicts=True
    )


@transaction.atomic
def edit_comment(*, comment: Comment, text: str, version: int, by: Any) -> Comment:
    """Change one's own words; what they were is kept. Newly named people are told.

    Raises `StaleState` when `version` is no longer the newest.
    """
    policies.may_comment(by, comment.case).require()
    comment = _locked(comment)
    if comment.author_id == by.pk:
        _require_open(comment.case)
    policies.can_edit_comment(by, comment).require()
    if comment.version != version:
        raise StaleState(_("The comment was changed in another window. Your text is kept."))
    words = checked_text(text)
    if words == comment.versions.get(number=version).text:
        return comment
    mentioned = find_mentioned(comment.case, words)
    new = mentioned - set(comment.mentions.values_list("user", flat=True))
    comment.version = version + 1
    comment.save(update_fields=["version"])
    CommentVersion.objects.create(comment=comment, number=comment.version, text=words)
    _mention(comment, new)
    tell_mentioned(comment, new)
    _record("edit_comment", comment, by, version=comment.version)
    return comment


def _locked(comment: Comment) -> Comment:
    """The comment as it is now, behind the lock of its case."""
    case = fresh(comment.case)
    found = Comment.objects.select_for_update().get(pk=comment.pk)
    found.case = case
    return found


@transaction.atomic
def remove_comment(*, comment: Comment, by: Any, reason: str = "") -> Comment:
    """Take it away; its place stays. The secretariat gives a reason for taking away another's."""
    policies.can_remove_comment(by, comment).require()
    comment = _locked(comment)
    if comment.removed_at:
        raise StaleState(_("The comment has been removed already. Nothing was changed."))
    policies.can_remove_comment(by, comment).require()
    is_own = comment.author_id == by.pk
    why = "" if is_own else clean_text(reason)[:LONGEST_REASON]
    if not is_own and not why:
        raise Refused(_("Write why the comment is removed. Everybody here can read it."), "reason")
    comment.removed_at, comment.removed_by, comment.removed_reason = timezone.now(), by, why
    comment.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    _record("remove_comment" if is_own else "moderate_comment", comment, by)
    return comment


@transaction.atomic
def follow_case(*, case: UseCase, follows: bool, by: Any) -> CaseFollow:
    """Hear of what is new in the case, or no longer."""
    if follows:
        policies.can_follow(by, case).require()
    row, made = CaseFollow.objects.get_or_create(case=case, user=by, defaults={"follows": follows})
    if not made and row.follows == follows:
        return row
    row.follows = follows
    row.save(update_fields=["follows"])
    verb = "usecases.follow" if follows else "usecases.unfollow"
    audit.record(verb, case, by=by, scope=case.committee)
    return row


def _record(verb: str, comment: Comment, by: Any, **data: Any) -> None:
    facts = {"comment": comment.number, **data}
    audit.record(f"usecases.{verb}", comment.case, by=by, scope=comment.case.committee, data=facts)
