"""Files that are made; one module for each part."""
