from django.db import migrations

from core.triggers import append_only


class Migration(migrations.Migration):
    """What was issued and every saved text stay as they were."""

    dependencies = [("meetings", "0001_initial")]
    operations = [
        append_only("meetings_issuedversion"),
        append_only("meetings_itemtextrevision"),
    ]
