"""The form by which a protocol is adapted. What may be changed, and within which limits, says the service."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from modicum.foundation.errors import Problem, ProtocolError
from modicum.protocol import Protocol
from modicum.services.enrolling.adapting import (
    DOSE_TIMES,
    LONGEST_REASON,
    Adapted,
    Wanted,
    adapt,
    adaptable_length,
    limits,
)
from modicum.web.language import decimal, refusal, said

_DOSES = re.compile(r"dose|ladder|strength")


class AdaptingForm(forms.Form):
    """A shipped protocol, and what may be changed in it; unchanged, it is the shipped one."""

    def __init__(self, *given: Any, base: Protocol, **more: Any) -> None:
        super().__init__(*given, **more)
        self.base = base
        self.adapted: Adapted | None = None
        self.lengths = {f"length-{one.name}": one for one in base.phases if adaptable_length(one) is not None}
        self._outcome_fields(base)
        self._drug_fields(base)
        for name, phase in self.lengths.items():
            low, high = limits(base, phase)
            kind = _("days in all") if phase.kind == "run-in" else _("days each")
            self.fields[name] = forms.CharField(
                label=f"{said(phase.title or phase.name)}: {kind}",
                help_text=_("From %(low)s to %(high)s.") % {"low": low, "high": high},
                required=False,
                initial=f"{adaptable_length(phase):g}",
                widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        """Adapt the protocol; every problem is shown beside what it is about."""
        given = super().clean() or self.cleaned_data
        wanted = Wanted(
            primary=given.get("primary") or None,
            mcid=self._number("mcid"),
            reason=given.get("reason") or "",
            dose_time=given.get("dose_time") or None,
            doses_mg=self._doses(given),
            lengths={
                phase.name: days for name, phase in self.lengths.items() if (days := self._number(name)) is not None
            },
        )
        try:
            self.adapted = adapt(self.base.name, wanted)
        except ProtocolError as error:
            for problem in error.problems:
                place = self._place(problem)
                self.add_error(place, refusal(problem))
        return given

    def _outcome_fields(self, base: Protocol) -> None:
        outcomes = [(one.name, said(one.label)) for one in base.outcomes if one.kind == "gaussian"]
        self.fields["primary"] = forms.ChoiceField(
            label=_("What decides"), choices=outcomes, initial=base.primary, widget=forms.RadioSelect
        )
        self.fields["mcid"] = forms.CharField(
            label=_("The smallest difference in it that matters, in points"),
            required=False,
            initial=decimal(f"{base.primary_outcome.mcid:g}"),
            widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        )
        self.fields["reason"] = forms.CharField(
            label=_("Why this much matters to this person"),
            help_text=_("Needed where it is another than the protocol's. It stands in the protocol: no names."),
            required=False,
            max_length=LONGEST_REASON,
            widget=forms.Textarea({"rows": 2, "class": "in"}),
        )

    def _drug_fields(self, base: Protocol) -> None:
        times = list(dict.fromkeys((base.drug.dose_time, *DOSE_TIMES)))
        self.fields["dose_time"] = forms.ChoiceField(
            label=_("Hour of the dose"),
            help_text=_("After the evening's entry, which is asked for at 20:00."),
            choices=[(one, one) for one in sorted(times)],
            initial=base.drug.dose_time,
        )
        if len(base.drug.ladder_mg) > 1:
            doses = [(f"{dose:g}", decimal(f"{dose:g} {base.drug.unit}")) for dose in base.drug.ladder_mg]
            self.fields["doses"] = forms.MultipleChoiceField(
                label=_("Doses that are tried"),
                required=False,
                choices=doses,
                initial=[value for value, _words in doses],
                widget=forms.CheckboxSelectMultiple,
            )

    def _doses(self, given: dict[str, Any]) -> tuple[float, ...] | None:
        if "doses" not in self.fields or "doses" not in given:
            return None
        return tuple(float(one) for one in given["doses"])

    def _number(self, name: str) -> float | None:
        """What was typed as a number; None where nothing was, or where it is none, which is said."""
        typed = str(self.cleaned_data.get(name) or "").strip()
        if not typed:
            return None
        try:
            found = float(typed.replace(",", "."))
        except ValueError:
            found = float("nan")
        if not abs(found) < 1e6:
            self.add_error(name, _("“%(typed)s” is not a number. Write it in figures, such as 14.") % {"typed": typed})
            return None
        return found

    def _place(self, problem: Problem) -> str | None:
        """The field that a problem is about; None for the form as a whole."""
        where = problem.where.replace("length:", "length-").replace("doses_mg", "doses")
        if where in self.fields:
            return where
        return "doses" if "doses" in self.fields and _DOSES.search(problem.where) else None
