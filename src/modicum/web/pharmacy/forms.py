"""The forms of the pharmacy. What is wrong with a kit is said by the services; these only read what was typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from modicum.services.dispensing.acting import LONGEST_LOT, LONGEST_WHY, MOST_LOTS

_CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": "autofocus"}
_LARGEST_KEY = 10_000  # bytes; a key file has three lines


class MakingForm(forms.Form):
    """The lots that kits were made from."""

    lots = forms.CharField(
        label=_("Numbers of the lots"),
        max_length=MOST_LOTS * (LONGEST_LOT + 2),
        help_text=_("Of drug, filler and capsules, parted by commas. A recall finds the kits by them."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """The code of a kit, typed or scanned."""

    code = forms.CharField(
        label=_("Code on the label"),
        max_length=40,
        help_text=_("Type it, or scan the square code. A wrong letter, or two that are swapped, are found."),
        widget=forms.TextInput(_CODE),
    )

    def clean_code(self) -> str:
        """The code alone: what is scanned says first that it is of a kit."""
        typed = self.cleaned_data["code"].strip()
        return typed[4:] if typed.upper().startswith("KIT ") else typed


class HandOutForm(CodeForm):
    """A kit that is handed out; where others are taken from before it, somebody says so and why."""

    early = forms.BooleanField(label=_("Hand it out before them"), required=False)
    why = forms.CharField(
        label=_("Why it goes before them"),
        required=False,
        max_length=LONGEST_WHY,
        help_text=_("On one line. It stays on the record; it names no dose."),
    )

    def clean(self) -> dict[str, Any]:
        """That whoever means it says why."""
        cleaned = super().clean() or {}
        if cleaned.get("early") and not cleaned.get("why"):
            self.add_error("why", _("Say why this kit goes before the others."))
        return cleaned


class ReturnForm(CodeForm):
    """A kit that comes back."""

    left = forms.IntegerField(
        label=_("Capsules left"), min_value=0, help_text=_("Counted, the spare ones among them. 0 where it is empty.")
    )
    why = forms.CharField(
        label=_("Why it is counted again"),
        required=False,
        max_length=LONGEST_WHY,
        help_text=_("Only for a kit whose count was wrong. Both counts stay on the record, and this one holds."),
    )


class ReplaceForm(forms.Form):
    """A kit that is made again, and why."""

    code = forms.ChoiceField(
        label=_("Kit"), widget=forms.RadioSelect, error_messages={"required": _("Choose the kit that is made again.")}
    )
    reason = forms.ChoiceField(
        label=_("Why it is made again"), widget=forms.RadioSelect, error_messages={"required": _("Choose the reason.")}
    )
    why = forms.CharField(
        label=_("What happened"),
        required=False,
        max_length=LONGEST_WHY,
        help_text=_("On one line, or nothing. Prescribers read it; it names no dose."),
    )


class RecallForm(forms.Form):
    """A lot that is recalled."""

    lot = forms.CharField(
        label=_("Number of the lot"), max_length=LONGEST_LOT, widget=forms.TextInput({"autocomplete": "off"})
    )
    why = forms.CharField(
        label=_("Why it is recalled"),
        max_length=LONGEST_WHY,
        help_text=_("On one line. Prescribers read it; it names no dose."),
    )


class KeyForm(forms.Form):
    """The pharmacist's key, for one look."""

    key = forms.FileField(
        label=_("Your key file"),
        help_text=_("It is read for this one look and written nowhere."),
        widget=forms.FileInput({"accept": ".key,text/plain"}),
    )

    def clean_key(self) -> bytes:
        """What the file holds."""
        given: Any = self.cleaned_data["key"]
        if given.size > _LARGEST_KEY:
            raise forms.ValidationError(_("This is no key file: it is too large."))
        return given.read()
