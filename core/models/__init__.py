from core.models.audit import AuditEntry
from core.models.drafts import Draft
from core.models.files import StoredFile
from core.models.forms import SubmittedForm
from core.models.outbox import OutboxEntry, OutboxState
from core.models.works import Work, WorkAsker

__all__ = [
    "AuditEntry",
    "Draft",
    "OutboxEntry",
    "OutboxState",
    "StoredFile",
    "SubmittedForm",
    "Work",
    "WorkAsker",
]
