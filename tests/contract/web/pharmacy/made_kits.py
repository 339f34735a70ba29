"""Clinics whose pharmacy has work: a trial has begun, its kits were ordered, and they were made."""

from pathlib import Path

from clinic_people import PASSWORD, World
from followed import following, look_again
from lived_clinics import after
from waiting_trials import begun, place

LOTS = "NX-17, MC-2291"
AGAIN = "?batch=re-challenge&again=1"


def begin(world: World, data: Path) -> None:
    """The trial of Ines has begun."""
    with place(data):
        begun(world.ines)


@after(begin)
def order_kits(world: World, data: Path) -> None:
    """The kits of her titration were ordered."""
    with place(data):
        _order(world, "titration")


@after(order_kits)
def make_kits(world: World, data: Path) -> None:
    """They were made, of two lots."""
    with place(data):
        _make(world, "?batch=titration", LOTS)


@after(look_again)
def make_kits_again(world: World, data: Path) -> None:
    """The kits of a re-challenge were made, a week before it begins."""
    with following(world.ines, data):
        _order(world, "1/re-challenge")
        _make(world, AGAIN, "NX-17")


def _order(world: World, batch: str) -> None:
    answer = world.client("prescriber").post(f"/clinic/people/{world.ines.pk}/order/", {"batches": [batch]})
    assert answer.status_code == 302


def _make(world: World, batch: str, lots: str) -> None:
    client = world.client("pharmacist")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post(f"/pharmacy/{world.ines.pk}/made/{batch}", {"lots": lots}).status_code == 302
