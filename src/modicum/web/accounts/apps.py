"""The accounts as Django knows them."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Staff, sites, participants, invitations and devices."""

    name = "modicum.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Have the rules looked up, and the door watched."""
        import_module("modicum.web.accounts.rules")
        import_module("modicum.web.accounts.watching")
