"""Who may do what in ethics; one module for each part."""
