"""The long works of this app; each part registers its own."""
