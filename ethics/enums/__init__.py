"""Ethics in closed sets of words; one module for each part."""
