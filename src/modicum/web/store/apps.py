"""The store as Django knows it."""

from importlib import import_module

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """One table, and what is checked before it is used."""

    name = "modicum.web.store"
    label = "store"

    def ready(self) -> None:
        """Have the checks looked up."""
        import_module("modicum.web.store.checks")
