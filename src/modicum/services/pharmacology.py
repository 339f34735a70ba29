"""What a dose would do in the body: the verb behind ``modicum pharmacology`` and :func:`modicum.pharmacology`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.foundation.version import version
from modicum.pharmacology import HYPOTHESIS, PARAMETERS, Course, course_of, explain
from modicum.services.pharmacology_options import PLOT, Asked, Question, check

if TYPE_CHECKING:
    import altair


def pharmacology(
    dose_mg: float | None = None,
    *,
    compare: Iterable[float] | str | None = None,
    scenario: str = "days",
    nights: int = 14,
    parameters: Mapping[str, float] | None = None,
) -> "Pharmacology":
    """Say what a dose of naltrexone, or each of several, would do in the body of a typical person.

    It explains why a tenth of a dose is another drug. It decides nothing, and says nothing about what a dose does for a
    person.

    Args:
        dose_mg: mg of the hydrochloride, above 0 and up to 200.
        compare: two to six doses instead.
        scenario: "days" (a blockade lasts as PET measured it after 50 mg) or "hours" (as tradition says).
        nights: how often the dose is taken, at 22:00.
        parameters: other values by name; docs/pharmacology.md lists them all.

    Raises:
        OptionsError: with everything that is wrong with the question.

    Example:
        >>> round(pharmacology(4.5).courses[0].occupancy_peak, 3)
        0.446
    """
    return answer(Question(dose_mg, compare, scenario, nights, parameters))


def answer(question: Question) -> "Pharmacology":
    """The same of whatever a person has typed; a place where no chart can be written is a problem like the others.

    Raises:
        OptionsError: with everything that is wrong with the question.
    """
    asked = check(question)
    courses = tuple(course_of(asked.values, dose, asked.nights, asked.scenario) for dose in asked.doses_mg)
    return Pharmacology(asked, courses)


@dataclass(frozen=True, repr=False)
class Pharmacology:
    """What doses would do in the body.

    Args:
        asked: the question.
        courses: figures and curves, one for each dose, ascending.
    """

    asked: Asked
    courses: tuple[Course, ...]

    @property
    def explanation(self) -> tuple[str, ...]:
        """The figures in sentences."""
        return explain(self.courses)

    @property
    def document(self) -> dict[str, Any]:
        """The ``modicum.pharmacology/1`` document: the figures of the dose, or those of each under ``doses``."""
        figures = [_figures(course) for course in self.courses]
        return {
            "schema": "modicum.pharmacology/1",
            **(figures[0] if len(figures) == 1 else {"doses": figures}),
            "scenario": self.asked.scenario.name,
            "nights": self.asked.nights,
            "explanation": list(self.explanation),
            "parameters": _parameters(self.asked),
            "version": version(),
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """The document as JSON text, without NaN or Infinity."""
        return json.dumps(self.document, indent=indent, ensure_ascii=False, allow_nan=False)

    def chart(self) -> "altair.VConcatChart":
        """Plasma, receptors and the hypothesis of a rebound over the last day, as one Altair chart."""
        import altair as alt

        from modicum.reports.charts import pharmacology as chart

        return alt.VConcatChart.from_dict(chart.spec(self.courses, chart.WIDE), validate=False)

    def plot(self, path: str | Path) -> Path:
        """Write the chart as SVG, PNG, PDF, or or a page of its own as HTML, by the end of the name.

        Raises:
            OptionsError: when the name has another end, or nothing can be written there.
        """
        from modicum.reports.pharmacology import write_chart

        return PLOT.write(path, lambda place: write_chart(self.document, self.courses, place))

    def _repr_html_(self) -> str:
        from modicum.reports.pharmacology import notebook

        return notebook(self.courses, self.explanation)

    def __repr__(self) -> str:
        doses = ", ".join(f"{one.dose_mg:g}" for one in self.courses)
        return f"<Pharmacology of {doses} mg, {self.asked.scenario.name}>"


def _figures(course: Course) -> dict[str, Any]:
    return {
        "dose_mg": course.dose_mg,
        "scenario": course.scenario.name,
        "naltrexone": asdict(course.naltrexone),
        "beta_naltrexol": asdict(course.metabolite),
        "occupancy_peak": course.occupancy_peak,
        "hours_above_half": course.hours_above_half,
        "blockade_half_time_h": course.blockade_half_time_h,
        "nightly": {
            "occupancy_peak": float(course.occupancy.max()),
            "occupancy_lowest": float(course.occupancy.min()),
            "hours_above_half": course.nightly_hours_above_half,
        },
        "rebound": {
            "hypothesis": HYPOTHESIS,
            "tone_highest": float(course.tone.max()),
            "felt_lowest": float(course.felt.min()),
            "felt_highest": float(course.felt.max()),
        },
    }


def _parameters(asked: Asked) -> list[dict[str, Any]]:
    """Every number, and the scenario's; one that was set is an assumption of whoever set it."""
    rows: list[dict[str, Any]] = []
    for name, known in PARAMETERS.items():
        given = name in asked.changed
        rows.append({
            "name": name,
            "value": asked.changed.get(name, known.value),
            "unit": known.unit,
            "sentence": known.sentence,
            "source": "" if given else known.source,
            "grade": "assumption" if given else known.grade,
            "verified": known.verified and not given,
            "set": given,
        })  # fmt: skip
    story = asked.scenario
    return [*rows, {
        "name": f"blockade_half_time_h after {story.dose_mg:g} mg",
        "value": story.half_time_h,
        "unit": "h",
        "sentence": story.sentence,
        "source": story.source,
        "grade": story.grade,
        "verified": story.verified,
        "set": False,
    }]  # fmt: skip
