"""The tables of the accounts."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import modicum.web.accounts.participant_models


class Migration(migrations.Migration):
    """The first one."""

    initial = True

    dependencies = [  # noqa: RUF012 - as Django writes them
    ]

    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="E-mail address")),
                ("name", models.CharField(max_length=120, verbose_name="Name")),
                ("language", models.CharField(default="en", max_length=8, verbose_name="Language")),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Cached",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "web_cache",
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="Name of the clinic")),
                ("on_call", models.CharField(max_length=60, verbose_name="Telephone, day and night")),
                ("pharmacy", models.CharField(blank=True, max_length=120, verbose_name="Pharmacy")),
            ],
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "trial",
                    models.CharField(
                        default=modicum.web.accounts.participant_models.new_trial, max_length=64, unique=True
                    ),
                ),
                ("surname", models.CharField(max_length=80, verbose_name="Surname")),
                ("given", models.CharField(max_length=80, verbose_name="Given names")),
                ("born", models.DateField(verbose_name="Date of birth")),
                ("language", models.CharField(default="en", max_length=8, verbose_name="Language of the diary")),
                ("zone", models.CharField(default="Europe/London", max_length=64, verbose_name="Time zone")),
                ("virtual", models.BooleanField(default=False, verbose_name="Virtual patient")),
                ("added_at", models.DateTimeField()),
                (
                    "prescriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participants", to="accounts.site"
                    ),
                ),
            ],
            options={
                "ordering": ("surname", "given", "number"),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="accounts.participant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("made_at", models.DateTimeField()),
                ("last_seen", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="devices", to="accounts.participant"
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at",),
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("prescriber", "prescriber"),
                            ("pharmacist", "pharmacist"),
                            ("analyst", "analyst"),
                            ("operator", "operator"),
                        ],
                        max_length=16,
                        verbose_name="Role",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="accounts.site"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffInvitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(fields=("site", "number"), name="number_at_site"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("person", "site", "role"), name="role_once"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role__in", ("prescriber", "pharmacist"))),
                fields=("person", "site"),
                name="prescribes_or_dispenses",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["prescriber", "pharmacist", "analyst", "operator"])),
                name="role_is_known",
            ),
        ),
    ]
