"""An app that exists only in tests: work for the outbox whose effects can be counted."""
