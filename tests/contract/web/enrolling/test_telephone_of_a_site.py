"""The telephone of a site is one that a phone can call, by the check of the list of clinics."""

import pytest

from enrolling_pages import words_of
from modicum.web.accounts.forms import FoundingForm
from modicum.web.accounts.models import Site
from modicum.web.clinic.forms import SiteForm


@pytest.mark.parametrize("typed", ["ask at the desk", "Dr Okafor", "+", "12", "tel 030 1234567"])
def test_what_nobody_can_dial_is_refused_and_kept_as_it_was_typed(world, typed):
    before = Site.objects.get(pk=world.harbour.pk).on_call
    page = world.client("operator").post(
        f"/clinic/sites/{world.harbour.pk}/", {"name": "Harbour Street", "on_call": typed, "pharmacy": ""}
    )
    assert page.status_code == 200
    assert page.context["form"]["on_call"].value() == typed
    assert "is not a telephone number" in words_of(page)
    assert "[MOD-LIST-05]" in words_of(page)
    assert Site.objects.get(pk=world.harbour.pk).on_call == before


@pytest.mark.parametrize("form", [SiteForm, FoundingForm])
@pytest.mark.parametrize(
    ("typed", "fits"), [("+44 20 7946 0000", True), ("030/1234567", True), ("ask at the desk", False), ("", False)]
)
def test_whoever_adds_or_founds_a_site_is_held_to_it_too(world, form, typed, fits):
    assert ("on_call" in form({"on_call": typed}).errors) is not fits
