"""What many diaries show: one row a diary and dose, and the problems of those that could not be used."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from modicum.analysis.batch.fits import Fits
from modicum.analysis.design import Design
from modicum.analysis.question import Question
from modicum.foundation.errors import Problem
from modicum.records.diary import Diary

if TYPE_CHECKING:
    import polars

_ROWS_SHOWN = 20


@dataclass(frozen=True)
class Described:
    """One diary of a population.

    Args:
        position: in what was given, from 0.
        name: of the file, where there is one.
        outcome, unit, better, mcid: what was asked.
        dose_mg, days: the ladder, and dosing days in force on each rung.
        n_observed: scores used.
        warnings: what was assumed.
        rows_read: rows in the file.
        refused: one problem for every row that was not used.
    """

    position: int
    name: str
    outcome: str
    unit: str
    better: str
    mcid: float
    dose_mg: tuple[float, ...]
    days: tuple[int, ...]
    n_observed: int
    warnings: tuple[Problem, ...]
    rows_read: int
    refused: tuple[Problem, ...]

    @classmethod
    def of(
        cls, position: int, name: str, question: Question, design: Design, *, diary: Diary, assumed: tuple[Problem, ...]
    ) -> "Described":
        """Describe a diary that was asked a question."""
        return cls(
            position=position,
            name=name,
            outcome=question.outcome,
            unit=question.unit,
            better=question.better,
            mcid=question.mcid,
            dose_mg=question.ladder_mg,
            days=tuple(int(days) for days in design.doses.sum(0)),
            n_observed=len(design),
            warnings=tuple(dict.fromkeys((*diary.warnings, *assumed))),
            rows_read=diary.rows_read,
            refused=diary.refused,
        )


@dataclass(frozen=True)
class Refused:
    """A diary that could not be used, by its position from 0, with all that is wrong with it."""

    position: int
    name: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, repr=False)
class Population:
    """The posteriors of many diaries.

    Args:
        diaries: those that were analysed, in their order.
        fits: their posteriors in columns, one row a diary; see :class:`modicum.analysis.batch.fits.Fits`.
        refused: those that were not, with their problems.
    """

    diaries: tuple[Described, ...]
    fits: Fits
    refused: tuple[Refused, ...]

    def __len__(self) -> int:
        return len(self.diaries)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of all refused diaries and all refused rows of the others, each with its diary's position."""
        found = [(one.position, one.name, one.problems) for one in self.refused]
        found += [(one.position, one.name, one.refused) for one in self.diaries]
        return tuple(
            replace(problem, where=f"diary {position}{_in_brackets(name)}, {problem.where}")
            for position, name, problems in sorted(found, key=lambda each: each[0])
            for problem in problems
        )

    def to_frame(self) -> "polars.DataFrame":
        """One row a diary and dose: effects in outcome units, dose minus no drug."""
        import polars

        return polars.DataFrame(self._rows(), infer_schema_length=None)

    @property
    def document(self) -> dict[str, Any]:
        """The ``modicum.population/1`` document: only text, numbers, null, lists and objects."""
        rows = iter(self._rows())
        shared = ("position", "diary", "outcome", "p_no_effect", "n_observed")
        diaries: list[dict[str, Any]] = []
        for one in self.diaries:
            doses = [next(rows) for _ in one.dose_mg]
            diaries.append(
                {key: doses[0][key] for key in shared}
                | {"better": one.better, "mcid": one.mcid, "unit": one.unit}
                | {"doses": [{k: _number(v) for k, v in row.items() if k not in shared} for row in doses]}
                | {"warnings": [problem.to_dict() for problem in one.warnings]}
                | {"n_rows_read": one.rows_read, "n_rows_refused": len(one.refused)}
                | {"refused": [problem.to_dict() for problem in one.refused]}
            )
        refused = [
            {"position": one.position, "diary": one.name, "problems": [problem.to_dict() for problem in one.problems]}
            for one in self.refused
        ]
        return {"schema": "modicum.population/1", "diaries": diaries, "refused": refused}

    def to_json(self, *, indent: int | None = 2) -> str:
        """The document as JSON text, without NaN or Infinity."""
        return json.dumps(self.document, indent=indent, ensure_ascii=False, allow_nan=False)

    def _rows(self) -> list[dict[str, Any]]:
        return [row for i, one in enumerate(self.diaries) for row in self._doses(i, one)]

    def _doses(self, i: int, one: Described) -> list[dict[str, Any]]:
        fits, p_mcid = self.fits, self.fits.p_mcid[i]
        return [
            {
                "position": one.position,
                "diary": one.name,
                "outcome": one.outcome,
                "n_observed": one.n_observed,
                "p_no_effect": float(fits.p_no_effect[i]),
                "dose_mg": dose,
                "taken": one.days[k] > 0,
                "days": one.days[k],
                "mean": float(fits.effect_mean[i, k]),
                "sd": float(fits.effect_sd[i, k]),
                "p_better": float(fits.p_better[i, k]),
                "p_mcid_given_effect": float(fits.p_mcid_given_effect[i, k]),
                "p_mcid": float(p_mcid[k]),
                "p_harm": float(fits.p_harm[i, k]),
            }
            | self._more(i, k)
            for k, dose in enumerate(one.dose_mg)
        ]

    def _more(self, i: int, k: int) -> dict[str, Any]:
        """What was asked for beside the rest."""
        fits, out = self.fits, dict[str, Any]()
        if fits.interval95 is not None:
            out |= {"low95": float(fits.interval95[i, k, 0]), "high95": float(fits.interval95[i, k, 1])}
        if fits.p_smallest is not None:
            out["p_smallest"] = float((1 - fits.p_no_effect[i]) * fits.p_smallest[i, k])
        if fits.numerical_error is not None:
            error = fits.numerical_error[i]
            out |= {"error_mean_in_sd": float(error[0]), "error_sd_relative": float(error[1])}
        return out

    def _repr_html_(self) -> str:
        rows = self._rows()
        names = ("position", "diary", "dose_mg", "mean", "sd", "p_better", "p_mcid", "p_no_effect")
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_shown(row[name]))}</td>" for name in names) + "</tr>"
            for row in rows[:_ROWS_SHOWN]
        )
        rest = f"<p>{len(rows) - _ROWS_SHOWN} more rows</p>" if len(rows) > _ROWS_SHOWN else ""
        return f"<p>{escape(repr(self)[1:-1])}</p><table><tr>{head}</tr>{body}</table>{rest}"

    def __repr__(self) -> str:
        return f"<Population of {len(self)} diaries, {len(self.refused)} refused>"


def gathered(parts: Sequence[tuple[list[Described], Fits]], refused: tuple[Refused, ...]) -> Population:
    """The chunks of a population as one; ladders of different lengths are filled up with NaN."""
    if not parts:
        from modicum.analysis.batch.fitting import fit_many

        return Population((), fit_many([]), refused)
    columns: dict[str, Any] = {}
    for field in fields(Fits):
        arrays = [getattr(fits, field.name) for _, fits in parts]
        columns[field.name] = None if arrays[0] is None else _stacked(arrays, last_stays=field.name == "p_smallest")
    return Population(tuple(one for described, _ in parts for one in described), Fits(**columns), refused)


def _stacked(arrays: list[np.ndarray], *, last_stays: bool) -> np.ndarray:
    """Rows of all chunks; every further axis as long as the longest. ``last_stays``: the last column stays the last."""
    longest = [max(array.shape[k] for array in arrays) for k in range(1, arrays[0].ndim)]
    out = []
    for array in arrays:
        missing = [(0, 0), *((0, most - have) for most, have in zip(longest, array.shape[1:], strict=True))]
        fill = np.nan if array.dtype.kind == "f" else 0
        wide = np.pad(array, missing, constant_values=fill)
        if last_stays and wide.shape[1] > array.shape[1]:
            wide[:, -1], wide[:, array.shape[1] - 1] = array[:, -1], np.nan
        out.append(wide)
    return np.concatenate(out)


def _number(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _shown(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _in_brackets(name: str) -> str:
    return f" ({name})" if name else ""
