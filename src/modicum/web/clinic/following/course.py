"""Two drawings of a trial that is followed: the course of the diary, and where the trial is. Nobody here knows an arm.

Both are lines whose colours a style sheet gives. The course shows every answer on the whole scale, and no mean, no
fitted line and no colour by period: any of them would invite a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modicum.protocol import Protocol
from modicum.services.following.overview import Day, Overview, Period
from modicum.trial.maintenance import MAINTENANCE, RECHALLENGE
from modicum.web.language import decimal, said

WIDE, NARROW = 740, 324
_LEFT, _TOP, _HIGH, _ROW = 30, 40, 180, 34
_CHARACTER = 5.6  # px of a title, on average
_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728)


@dataclass(frozen=True)
class Label:
    """A word in a drawing.

    Args:
        x: px.
        words: it says.
        anchor: which end of it stands there.
    """

    x: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Course:
    """The course of a diary, as lines.

    Args:
        name: class of the drawing.
        width: px.
        height: px.
        title: what is drawn, and its scale.
        lines: what joins the answers, broken where one is missing.
        dots: the answers.
        gaps: evenings that were missed.
        taken: capsules that were taken, each on its own night.
        untaken: places of capsules that were not, likewise.
        told: places and sizes of side effects.
        edges: where a period begins.
        periods: their labels.
        levels: of the scale: place and label.
        days: of the axis.
    """

    name: str
    width: int
    height: int
    title: str
    lines: str
    dots: str
    gaps: str
    taken: str
    untaken: tuple[float, ...]
    told: tuple[tuple[float, float], ...]
    edges: tuple[float, ...]
    periods: tuple[Label, ...]
    levels: tuple[tuple[float, str], ...]
    days: tuple[Label, ...]


@dataclass(frozen=True)
class Strip:
    """Where a trial is, as lines.

    Args:
        name: class of the drawing.
        width: px.
        done: end of what is done, px.
        end: of the line, px.
        phases: where each begins, and its title, the longest first, as far as there is room.
        edges: where each begins, and how long its mark is.
        today: where it stands.
    """

    name: str
    width: int
    done: float
    end: float
    phases: tuple[Label, ...]
    edges: tuple[tuple[float, int], ...]
    today: Label | None


def courses(overview: Overview) -> tuple[Course, ...]:
    """Both drawings of the course; none where no day has come.

    Args:
        overview: of a trial.
    """
    return tuple(_course(overview, width) for width in (WIDE, NARROW)) if overview.days else ()


def strips(overview: Overview, *, over: bool) -> tuple[Strip, ...]:
    """Both drawings of where the trial is.

    Args:
        overview: of a trial.
        over: whether nothing more follows.
    """
    return tuple(_strip(overview, width, over=over) for width in (WIDE, NARROW))


def course_in_words(overview: Overview) -> str:
    """What the course shows, for who cannot see it."""
    share = overview.answered()
    words = _(
        "%(item)s, %(low)s to %(high)s, on %(part)s of %(whole)s evenings, with the capsules taken and side effects."
    )
    item = overview.outcome
    low, high = (decimal(f"{end:g}") for end in (item.low, item.high))
    return words % {"item": said(item.label), "low": low, "high": high, "part": share.part, "whole": share.whole}


def strip_in_words(overview: Overview) -> str:
    """Where the trial is, for who cannot see it."""
    phases = ", ".join(said(phase.title) for phase in overview.protocol.phases)
    words = _("The phases of the trial: %(phases)s. Today is day %(day)s.")
    return words % {"phases": phases, "day": overview.today}


def period_said(period: Period) -> str:
    """A period by its place, as a label; one of a dose that is kept by what it is."""
    if period.phase == RECHALLENGE:
        return _("Re-challenge %(number)s") % {"number": period.place}
    if period.phase == MAINTENANCE:
        return _("Dose kept")
    return _("Period %(number)s") % {"number": period.place} if period.place else said(period.title)


def _course(overview: Overview, width: int) -> Course:
    days, item = overview.days, overview.outcome
    begin, end = days[0].day, days[-1].day
    step = (width - _LEFT - 4) / (end - begin + 1)

    def x(day: float) -> float:
        return round(_LEFT + (day - begin + 0.5) * step, 1)

    def y(score: float) -> float:
        return round(_TOP + (item.high - score) / (item.high - item.low) * _HIGH, 1)

    capsules, told = _TOP + _HIGH + _ROW, _TOP + _HIGH + 2 * _ROW
    scored = [one for one in days if one.score is not None]
    edges = tuple(
        round(_LEFT + (one.first_day - begin) * step, 1) for one in overview.periods if begin < one.first_day <= end
    )
    middle = (item.low + item.high) / 2
    base = _TOP + _HIGH
    return Course(
        name="wide" if width == WIDE else "narrow",
        width=width,
        height=told + 40,
        title=_scale(overview, width),
        lines="".join(f"M{'L'.join(f'{x(one.day)} {y(one.score or 0.0)}' for one in run)}" for run in _runs(scored)),
        dots="".join(f"M{x(one.day)} {y(one.score or 0.0)}h0" for one in scored),
        gaps="".join(_cross(x(one.day), base - 7) for one in days if one.state == "missed"),
        taken="".join(f"M{x(one.day - 1)} {capsules - 6}v12" for one in days if one.took == "yes"),
        untaken=tuple(x(one.day - 1) for one in days if one.took == "no"),
        told=tuple((x(one.day), 1.2 + 1.3 * one.severity) for one in days if one.severity),
        edges=edges,
        periods=tuple(_labels(overview, step, width)),
        levels=tuple((y(level), decimal(f"{level:g}")) for level in (item.low, middle, item.high)),
        days=tuple(Label(x(day), str(day)) for day in _ticks(begin, end, width)),
    )


def _scale(overview: Overview, width: int) -> str:
    """The outcome with the ends of its scale in words, or in numbers alone where there is no room for the words."""
    item = overview.outcome
    low, high = (decimal(f"{end:g}") for end in (item.low, item.high))
    worded = (f"{low} {said(item.low_label)}".strip(), f"{high} {said(item.high_label)}".strip())
    full = f"{said(item.label)} ({', '.join(worded)})"
    return full if _CHARACTER * len(full) <= width else f"{said(item.label)} ({low}, {high})"


def _runs(days: Sequence[Day]) -> list[list[Day]]:
    """Answers that follow each other evening by evening."""
    runs = list[list[Day]]()
    for one in days:
        if runs and runs[-1][-1].day == one.day - 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _cross(x: float, y: float) -> str:
    return f"M{x - 3:.1f} {y - 3}l6 6M{x - 3:.1f} {y + 3}l6 -6"


def _labels(overview: Overview, step: float, width: int) -> list[Label]:
    """Names of the periods where there is room for them: the whole words once, then numbers."""
    found, free = list[Label](), 0.0
    begin, end = overview.days[0].day, overview.days[-1].day
    for one in overview.periods:
        if one.first_day > end:
            break
        last = min(one.last_day, end) + 1 - begin
        left, right = _LEFT + (one.first_day - begin) * step, _LEFT + last * step
        words = period_said(one) if one.place in (0, 1) else str(one.place)
        room = 7.2 * len(words)
        at = min(max((left + right) / 2, room / 2 + _LEFT), width - room / 2)
        if at - room / 2 >= free:
            found.append(Label(round(at, 1), words))
            free = at + room / 2 + 4
    return found


def _ticks(begin: int, end: int, width: int) -> range:
    step = next((one for one in _STEPS if (end - begin + 1) / one * 34 <= width - _LEFT), _STEPS[-1])
    return range(-(-begin // step) * step, end + 1, step)


def _strip(overview: Overview, width: int, *, over: bool) -> Strip:
    edge = 8
    begins, end = _phases(overview.protocol, overview.periods, over=over)
    now = min(max(overview.today, 0), end)

    def x(day: float) -> float:
        return round(edge + day / max(end, 1) * (width - 2 * edge), 1)

    ends = [begin for _title, begin in begins[1:]] + [end]
    labels = list[Label]()
    for title, begin in [
        begins[place] for place in sorted(range(len(begins)), key=lambda at: begins[at][1] - ends[at])
    ]:
        left, right = x(begin), x(begin) + 7.2 * len(title) + 10
        if right <= width and all(right <= one.x or left >= one.x + 7.2 * len(one.words) for one in labels):
            labels.append(Label(left + 5, title, "start"))
    words = _("Today, day %(day)s") % {"day": overview.today}
    room = 3.8 * len(words)
    today = None if over else Label(round(min(max(x(now), room), width - room), 1), words)
    named = {one.words for one in labels}
    edges = tuple((x(begin), 14 if title in named else 4) for title, begin in begins)
    return Strip("wide" if width == WIDE else "narrow", width, x(now), x(end), tuple(labels), edges, today)


def _phases(protocol: Protocol, periods: Sequence[Period], *, over: bool) -> tuple[list[tuple[str, int]], int]:
    """Where each phase begins, and the last day: as it was for phases that are over, at most for those to come.

    A phase under way is drawn at its longest, whatever its blocks hold, and so says no more than the protocol.
    """
    begins, day = list[tuple[str, int]](), 0
    reached = periods[-1].phase if periods else protocol.phases[0].name
    names = [phase.name for phase in protocol.phases]
    for phase in protocol.phases:
        own = [one for one in periods if one.phase == phase.name]
        passed = names.index(phase.name) < names.index(reached)
        if (passed or over) and not own:
            continue
        begins.append((said(phase.title), day))
        lived = sum(one.days for one in own)
        day += lived if passed or over else max(int(phase.max_days), lived)
    return begins, day
