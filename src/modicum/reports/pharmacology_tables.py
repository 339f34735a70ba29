"""Tables of pharmacology: the figures of every dose, where each number comes from, and what is claimed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modicum.pharmacology import CLAIMS, Course
from modicum.reports import wording
from modicum.reports.tables import Table

ASSUMPTION = "assumption"
UNMEASURED = (ASSUMPTION, "practice page", "recalled")  # grades of what nobody measured, or nobody here read


def figures(courses: Sequence[Course]) -> Table:
    """One column a dose; figures of one dose, then those of a day on it."""
    night = f"Night {courses[0].nights}"
    rows: dict[str, list[str]] = {
        "Peak in plasma, ng/mL": [f"{one.naltrexone.cmax_ng_per_ml:.3g}" for one in courses],
        "Time of that peak, h": [f"{one.naltrexone.tmax_h:.2g}" for one in courses],
        "Area under the curve, ng h/mL": [f"{one.naltrexone.auc_ng_h_per_ml:.3g}" for one in courses],
        "Half-life, h": [f"{one.naltrexone.half_life_h:.3g}" for one in courses],
        "Peak of 6beta-naltrexol, ng/mL": [f"{one.metabolite.cmax_ng_per_ml:.3g}" for one in courses],
        "Receptors occupied at the peak, of 100": [f"{100 * one.occupancy_peak:.0f}" for one in courses],
        "Hours above half, after one dose": [f"{one.hours_above_half:.3g}" for one in courses],
        "Hours until half of that peak": [f"{one.blockade_half_time_h:.3g}" for one in courses],
        f"{night}: occupied, of 100": [_range(one.occupancy.min(), one.occupancy.max()) for one in courses],
        f"{night}: hours above half, of 24": [f"{one.nightly_hours_above_half:.3g}" for one in courses],
        f"{night}: tone felt, % (hypothesis)": [_range(one.felt.min(), one.felt.max()) for one in courses],
    }
    head = ("", *(f"{one.dose_mg:g} mg" for one in courses))
    label = f"Figures of one dose, and of the day after {wording.plural(courses[0].nights, 'nightly dose')}"
    return Table(label, head, tuple((name, *cells) for name, cells in rows.items()))


def _range(low: float, high: float) -> str:
    return f"{100 * low:.0f} to {100 * high:.0f}"


def parameters(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Every number with its unit, meaning and source; assumptions are marked.

    Args:
        rows: ``parameters`` of a ``modicum.pharmacology/1`` document.
    """
    body = tuple(
        (
            wording.sentence(one["name"].replace("_", " ")),
            f"{one['value']:g}{'' if one['unit'] == '1' else ' ' + one['unit']}. {one['sentence']}",
            one["grade"],
            one["source"] or ("set by whoever asked" if one["set"] else "none found"),
        )
        for one in rows
    )
    head = ("Number", "Value, and what it is", "Grade", "Source")
    words = frozenset(range(len(head)))
    return Table("Every number of the model", head, body, left=words, tag=ASSUMPTION, dense=True)


def claims() -> Table:
    """The register of claims: who says so, what was measured, how good that is, and what it comes to."""
    head = ("What is claimed", "What was measured", "What that comes to", "Grade", "Who says so")
    body = tuple((one.claim, one.measured, one.finding, one.grade, one.said_by) for one in CLAIMS)
    words = frozenset(range(len(head)))
    return Table("What is claimed of low doses", head, body, left=words, tag=ASSUMPTION, dense=True)
