"""What is written in a case: from a draft to frozen revisions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee
from committee.policies import still_works
from core import audit
from core.canonical import canonical_json, sha256_hex
from core.text import clean_text
from core.verdicts import Refused, StaleState
from usecases import hooks, policies
from usecases.enums import DECIDED, SimilarAnswer, Status
from usecases.models import Revision, UseCase
from usecases.record import CURRENT, RecordField, code_of, record
from usecases.services.telling import tell_revision
from usecases.services.words import index_words


def fresh(case: UseCase) -> UseCase:
    """The row as it is now, locked for the rest of the transaction."""
    rows = UseCase.objects.select_for_update(of=("self",)).select_related("committee")
    return rows.get(pk=case.pk)


@transaction.atomic
def create_case(
    *, committee: Committee, values: Mapping[str, Any], by: Any, is_example: bool = False
) -> UseCase:
    """Begin a draft with what is known so far. Raises `Refused` without a title.

    An example says on every page that it is not the municipality's own entry.
    """
    policies.can_propose(by).require()
    still_works(committee).require()
    municipality = code_of(committee.municipality.name)
    contact = {"contact_name": by.name, "contact_email": by.email}
    case = UseCase(committee=committee, proposer=by, record_ref=CURRENT, is_example=is_example)
    _fill(case, {"municipality": municipality, **contact, **values})
    if not case.title:
        raise Refused(_("Give the proposal a title."), "title")
    case.save(force_insert=True)
    index_words(case)
    audit.record("usecases.create", case, by=by, scope=committee)
    return case


@transaction.atomic
def save_values(*, case: UseCase, values: Mapping[str, Any], version: int, by: Any) -> UseCase:
    """Save fields of the record; of a submitted case the whole text is frozen anew.

    Values that nobody changed are no new version. Raises `StaleState` when `version` is no
    longer the newest, `Refused` for a value that cannot be kept.
    """
    policies.can_edit(by, case).require()
    case = fresh(case)
    policies.can_edit(by, case).require()
    if case.version != version:
        raise StaleState(
            _("Somebody else changed the proposal while you were writing. Your text is kept.")
        )
    changed = _fill(case, values)
    if not case.title:
        raise Refused(_("Give the proposal a title."), "title")
    if not changed:
        return case
    case.version = version + 1
    case.updated_at = timezone.now()
    _note_consequences(case, changed)
    case.save()
    if {"title", "summary", "problem"} & set(changed):
        index_words(case)
    if case.status != Status.DRAFT:
        freeze(case, by=by)
        tell_revision(case, by)
    facts = {"fields": sorted(changed), "version": case.version, "revision": case.revision}
    audit.record("usecases.save", case, by=by, scope=case.committee, data=facts)
    if case.status != Status.DRAFT:
        hooks.tell(hooks.revised, case, sorted(changed), by)
    return case


def _note_consequences(case: UseCase, changed: Iterable[str]) -> None:
    """An edit undoes what rested on the text before it."""
    if case.status in DECIDED and any(record().by_key[key].material for key in changed):
        case.material_change = True
    if case.status == Status.DRAFT:
        return
    case.register_approved_at = case.register_approved_by = None


def _fill(case: UseCase, values: Mapping[str, Any]) -> list[str]:
    """Put the values where they belong; returns the keys whose value is another than before."""
    changed = []
    answers = dict(case.answers)
    for key, raw in values.items():
        known = record().by_key[key]
        value = checked(known, raw)
        if value == (case.value(key) or _empty(known)):
            continue
        changed.append(key)
        if known.is_column:
            setattr(case, key, value)
        else:
            answers[key] = value.isoformat() if isinstance(value, date) else value
    case.answers = answers
    if case.pilot_start and case.pilot_end and case.pilot_end < case.pilot_start:
        raise Refused(_("The pilot must end after it begins."), "pilot_end")
    return changed


def _empty(known: RecordField) -> Any:
    return {"multi_choice": [], "boolean": False, "date": None, "person": None, "number": None}.get(
        known.type, ""
    )


def checked(known: RecordField, raw: Any) -> Any:
    """The value as it is kept. Raises `Refused` for one that the declaration does not allow."""
    if raw in (None, "", [], ()):
        return _empty(known)
    if known.type in ("text", "long_text", "link", "email"):
        return _checked_text(known, str(raw))
    if known.type == "choice" and raw not in known.choices:
        raise Refused(_("Choose one of the answers."), known.key)
    if known.type == "multi_choice":
        if set(raw) - known.choices.keys():
            raise Refused(_("Choose among the answers."), known.key)
        return [key for key in known.choices if key in raw]
    return raw


def _checked_text(known: RecordField, raw: str) -> str:
    text = clean_text(raw) if known.type == "long_text" else " ".join(raw.split())
    if len(text) > known.max_length:
        raise Refused(_("Write at most %(n)s characters.") % {"n": known.max_length}, known.key)
    # Whoever reads the case clicks it: no other scheme (javascript:, data:) may stand there.
    if known.type == "link" and not text.lower().startswith(("https://", "http://")):
        raise Refused(_("A link must begin with https:// or http://."), known.key)
    return text


def content_of(case: UseCase) -> dict[str, Any]:
    """The fields of the record by key, as they are frozen and exported; no contact data."""
    found: dict[str, Any] = {}
    for known in record().fields:
        if known.public == "secretariat":
            continue
        value = case.value(known.key)
        if known.type == "person":
            value = value.pk if value else None
        found[known.key] = value.isoformat() if isinstance(value, date) else value
    return found


def freeze(case: UseCase, *, by: Any) -> Revision:
    """Keep the text of the case as it is now as its next revision."""
    body = canonical_json({"record": case.record_ref, "fields": content_of(case)})
    UseCase.objects.filter(pk=case.pk).update(revision=F("revision") + 1)
    case.revision += 1
    return Revision.objects.create(
        case=case, number=case.revision, body=body.decode(), sha256=sha256_hex(body), by=by
    )


@transaction.atomic
def answer_similar(
    *, case: UseCase, answer: str, by: Any, note: str = "", shown: Iterable[int] = ()
) -> UseCase:
    """Say whether the similar proposals are the same as this one, and where the difference is."""
    policies.can_edit(by, case).require()
    case = fresh(case)
    if case.status != Status.DRAFT:
        raise StaleState(_("The proposal has been submitted. Nothing was changed."))
    if answer not in SimilarAnswer.values:
        raise Refused(_("Choose one of the answers."), "similar_answer")
    note = clean_text(note)[:1000]
    if answer == SimilarAnswer.DIFFERENT and not note:
        raise Refused(_("Write in a sentence what is different."), "similar_note")
    case.similar_answer, case.similar_note = answer, note
    case.similar_shown = sorted(set(shown))
    case.updated_at = timezone.now()
    case.save(update_fields=["similar_answer", "similar_note", "similar_shown", "updated_at"])
    audit.record(
        "usecases.answer_similar",
        case,
        by=by,
        scope=case.committee,
        data={"answer": answer, "shown": case.similar_shown},
    )
    return case
