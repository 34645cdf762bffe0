"""Boxes beside a case; each part has a module of its own."""

from reports.panels import dossier

__all__ = ["dossier"]
