"""The forms by which a member of the staff comes in, and by which a clinic begins."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from modicum.services.directory import is_telephone
from modicum.web.accounts.models import Person


def check_telephone(typed: str) -> None:
    """Refuse what nobody can dial: phones call it, and a list of clinics would not take it either.

    Args:
        typed: the telephone of a site.

    Raises:
        ValidationError: it is no telephone number.
    """
    if not is_telephone(typed):
        words = _(
            "“%(typed)s” is not a telephone number. Write it as one dials it, for example +44 20 7946 0000."
            " [MOD-LIST-05]"
        )
        raise forms.ValidationError(words, params={"typed": typed})


def _own_password() -> forms.CharField:
    return forms.CharField(
        label=_("A password of your own"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a few words are good. It needs no digits or signs, and never expires."),
    )


class WelcomeForm(forms.Form):
    """A name and a password of one's own."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = _own_password()

    def __init__(self, *given: object, person: Person, **more: object) -> None:
        super().__init__(*given, **more)  # pyright: ignore[reportArgumentType]
        self._person = person

    def clean_password(self) -> str:
        """The password, if it is long enough and not one that everybody tries first."""
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self._person)
        return password


class FoundingForm(forms.Form):
    """A new site and its first operator."""

    site = forms.CharField(label=_("Name of the clinic"), max_length=120)
    on_call = forms.CharField(
        label=_("Telephone, day and night"),
        max_length=60,
        validators=[check_telephone],
        help_text=_("Shown on every phone of this site, as the number to call."),
    )
    pharmacy = forms.CharField(label=_("Pharmacy"), max_length=120, required=False)
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("To log in by. Nothing is sent there."),
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = _own_password()
    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)

    def clean(self) -> dict[str, Any]:
        """All of it, with a password that is long enough and not one that everybody tries first."""
        given = super().clean() or {}
        person = Person(email=given.get("email", ""), name=given.get("name", ""))
        try:
            password_validation.validate_password(given.get("password", ""), person)
        except forms.ValidationError as refused:
            self.add_error("password", refused)
        return given
