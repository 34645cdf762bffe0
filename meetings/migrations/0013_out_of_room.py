"""A disqualified member can be out of the room more than once for an item."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


def move_times(apps, schema_editor):
    Disqualification = apps.get_model("meetings", "Disqualification")
    OutOfRoom = apps.get_model("meetings", "OutOfRoom")
    OutOfRoom.objects.bulk_create(
        OutOfRoom(case=row, left_at=row.left_at, returned_at=row.returned_at)
        for row in Disqualification.objects.filter(left_at__isnull=False)
    )


def move_times_back(apps, schema_editor):
    """The first leaving and the last return, as it was kept before."""
    Disqualification = apps.get_model("meetings", "Disqualification")
    for row in Disqualification.objects.filter(times_out__isnull=False).distinct():
        times = list(row.times_out.order_by("left_at"))
        row.left_at, row.returned_at = times[0].left_at, times[-1].returned_at
        row.save(update_fields=["left_at", "returned_at"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0012_substitutes")]

    operations = [
        migrations.CreateModel(
            name="OutOfRoom",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("left_at", models.DateTimeField(verbose_name="left the room")),
                (
                    "returned_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="came back"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="times_out",
                        to="meetings.disqualification",
                    ),
                ),
            ],
            options={
                "verbose_name": "out of the room",
                "verbose_name_plural": "out of the room",
                "ordering": ["case", "left_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(returned_at__isnull=True),
                        fields=("case",),
                        name="a_disqualified_member_is_out_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("left_at")),
                        name="out_of_the_room_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.RunPython(move_times, move_times_back),
        migrations.RemoveConstraint(
            model_name="disqualification", name="disqualified_returns_after_leaving"
        ),
        migrations.RemoveField(model_name="disqualification", name="left_at"),
        migrations.RemoveField(model_name="disqualification", name="returned_at"),
    ]
