"""Packages for the archive: how they are packed, and how they are checked. No database."""

import logging

# Entries of the outbox that read a package through.
CHECK = "reports.check_package"
# One line for each file of each package is too much.
logging.getLogger("bagit").setLevel(logging.ERROR)
