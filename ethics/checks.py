"""System checks of the content of ethics."""
