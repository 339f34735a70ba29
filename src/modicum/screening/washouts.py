"""How long opioid-free before the first dose, by form and by when the last one was taken."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from modicum.screening.record import FormWait, Unconfirmed, Undecided
from modicum.screening.rulebook import Form, Phrases, library, words

CONFIRMED = ("label", "guideline", "trial")


@dataclass(frozen=True)
class Washout:
    """An opioid-free time.

    Args:
        name: "short-acting", "long-acting", "depot", or "prescriber" where no figure holds.
        says: in words.
        source: of the figure.
        grade: of that source.
        days: the upper end of its range; None where the prescriber decides.
        ends: whether it can count as over by a date at all; a depot goes on releasing after its last dose.
    """

    name: str
    says: str
    source: str
    grade: str
    days: int | None = None
    ends: bool = True

    @property
    def basis(self) -> str:
        """Where the figure comes from, and in whom it was found; "" where there is no figure."""
        return "" if self.days is None else f"{self.source}. {library('washouts')['note']}"

    @property
    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """The figure, where its grade is too low to be shown to patients."""
        return () if self.grade in CONFIRMED else (Unconfirmed(self.says, self.source, self.grade),)


@dataclass(frozen=True)
class Waited:
    """An opioid-free time, and how much of it has passed.

    Args:
        washout: what is asked for.
        last_taken: the day of the last dose, where it is known.
        over: whether it has passed.
    """

    washout: Washout
    last_taken: date | None
    over: bool

    @property
    def wait_days(self) -> int | None:
        """Its length; None where the form or the date is not known, and where it has passed."""
        return None if self.over or self.last_taken is None else self.washout.days

    @property
    def basis(self) -> str:
        """Where the figure comes from that was waited for, or has to be; "" where there is none."""
        longest = library("washouts")["longest"]
        return longest["source"] if self.over and self.washout.days is None else self.washout.basis


def washout_of(release: str, form: Form, tokens: tuple[str, ...]) -> Washout:
    """The opioid-free time of a medicine.

    Args:
        release: how the substance is cleared, in the words of the library.
        form: what the name says of the form; words of the line come first.
        tokens: of its line.
    """
    said = _form_in(tokens) or form
    return _washouts()[_CLEARED.get((release, said), _CLEARED.get((release, ""), "prescriber"))]


def waited(washout: Washout, taken: date | None, today: date) -> Waited:
    """How much of an opioid-free time has passed.

    A time without a figure counts as over after the longest that a trial asked for; that after a depot never does.
    """
    needed = washout.days if washout.days is not None else int(library("washouts")["longest"]["days"])
    return Waited(washout, taken, over=washout.ends and taken is not None and (today - taken).days >= needed)


def undecided(washout: Washout, release: str, form: Form, tokens: tuple[str, ...]) -> Undecided | None:
    """What the rules say where a wait has no figure, and the waits that a form would bring; None where it has one.

    Args:
        washout: of the medicine.
        release: how the substance is cleared, in the words of the library.
        form: what the name says of the form; words of the line come first.
        tokens: of its line.
    """
    if washout.days is not None:
        return None
    waits = () if _form_in(tokens) or form else tuple(_by_form(release))
    found = Undecided(washout.says, washout.source, washout.grade, by_form=waits)
    longest = library("washouts")["longest"]
    return replace(found, over_after_days=longest["days"], over_source=longest["source"]) if washout.ends else found


def _by_form(release: str) -> Iterator[FormWait]:
    for form in ("short", "long"):
        washout = _washouts()[_CLEARED.get((release, form), "prescriber")]
        if washout.days is not None:
            yield FormWait(form, washout.days, washout.basis, washout.grade)


# What is cleared how: by the release that the library knows, and by the form; "" where the form is not said.
_CLEARED: dict[tuple[str, str], str] = {
    ("short", ""): "short-acting",
    ("short", "long"): "long-acting",
    ("short", "patch"): "prescriber",
    ("short", "depot"): "prescriber",
    ("by-form", ""): "prescriber",
    ("by-form", "short"): "short-acting",
    ("by-form", "long"): "long-acting",
    ("long", ""): "long-acting",
    ("long", "depot"): "prescriber",
    ("buprenorphine", ""): "long-acting",
    ("buprenorphine", "patch"): "prescriber",
    ("buprenorphine", "depot"): "depot",
    ("fentanyl", ""): "prescriber",
    ("fentanyl", "short"): "short-acting",
}


@cache
def _washouts() -> dict[str, Washout]:
    return {row["name"]: Washout(**row) for row in library("washouts")["washout"]}


@cache
def _forms() -> dict[Form, Phrases]:
    said = library("washouts")["forms"]
    slowest_first: tuple[Form, ...] = ("depot", "patch", "long", "short")
    return {form: Phrases(said[form]) for form in slowest_first}


@cache
def _any_form() -> Phrases:
    return Phrases(phrase for phrases in library("washouts")["forms"].values() for phrase in phrases)


def _form_in(tokens: tuple[str, ...]) -> Form:
    """The form that a line speaks of; of several the one that takes longest, and eye drops are none of an opioid."""
    if not _any_form().stand_in(tokens):
        return ""
    said: list[Form] = [form for form, phrases in _forms().items() if phrases.stand_in(tokens)]
    another = said == ["short"] and words().topical.stand_in(tokens)
    return said[0] if said and not another else ""
