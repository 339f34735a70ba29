"""The table of events, and the triggers that keep it."""

from django.db import migrations, models

from modicum.web.store.triggers import GuardEvents


class Migration(migrations.Migration):
    """The first one."""

    initial = True
    dependencies = []  # noqa: RUF012 - as Django writes them
    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="Event",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("trial", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=32)),
                ("client_id", models.CharField(max_length=64)),
                ("content", models.TextField()),
                ("content_hash", models.CharField(max_length=64)),
                ("conflict", models.BooleanField()),
                ("actor", models.CharField(max_length=64)),
                ("received_at", models.CharField(max_length=32)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("trial", "client_id", "content_hash"), name="said_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("conflict", False)),
                        fields=("trial", "client_id"),
                        name="one_without_conflict",
                    ),
                ],
            },
        ),
        GuardEvents(),
    ]
