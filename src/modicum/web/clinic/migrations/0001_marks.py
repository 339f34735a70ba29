"""The table of marks: a projection of the events, empty until the jobs or a page fill it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The first one."""

    initial = True
    dependencies = []  # noqa: RUF012 - as Django writes them
    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="Marked",
            fields=[
                ("trial", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField()),
                ("content", models.TextField()),
            ],
        ),
    ]
