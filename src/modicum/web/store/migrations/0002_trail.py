"""An index of all that the record is looked through by: what is looked for is found without reading it all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The second one."""

    dependencies = [("store", "0001_events")]  # noqa: RUF012 - as Django writes them
    operations = [  # noqa: RUF012
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["kind", "sequence", "trial", "actor", "received_at"], name="event_trail"),
        ),
    ]
