"""Tables of the prescriber's page: the numbers of an answer in rows, in words and units."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from modicum.analysis.estimate import DoseEffect, Summary
from modicum.analysis.question import Question
from modicum.decision.answer import Answer, SensitivityRow
from modicum.decision.words import nights_in_100
from modicum.reports import wording
from modicum.reports.charts import diary, sensitivity
from modicum.reports.tongue import ENGLISH, Tongue

MOST_PERIODS = 60

VERDICT_WORDS = {
    "works": "works",
    "works-smaller-too": "works, no better than less",
    "nothing-that-matters": "nothing that matters",
    "harm": "stop for harm",
    "futile": "futile",
    "open-label": "cannot be told from hope",
    "cannot-tell": "cannot tell",
}


@dataclass(frozen=True)
class Table:
    """A table as a page shows it.

    Args:
        label: what it holds; the name of its region and its caption.
        head: column heads.
        rows: cells; the first of each row is its head.
        left: numbers of columns that hold words; the others are numbers, set right.
        best: numbers of rows that the verdict names.
        tag: a cell that holds this word is shown as a mark; "" for none.
        groups: heads of groups of rows, by the number of the first row of each.
        dense: whether many columns stand close.
        roomy: whether rows on paper leave room to write.
    """

    label: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int] = frozenset({0})
    best: frozenset[int] = field(default_factory=frozenset)
    tag: str = ""
    groups: Mapping[int, str] = field(default_factory=dict)
    dense: bool = False
    roomy: bool = False

    @property
    def look(self) -> str:
        """Classes of its look: "wordy" where the heads of rows are words that need room, and what its fields say."""
        wordy = not self.tag and max((len(row[0]) for row in self.rows), default=0) > 18
        known = {"wordy": wordy, "dense": self.dense, "grouped": bool(self.groups), "tagged": bool(self.tag)}
        return " ".join(name for name, holds in known.items() if holds)


def effects(answer: Answer, tongue: Tongue = ENGLISH) -> Table:
    """The effect of every dose of the ladder."""
    question = answer.question
    hoped = wording.hoped(answer)
    together = hoped and any(d.with_expectation is not None for d in answer.doses)
    harm = any(d.taken and wording.p_worse(answer, d) >= 0.1 for d in answer.doses)
    ranked = not hoped and not wording.single(question)
    least, unit = tongue.least(question), tongue.unit_word(question)
    change = tongue.say("Change, {unit}", unit=unit) if unit else tongue.say("Change")
    seen = tongue.say("Drug or hope together" if question.dose_unit else "Treatment or hope together")
    head = [tongue.say("Dose"), tongue.say("Days"), seen if hoped else change, tongue.say("95 % interval")]
    head += [tongue.say("The {drug} alone, 95 % interval", question)] if together else []
    head += [tongue.say("Better by {least} or more", least=least)]
    worse = "The {drug} alone: worse by {least} or more" if together else "Worse by {least} or more"
    head += [tongue.say(worse, question, least=least)] if harm else []
    head += [tongue.say("Is the smallest")] if ranked else []
    rows, best = [], set()
    for place, dose in enumerate(sorted(answer.doses, key=lambda d: d.dose_mg)):
        name = wording.sentence(tongue.dose(question, dose.dose_mg))
        if not dose.taken:
            rows.append((name, "0", tongue.say("not taken"), *[""] * (len(head) - 3)))
            continue
        summary = wording.shown(answer, dose)
        row = [
            name,
            tongue.count(dose.days),
            tongue.signed(question, summary.mean),
            tongue.span(question, summary.interval95),
        ]
        row += [tongue.span(question, dose.effect.interval95)] if together else []
        row += [tongue.chance_short(wording.shown_chance(answer, dose))]
        row += [tongue.chance_short(wording.p_worse(answer, dose))] if harm else []
        smallest = answer.smallest_dose.probabilities.get(repr(float(dose.dose_mg)), 0.0)
        row += [tongue.chance_short(smallest)] if ranked else []
        rows.append(tuple(row))
        if dose.dose_mg == answer.verdict.dose_mg:
            best.add(place)
    return Table(tongue.say("The same as numbers"), tuple(head), tuple(rows), best=frozenset(best))


def periods(answer: Answer, tongue: Tongue = ENGLISH) -> Table:
    """Runs of what was taken, with the phase and, where the model looks at it, what the person had been told."""
    announced, rows = answer.expectation is not None, []
    for block in answer.blocks[:MOST_PERIODS]:
        known = math.isfinite(block.announced)
        chance = tongue.say("{n} in 100", n=wording.in_100(block.announced)) if known else tongue.say("not recorded")
        first, last = math.ceil(block.start_days - 1e-9), math.ceil(block.end_days - 1e-9) - 1
        days = tongue.say("{begin} to {end}", begin=first, end=last)
        phase = wording.sentence(block.phase.replace("_", " ")) or tongue.say("No phase named")
        held = wording.sentence(diary.content(answer, block, tongue))
        rows.append((phase, days, held, *([chance] if announced else [])))
    label = tongue.say("Periods")
    if len(answer.blocks) > MOST_PERIODS:
        label = tongue.say("Periods, the first {n} of {all}", n=MOST_PERIODS, all=tongue.count(len(answer.blocks)))
    head = [tongue.say("Phase"), tongue.say("Days"), tongue.say("Taken")]
    head += [tongue.say("Announced chance of the {drug}", answer.question)] if announced else []
    return Table(label, tuple(head), tuple(rows), left=frozenset({0, 2}))


def side_effects(answer: Answer, tongue: Tongue = ENGLISH) -> Table:
    """Side effects as counted, by the dose in force."""
    doses = sorted({dose for effect in answer.side_effects for dose, _, _ in effect.by_dose})
    nothing = tongue.say("No drug or placebo" if answer.question.dose_unit else "Not taken")
    heads = [nothing if d == 0 else wording.sentence(tongue.dose(answer.question, d)) for d in doses]

    def share(events: int, asked: int) -> str:
        return tongue.say("{events} of {asked}", events=events, asked=asked)

    rows = []
    for effect in answer.side_effects:
        by_dose = {dose: share(events, asked) for dose, asked, events in effect.by_dose}
        counted = (share(effect.events, effect.asked), str(effect.severe))
        held = (by_dose.get(d, tongue.say("not asked")) for d in doses)
        rows.append((wording.sentence(effect.label or effect.name), *counted, *held))
    head = (tongue.say("Side effect"), tongue.say("Entries with it"), tongue.say("Moderate or worse"), *heads)
    return Table(tongue.say("Entries with each side effect, by the dose in force"), head, tuple(rows))


def side_effect_rates(answer: Answer, tongue: Tongue = ENGLISH) -> Table | None:
    """What a dose and the next step up bring of every side effect reported, by the model; None where there is none."""
    modelled = [(effect, effect.model) for effect in answer.side_effects if effect.model and effect.events]
    doses = wording.taken(answer)
    if not modelled or not doses:
        return None
    question, shown = answer.question, wording.focus(answer) or doses[-1]
    ahead = next((model.ahead.dose_mg for _, model in modelled if model.ahead), None)
    rows = []
    for effect, model in modelled:
        added = next(rate.attributable for rate in model.doses if rate.dose_mg == shown.dose_mg)
        mean, low, high = (_nights(value, tongue) for value in (added.mean, *added.interval95))
        row = (
            wording.sentence(effect.label or effect.name),
            _nights(model.usual.mean, tongue),
            tongue.say("{mean} ({low} to {high})", mean=mean, low=low, high=high),
        )
        week = (tongue.chance(model.ahead.any_in_week.mean) if model.ahead else "",)
        rows.append(row if ahead is None else (*row, *week))
    head = [
        tongue.say("Side effect"),
        tongue.say("Nights in 100 without the {drug}", question),
        tongue.say("More on {dose} (95 %)", question, shown.dose_mg),
    ]
    head += [] if ahead is None else [tongue.say("In a week after a step to {dose}", question, ahead)]
    return Table(tongue.say("By the model: what the dose adds"), tuple(head), tuple(rows))


def _nights(chance: float, tongue: Tongue) -> str:
    return tongue.number(nights_in_100(chance).replace("-", wording.MINUS))


def variants(answer: Answer, tongue: Tongue = ENGLISH) -> Table:
    """The answer under every changed assumption."""
    question = answer.question
    dose = wording.focus(answer)

    def cells(name: str, effect: DoseEffect | None, p_no_effect: float, said: str) -> tuple[str, ...]:
        nothing = tongue.chance_short(p_no_effect)
        if effect is None:
            return (name, tongue.say("not computed"), "", nothing, said)
        other_nothing = (effect.with_expectation is None) != (answer.expectation is None)
        nothing = "" if wording.hoped(answer) and other_nothing else nothing
        found = wording.shown(answer, effect)
        return (name, tongue.signed(question, found.mean), tongue.span(question, found.interval95), nothing, said)

    said = _said(question, answer.verdict.code, answer.verdict.dose_mg, tongue)
    rows = [cells(tongue.say(sensitivity.AS_ANALYSED), dose, answer.p_no_effect, said)]
    for row in answer.sensitivity:
        same = next((d for d in row.doses if dose is not None and d.dose_mg == dose.dose_mg), None)
        said = _said(question, row.verdict_code, row.smallest_dose.dose_mg, tongue)
        rows.append(cells(sensitivity.change_words(row.change, tongue), same, row.p_no_effect, said))
    head = (
        tongue.say("If instead"),
        _change_head(answer, tongue),
        tongue.say("95 % interval"),
        _nothing_head(answer, tongue),
        tongue.say("Answer"),
    )
    return Table(tongue.say("The answer under other assumptions"), head, tuple(rows), left=frozenset({0, 4}))


def _change_head(answer: Answer, tongue: Tongue) -> str:
    """The head of the column of changes on the dose in view."""
    dose = wording.focus(answer)
    if dose is None:
        return tongue.say("Change on the top dose")
    return tongue.say("Change on {dose}", answer.question, dose.dose_mg)


def _nothing_head(answer: Answer, tongue: Tongue) -> str:
    """The head of the column of chances of no effect."""
    return tongue.nothing_head(answer) if wording.hoped(answer) else tongue.say("No effect at all")


def _said(question: Question, code: str, dose_mg: float | None, tongue: Tongue) -> str:
    """A verdict in a few words."""
    words = tongue.say(VERDICT_WORDS[code]) if code in VERDICT_WORDS else code
    named = dose_mg is not None and code.startswith("works")
    return f"{tongue.dose(question, dose_mg)} {words}" if named and dose_mg is not None else words


def agreement(answer: Answer) -> tuple[int, tuple[SensitivityRow, ...]]:
    """How many changed assumptions leave the verdict as it is, and those that do not."""
    dose_mg = answer.smallest_dose.dose_mg
    other = tuple(
        row
        for row in answer.sensitivity
        if row.verdict_code != answer.verdict.code
        or (answer.verdict.code.startswith("works") and row.smallest_dose.dose_mg != dose_mg)
    )
    return len(answer.sensitivity) - len(other), other


def secondary(answer: Answer, tongue: Tongue = ENGLISH) -> Table:
    """The other outcomes, at the dose in view."""
    rows = []
    for other in answer.secondary:
        effect = wording.focus(answer, other.doses)
        better = tongue.say("lower is better" if other.better == "lower" else "higher is better")
        name = f"{other.label or other.outcome} ({better})"
        nothing, used = tongue.chance_short(other.p_no_effect), tongue.count(other.n_observed)
        if effect is None or not effect.taken:
            rows.append((name, used, tongue.say("not computed"), "", nothing))
            continue
        found = wording.shown(answer, effect)
        numbers = wording.scale_of(other)
        change = f"{tongue.signed(numbers, found.mean)} {tongue.unit_word(numbers)}".strip()
        rows.append((name, used, change, tongue.span(numbers, found.interval95), nothing))
    head = (
        tongue.say("Outcome"),
        tongue.say("Entries"),
        _change_head(answer, tongue),
        tongue.say("95 % interval"),
        _nothing_head(answer, tongue),
    )
    return Table(tongue.say("Other outcomes, without a verdict"), head, tuple(rows))


def noise(answer: Answer, tongue: Tongue = ENGLISH) -> Table:
    """The four parameters of time and noise."""
    found = answer.noise
    unit, days = tongue.modelled_scale(answer.question), tongue.say("days")

    def row(name: str, value: Summary | None, words: str, places: int) -> tuple[str, ...]:
        if value is None:
            return (name, tongue.say("not in the model"), "")
        mean, low, high = (tongue.number(f"{number:.{places}f}") for number in (value.mean, *value.interval95))
        return (name, f"{mean} {words}".strip(), tongue.say("{low} to {high}", low=low, high=high))

    places = wording.digits(answer.question) if answer.question.kind == "gaussian" else 2
    rows = [
        row(tongue.say("Scatter around the course (standard deviation)"), found.sd, unit, places),
        row(tongue.say("Part of it that belongs to the single entry"), found.white_share, "", 2),
        row(tongue.say("Time constant of the rest"), found.correlation_days, days, 1),
        row(tongue.say("Time constant of a dose's effect"), found.onset_days, days, 1),
    ]
    if found.overdispersion is not None:
        rows.append(row(tongue.say("Overdispersion of the counts (1/phi)"), found.overdispersion, "", 2))
    head = (tongue.say("Quantity"), tongue.say("Mean"), tongue.say("95 % interval"))
    return Table(tongue.say("Time and noise"), head, tuple(rows))


def priors(answer: Answer, tongue: Tongue = ENGLISH) -> Table:
    """Every prior of the model as a number."""
    label = tongue.say("What was assumed before the diary was seen")
    head = (tongue.say("Quantity"), tongue.say("Prior"))
    return Table(label, head, tuple(_priors(answer, _Priors(answer.question, tongue))), left=frozenset({0, 1}))


@dataclass(frozen=True)
class _Priors:
    """How the priors of a question are said."""

    question: Question
    tongue: Tongue

    def number(self, value: float) -> str:
        """A prior's number, short, with a true minus sign."""
        short = f"{value:.4g}" if abs(value) < 1000 else wording.written(value)
        return self.tongue.number(short.replace("-", wording.MINUS))

    def amount(self, value: float) -> str:
        """A number on the scale on which effects are modelled."""
        if self.question.kind == "gaussian":
            return self.tongue.unit(self.question, self.number(value))
        return f"{self.number(value)} {self.tongue.modelled_scale(self.question)}"

    def normal(self, mean: float, sd: float) -> str:
        """A normal prior."""
        return self.tongue.say("normal, mean {mean}, sd {sd}", mean=self.number(mean), sd=self.amount(sd))

    def log_normal(self, median: float, log_sd: float, words: str = "") -> str:
        """A log-normal prior, its median with a unit."""
        median_words = f"{self.number(median)} {words}".strip()
        text = "log-normal, median {median}, log sd {log_sd}"
        return self.tongue.say(text, median=median_words, log_sd=self.number(log_sd))

    def in_days(self, median: float, log_sd: float) -> str:
        """A log-normal prior of a number of days."""
        return self.log_normal(median, log_sd, self.tongue.say("day" if median == 1 else "days"))

    def scatter(self, median: float, log_sd: float) -> str:
        """A log-normal prior of the scatter, in the outcome's units."""
        unit = self.tongue.modelled_scale(self.question)
        if median == 1 and self.question.kind == "gaussian":
            unit = self.tongue.unit(self.question, "1").partition(wording.NBSP)[2]
        return self.log_normal(median, log_sd, unit)

    def onset(self) -> str:
        """The prior of the onset."""
        onset, tongue = self.question.onset, self.tongue
        if onset.kind == "uncertain":
            return self.in_days(onset.median_days, onset.log_sd)
        if onset.kind == "fixed":
            return tongue.say("fixed at {days} days", days=self.number(onset.median_days))
        return tongue.say("none: the effect starts and ends at once")


def _priors(answer: Answer, said: _Priors) -> Iterator[tuple[str, str]]:
    """The rows of the priors."""
    question, tongue = answer.question, said.tongue
    p = question.priors
    if question.kind == "ordinal":
        even = "every share of them as likely as any other (Dirichlet, all 1)"
        yield tongue.say("Chances of the answers at first"), tongue.say(even)
    else:
        yield tongue.say("Level"), said.normal(p.intercept_mean, p.intercept_sd)
    yield tongue.say("Trend over the planned length"), said.normal(0, p.trend_sd)
    yield tongue.say("Ebb after the start, time constant 14 days"), said.normal(0, p.ebb_sd)
    if question.covariates:
        yield tongue.say("Each covariate"), said.normal(0, p.covariate_sd)
    hope = said.normal(p.expectation_mean, p.expectation_sd) if question.expectation else ""
    told = tongue.say("Expectation, told that it is {the_drug}", question)
    yield told, hope or tongue.say("not in the model")
    process = tongue.say("Gaussian process through 0, sd {sd} at the top dose", sd=said.amount(p.top_dose_sd))
    yield tongue.say("Effects of the doses"), process
    yield tongue.say("Onset of an effect"), said.onset()
    yield tongue.say("Scatter around the course"), said.scatter(p.sd_median, p.sd_log_sd)
    if question.kind == "gaussian":
        shares = {"a": said.number(p.white_share_a), "b": said.number(p.white_share_b)}
        yield tongue.say("Part that belongs to the single entry"), tongue.say("beta, {a} and {b}", **shares)
    if question.kind == "negative-binomial":
        yield tongue.say("Overdispersion of the counts (1/phi)"), said.log_normal(1.0, 1.0)
    rest = said.in_days(p.correlation_median_days, p.correlation_log_sd)
    yield tongue.say("Time constant of the rest"), rest
    odds = tongue.say("odds {odds} to 1", odds=said.number(p.odds_no_effect))
    yield tongue.say("No effect at all against some effect"), odds


def refusals(answer: Answer) -> list[dict[str, Any]]:
    """Rows that were not used, grouped by reason, each with every place where it was found."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for problem in answer.diary.refused:
        place = f"{problem.where} ({problem.value})" if problem.value else problem.where
        groups.setdefault((problem.code, problem.message, problem.fix), []).append(place)
    return [
        {"code": code, "message": message, "fix": fix, "where": where} for (code, message, fix), where in groups.items()
    ]
