"""A person whose dose is kept and looked at again: his pair of kits, and his evenings."""

import datetime as dt
from pathlib import Path

from clinic_people import BORN, World
from contract.web.worlds.batch import Batch
from followed import Trial
from modicum.web.accounts import devices, invitations, participants
from modicum.web.accounts.recording import staff
from modicum.web.clinic.following.again import begin_again, folder_of
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
        prescriber = world.people["prescriber"]
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
        self.batch = Batch(world, self.person, "1/re-challenge", AGAIN, ORDERED_ON, MADE_ON, HANDED_OUT_ON)

    def write_evening(self, day: int, pain: float) -> None:
        """An evening of his, where he is asked: every one of the pair, and a guess in the middle of each half."""
        night = day - BEGINS_ON
        if 0 <= night < 2 * HALF:
            guess = {"guess": 0.8, "guess_reason": "none"} if night % HALF == HALF // 2 else {}
            effects = {"headache": 1} if day == ACHES_ON else {}
            self._trial.evening(YEAR + day, answers={"pain": pain}, took="yes", side_effects=effects, **guess)
