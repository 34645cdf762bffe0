"""Packages for the archive: how they are packed, and how they are checked. No database."""
