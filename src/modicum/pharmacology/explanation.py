"""Explanation: the figures of one dose or of several in sentences, and why a tenth of a dose is another drug."""

from collections.abc import Sequence

from modicum.pharmacology.course import Course
from modicum.pharmacology.rebound import HYPOTHESIS

SWITCHED_OFF = 0.85  # lowest occupancy of a day from which on we say that hardly a receptor is left free
REBOUND = 1.005  # tone felt from which on we speak of a rebound, 1 without drug: what rounds to more than 100 %
NOT_A_CLAIM = "This explains a drug. It says nothing about what a dose does for a person; only that person's trial can."


def explain(courses: Sequence[Course]) -> tuple[str, ...]:
    """Sentences about the doses, the smallest first; of one scenario and one number of nights.

    Args:
        courses: one or more, of different doses.
    """
    doses = sorted(courses, key=lambda course: course.dose_mg)
    said = [_concentrations(doses), _peaks(doses), _days(doses)]
    if len(doses) > 1:
        said.append(_another_drug(doses[-2], doses[-1]))
    return tuple(sentence for sentence in (*said, _rebound(doses), _story(doses[0]), NOT_A_CLAIM) if sentence)


def headline(courses: Sequence[Course]) -> str:
    """What tells the doses apart in one sentence; of one dose, or of doses that are all but equal, what they occupy.

    Args:
        courses: one or more, of different doses.
    """
    doses = sorted(courses, key=lambda course: course.dose_mg)
    apart = _apart(doses[-2], doses[-1]) if len(doses) > 1 else None
    return f"{apart[0]}." if apart else f"One dose of {_names(doses)} mg occupies at its peak {_shares(doses)}."


def of_100(share: float) -> str:
    """A share of receptors, of 100.

    Example:
        >>> of_100(0.4455), of_100(0.003), of_100(0.997)
        ('45', 'fewer than 1', 'more than 99')
    """
    if 0 < share < 0.005:
        return "fewer than 1"
    return "more than 99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _names(doses: Sequence[Course]) -> str:
    return _listed([f"{one.dose_mg:g}" for one in doses])


def _concentrations(doses: Sequence[Course]) -> str:
    if len(doses) == 1:
        return ""
    low, high = doses[0], doses[-1]
    times = f"{high.dose_mg / low.dose_mg:.3g} times"
    return f"Concentrations follow the dose: {high.dose_mg:g} mg give {times} the concentration of {low.dose_mg:g} mg."


def _peaks(doses: Sequence[Course]) -> str:
    but = "Occupancy does not, because it fills up: o" if len(doses) > 1 else "O"
    return f"{but}ne dose of {_names(doses)} mg occupies at its peak {_shares(doses)}."


def _shares(doses: Sequence[Course]) -> str:
    return f"{_listed([of_100(one.occupancy_peak) for one in doses])} of 100 mu receptors"


def _days(doses: Sequence[Course]) -> str:
    spans = _each(doses, [_span(one.occupancy.min(), one.occupancy.max()) for one in doses])
    nights = doses[0].nights
    when = "that dose" if nights == 1 else f"the last of {nights} nightly doses"
    return f"From {when} to the next evening {spans} of 100 are occupied."


def _span(low: float, high: float) -> str:
    """From one share to another, of 100."""
    return f"up to {of_100(high)}" if low < 0.01 else f"{of_100(low)} to {of_100(high)}"


def _each(doses: Sequence[Course], words: Sequence[str]) -> str:
    """Words about each dose; the dose is named where there are several."""
    if len(doses) == 1:
        return words[0]
    return _listed([f"with {one.dose_mg:g} mg {said}" for one, said in zip(doses, words, strict=True)])


def _another_drug(small: Course, large: Course) -> str:
    apart = _apart(small, large)
    if apart is None:
        return ""
    why = "That is why a fraction of a dose is not a fraction of its effect, but another drug."
    return f"So {apart[0]}: {apart[1]}. {why}"


def _apart(small: Course, large: Course) -> tuple[str, str] | None:
    """What each of two doses leaves free, and what that comes to; None where they hardly differ."""
    if large.occupancy.min() > SWITCHED_OFF > small.occupancy.max():
        least = f"{of_100(1 - small.occupancy.max())} of 100"
        return (
            f"{large.dose_mg:g} mg leave hardly a receptor free at any hour, while {small.dose_mg:g} mg leave at least "
            f"{least} free at all times",
            "the large dose switches off what the small one turns down",
        )
    if large.nightly_hours_above_half - small.nightly_hours_above_half >= 1:
        return (
            f"{large.dose_mg:g} mg block more than half of the receptors for {_hours(large)} of the day, and "
            f"{small.dose_mg:g} mg for {_hours(small)}",
            "the large dose takes over a part of the day that the small one leaves alone",
        )
    return None


def _hours(one: Course) -> str:
    hours = one.nightly_hours_above_half
    return f"{hours:.0f} hours" if hours >= 0.5 else "no hour"


def _rebound(doses: Sequence[Course]) -> str:
    spans = _each(doses, [f"{100 * one.felt.min():.0f} to {100 * one.felt.max():.0f} %" for one in doses])
    risen = [one for one in doses if one.felt.max() > REBOUND]
    ending = f"A rebound would follow {_names(risen)} mg." if risen else "No rebound would follow."
    return (
        f"Rebound. {HYPOTHESIS} If endorphins answered as assumed, {spans} of the usual tone would be felt in that "
        f"time. {ending}"
    )


def _story(one: Course) -> str:
    known = (
        "was measured by PET after 50 mg" if one.scenario.measured else "is tradition and was never measured in people"
    )
    other = "hours" if one.scenario.name == "days" else "days"
    return f'That a blockade lasts for {one.scenario.name} {known}; the scenario "{other}" tells the other story.'
