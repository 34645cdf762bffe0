import sys
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from committee.models import User
from usecases.selectors import exchange


class Command(BaseCommand):
    help = (
        "Write the register to a file (or standard output), as a citizen reads it, or with --by "
        "as that user does. Exit code 0; 1 when it cannot be written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(exchange.ALL), default="csv")
        parser.add_argument("--out", type=Path, metavar="FILE")
        parser.add_argument("--by", default="", help="username; without it the public register")
        parser.add_argument("--address", default="", help="https://… of this installation")

    def handle(self, *_args: Any, by: str, out: Path | None, **options: Any) -> None:
        reader: Any = AnonymousUser()
        if by:
            reader = User.objects.filter(username=by).first()
            if reader is None:
                raise CommandError(_("There is no user “%(name)s”.") % {"name": by})
        found = exchange.exported(reader)
        address = options["address"].rstrip("/")
        pieces = exchange.pieces(options["format"], reader, found, address)
        try:
            if out is None:
                for piece in pieces:
                    sys.stdout.buffer.write(piece)
                return
            with out.open("wb") as file:
                file.writelines(pieces)
        except OSError as error:
            raise CommandError(_("%(name)s cannot be written.") % {"name": out}) from error
        told = _("%(n)s cases written to %(name)s.") % {"n": found.count(), "name": out}
        self.stderr.write(told)
