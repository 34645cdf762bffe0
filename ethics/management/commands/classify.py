"""What the AI Act says of the answers in a file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ethics.ai_act import BadAnswer, classify, current_rules, rules_of, rulesets
from ethics.ai_act.output import as_data

MOST_BYTES = 1_000_000


class Command(BaseCommand):
    help = "Classify a use under the AI Act: answers as JSON in, the result as JSON out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", help='JSON like {"answers": {"SC-01": "yes"}}, or - for standard input'
        )
        parser.add_argument("--ruleset", help="the version of the rules, for example ai_act@1")

    def handle(self, *args: Any, **options: Any) -> None:
        answers = _answers(_text(options["file"]))
        try:
            result = classify(answers, _rules(options["ruleset"]), assume=True)
        except BadAnswer as bad:
            raise CommandError(str(bad)) from bad
        data = json.dumps(as_data(result), ensure_ascii=False, indent=2)
        self.stdout.write(data)


def _text(name: str) -> str:
    try:
        if name == "-":
            return sys.stdin.read(MOST_BYTES)
        path = Path(name)
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{name} is larger than 1 MB. That is no file with answers.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 text.") from error


def _answers(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, object_pairs_hook=_no_pair_twice)
    except json.JSONDecodeError as error:
        raise CommandError(f"The file is not JSON: line {error.lineno}, {error.msg}.") from error
    except RecursionError as error:
        raise CommandError("The file is not JSON with answers: it is nested too deeply.") from error
    answers = data.get("answers") if isinstance(data, dict) else None
    if not isinstance(answers, dict):
        raise CommandError('The file must be like {"answers": {"SC-01": "yes"}}.')
    return answers


def _no_pair_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CommandError(f"“{twice}” is answered twice.")
    return found


def _rules(reference: str | None) -> Any:
    if not reference:
        return current_rules()
    if reference not in (known := list(rulesets())):
        raise CommandError(f"There is no ruleset “{reference}”. There is: {', '.join(known)}.")
    return rules_of(reference)
