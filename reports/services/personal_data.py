"""Exports and erasures. The protocol says that it happened and to which row, never to whom."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from committee.models import User
from committee.models.people import new_calendar_token
from core import audit, works
from core.canonical import canonical_json, sha256_hex
from core.models import OutboxEntry, Work
from core.verdicts import Refused, StaleState
from reports.models import ErasureRequest, ReportDelivery, ReportRecipient
from reports.personal_data import Rule, policy
from reports.policies import personal_data as policies
from reports.selectors import personal_data as selectors

JSON, PDF = "reports.personal_data_json", "reports.personal_data_pdf"
KINDS = (JSON, PDF)
EDITION = 1
LANGUAGE = "da"
# An address that nothing can be sent to (RFC 2606).
NOWHERE = "slettet.invalid"


# Export ------------------------------------------------------------------------------------------


def key_of(kind: str, person: int, own: bool, until: int) -> str:
    """One for each time it is asked: asking is itself an act of the protocol."""
    return f"{kind}:{sha256_hex(canonical_json([person, own, until, EDITION]))}"


@transaction.atomic
def request_export(*, person: User, kind: str, by: Any) -> Work:
    """Have the export made: for oneself with what one wrote, for an administrator without."""
    own = by.pk == person.pk
    (policies.can_have_own(by) if own else policies.can_administer(by)).require()
    audit.record("reports.export_person", person, by=by, data={"own": own, "kind": kind})
    until = selectors.newest_act()
    return works.request_work(
        kind=kind,
        key=key_of(kind, person.pk, own, until),
        title=_("Export of personal data"),
        params={"person": person.pk, "own": own, "until": until},
        by=by,
    )


# Erasure -----------------------------------------------------------------------------------------


@transaction.atomic
def ask_erasure(*, person: User, keeps_name: bool, seen: str, by: Any) -> ErasureRequest:
    """Ask for what the preview named by `seen` says; another administrator confirms it."""
    person = User.objects.select_for_update().get(pk=person.pk)
    policies.can_ask_erasure(by, person).require()
    if selectors.open_request(person) is not None:
        raise StaleState(_("Somebody has asked for this already."))
    _still_so(person, seen)
    row = ErasureRequest.objects.create(
        person=person, keeps_name=keeps_name, preview_sha256=seen, asked_by=by
    )
    audit.record("reports.ask_erasure", person, by=by, data={"request": row.pk})
    return row


@transaction.atomic
def drop_erasure(*, request: ErasureRequest, by: Any) -> None:
    """Leave everything as it is."""
    row = _locked(request)
    policies.can_ask_erasure(by, row.person).require()
    row.settled_by, row.dropped_at = by, timezone.now()
    row.save(update_fields=["settled_by", "dropped_at"])
    audit.record("reports.drop_erasure", row.person, by=by, data={"request": row.pk})


@transaction.atomic
def confirm_erasure(*, request: ErasureRequest, by: Any) -> None:
    """Carry it out. Raises `StaleState` when it would erase something else than was agreed."""
    row = _locked(request)
    policies.can_confirm_erasure(by, row).require()
    person = User.objects.select_for_update().get(pk=row.person_id)
    _still_so(person, row.preview_sha256)
    counts = _erase(person, keeps_name=row.keeps_name)
    row.settled_by, row.confirmed_at = by, timezone.now()
    row.save(update_fields=["settled_by", "confirmed_at"])
    audit.record("reports.erase_person", person, by=by, data={"request": row.pk, "rows": counts})


def _locked(request: ErasureRequest) -> ErasureRequest:
    row = ErasureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not row.is_open:
        raise StaleState(_("The request has been settled meanwhile."))
    return row


def _still_so(person: User, seen: str) -> None:
    for hindrance in selectors.hindrances(person):
        raise Refused(hindrance)
    if selectors.preview_sha256(person) != seen:
        raise StaleState(_("Something has changed since the preview. Look at it again."))


def _erase(person: User, *, keeps_name: bool) -> dict[str, int]:
    """What is the person's alone goes; what is the record's stays.

    Returns counts by model, but for what is the person's alone: that there was any is theirs.
    """
    counts = {}
    _forget_traces(person)
    _off_the_lists(person, keeps_name)
    for rule in policy().rules:
        if rule.erase == "delete":
            deleted = _delete(rule, person)
            counts[rule.label] = 0 if rule.own else deleted
        elif rule.erase == "clear":
            counts[rule.label] = _clear(rule, person)
    _close_login(person, keeps_name)
    return {label: count for label, count in counts.items() if count}


def _delete(rule: Rule, person: User) -> int:
    return sum(selectors.pointing(rule, pointer, person).delete()[0] for pointer in rule.pointers)


def _clear(rule: Rule, person: User) -> int:
    name = rule.clear_of or rule.pointers[0].name
    pointer = next(one for one in rule.pointers if one.name == name)
    rows = selectors.pointing(rule, pointer, person)
    return int(rows.update(**dict.fromkeys(rule.clear, "")))


def _forget_traces(person: User) -> None:
    """Copies of the data in the mechanisms: exports, errors of mails, sessions, Django's log."""
    for work in Work.objects.filter(kind__in=KINDS, params__person=person.pk):
        _delete_work(work)
    OutboxEntry.objects.filter(last_error__icontains=person.email).update(last_error="")
    about = LogEntry.objects.filter(content_type__app_label="committee", object_id=str(person.pk))
    about.filter(content_type__model="user").update(object_repr="")
    for session in Session.objects.all().iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()


def _off_the_lists(person: User, keeps_name: bool) -> None:
    """No report goes there any more, and none after it; that one was sent stays a receipt."""
    told = ReportDelivery.objects.filter(email__iexact=person.email)
    told.update(email=_nowhere(person), words="")
    rows = ReportRecipient.objects.filter(email__iexact=person.email)
    rows.filter(removed_at__isnull=True).update(removed_at=timezone.now())
    facts = {} if keeps_name else {"name": _former(person)}
    rows.update(email=_nowhere(person), **facts)


def _nowhere(person: User) -> str:
    return f"slettet-{person.pk}@{NOWHERE}"


def _delete_work(work: Work) -> None:
    file = work.file
    OutboxEntry.objects.filter(key=work.outbox_key).delete()
    work.delete()
    if file is not None:
        path = file.path
        file.delete()
        transaction.on_commit(lambda: default_storage.delete(path))


def _close_login(person: User, keeps_name: bool) -> None:
    """The row stays, since the record points to it; it says nothing but, perhaps, the name."""
    person.email = _nowhere(person)
    person.username = f"slettet-{person.pk}"
    if not keeps_name:
        person.name = _former(person)
    person.title = ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.calendar_token = new_calendar_token()
    person.news_read_at = person.last_login = None
    person.set_unusable_password()
    person.save()


def _former(person: User) -> str:
    with translation.override(LANGUAGE):
        if person.memberships.exists():
            return _("Former member %(number)s") % {"number": person.pk}
        return _("Former user %(number)s") % {"number": person.pk}
