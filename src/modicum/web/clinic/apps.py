"""The clinic as Django knows it."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Pages, and the table of marks."""

    name = "modicum.web.clinic"
    label = "clinic"
