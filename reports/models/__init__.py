"""What is stored of reports; one module for each part."""

from reports.models.archive import ArchivePackage, RetentionLog

__all__ = ["ArchivePackage", "RetentionLog"]
