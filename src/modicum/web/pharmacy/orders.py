"""Orders: what waits in the pharmacy, and the kits of one patient. Nothing here needs a key."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from modicum.services.dispensing.counting import Counted, count_capsules
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.supplies import ORDERED, PREPARED, Supplied, Supplies
from modicum.supply.codes import say_code
from modicum.web.accounts.models import Participant, Person, Role
from modicum.web.accounts.selectors import found_or_missing, supplies_visible_to
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.following.marking import marks_kept
from modicum.web.pharmacy import words
from modicum.web.pharmacy.finding import Supplying
from modicum.web.pharmacy.supplies import supplies_of, supplies_of_all
from modicum.web.stories import story_of


@dataclass(frozen=True)
class Waiting:
    """One patient's kits, in a list.

    Args:
        participant: whom; shown by number.
        supplies: her kits.
        over: whether her trial is, so that what she has not been handed out she will not need.
    """

    participant: Participant
    supplies: Supplies
    over: bool = False

    def count(self, state: str) -> int:
        """Kits in a state."""
        return sum(kit.state == state for kit in self.supplies.kits.values())

    @property
    def to_make(self) -> int:
        """Kits that are ordered and not made."""
        return 0 if self.over else self.count(ORDERED)

    @property
    def made(self) -> int:
        """Kits that are made and not handed out."""
        return 0 if self.over else self.count(PREPARED)

    @property
    def left_over(self) -> int:
        """Kits that nobody needs any more."""
        return self.count(ORDERED) + self.count(PREPARED) if self.over else 0

    @property
    def with_patient(self) -> int:
        """Kits that the patient has."""
        return sum(kit.with_patient for kit in self.supplies.kits.values())

    @property
    def recalled(self) -> int:
        """Kits that the patient has and must not take from."""
        return len(self.supplies.recalled)


@dataclass(frozen=True)
class Line:
    """A kit in a table.

    Args:
        kit: as it was ordered.
        code: as it is read aloud.
        state: in words.
    """

    kit: Supplied
    code: str
    state: str


@dataclass(frozen=True)
class Batch:
    """A batch in a page.

    Args:
        name: of it.
        title: as it is called.
        lines: its kits.
        to_make: whether any waits to be made.
        made: whether any has a label.
        counted: its capsules.
    """

    name: str
    title: str
    lines: tuple[Line, ...]
    to_make: bool
    made: bool
    counted: Counted


@require_safe
@asked_by(Role.PHARMACIST)
def listed(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Every patient with kits, who is most urgent first."""
    people = list(supplies_visible_to(person))
    told = supplies_of_all(one.trial for one in people)
    marks = marks_kept(one.trial for one in people)
    over = {trial for trial, known in marks.items() if known.stage not in ("", "diary")}
    rows = [Waiting(one, told[one.trial], one.trial in over) for one in people if told[one.trial].kits]
    rows.sort(key=lambda row: (-row.recalled, -row.to_make, -row.made, row.participant.number))
    urgent = sum(bool(row.recalled) for row in rows)
    heading = words.waiting(sum(row.to_make for row in rows), urgent)
    return render(request, "pharmacy/orders.html", {"rows": rows, "heading": heading})


@require_safe
@asked_by(Role.PHARMACIST)
def page(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """The kits of one patient, also before her trial has begun."""
    found = found_or_missing(supplies_visible_to(person), participant)
    story, supplies = story_of(found.trial), supplies_of(found.trial)
    supplying = Supplying(found, story)
    ordered = batches(supplying.plan(), supplies, supplying.over) if story.begun and supplies.kits else []
    context = {
        "participant": found,
        "protocol": story.begun.protocol if story.begun else None,
        "batches": ordered,
        "heading": words.ordered(supplies.kits.values(), over=supplying.over),
        "counted": count_capsules(supplies.kits.values()),
        "recalled": [say_code(kit.code) for kit in supplies.recalled],
        "can_hand_out": not supplying.over and any(kit.state == PREPARED for kit in supplies.kits.values()),
        "can_take_back": any(kit.with_patient for kit in supplies.kits.values()),
        "can_count_again": any(kit.returned_at is not None for kit in supplies.kits.values()),
    }
    return render(request, "pharmacy/kits.html", context)


def batches(plan: KitPlan, supplies: Supplies, over: bool) -> list[Batch]:
    """The batches of which anything was ordered, in the order of the trial; once it is over none is to be made."""
    found: list[Batch] = []
    for name, kits in plan.batches.items():
        own = supplies.in_batch(name)
        if own:
            lines = tuple(Line(kit, say_code(kit.code), words.state(kit)) for kit in own)
            to_make, made = not over and any(kit.state == ORDERED for kit in own), any(kit.made_on for kit in own)
            found.append(Batch(name, words.batch(plan.protocol, kits), lines, to_make, made, count_capsules(own)))
    return found
