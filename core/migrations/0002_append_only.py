from django.db import migrations

from core.triggers import append_only


class Migration(migrations.Migration):
    """The protocol cannot be changed, not even by a programming mistake."""

    dependencies = [("core", "0001_initial")]
    operations = [append_only("core_auditentry")]
