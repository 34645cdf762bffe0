"""Pages of ethics; one module for each part."""
