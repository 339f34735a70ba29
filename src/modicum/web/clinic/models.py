"""The one table of the clinic: marks of trials, made from their events and made again whenever they are thrown away."""

from django.db import models


class Marked(models.Model):
    """The marks of one trial; under the name of :data:`ALL`, up to which event all were looked at."""

    trial = models.CharField(max_length=64, primary_key=True)
    sequence = models.BigIntegerField()
    content = models.TextField()


ALL = "*"
