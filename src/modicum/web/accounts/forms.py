"""The form by which a member of the staff comes in."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from modicum.web.accounts.models import Person


class WelcomeForm(forms.Form):
    """A name and a password of one's own."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("A password of your own"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a few words are good. It needs no digits or signs, and never expires."),
    )

    def __init__(self, *given: object, person: Person, **more: object) -> None:
        super().__init__(*given, **more)  # pyright: ignore[reportArgumentType]
        self._person = person

    def clean_password(self) -> str:
        """The password, if it is long enough and not one that everybody tries first."""
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self._person)
        return password
