import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.bench import BenchError, Benchmark, benchmarks, ending_tidily, measure, measure_here


class Command(BaseCommand):
    help = (
        "Measure what the product promises, on scratch data only. Exit code 0; with --check 1 "
        "when a target is missed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="one benchmark; without it all")
        parser.add_argument("--list", action="store_true", help="name the benchmarks and stop")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
        parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
        parser.add_argument("--minutes", type=float, help="the same as --size minutes=N")
        parser.add_argument(
            "--size",
            action="append",
            default=[],
            metavar="NAME=NUMBER",
            help="measure more or less than the target asks for",
        )
        # For the process that `measure` starts.
        parser.add_argument("--inside", type=Path, help="(used by the command itself)")

    def handle(self, *_args: Any, name: str, **options: Any) -> None:
        known = benchmarks()
        if options["list"]:
            return self._list(known)
        chosen = _chosen(known, name)
        sizes = _sizes(options["size"], options["minutes"])
        _refuse_unknown_sizes(chosen, sizes)
        try:
            with ending_tidily():
                if options["inside"]:
                    return measure_here(chosen[0], sizes, options["inside"])
                results = [self._one(found, sizes) for found in chosen]
        except BenchError as error:
            raise CommandError(str(error)) from error
        _write(options["json"], results)
        missed = [result["name"] for result in results if not result["holds"]]
        if missed and options["check"]:
            raise CommandError(_("Missed: %(names)s.") % {"names": ", ".join(missed)})
        return None

    def _list(self, known: dict[str, Benchmark]) -> None:
        for found in known.values():
            sizes = " ".join(f"{name}={value:g}" for name, value in found.sizes.items())
            self.stdout.write(f"{found.name:18} {found.about}")
            self.stdout.write(f"{'':18} {found.target} ({sizes})")

    def _one(self, found: Benchmark, sizes: dict[str, float]) -> dict[str, Any]:
        own = {name: value for name, value in sizes.items() if name in found.sizes}
        result = measure(found, own)
        self.stdout.write("\n".join(_table(result)))
        self.stdout.flush()
        return result


def _chosen(known: dict[str, Benchmark], name: str) -> list[Benchmark]:
    if not name:
        return list(known.values())
    if name not in known:
        raise CommandError(
            _("There is no benchmark “%(name)s”. Choose one of: %(names)s.")
            % {"name": name, "names": ", ".join(known)}
        )
    return [known[name]]


def _sizes(given: list[str], minutes: float | None) -> dict[str, float]:
    sizes = {} if minutes is None else {"minutes": minutes}
    for pair in given:
        name, _equals, value = pair.partition("=")
        try:
            number = float(value)
        except ValueError as error:
            raise CommandError(
                _("Write a size as NAME=NUMBER, not “%(size)s”.") % {"size": pair}
            ) from error
        sizes[name] = int(number) if number.is_integer() else number
    return sizes


def _refuse_unknown_sizes(chosen: list[Benchmark], sizes: dict[str, float]) -> None:
    known = sorted({name for found in chosen for name in found.sizes})
    if unknown := sorted(set(sizes) - set(known)):
        raise CommandError(
            _("There is no size “%(name)s”. Choose one of: %(names)s.")
            % {"name": unknown[0], "names": ", ".join(known)}
        )


def _table(result: dict[str, Any]) -> list[str]:
    """The result as lines of text: what, on what, each figure, the target and the verdict."""
    machine = result["machine"]
    width = max([len(name) for name in result["figures"]], default=0)
    verdict = _("holds") if result["holds"] else _("does not hold")
    revision = f" · {machine['revision']}" if machine["revision"] else ""
    return [
        "",
        f"{result['name']}: {result['about']}",
        *(f"  {name:{width}}  {_said(value)}" for name, value in result["figures"].items()),
        "  "
        + _("Target: %(target)s: %(verdict)s") % {"target": result["target"], "verdict": verdict},
        f"  {machine['database']} · Python {machine['python']} · "
        + _("%(count)s cores, load %(load)s")
        % {"count": machine["cores"], "load": machine["load_before"]}
        + f" · {result['at']}{revision}",
    ]


def _said(value: Any) -> str:
    return f"{value:,}".replace(",", " ") if isinstance(value, int) else str(value)


def _write(path: Path | None, results: list[dict[str, Any]]) -> None:
    if path is None:
        return
    text = json.dumps({"benchmarks": results}, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
