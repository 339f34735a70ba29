"""Charts: one module for each, one question for each, two drawings (740 and 324 px), and the finding in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from modicum.decision.answer import Answer
from modicum.reports import theme, wording
from modicum.reports.charts import diary, dose_effect, own_scale, sensitivity, smallest_dose
from modicum.reports.tongue import ENGLISH, Tongue

if TYPE_CHECKING:
    import altair as alt

__all__ = [
    "chart", "diary", "dose_effect", "drawable", "figure", "one_below_another", "own_scale", "sensitivity",
    "smallest_dose",
]  # fmt: skip

WIDE, NARROW = 740, 324
Shown = TypeVar("Shown")
Shown_contra = TypeVar("Shown_contra", contravariant=True)


class ChartModule(Protocol[Shown_contra]):
    """What every module of this package offers for what it shows."""

    def spec(self, shown: Shown_contra, width: float, /) -> dict[str, Any]:
        """The Vega-Lite document for a frame so many pixels wide."""
        ...

    def alternative(self, shown: Shown_contra, /) -> str:
        """The finding and its numbers in words."""
        ...


class Speaking(Protocol):
    """What a module of a chart offers that every tongue can be spoken in."""

    def spec(self, answer: Answer, width: float, tongue: Tongue = ENGLISH, /) -> dict[str, Any]:
        """The Vega-Lite document for a frame so many pixels wide."""
        ...

    def alternative(self, answer: Answer, tongue: Tongue = ENGLISH, /) -> str:
        """The finding and its numbers in words."""
        ...


@dataclass(frozen=True)
class Told:
    """A chart in one language."""

    module: Speaking
    tongue: Tongue

    def spec(self, answer: Answer, width: float, /) -> dict[str, Any]:
        """The Vega-Lite document for a frame so many pixels wide."""
        return self.module.spec(answer, width, self.tongue)

    def alternative(self, answer: Answer, /) -> str:
        """The finding and its numbers in words."""
        return self.module.alternative(answer, self.tongue)


def drawable(answer: Answer, tongue: Tongue = ENGLISH) -> dict[str, ChartModule[Answer]]:
    """The charts that this answer has something to show in, by name.

    Args:
        answer: what is shown.
        tongue: of the charts of the prescriber's page; the patient's own scale speaks to the patient.
    """
    out: dict[str, Speaking] = {}
    if len(diary.observed(answer)[0]):
        out["diary"] = diary
    if wording.taken(answer) and not answer.uninformative:
        out["dose_effect"] = dose_effect
        if not wording.hoped(answer):
            out["smallest_dose"] = smallest_dose
        if len(sensitivity.effects(answer)) > 1:
            out["sensitivity"] = sensitivity
    told: dict[str, ChartModule[Answer]] = {name: Told(module, tongue) for name, module in out.items()}
    if own_scale.levels(answer) is not None:
        told["own_scale"] = own_scale
    return told


def figure(module: ChartModule[Shown], shown: Shown, wide: float = WIDE, narrow: float = NARROW) -> str:
    """Both drawings of a chart as inline SVG; the page's style sheet shows the one that fits."""
    text = module.alternative(shown)
    drawn = [
        theme.web_svg(module.spec(shown, width), text, name) for name, width in (("wide", wide), ("narrow", narrow))
    ]
    return "".join(drawn)


def chart(answer: Answer) -> "alt.VConcatChart":
    """The effect of each dose, where anything is known of it, above the diary, as an Altair chart for a notebook."""
    parts = [diary.spec(answer, WIDE)] if answer.uninformative else []
    return one_below_another(parts or [dose_effect.spec(answer, WIDE), diary.spec(answer, WIDE)])


def one_below_another(parts: Sequence[dict[str, Any]]) -> "alt.VConcatChart":
    """Charts under each other, as an Altair chart for a notebook."""
    import altair as alt

    bare = [{key: value for key, value in part.items() if key not in ("$schema", "config")} for part in parts]
    both = {"$schema": parts[0]["$schema"], "config": parts[0]["config"], "vconcat": bare, "spacing": 36}
    return alt.VConcatChart.from_dict(both, validate=False)
