"""The dossier as one PDF, and as a package with the files and the data."""

import hashlib
import io
import re
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from committee.models import User
from core import works
from core.branding import palette
from core.canonical import canonical_json
from core.documents import palette_css, render_pdf
from core.models import Work
from core.outbox import Report
from meetings.tasks.documents import livery_of
from reports.policies import dossier as policies
from reports.selectors.dossier import Gathered, chapters_of, gathered
from reports.services.dossier import PDF, key_of
from usecases.models import Revision, UseCase

LANGUAGE = "da"
SCHEMA = "reports/content/dossier@1.schema.json"
MANIFEST = "manifest-sha512.txt"
# A package has no other time than its content's.
NO_TIME = (1980, 1, 1, 0, 0, 0)
SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


# The PDF -----------------------------------------------------------------------------------------


def dossier_pdf(user: Any, case: UseCase) -> bytes:
    """What `user` reads of the case, as PDF/UA-1 in Danish; the same data, the same bytes."""
    return pdf_of(gathered(user, case), case)


def pdf_of(found: Gathered, case: UseCase) -> bytes:
    with translation.override(LANGUAGE):
        head = found.content["case"]
        title = _("Case dossier: %(title)s") % {"title": head["title"]}
        return render_pdf(
            template="pdf/dossier.html",
            context=_context(found, case),
            title=title,
            created=datetime.fromisoformat(found.content["as_of"]),
        )


def _context(found: Gathered, case: UseCase) -> dict[str, Any]:
    content = found.content
    chapters, empty = chapters_of(content)
    looks = livery_of(case.committee.municipality)
    head = content["case"]
    return content | {
        "owner": head["municipality"],
        "logo": looks.logo,
        "palette_css": palette_css(palette(case.committee.municipality.colour)),
        "running": {
            "body": head["committee_name"],
            "meeting": head["number"],
            "version": _("Case dossier") + f" · {head['title']}",
        },
        "sha256": found.sha256,
        "hearings": [_with_answers(one) for one in content["hearings"]],
        "empty": empty,
        "chapters": [
            {
                "key": one.key,
                "number": one.number,
                "heading": one.heading,
                "template": f"pdf/dossier/{one.key}.html",
            }
            for one in chapters
        ],
    }


def _with_answers(hearing: dict[str, Any]) -> dict[str, Any]:
    """Question by question, as one reads it."""
    questions = [
        question
        | {
            "answers": [
                row | {"text": text}
                for row in hearing["replies"]
                if (text := row["answers"].get(str(question["id"]), ""))
            ]
        }
        for question in hearing["questions"]
    ]
    return hearing | {"questions": questions}


# The package -------------------------------------------------------------------------------------


def dossier_zip(user: Any, case: UseCase) -> bytes:
    """PDF, data with its schema, the frozen texts and the files, with a list of check sums."""
    return zip_of(gathered(user, case), case)


def zip_of(found: Gathered, case: UseCase, pdf: bytes | None = None) -> bytes:
    parts = {
        "sagsmappe.pdf": pdf or pdf_of(found, case),
        "sagsmappe.json": canonical_json(found.content),
        "sagsmappe.schema.json": schema_bytes(),
    }
    parts |= _frozen_texts(found, case)
    files, lost = _files(found)
    parts |= files
    with translation.override(LANGUAGE):
        parts["LAES-MIG.txt"] = _read_me(found, lost).encode()
    parts[MANIFEST] = _manifest(parts)
    return _packed(f"sagsmappe-{found.content['case']['number']}", parts)


def _frozen_texts(found: Gathered, case: UseCase) -> dict[str, bytes]:
    """The very bytes that were hashed, when the reader reads every field that is in them."""
    rows = Revision.objects.filter(case=case).order_by("number")
    numbers = {one["number"]: set(one["fields"]) for one in found.content["revisions"]}
    return {
        f"versioner/{row.number:04}.json": row.body.encode()
        for row in rows
        if row.number in numbers and set(row.content["fields"]) <= numbers[row.number]
    }


def _files(found: Gathered) -> tuple[dict[str, bytes], list[str]]:
    """The files by their names in the package, and what the store has lost."""
    parts: dict[str, bytes] = {}
    lost: list[str] = []
    for one in found.files:
        try:
            parts[f"filer/{one.path}{_suffix(one.file.filename)}"] = one.file.read()
        except FileNotFoundError:
            lost.append(one.file.filename)
    return parts, lost


def _suffix(filename: str) -> str:
    suffix = PurePath(filename).suffix.lower()
    return suffix if SUFFIX.fullmatch(suffix) else ""


def _read_me(found: Gathered, lost: list[str]) -> str:
    head = found.content["case"]
    lines = [
        f"{head['number']} {head['title']}",
        "",
        _("sagsmappe.pdf is the dossier to read, sagsmappe.json the same as data."),
        _("“versioner” has the frozen texts, “filer” the files of the case."),
        _("manifest-sha512.txt has the check sum of every file; check with: sha512sum -c"),
        f"SHA-256 {found.sha256}",
    ]
    if lost:
        lines += ["", _("These files are missing in the file store:"), *lost]
    return "\n".join(lines) + "\n"


def _manifest(parts: dict[str, bytes]) -> bytes:
    rows = (f"{hashlib.sha512(parts[name]).hexdigest()}  {name}\n" for name in sorted(parts))
    return "".join(rows).encode()


def _packed(folder: str, parts: dict[str, bytes]) -> bytes:
    """Not compressed: the bytes then depend on no version of a compressor."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            info = zipfile.ZipInfo(f"{folder}/{name}", date_time=NO_TIME)
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, parts[name])
    return buffer.getvalue()


@cache
def schema_bytes() -> bytes:
    return (Path(settings.BASE_DIR) / SCHEMA).read_bytes()


# As long works -----------------------------------------------------------------------------------


def _case_of(work: Work) -> UseCase | None:
    rows = UseCase.objects.select_related("committee__municipality")
    return rows.filter(pk=work.params["case"]).first()


def _wanted(work: Work, case: UseCase) -> Gathered | None:
    """What was asked for, if somebody who asked still reads exactly that."""
    people = User.objects.filter(asked_works__work=work, is_active=True).order_by("pk")
    for person in people:
        if policies.can_ask(person, case):
            found = gathered(person, case)
            if key_of(work.kind, found, case) == work.key:
                return found
    return None


def make_dossier(work: Work, report: Report) -> works.Made | None:
    report(gettext_noop("Gathering the case"), 5)
    case = _case_of(work)
    found = _wanted(work, case) if case is not None else None
    if case is None or found is None:
        return None
    report(gettext_noop("Setting the pages"), 20)
    name = f"sagsmappe-{found.content['case']['number']}"
    pdf = pdf_of(found, case)
    if work.kind == PDF:
        return works.Made(pdf, f"{name}.pdf")
    report(gettext_noop("Packing the files"), 80)
    data = zip_of(found, case, pdf)
    return works.Made(data, f"{name}.zip", "application/zip")


def may_list_dossier(user: Any, work: Work) -> bool:
    """The title is the case's number."""
    case = _case_of(work)
    return case is not None and bool(policies.can_ask(user, case))


def may_open_dossier(user: Any, work: Work) -> bool:
    """Does `user` still read everything that it was made of?"""
    case = _case_of(work)
    if case is None or not policies.can_ask(user, case):
        return False
    return set(work.params["access"]) <= set(gathered(user, case).access)
