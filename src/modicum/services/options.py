"""What a person says about a diary beside the diary itself, checked as a whole."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Literal, get_args

from modicum.analysis.question import Onset
from modicum.foundation.errors import Problem

Kind = Literal["gaussian", "binary", "count", "ordinal"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class Options:
    """Options of an analysis; None or empty where not given.

    Args:
        outcomes: columns of the outcomes, the deciding one among them.
        primary: column of the outcome that decides.
        kind: "gaussian", "binary", "count" or "ordinal".
        better: "lower" or "higher".
        low, high: ends of the scale, outcome units.
        mcid: smallest difference that matters, outcome units, > 0.
        onset: as given, for example "immediate", "4,0.8" or "fixed=2".
        covariates: columns that enter as covariates.
        without_dose: whether the treatment has no dose in mg (tea, melatonin yes or no).
    """

    outcomes: tuple[str, ...] = ()
    primary: str | None = None
    kind: str | None = None
    better: str | None = None
    low: float | None = None
    high: float | None = None
    mcid: float | None = None
    onset: Onset | None = None
    covariates: tuple[str, ...] = ()
    without_dose: bool = False
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The range of each named outcome, for the reader; empty where no range was given."""
        if self.low is None or self.high is None:
            return {}
        return dict.fromkeys(dict.fromkeys((*self.outcomes, *filter(None, [self.primary]))), (self.low, self.high))


@dataclass(frozen=True)
class Reading:
    """How a file is read; see :func:`modicum.read_diary` for each field."""

    mapping: Mapping[str, str] | None = None
    levels: Mapping[str, float] | None = None
    day_from_row: bool = False
    where: Mapping[str, str] | None = None
    skip_bad_rows: bool = False


def check_options(
    *,
    outcome: str | Iterable[str] | None = None,
    primary: str | None = None,
    kind: str | None = None,
    better: str | None = None,
    scale: tuple[float, float] | None = None,
    mcid: float | None = None,
    onset: str | Onset | None = None,
    covariates: str | Iterable[str] | None = (),
    without_dose: bool = False,
) -> Options:
    """Check every option on its own.

    Args:
        outcome: see :func:`modicum.analyse`, as all that follow.
        primary: which outcome decides.
        kind: of outcome.
        better: direction.
        scale: the two ends of the range.
        mcid: smallest difference that matters.
        onset: as given.
        covariates: columns.
        without_dose: whether doses are texts translated to levels.

    Returns:
        The options, with all that is wrong in ``problems``; what is wrong is left out of the other fields.
    """
    problems: list[Problem] = []
    low, high = _scale(scale, problems)
    return Options(
        outcomes=_names(outcome, "--outcome", problems),
        primary=next(iter(_names(primary, "--primary", problems)), None),
        kind=_one_of(kind, KINDS, "--kind", problems),
        better=_one_of(better, ("lower", "higher"), "--better", problems),
        low=low,
        high=high,
        mcid=_mcid(mcid, low, high, problems),
        onset=_onset(onset, problems),
        covariates=_names(covariates, "--covariates", problems),
        without_dose=without_dose,
        problems=tuple(problems),
    )


def parse_onset(text: str) -> Onset | None:
    """Read an onset as the command line gives it; None where the form is not one of the three.

    Example:
        >>> parse_onset("4,0.8")
        Onset(kind='uncertain', median_days=4.0, log_sd=0.8)
        >>> parse_onset("fixed=2").kind
        'fixed'
    """
    form = text.strip().lower()
    if form == "immediate":
        return Onset(kind="immediate")
    fixed = form.startswith("fixed=")
    try:
        numbers = [float(part) for part in form.removeprefix("fixed=").split(",")]
    except ValueError:
        return None
    if not all(math.isfinite(number) and number > 0 for number in numbers) or len(numbers) > (1 if fixed else 2):
        return None
    return Onset("fixed" if fixed else "uncertain", *numbers)


def _names(given: object, option: str, problems: list[Problem]) -> tuple[str, ...]:
    """Names of columns, one or several; whatever is no text is a problem."""
    if given is None or isinstance(given, str):
        return () if given is None else (given,)
    listed = tuple(given) if isinstance(given, Iterable) else (given,)
    wrong = [name for name in listed if not isinstance(name, str)]
    if wrong:
        fix = "Write the name of a column as text, or a list of names."
        problems.append(Problem("MOD-OPT-01", option, repr(wrong[0]), "This is not the name of a column", fix))
    return tuple(name for name in listed if isinstance(name, str))


def _onset(given: str | Onset | None, problems: list[Problem]) -> Onset | None:
    if given is None or isinstance(given, Onset):
        return given
    onset = parse_onset(str(given))
    if onset is None:
        problems.append(
            Problem(
                "MOD-OPT-01",
                "--onset",
                str(given),
                "The onset is not in a form that can be read",
                "Write immediate, a median in days such as 4 or 4,0.8 (with the sd of its logarithm), or fixed=2.",
            )
        )
    return onset


def _one_of(given: str | None, allowed: tuple[str, ...], option: str, problems: list[Problem]) -> str | None:
    if given is None or given in allowed:
        return given
    problems.append(
        Problem("MOD-OPT-01", option, str(given), "This is not one of the choices", f"Write {' or '.join(allowed)}.")
    )
    return None


def _scale(scale: tuple[float, float] | None, problems: list[Problem]) -> tuple[float | None, float | None]:
    if scale is None:
        return None, None
    try:
        low, high = (float(end) for end in scale)
    except (TypeError, ValueError):
        low, high = math.nan, math.nan
    if math.isfinite(low) and math.isfinite(high) and low < high:
        return low, high
    problems.append(
        Problem(
            "MOD-OPT-05",
            "--range",
            str(scale),
            "A range runs from its lower to its higher end, both finite",
            "Write the two ends of the instrument, lower first, for example --range 0 10.",
        )
    )
    return None, None


def _mcid(mcid: float | None, low: float | None, high: float | None, problems: list[Problem]) -> float | None:
    if mcid is None:
        return None
    size = float(mcid) if isinstance(mcid, Real) else math.nan
    too_wide = low is not None and high is not None and size >= high - low
    if math.isfinite(size) and size > 0 and not too_wide:
        return size
    message = "It is not below the range of the scale" if too_wide else "It is not a finite number above zero"
    problems.append(
        Problem(
            "MOD-OPT-06",
            "--mcid",
            str(mcid),
            f"The smallest difference that matters cannot be used. {message}",
            "Give the difference that a person would notice and care about, in units of the outcome.",
        )
    )
    return None
