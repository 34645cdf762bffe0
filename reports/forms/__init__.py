"""Forms; one module for each part."""
