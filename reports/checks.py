"""System checks of what reaches the council."""
