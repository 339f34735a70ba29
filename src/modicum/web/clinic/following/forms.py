"""The forms of the pages on which a trial is followed. A reason is asked wherever something is not as was agreed."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from modicum.services.following.acting import LONGEST_REASON
from modicum.services.unblinding import LONGEST_WHY
from modicum.web.accounts.lines import on_one_line
from modicum.web.clinic.forms import DateInput

ACCEPT, HOLD, STOP = "accept", "hold", "stop"
_MOST_KEY_BYTES = 10_000
_LONGEST_NUMBER = 16  # digits
_AHEAD = dt.timedelta(days=180)  # of a re-challenge; what is agreed for a later day is agreed anew


def _reason(label: Any, longest: int = LONGEST_REASON, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=required, widget=forms.Textarea({"rows": 3}), strip=True
    )


class ReasonForm(forms.Form):
    """A reason."""

    reason = _reason(_("Reason"))


class ResumeForm(ReasonForm):
    """Why a hold is ended, and what held the capsules when that was asked: nothing is ended that was not shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, seen: str, **named: Any):
        super().__init__(*given, initial={"seen": seen}, **named)
        self._seen = seen

    def clean_seen(self) -> str:
        """What was shown, if nothing has come since; what came is shown with the form, and then it counts as seen."""
        if self.cleaned_data["seen"] != self._seen:
            again = self.data.copy()  # pyright: ignore[reportAttributeAccessIssue] - a form's data are those of a request
            again["seen"] = self._seen
            self.data = again
            raise forms.ValidationError(
                _("What holds the capsules has changed since this page was shown. Read it again, then decide.")
            )
        return self._seen


class ReviewForm(forms.Form):
    """The answer to a decision; nothing is chosen beforehand."""

    decision = forms.ChoiceField(
        label=_("Your answer"),
        choices=(
            (ACCEPT, _("Accept this decision")),
            (HOLD, _("Hold the capsules until we have spoken")),
            (STOP, _("Stop the trial")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")},
    )
    reason = _reason(_("Reason, if you decide otherwise"), required=False)

    def __init__(self, *given: Any, only_accepted: bool, **named: Any):
        super().__init__(*given, **named)
        if only_accepted:
            self.fields["decision"] = forms.ChoiceField(
                label=_("Your answer"), choices=((ACCEPT, _("Accept this decision")),), widget=forms.RadioSelect
            )
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Whoever decides otherwise says why."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") in (HOLD, STOP) and not cleaned.get("reason"):
            self.add_error("reason", _("Say why this decision is not followed. It stands beside the answer."))
        return cleaned


class EmergencyForm(forms.Form):
    """The reason of an opening, the key where the clinic does not hold it, and what was last told when it was asked.

    By the last, a form that is sent twice, as by a page that is loaded again, opens once.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = _reason(_("Reason"), LONGEST_WHY)
    key = forms.FileField(label=_("Key file"), required=False, help_text=_("It is used for this once and not kept."))

    def __init__(self, *given: Any, held: bool, seen: int, **named: Any):
        super().__init__(*given, initial={"seen": seen}, **named)
        if held:
            del self.fields["key"]
        else:
            self.fields["key"].required = True

    def clean_seen(self) -> int:
        """Number of the last event that was told when the form was shown; 0 where that is not said."""
        said = self.cleaned_data["seen"]
        return int(said) if said.isdecimal() and len(said) < _LONGEST_NUMBER else 0

    def clean_reason(self) -> str:
        """The reason on one line, as the record keeps it."""
        return on_one_line(self.cleaned_data["reason"], LONGEST_WHY)

    def clean_key(self) -> bytes:
        """The content of the key file."""
        given = self.cleaned_data["key"]
        if given.size > _MOST_KEY_BYTES:
            raise forms.ValidationError(_("This is too large for a key file."))
        return given.read()


class AgainForm(forms.Form):
    """The first day of a re-challenge, and the words of the person for its draw."""

    first_day = forms.DateField(label=_("First day"), widget=DateInput())
    contribution = forms.CharField(
        label=_("Words of the patient"),
        help_text=_("Any words she chooses. They go into the draw, so that nobody alone can steer it."),
        max_length=100,
    )

    def __init__(self, *given: Any, earliest: dt.date, **named: Any):
        super().__init__(*given, **named)
        self._earliest = earliest

    def clean_first_day(self) -> dt.date:
        """The day, if it has not begun and is not far off."""
        day = self.cleaned_data["first_day"]
        if day < self._earliest:
            raise forms.ValidationError(_("The first day is tomorrow or later."))
        if day > self._earliest + _AHEAD:
            raise forms.ValidationError(_("The first day is half a year from now at the latest."))
        return day
