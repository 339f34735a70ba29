"""The forms of consent and of the first day."""

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modicum.allocation.draws import LONGEST_CONTRIBUTION
from modicum.web.clinic.forms import DateInput

OTHERS = (
    ("interpreter", gettext_lazy("An interpreter")),
    ("relative", gettext_lazy("A relative or friend")),
    ("staff", gettext_lazy("Another member of the staff")),
)


class ConsentForm(forms.Form):
    """The participant's half of the draw, who was there, and that it was read and signed; without figures, if so."""

    shown = forms.CharField(widget=forms.HiddenInput)
    contribution = forms.CharField(
        label=gettext_lazy("The participant's half of the draw"),
        help_text=gettext_lazy(
            "Typed by the participant: any words, or throws of a die such as 3 6 1 1 5 2 4. No name."
        ),
        required=False,
        max_length=LONGEST_CONTRIBUTION,
        strip=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    present = forms.MultipleChoiceField(
        label=gettext_lazy("Who was there, beside the two of you?"),
        required=False,
        choices=OTHERS,
        widget=forms.CheckboxSelectMultiple,
    )
    share = forms.BooleanField(
        label=gettext_lazy(
            "Asked apart: this trial may also leave the clinic for research, without name, dates or words"
        ),
        help_text=gettext_lazy("A no changes nothing else."),
        required=False,
    )
    without_figures = forms.BooleanField(
        label=gettext_lazy(
            "Signed without figures: what this trial can find is not computed yet. The participant knows that, and does"
            " not want to wait for it"
        ),
        error_messages={
            "required": gettext_lazy("Wait until the figures stand in the text, or tick that it is signed without.")
        },
    )
    agreed = forms.BooleanField(
        label=gettext_lazy(
            "The participant has read this or had it read aloud, has asked what there was to ask, and agrees"
        ),
        error_messages={"required": gettext_lazy("Without this there is no consent, and nothing is recorded.")},
    )
    signed = forms.BooleanField(
        label=gettext_lazy("The printed sheet is signed by the participant and by me"),
        error_messages={"required": gettext_lazy("Print the sheet, and have it signed first.")},
    )

    def __init__(self, *given: Any, shown: str, random: bool, figures: bool, **more: Any) -> None:
        super().__init__(*given, initial={"shown": shown}, **more)
        self._shown = shown
        if not random:
            del self.fields["contribution"]
        if figures:
            del self.fields["without_figures"]

    def show_again(self, typed: QueryDict) -> None:
        """Show what was typed again, beside the text as it is now.

        Args:
            typed: the fields as they were sent.
        """
        again = typed.copy()
        again["shown"] = self._shown
        self.data = again  # pyright: ignore[reportAttributeAccessIssue] - a form's data are those of a request

    def clean_contribution(self) -> str:
        """The words, if a draw can be made with them: by a consent with others no trial could begin."""
        words = self.cleaned_data["contribution"]
        if not words.isprintable():
            raise forms.ValidationError(
                _("Letters, digits and plain blanks on one line: type it rather than paste it.")
            )
        return words

    def clean_shown(self) -> str:
        """The hash of the text that was shown, if it is still the text."""
        if self.cleaned_data["shown"] != self._shown:
            raise forms.ValidationError(
                _("The text has changed since it was shown. Read it again, then consent to it.")
            )
        return self._shown


class FirstDayForm(forms.Form):
    """The first day of a trial, where the participant lives."""

    first_day = forms.DateField(label=gettext_lazy("First evening of the diary"), widget=DateInput())

    def __init__(self, *given: Any, today: dt.date, last_day: dt.date | None, **more: Any) -> None:
        super().__init__(*given, initial={"first_day": today}, **more)
        self._today, self._last_day = today, last_day

    def clean_first_day(self) -> dt.date:
        """The day, if it is not over and the screening still holds on it."""
        day = self.cleaned_data["first_day"]
        if day < self._today:
            raise forms.ValidationError(_("This day is over. Today, or a later one."))
        if self._last_day is not None and day > self._last_day:
            words = _("The screening holds until %(day)s. Take an earlier day, or screen again shortly before.")
            raise forms.ValidationError(words % {"day": f"{self._last_day:%Y-%m-%d}"})
        return day
