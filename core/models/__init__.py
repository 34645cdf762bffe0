from core.models.audit import AuditEntry
from core.models.drafts import Draft
from core.models.files import StoredFile
from core.models.forms import SubmittedForm
from core.models.outbox import OutboxCause, OutboxEntry, OutboxState
from core.models.works import AskedFile, Work, WorkAsker

__all__ = [
    "AskedFile",
    "AuditEntry",
    "Draft",
    "OutboxCause",
    "OutboxEntry",
    "OutboxState",
    "StoredFile",
    "SubmittedForm",
    "Work",
    "WorkAsker",
]
