"""A person whose dose is kept and looked at again: what the pharmacy does for his pair of kits, and his evenings."""

import datetime as dt
from pathlib import Path

from clinic_people import BORN, PASSWORD, World
from followed import Trial
from modicum.web.accounts import devices, invitations, participants
from modicum.web.accounts.recording import staff
from modicum.web.clinic.following.again import begin_again, folder_of
from modicum.web.pharmacy.supplies import supplies_of
from waiting_trials import FIRST_DAY

YEAR = 365  # days by which his trial began before that of the other, so that neither begins in summer time
ORDERED_ON, MADE_ON, BEGINS_ON, HALF = 0, 1, 3, 14  # days of the other
HANDED_OUT_ON = (MADE_ON, BEGINS_ON + HALF - 1)
ANSWERED_ON = BEGINS_ON + 2 * HALF
ACHES_ON = BEGINS_ON + 5
AGAIN = "?batch=re-challenge&again=1"


class KeptDose:
    """Kofi, a year after his trial began. It found 1.5 mg, and a re-challenge was accepted that begins in four days.

    Args:
        world: in which he lives.
        folder: of its clinic.
    """

    def __init__(self, world: World, folder: Path):
        self._world, prescriber = world, world.people["prescriber"]
        self.person = participants.register(
            site=world.harbour, surname="Mensah", given="Kofi", born=BORN, prescriber=prescriber, by=prescriber,
            virtual=True,
        )  # fmt: skip
        self.phone, self.phone_token = devices.enrol(invitations.invite(self.person, prescriber)[1], kind="Android")
        self._trial = Trial(self.person, folder, FIRST_DAY - dt.timedelta(days=YEAR))
        self._trial.keep_a_dose()
        begin_again(
            self.person, self._trial.story(), first_day=FIRST_DAY + dt.timedelta(days=BEGINS_ON),
            contribution="blue heron", now=self._trial.at(YEAR - 1, 13), actor=staff(prescriber),
        )  # fmt: skip
        self.allocation = folder_of(self.person.trial, 1).name
        self.file = f"/clinic/people/{self.person.pk}/"
        self.page = f"{self.file}re-challenge/"

    def attend(self, day: int) -> bytes:
        """What staff do for the pair of kits on the morning of a day.

        Returns:
            The pharmacist's page of what both hold, on the day on which they are made; else nothing.
        """
        filled = b""
        if day == ORDERED_ON:
            ordered = self._world.client("prescriber").post(f"{self.file}order/", {"batches": ["1/re-challenge"]})
            assert ordered.status_code == 302
        if day == MADE_ON:
            filled = self._make()
        if day in HANDED_OUT_ON:
            code = [kit.code for kit in supplies_of(self.person.trial).kits.values()][HANDED_OUT_ON.index(day)]
            handed_out = self._world.client("pharmacist").post(f"{self._kits}hand-out/", {"code": code})
            assert handed_out.status_code == 302
        return filled

    def write_evening(self, day: int, pain: float) -> None:
        """An evening of his, where he is asked: every one of the pair, and a guess in the middle of each half."""
        night = day - BEGINS_ON
        if 0 <= night < 2 * HALF:
            guess = {"guess": 0.8, "guess_reason": "none"} if night % HALF == HALF // 2 else {}
            effects = {"headache": 1} if day == ACHES_ON else {}
            self._trial.evening(YEAR + day, answers={"pain": pain}, took="yes", side_effects=effects, **guess)

    @property
    def _kits(self) -> str:
        return f"/pharmacy/{self.person.pk}/"

    def _make(self) -> bytes:
        pharmacist = self._world.client("pharmacist")
        pharmacist.post("/accounts/reauthenticate/", {"password": PASSWORD})
        filled = pharmacist.post(f"{self._kits}open/{AGAIN}", {"what": "page"})
        sheet = pharmacist.post(f"{self._kits}open/{AGAIN}", {"what": "sheet"})
        made = pharmacist.post(f"{self._kits}made/{AGAIN}", {"lots": "NX-17"})
        assert (filled.status_code, sheet["Content-Type"], made.status_code) == (200, "application/pdf", 302)
        return filled.content
