"""One keyword-only function per verb."""
