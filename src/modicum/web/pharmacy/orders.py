"""Orders: what waits in the pharmacy, and the kits of one patient. Nothing here needs a key."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modicum.services.diary import Story
from modicum.services.dispensing.counting import Counted, count_capsules
from modicum.services.dispensing.courses import over_at
from modicum.services.dispensing.kit_plan import KitPlan
from modicum.services.dispensing.nights import first_evening, past_kits
from modicum.services.dispensing.replacing import replaceable
from modicum.services.dispensing.supplies import ORDERED, Supplied, Supplies
from modicum.services.dispensing.waiting import Waits, waits_of
from modicum.services.following import Marks
from modicum.services.following.needs import today_at
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
        waits: what her kits ask for.
        with_patient: kits that she has.
    """

    participant: Participant
    waits: Waits
    with_patient: int


@dataclass(frozen=True)
class Line:
    """A kit in a table.

    Args:
        kit: as it was ordered.
        code: as it is read aloud.
        evening: the first of it.
        state: in words.
        replaced_by: code of the kit in its place, as it is read aloud; "" where none is.
    """

    kit: Supplied
    code: str
    evening: str
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
    rows = waiting_for(person)
    heading, *also = said_of(rows) or [_("No kit waits to be made.")]
    return render(request, "pharmacy/orders.html", {"rows": rows, "heading": heading, "also": also})


def waiting_for(person: Person) -> list[Waiting]:
    """What waits for a pharmacist, patient by patient, who is most urgent first; no story is told for it."""
    people = list(supplies_visible_to(person))
    told = supplies_of_all(one.trial for one in people)
    marks = marks_kept(one.trial for one in people)
    rows = [_waiting(one, told[one.trial], marks.get(one.trial)) for one in people if told[one.trial].kits]
    return sorted(rows, key=_urgency)


def said_of(rows: Collection[Waiting]) -> list[str]:
    """What waits for all of these patients, the most urgent first, each as a heading; none where nothing does."""
    return words.waits_of_all(sum((row.waits for row in rows), Waits()), sum(bool(row.waits.recalled) for row in rows))


def _waiting(participant: Participant, supplies: Supplies, marks: Marks | None) -> Waiting:
    over, past, at = frozenset[int](), frozenset[str](), now()
    if marks is not None and marks.start:
        over = over_at(marks.stage, [dt.datetime.fromisoformat(end) for end in marks.ends], at)
        past = frozenset(code for code, until in marks.kits_until if until <= today_at(marks, at))
    waits = waits_of(supplies.kits.values(), over=over, past=past, today=at.date())
    return Waiting(participant, waits, sum(kit.with_patient for kit in supplies.kits.values()))


def _urgency(row: Waiting) -> tuple[int, ...]:
    found = row.waits
    return -found.recalled, -found.to_replace, -found.to_make, -found.to_hand_out, row.participant.number


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
    waits = waits_of(kits, over=over, past=past_kits(story, kits, now()), today=now().date())
    heading, *also = words.ordered(kits, waits)
    context = {
        "participant": found,
        "protocol": story.begun.protocol if story.begun else None,
        "batches": [batch for plan in plans for batch in batches(plan, story, supplies, over)],
        "heading": heading,
        "also": also,
        "counted": count_capsules(kits),
        "recalled": [say_code(kit.code) for kit in supplies.recalled],
        "can_hand_out": bool(waits.to_hand_out),
        "can_take_back": any(kit.out for kit in kits),
        "can_replace": any(
            kit.course == plan.course and replaceable(deed, plan, story, kit) for plan in plans for kit in kits
        ),
        "must_replace": bool(waits.to_replace),
        "can_count_again": any(kit.returned_at is not None for kit in kits),
    }
    return render(request, "pharmacy/kits.html", context)


def batches(plan: KitPlan, story: Story, supplies: Supplies, over: Collection[int]) -> list[Batch]:
    """The batches of which anything was ordered, in the order of the plan; once it is over none is to be made."""
    found: list[Batch] = []
    for name in plan.batches:
        own = supplies.in_batch(name, plan.course)
        if own:
            lines = tuple(_line(plan, story, kit) for kit in own)
            to_make = plan.course not in over and any(kit.state == ORDERED for kit in own)
            made = any(kit.made_on for kit in own)
            counted = count_capsules(() if plan.again_in(name) else _with_later(own, supplies))
            found.append(Batch(name, plan.course, words.batch(plan, name), lines, to_make, made, counted))
    return found


def _line(plan: KitPlan, story: Story, kit: Supplied) -> Line:
    again = say_code(kit.replaced_by) if kit.replaced_by else ""
    return Line(kit, say_code(kit.code), words.evening(*first_evening(story, plan, kit)), words.state(kit), again)


def _with_later(kits: Iterable[Supplied], supplies: Supplies) -> Iterator[Supplied]:
    """Kits with those that were made again for them, whose nights are the same."""
    for kit in kits:
        yield from supplies.chain(kit)
