from core.models.audit import AuditEntry
from core.models.drafts import Draft
from core.models.files import StoredFile
from core.models.forms import SubmittedForm

__all__ = ["AuditEntry", "Draft", "StoredFile", "SubmittedForm"]
