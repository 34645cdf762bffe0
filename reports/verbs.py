"""The words of the audit verbs of this app."""

from django.utils.functional import Promise

WORDS: dict[str, str | Promise] = {}
