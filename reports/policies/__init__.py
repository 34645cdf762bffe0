"""Who may do what with reports and the archive; one module for each part."""
