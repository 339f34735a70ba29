"""Charts: one module for each, one question for each, two drawings (740 and 324 px), and the finding in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from modicum.decision.answer import Answer
from modicum.reports import theme, wording
from modicum.reports.charts import diary, dose_effect, own_scale, sensitivity, smallest_dose

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


def drawable(answer: Answer) -> dict[str, ChartModule[Answer]]:
    """The charts that this answer has something to show in, by name."""
    out: dict[str, ChartModule[Answer]] = {}
    if len(diary.observed(answer)[0]):
        out["diary"] = diary
    if wording.taken(answer) and not answer.uninformative:
        out["dose_effect"] = dose_effect
        if not wording.hoped(answer):
            out["smallest_dose"] = smallest_dose
        if len(sensitivity.effects(answer)) > 1:
            out["sensitivity"] = sensitivity
    if own_scale.levels(answer) is not None:
        out["own_scale"] = own_scale
    return out


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
