import json

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.utils import timezone

from core.triggers import append_only
from meetings.decided import columns, decided_items


def number_older_minutes(apps, schema_editor):
    """Minutes that were locked before there was a register get their numbers, oldest lock first."""
    versions = apps.get_model("meetings", "IssuedVersion").objects.filter(kind="minutes")
    locked = models.Q(seals__isnull=False) | models.Q(
        models.Q(number=models.F("meeting__minutes_version"))
        | models.Q(number=models.F("meeting__public_minutes")),
        meeting__state__in=["locked", "published"],
    )
    rows = versions.filter(locked).select_related("meeting").order_by("issued_at", "pk").distinct()
    for version in rows.iterator():
        _number(apps, version)


def _number(apps, version):
    decisions = apps.get_model("meetings", "Decision").objects
    texts = apps.get_model("meetings", "DecisionText").objects
    meeting, snapshot = version.meeting, json.loads(version.body)
    year = timezone.localtime(meeting.held_from or meeting.starts_at).year
    known = {row.item_id: row for row in decisions.filter(meeting=meeting)}
    for item in decided_items(snapshot):
        if item["id"] not in known:
            given = decisions.filter(committee=meeting.committee_id, year=year)
            known[item["id"]] = decisions.create(
                committee_id=meeting.committee_id,
                meeting=meeting,
                item_id=item["id"],
                year=year,
                serial=given.count() + 1,
            )
    for item in snapshot["items"]:
        if item["id"] in known:
            texts.create(
                decision=known[item["id"]],
                version=version,
                number=version.number,
                **columns(snapshot, item),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("committee", "0002_rounds"),
        ("meetings", "0014_agenda_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("serial", models.PositiveIntegerField(verbose_name="number")),
                (
                    "given_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="numbered"
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="committee.committee",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbered",
                        to="meetings.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["committee", "year", "serial"],
            },
        ),
        migrations.CreateModel(
            name="DecisionText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "access",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")],
                        max_length=10,
                        verbose_name="access",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided"),
                            ("adopted", "Adopted"),
                            ("adopted_changed", "Adopted with changes"),
                            ("rejected", "Rejected"),
                            ("discussed", "Discussed"),
                            ("noted", "Noted"),
                            ("postponed", "Postponed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("has_dissent", models.BooleanField(default=False)),
                ("case_id", models.CharField(blank=True, max_length=40, verbose_name="case id")),
                ("words", models.TextField(blank=True)),
                ("public_words", models.TextField(blank=True)),
                ("body", models.JSONField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="meetings.decision",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decided",
                        to="meetings.issuedversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a decision",
                "verbose_name_plural": "texts of decisions",
                "ordering": ["decision", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("committee", "year", "serial"), name="one_decision_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("serial__gt", 0)), name="decisions_begin_with_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="decisiontext",
            constraint=models.UniqueConstraint(
                fields=("decision", "number"), name="one_decision_text_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="decisiontext",
            constraint=models.CheckConstraint(
                condition=models.Q(("access__in", ["open", "closed"])),
                name="decision_access_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="decisiontext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "",
                            "adopted",
                            "adopted_changed",
                            "rejected",
                            "discussed",
                            "noted",
                            "postponed",
                            "withdrawn",
                        ],
                    )
                ),
                name="decision_outcome_is_known",
            ),
        ),
        migrations.RunPython(number_older_minutes, migrations.RunPython.noop),
        append_only("meetings_decision"),
        append_only("meetings_decisiontext"),
    ]
