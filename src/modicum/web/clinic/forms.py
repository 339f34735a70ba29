"""The forms of the staff's pages."""

import datetime as dt
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from modicum.web.accounts.forms import check_telephone
from modicum.web.accounts.models import Participant, Person, Role, Site
from modicum.web.accounts.recording import record_at, staff
from modicum.web.clock import now

_EARLIEST_BIRTH = dt.date(1900, 1, 1)


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
