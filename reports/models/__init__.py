"""What is stored of reports; one module for each part."""

from reports.models.personal_data import ErasureRequest

__all__ = ["ErasureRequest"]
