"""Pharmacology: how much is in the blood, on the receptors and, if a hypothesis holds, felt, on one day?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from modicum.pharmacology import Course
from modicum.reports.grammar import Rows, Spec, along, at, drawing, marks, panel, scale, text, text_width
from modicum.reports.theme import dose_tokens

WIDE, NARROW = 740, 324
_EVERY = 15  # minutes between points that are drawn
_LEFT = 50.0  # room for the labels of the vertical axis, px
_APART = 15.0  # px between the words at the ends of two lines
_CLOCK = "format((22 + datum.value) % 24, '02') + ':00'"


@dataclass(frozen=True)
class _Frame:
    """Size of a panel, px, and the hours named on its axis."""

    width: float
    height: float
    hours: tuple[int, ...]


def spec(courses: Sequence[Course], width: float) -> Spec:
    """The chart for a frame so many pixels wide."""
    wide = width > 500
    right = max(text_width(f"{one.dose_mg:g} mg") for one in courses) + 16
    inner = width - _LEFT - right - 8
    frame = _Frame(inner, 150.0, (0, 4, 8, 12, 16, 20, 24)) if wide else _Frame(inner, 120.0, (0, 8, 16, 24))
    scenario, log = courses[0].scenario, _decades(courses)
    story, known = f"blockade lasting {scenario.name}", "PET" if scenario.measured else "tradition, not measured"
    receptors = f"Occupied of 100 mu receptors, {story} ({known})" if wide else f"Occupied of 100, {story}"
    felt = "Endorphin tone felt, % of usual: a hypothesis, never measured" if wide else "Tone felt, %: a hypothesis"
    plasma = f"Naltrexone in plasma, ng/mL, night {courses[0].nights}"
    most = max(100.0, 100 * max(one.felt.max() for one in courses))
    tone = along("y", scale(0, 20 * math.ceil(most / 20 - 1e-9)), _ticks([0, 50, 100]))
    share = along("y", scale(0, 100), _ticks([0, 50, 100]))
    steps = np.linspace(0, 24, len(courses[0].felt))
    return drawing([
        panel(_lines(courses, [_points(one.time_h, one.plasma_ng_per_ml, _EVERY) for one in courses], log, frame),
              inner, frame.height, plasma, offset=10),
        panel([_dashed(50, share),
               *_lines(courses, [_points(one.time_h, 100 * one.occupancy, _EVERY) for one in courses], share, frame)],
              inner, frame.height, receptors, offset=10),
        panel([_dashed(100, tone),
               *_lines(courses, [_points(steps, 100 * one.felt, 1) for one in courses], tone, frame)],
              inner, frame.height, felt, offset=10),
    ], spacing=26)  # fmt: skip


def _ticks(values: Sequence[float]) -> Spec:
    return {"values": list(values), "title": None, "grid": True, "labelExpr": "datum.value + ''"}


def _dashed(value: float, y: Spec) -> Spec:
    """A line that helps to read a panel."""
    return marks("rule", [{"y": value}], {"y": y}, color="mcid", strokeWidth=1, strokeDash=[5, 3])


def _decades(courses: Sequence[Course]) -> Spec:
    """A logarithmic channel for all concentrations, six decades at most, with the powers of ten on it."""
    top = 1.25 * max(float(one.plasma_ng_per_ml.max()) for one in courses)
    lowest = min(float(one.plasma_ng_per_ml[60:].min()) for one in courses)
    bottom = max(10.0 ** math.floor(math.log10(max(lowest, 1e-12))), top * 1e-6)
    powers = [10.0**k for k in range(math.ceil(math.log10(bottom) - 1e-9), math.floor(math.log10(top)) + 1)]
    return along("y", {"type": "log", "domain": [bottom, top], "nice": False}, _ticks(powers))


def _points(time_h: np.ndarray, value: np.ndarray, every: int) -> Rows:
    """Every so many points; in the first hour, in which a dose is absorbed, every other one."""
    place = np.arange(len(value))
    shown = (place % every == 0) | ((time_h <= 1.0) & (place % 2 == 0))
    pairs = zip(time_h[shown].tolist(), value[shown].tolist(), strict=True)
    return [{"h": round(h, 4), "y": float(f"{y:.5g}")} for h, y in pairs]


def _lines(courses: Sequence[Course], curves: Sequence[Rows], y: Spec, frame: _Frame) -> list[Spec]:
    """A line a dose in the colour of the dose, and its name at the end."""
    tokens, down = dose_tokens([one.dose_mg for one in courses]), y["scale"]
    clock: Spec = {"values": list(frame.hours), "labelExpr": _CLOCK, "title": None, "labelFlush": True}
    x = along("h", scale(0, 24), clock)
    layers: list[Spec] = []
    for one, rows in zip(courses, curves, strict=True):
        seen = [row for row in rows if row["y"] >= down["domain"][0]]
        look = {"color": tokens[one.dose_mg], "strokeWidth": 2.25, "interpolate": "monotone"}
        layers.append(marks("line", seen, {"x": x, "y": y}, **look))
    ends = _spread([_pixel(rows[-1]["y"], down, frame.height) for rows in curves], frame.height)
    for one, place in zip(courses, ends, strict=True):
        where = {"x": at(frame.width + 8), "y": at(place), "text": "t"}
        layers.append(text([{"t": f"{one.dose_mg:g} mg"}], where, color=tokens[one.dose_mg], fontWeight=600))
    return layers


def _pixel(value: float, down: Spec, height: float) -> float:
    """Where a value stands in a panel, px from the top."""
    low, high = down["domain"]
    if down.get("type") == "log":
        low, high, value = math.log(low), math.log(high), math.log(max(value, low))
    return height * (1 - (min(max(value, low), high) - low) / (high - low))


def _spread(places: Sequence[float], height: float) -> list[float]:
    """Places at least a line of type apart and within the panel; of two equal ones the later stands higher.

    Example:
        >>> _spread([100.0, 100.0], 100.0)
        [100.0, 85.0]
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], -i))
    out = list(places)
    for before, after in pairwise(order):
        out[after] = max(out[after], out[before] + _APART)
    over = max(out[order[-1]] - height, 0.0)
    for k, i in reversed(list(enumerate(order))):
        limit = height if k == len(order) - 1 else out[order[k + 1]] - _APART
        out[i] = min(out[i], limit) if over else out[i]
    return out


def alternative(courses: Sequence[Course]) -> str:
    """The finding and its numbers in words."""
    parts = [
        f"{one.dose_mg:g} mg: highest concentration of naltrexone {one.naltrexone.nightly_cmax_ng_per_ml:.3g} ng/mL, "
        f"{100 * one.occupancy.min():.0f} to {100 * one.occupancy.max():.0f} of 100 receptors occupied, "
        f"{100 * one.felt.min():.0f} to {100 * one.felt.max():.0f} % of the usual tone felt, if the hypothesis holds"
        for one in courses
    ]
    return f"From 22:00 to 22:00, blockade lasting {courses[0].scenario.name}. {'; '.join(parts)}."
