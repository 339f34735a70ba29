"""Orders: what waits in the pharmacy, and the kits of one patient. Nothing here needs a key."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from modicum.services.dispensing.counting import Counted, count_capsules
from modicum.services.dispensing.courses import over_at
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.replacing import replaceable
from modicum.services.dispensing.supplies import ORDERED, PREPARED, Supplied, Supplies
from modicum.supply.codes import say_code
from modicum.web.accounts.models import Participant, Person, Role
from modicum.web.accounts.selectors import found_or_missing, supplies_visible_to
from modicum.web.clinic.asking import asked_by
from modicum.web.clinic.following.marking import marks_kept
from modicum.web.clock import now
from modicum.web.pharmacy import words
from modicum.web.pharmacy.finding import Supplying, asking_for
from modicum.web.pharmacy.planning import plan_of
from modicum.web.pharmacy.supplies import supplies_of, supplies_of_all
from modicum.web.stories import story_of


@dataclass(frozen=True)
class Waiting:
    """One patient's kits, in a list.

    Args:
        participant: whom; shown by number.
        supplies: her kits.
        over: numbers of what is over, so that she will not need what she was not handed out for it; 0 is her trial.
    """

    participant: Participant
    supplies: Supplies
    over: Collection[int] = ()

    def count(self, *states: str, over: bool) -> int:
        """Kits in one of some states, of what is over or is not."""
        return sum(kit.state in states and (kit.course in self.over) == over for kit in self.supplies.kits.values())

    @property
    def to_make(self) -> int:
        """Kits that are ordered and not made."""
        return self.count(ORDERED, over=False)

    @property
    def made(self) -> int:
        """Kits that are made and not handed out."""
        return self.count(PREPARED, over=False)

    @property
    def left_over(self) -> int:
        """Kits that nobody needs any more."""
        return self.count(ORDERED, PREPARED, over=True)

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
        replaced_by: code of the kit in its place, as it is read aloud; "" where none is.
    """

    kit: Supplied
    code: str
    state: str
    replaced_by: str


@dataclass(frozen=True)
class Batch:
    """A batch in a page.

    Args:
        name: of it.
        course: that it is of: the number of a re-challenge; 0 for the trial.
        title: as it is called.
        lines: its kits.
        to_make: whether any waits to be made.
        made: whether any has a label.
        counted: its capsules, with those of kits that were made again for it.
    """

    name: str
    course: int
    title: str
    lines: tuple[Line, ...]
    to_make: bool
    made: bool
    counted: Counted

    @property
    def query(self) -> str:
        """As an address asks for it."""
        return asking_for(self.name, self.course)


@require_safe
@asked_by(Role.PHARMACIST)
def listed(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Every patient with kits, who is most urgent first."""
    people = list(supplies_visible_to(person))
    told = supplies_of_all(one.trial for one in people)
    marks = marks_kept(one.trial for one in people)
    over = {
        trial: over_at(known.stage, [dt.datetime.fromisoformat(end) for end in known.ends], now())
        for trial, known in marks.items()
    }
    rows = [Waiting(one, told[one.trial], over.get(one.trial, ())) for one in people if told[one.trial].kits]
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
    kits, over, deed = supplies.kits.values(), supplying.over, supplying.deed(person)
    courses = sorted({kit.course for kit in kits}) if story.begun else []
    plans = [plan_of(story, made_on=now().date(), course=course) for course in courses]
    context = {
        "participant": found,
        "protocol": story.begun.protocol if story.begun else None,
        "batches": [batch for plan in plans for batch in batches(plan, supplies, over)],
        "heading": words.ordered(kits, over=over),
        "counted": count_capsules(kits),
        "recalled": [say_code(kit.code) for kit in supplies.recalled],
        "can_hand_out": any(kit.state == PREPARED and kit.course not in over for kit in kits),
        "can_take_back": any(kit.out for kit in kits),
        "can_replace": any(
            kit.course == plan.course and replaceable(deed, plan, story, kit) for plan in plans for kit in kits
        ),
        "can_count_again": any(kit.returned_at is not None for kit in kits),
    }
    return render(request, "pharmacy/kits.html", context)


def batches(plan: KitPlan, supplies: Supplies, over: Collection[int]) -> list[Batch]:
    """The batches of which anything was ordered, in the order of the plan; once it is over none is to be made."""
    found: list[Batch] = []
    for name in plan.batches:
        own = supplies.in_batch(name, plan.course)
        if own:
            lines = tuple(_line(kit) for kit in own)
            to_make = plan.course not in over and any(kit.state == ORDERED for kit in own)
            made = any(kit.made_on for kit in own)
            counted = count_capsules(() if plan.again_in(name) else _with_later(own, supplies))
            found.append(Batch(name, plan.course, words.batch(plan, name), lines, to_make, made, counted))
    return found


def _line(kit: Supplied) -> Line:
    return Line(kit, say_code(kit.code), words.state(kit), say_code(kit.replaced_by) if kit.replaced_by else "")


def _with_later(kits: Iterable[Supplied], supplies: Supplies) -> Iterator[Supplied]:
    """Kits with those that were made again for them, whose nights are the same."""
    for kit in kits:
        yield from supplies.chain(kit)
