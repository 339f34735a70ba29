"""What staff do for the kits of one batch: ordered, opened and made by the pharmacist, handed out one by one."""

from dataclasses import dataclass

from clinic_people import PASSWORD, World
from modicum.web.accounts.models import Participant
from modicum.web.pharmacy.supplies import supplies_of


@dataclass(frozen=True)
class Batch:
    """A batch and the days on which somebody does something for it.

    Args:
        world: in which its person lives.
        person: whose kits they are.
        value: as the form of an order sends it.
        query: of the pharmacist's pages.
        ordered_on: day.
        made_on: day.
        handed_out_on: days, one for each kit that is handed out, in order.
    """

    world: World
    person: Participant
    value: str
    query: str
    ordered_on: int
    made_on: int
    handed_out_on: tuple[int, ...]

    def attend(self, day: int) -> bytes:
        """What staff do on the morning of a day.

        Returns:
            The pharmacist's page of what the kits hold, on the day on which they are made; else nothing.
        """
        filled = b""
        if day == self.ordered_on:
            page = f"/clinic/people/{self.person.pk}/order/"
            ordered = self.world.client("prescriber").post(page, {"batches": [self.value]})
            assert ordered.status_code == 302
        if day == self.made_on:
            filled = self._make()
        if day in self.handed_out_on:
            code = [kit.code for kit in supplies_of(self.person.trial).kits.values()][self.handed_out_on.index(day)]
            handed_out = self.world.client("pharmacist").post(f"{self._kits}hand-out/", {"code": code})
            assert handed_out.status_code == 302
        return filled

    @property
    def _kits(self) -> str:
        return f"/pharmacy/{self.person.pk}/"

    def _make(self) -> bytes:
        pharmacist = self.world.client("pharmacist")
        pharmacist.post("/accounts/reauthenticate/", {"password": PASSWORD})
        filled = pharmacist.post(f"{self._kits}open/{self.query}", {"what": "page"})
        sheet = pharmacist.post(f"{self._kits}open/{self.query}", {"what": "sheet"})
        made = pharmacist.post(f"{self._kits}made/{self.query}", {"lots": "NX-17"})
        assert (filled.status_code, sheet["Content-Type"], made.status_code) == (200, "application/pdf", 302)
        return filled.content
