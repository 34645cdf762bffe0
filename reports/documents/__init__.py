"""The PDFs of reports; one module for each part."""
