"""Verbs; one module for each part."""
