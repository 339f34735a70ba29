"""The forms of the staff's pages."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from modicum.web.accounts.forms import check_telephone
from modicum.web.accounts.models import Participant, Person, Role, Site
from modicum.web.accounts.participant_models import new_trial
from modicum.web.accounts.recording import record_at, staff
from modicum.web.clock import now

_EARLIEST_BIRTH = dt.date(1900, 1, 1)
_FORMS = signing.Signer(salt="modicum.adding")


class DateInput(forms.DateInput):
    """A date as browsers know it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ZoneInput(forms.TextInput):
    """A text with the names of all zones to choose from; the page holds the list of them."""

    def __init__(self) -> None:
        super().__init__({"list": "zones", "autocomplete": "off", "spellcheck": "false"})


class PersonForm(forms.ModelForm):
    """A participant, before any protocol."""

    language = forms.ChoiceField(label=_("Language of the diary"), choices=settings.LANGUAGES)
    zone = forms.CharField(
        label=_("Time zone"),
        help_text=_("Where this person lives, for example Europe/Berlin. The evenings of the diary go by it."),
        widget=ZoneInput(),
    )
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), empty_label=None)

    class Meta:
        """What is asked."""

        model = Participant
        fields = ("site", "surname", "given", "born", "language", "zone", "virtual")
        widgets = {"born": DateInput()}  # noqa: RUF012 - as Django reads it
        help_texts = {"virtual": _("Marked so on every page; no person stands behind it.")}  # noqa: RUF012

    def clean_zone(self) -> str:
        """The zone, if there is one of that name."""
        zone = self.cleaned_data["zone"].strip()
        if zone not in zones():
            raise forms.ValidationError(
                _('"%(zone)s" is not the name of a zone. Choose one of the list, such as Europe/Berlin.'),
                params={"zone": zone},
            )
        return zone

    def clean_born(self) -> dt.date:
        """The date of birth, if one can be alive and be born then."""
        born = self.cleaned_data["born"]
        if not _EARLIEST_BIRTH <= born <= now().date():
            raise forms.ValidationError(_("A date of birth lies between 1900 and today."))
        return born


class AddingForm(PersonForm):
    """A participant to be added; whoever is here already under name and date of birth is added again only if asked."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def trial(self) -> str:
        """The name of the trial that goes with this form; "" where it came without one that this server made."""
        try:
            return _FORMS.unsign(self.cleaned_data.get("token", ""))
        except signing.BadSignature:
            return ""

    def clean(self) -> dict[str, Any]:
        """All of it, if nobody is here under this name and date of birth, or if it is somebody else."""
        given = super().clean() or self.cleaned_data
        there = self._there(given)
        if there is not None:
            self.fields["again"] = forms.BooleanField(
                label=_("This is another person of the same name and date of birth"), required=False
            )
            if not self.data.get("again"):
                words = _(
                    "%(name)s, born %(born)s, is here already as no. %(number)s. Tick below if this is somebody else."
                )
                name = f"{there.surname}, {there.given}"
                said = {"name": name, "born": date_format(there.born, "j F Y"), "number": there.label}
                raise forms.ValidationError(words, params=said)
        return given

    def _there(self, given: Mapping[str, Any]) -> Participant | None:
        """Somebody of the site with this name and date of birth, but for her whom this very form has added."""
        if any(not given.get(name) for name in ("site", "surname", "given", "born")):
            return None
        alike = Participant.objects.filter(
            site=given["site"],
            born=given["born"],
            surname__iexact=given["surname"],
            given__iexact=given["given"],
        )
        return alike.exclude(trial=self.trial).first()


def new_token() -> str:
    """What a form to add a person is sent with: the name of her trial, so that a form sent twice adds her once."""
    return _FORMS.sign(new_trial())


class ParticularsForm(PersonForm):
    """The particulars of a participant, to be corrected. The evenings of a trial that has begun keep their zone."""

    site = None  # pyright: ignore[reportAssignmentType] - so Django takes a field away

    class Meta(PersonForm.Meta):
        """What may be corrected."""

        fields = ("surname", "given", "born", "language", "zone")

    def __init__(self, *given: Any, begun: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if begun:
            del self.fields["zone"]


class SiteForm(forms.ModelForm):
    """A site."""

    class Meta:
        """What is asked."""

        model = Site
        fields = ("name", "on_call", "pharmacy")
        help_texts = {  # noqa: RUF012
            "on_call": _("Shown on every phone of this site, as the number to call."),
            "pharmacy": _("Name and telephone of the pharmacy that makes the capsules."),
        }

    def clean_on_call(self) -> str:
        """The telephone, if one can dial it."""
        typed = self.cleaned_data["on_call"]
        check_telephone(typed)
        return typed


class StaffForm(forms.Form):
    """A person and her role at a site."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As patients know it, for example Dr S. Okafor.")
    )
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("To log in by. Nothing is sent there.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)


class AccountForm(forms.ModelForm):
    """What a member of the staff may change of herself."""

    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)

    class Meta:
        """What is asked."""

        model = Person
        fields = ("name", "language")

    def save(self, commit: bool = True) -> Person:
        """Save what was changed, after it was put down at every site where she works."""
        changed = self.changed_data
        if changed:
            before, after = ({name: said[name] for name in changed} for said in (self.initial, self.cleaned_data))
            for site in Site.objects.filter(memberships__person=self.instance).distinct().order_by("name"):
                record_at(site, "account-changed", staff(self.instance), before=before, after=after)
        return super().save(commit)


def zones() -> list[str]:
    """Names of all zones that a person can live in."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
