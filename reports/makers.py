"""The long works of this app; each part registers its own."""

from reports.documents import archive_makers  # noqa: F401 - the archive and the case system
