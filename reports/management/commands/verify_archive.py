from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.models import StoredFile
from reports.archive import offline
from reports.archive.checking import Checked, check_package
from reports.models import ArchivePackage

SHOWN = 20


class Command(BaseCommand):
    help = "Is the archive package whole? Exit code 0, or 1 with the reason last."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.zip")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(_("The file %(name)s cannot be read.") % {"name": file})
        checked = check_package(file)
        for fault in checked.faults[:SHOWN]:
            self.stdout.write(str(fault))
        if not checked.is_valid:
            raise CommandError(_reason(checked))
        if other := _other_bytes(file, checked):
            raise CommandError(other)
        self.stdout.write(
            _("The package is whole: %(files)s files, %(name)s.")
            % {"files": checked.files, "name": checked.info.get("External-Identifier", "–")}
        )


def _reason(checked: Checked) -> str:
    first = str(checked.faults[0])
    rest = len(checked.faults) - 1
    if not rest:
        return _("The package is not whole. %(first)s.") % {"first": first}
    return _("The package is not whole. %(first)s, and %(rest)s more.") % {
        "first": first,
        "rest": rest,
    }


def _other_bytes(file: Path, checked: Checked) -> str:
    """Whole in itself, but another file than any that was made here under that name?"""
    name = f"{checked.info.get('External-Identifier', '')}.zip"
    made = ArchivePackage.objects.filter(work__title=name, work__file__isnull=False)
    files = StoredFile.objects.filter(pk__in=made.values("work__file"))
    known = set(files.values_list("sha256", flat=True))
    if not known or offline.sha256_of(file) in known:
        return ""
    return _("The package is whole, but no package of that name with these bytes was made here.")
