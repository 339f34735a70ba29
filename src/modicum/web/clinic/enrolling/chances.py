"""What a protocol is known to find, in sentences: of 100 people, and from how many virtual ones it is known."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from modicum.protocol import Protocol
from modicum.services.enrolling.figures import Figures, Line
from modicum.web.language import decimal

_EYE = "eye"
_ONE = 0.01
_ROUNDING = 1e-9  # 0.565 is a little less than it as a binary number


def in_100(shares: Iterable[float]) -> str:
    """Shares as a number of people in 100, or as a range of such.

    Args:
        shares: 0 to 1, at least one.

    Example:
        >>> in_100([0.0375]), in_100([0.685, 0.8875]), in_100([0.001]), in_100([0.999])
        ('4 in 100', '69 to 89 in 100', 'fewer than 1 in 100', 'more than 99 in 100')
    """
    found = sorted(shares)
    low, high = _end(found[0]), _end(found[-1])
    if low == high:
        return _("%(number)s in 100") % {"number": low}
    return _("%(low)s to %(high)s in 100") % {"low": low, "high": high}


def _end(share: float) -> str:
    """One number of people; near an end never a round none or all."""
    if share < _ONE:
        return _("fewer than 1")
    return _("more than 99") if share > 1 - _ONE else str(int(100 * share + 0.5 + _ROUNDING))


def sentences(protocol: Protocol, figures: Figures) -> list[str]:
    """What a protocol finds, the unwelcome side first.

    Args:
        protocol: that the figures are of.
        figures: under one judge.
    """
    return [*_useless(figures), *_helped(protocol, figures), *_right(protocol, figures), *_weeks(figures)]


def basis(figures: Figures, *, own: bool, you: bool = False) -> str:
    """What the sentences rest on.

    Args:
        figures: under one judge.
        own: whether they are for this person's own noise.
        you: whether this person reads it.
    """
    if own:
        like = _("They are as noisy from day to day as your run-in.") if you else _("They are as noisy as this run-in.")
    else:
        like = _("They are typical people, not you.") if you else _("They are typical people, not this person.")
    given = {"people": _people(figures), "day": figures.made, "like": like}
    return _("From %(people)s virtual people of each kind (%(day)s). %(like)s") % given


def _people(figures: Figures) -> str:
    """How many virtual people there were of each kind; the fewest, and that there were more, where kinds differ."""
    fewest = decimal(f"{figures.fewest:,}")
    alike = len({line.participants for line in figures.lines}) == 1
    return fewest if alike else _("at least %(people)s") % {"people": fewest}


def nothing_known() -> str:
    """Where no figure is known."""
    return _(
        "How often this protocol is right or wrong has not been simulated. No figure of another protocol holds for it."
    )


def by_eye(figures: Figures) -> bool:
    """Whether the figures are those of usual practice, as it judges itself."""
    return figures.judged_by == _EYE


def _useless(figures: Figures) -> list[str]:
    if figures.useless is None:
        return []
    words = _("Where the drug does nothing, it would be said to work in %(share)s.")
    return [words % {"share": in_100([figures.useless.declared])}]


def _helped(protocol: Protocol, figures: Figures) -> list[str]:
    if not figures.helped:
        return []
    outcome = protocol.primary_outcome
    amount = figures.helped[0].effect_mcid * outcome.mcid
    words = _(
        "Where it helps by %(amount)s of %(scale)s points from one of the doses on, that would be found in %(share)s."
    )
    share = in_100(line.declared for line in figures.helped)
    scale = decimal(f"{outcome.high - outcome.low:g}")
    return [words % {"amount": decimal(f"{amount:g}"), "scale": scale, "share": share}]


def _right(protocol: Protocol, figures: Figures) -> list[str]:
    if len(protocol.drug.ladder_mg) < 2:
        return [_("It tries one dose: whether a smaller one would do, it cannot say.")]
    exact = [line.right_dose_exact for line in figures.helped if line.right_dose_exact is not None]
    near = [line.right_dose for line in figures.helped if line.right_dose is not None]
    if not exact or not near:
        return []
    words = _("The smallest dose that works would be named exactly in %(exact)s, give or take one step in %(near)s.")
    return [words % {"exact": in_100(exact), "near": in_100(near)}]


def _weeks(figures: Figures) -> list[str]:
    lines: tuple[Line, ...] = tuple(line for line in (figures.useless, *figures.helped) if line is not None)
    if not lines:
        return []
    low, high = _ends(line.weeks for line in lines)
    if low == high:
        return [_("Half of these trials are over after %(weeks)s weeks.") % {"weeks": low}]
    words = _("Half of these trials are over after %(low)s to %(high)s weeks, by what the drug does.")
    return [words % {"low": low, "high": high}]


def _ends(weeks: Iterable[float]) -> tuple[int, int]:
    """The shortest and the longest, in whole weeks: a day more or less is no news."""
    found = sorted(int(one + 0.5) for one in weeks)
    return found[0], found[-1]


def heading(figures: Iterable[Figures]) -> str:
    """What tells protocols apart most: how often a useless drug is said to work, by eye and hidden.

    Args:
        figures: of all protocols.
    """
    found = [one for one in figures if one.useless is not None]
    eye = [one.useless.declared for one in found if by_eye(one) and one.useless]
    hidden = [one.useless.declared for one in found if not by_eye(one) and one.useless]
    if not eye or not hidden:
        return _("Each protocol is wrong about some people.")
    words = _("Judged by eye, a drug that does nothing is said to work in %(eye)s. Hidden, in %(hidden)s.")
    shares = {"eye": in_100([max(eye)]), "hidden": in_100(hidden)}
    return words % {name: share.replace(" ", "\N{NO-BREAK SPACE}") for name, share in shares.items()}


def cells(protocol: Protocol, figures: Figures | None) -> dict[str, str]:
    """The figures of a protocol beside those of others; a dash in words where there is none.

    Args:
        protocol: that they are of.
        figures: under one judge.
    """
    unknown = _("not simulated")
    if figures is None or figures.useless is None or not figures.helped:
        return {"useless": unknown, "helped": unknown, "right": unknown, "median": unknown, "judge": "", "people": "0"}
    exact = [line.right_dose_exact for line in figures.helped if line.right_dose_exact is not None]
    one_dose = len(protocol.drug.ladder_mg) < 2
    low, high = _ends((figures.useless.weeks, *(line.weeks for line in figures.helped)))
    ends = str(low) if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
    return {
        "useless": in_100([figures.useless.declared]),
        "helped": in_100(line.declared for line in figures.helped),
        "right": _("not asked") if one_dose or not exact else in_100(exact),
        "median": ends,
        "judge": _("judged by eye") if by_eye(figures) else "",
        "people": _people(figures),
    }
