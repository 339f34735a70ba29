"""The app on the phone as Django knows it."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    """Pages and files; no tables."""

    name = "modicum.web.diary"
    label = "diary"
