"""The clinic as Django knows it."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Pages; no tables."""

    name = "modicum.web.clinic"
    label = "clinic"
