"""One module for each part."""
