"""Tables of the prescriber's page: the numbers of an answer in rows, in words and units."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modicum.analysis.estimate import DoseEffect, Summary
from modicum.analysis.question import Question
from modicum.decision.answer import Answer, SensitivityRow
from modicum.decision.words import nights_in_100
from modicum.reports import wording
from modicum.reports.charts import diary, sensitivity

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


def effects(answer: Answer) -> Table:
    """The effect of every dose of the ladder."""
    question = answer.question
    hoped, drug = wording.hoped(answer), wording.drug(question)
    together = hoped and any(d.with_expectation is not None for d in answer.doses)
    change = f"Change, {wording.unit_word(question)}" if wording.unit_word(question) else "Change"
    harm = any(d.taken and wording.p_worse(answer, d) >= 0.1 for d in answer.doses)
    head = ["Dose", "Days", f"{wording.sentence(drug)} or hope together" if hoped else change, "95 % interval"]
    head += [f"The {drug} alone, 95 % interval"] if together else []
    head += [f"Better by {wording.least(question)} or more"]
    worse = f"worse by {wording.least(question)} or more"
    head += [f"The {drug} alone: {worse}" if together else wording.sentence(worse)] if harm else []
    ranked = not hoped and not wording.single(question)
    head += ["Is the smallest"] if ranked else []
    rows, best = [], set()
    for place, dose in enumerate(sorted(answer.doses, key=lambda d: d.dose_mg)):
        name = wording.sentence(wording.dose(question, dose.dose_mg))
        if not dose.taken:
            rows.append((name, "0", "not taken", *[""] * (len(head) - 3)))
            continue
        summary = wording.shown(answer, dose)
        row = [
            name,
            f"{dose.days:,}",
            wording.signed(question, summary.mean),
            wording.span(question, summary.interval95),
        ]
        row += [wording.span(question, dose.effect.interval95)] if together else []
        row += [wording.chance_short(wording.shown_chance(answer, dose))]
        row += [wording.chance_short(wording.p_worse(answer, dose))] if harm else []
        smallest = answer.smallest_dose.probabilities.get(repr(float(dose.dose_mg)), 0.0)
        row += [wording.chance_short(smallest)] if ranked else []
        rows.append(tuple(row))
        if dose.dose_mg == answer.verdict.dose_mg:
            best.add(place)
    return Table("The same as numbers", tuple(head), tuple(rows), best=frozenset(best))


def periods(answer: Answer) -> Table:
    """Runs of what was taken, with the phase and, where the model looks at it, what the person had been told."""
    announced, rows = answer.expectation is not None, []
    for block in answer.blocks[:MOST_PERIODS]:
        told = f"{wording.in_100(block.announced)} in 100" if math.isfinite(block.announced) else "not recorded"
        days = f"{math.ceil(block.start_days - 1e-9)} to {math.ceil(block.end_days - 1e-9) - 1}"
        phase = wording.sentence(block.phase.replace("_", " ")) or "No phase named"
        rows.append((phase, days, wording.sentence(diary.content(answer, block)), *([told] if announced else [])))
    shown = f", the first {MOST_PERIODS} of {len(answer.blocks):,}" if len(answer.blocks) > MOST_PERIODS else ""
    head = ["Phase", "Days", "Taken"]
    head += [f"Announced chance of the {wording.drug(answer.question)}"] if announced else []
    return Table(f"Periods{shown}", tuple(head), tuple(rows), left=frozenset({0, 2}))


def side_effects(answer: Answer) -> Table:
    """Side effects as counted, by the dose in force."""
    doses = sorted({dose for effect in answer.side_effects for dose, _, _ in effect.by_dose})
    nothing = "No drug or placebo" if answer.question.dose_unit else "Not taken"
    heads = [nothing if d == 0 else wording.sentence(wording.dose(answer.question, d)) for d in doses]
    rows = []
    for effect in answer.side_effects:
        by_dose = {dose: f"{events} of {asked}" for dose, asked, events in effect.by_dose}
        counted = (f"{effect.events} of {effect.asked}", str(effect.severe))
        rows.append(
            (wording.sentence(effect.label or effect.name), *counted, *(by_dose.get(d, "not asked") for d in doses))
        )
    head = ("Side effect", "Entries with it", "Moderate or worse", *heads)
    return Table("Entries with each side effect, by the dose in force", head, tuple(rows))


def side_effect_rates(answer: Answer) -> Table | None:
    """What a dose and the next step up bring of every side effect reported, by the model; None where there is none."""
    modelled = [(effect, effect.model) for effect in answer.side_effects if effect.model and effect.events]
    doses = wording.taken(answer)
    if not modelled or not doses:
        return None
    shown = wording.focus(answer) or doses[-1]
    ahead = next((model.ahead.dose_mg for _, model in modelled if model.ahead), None)
    rows = []
    for effect, model in modelled:
        added = next(rate.attributable for rate in model.doses if rate.dose_mg == shown.dose_mg)
        low, high = (_nights(end) for end in added.interval95)
        row = (
            wording.sentence(effect.label or effect.name),
            _nights(model.usual.mean),
            f"{_nights(added.mean)} ({low} to {high})",
        )
        rows.append(
            row if ahead is None else (*row, wording.chance(model.ahead.any_in_week.mean) if model.ahead else "")
        )
    named = wording.dose(answer.question, shown.dose_mg)
    head = ["Side effect", f"Nights in 100 without the {wording.drug(answer.question)}", f"More on {named} (95 %)"]
    head += [] if ahead is None else [f"In a week after a step to {wording.dose(answer.question, ahead)}"]
    return Table("By the model: what the dose adds", tuple(head), tuple(rows))


def _nights(chance: float) -> str:
    return nights_in_100(chance).replace("-", wording.MINUS)


def variants(answer: Answer) -> Table:
    """The answer under every changed assumption."""
    question = answer.question
    dose = wording.focus(answer)
    named = wording.dose(question, dose.dose_mg) if dose else "the top dose"

    def cells(name: str, effect: DoseEffect | None, p_no_effect: float, said: str) -> tuple[str, ...]:
        nothing = wording.chance_short(p_no_effect)
        if effect is None:
            return (name, "not computed", "", nothing, said)
        other_nothing = (effect.with_expectation is None) != (answer.expectation is None)
        nothing = "" if wording.hoped(answer) and other_nothing else nothing
        found = wording.shown(answer, effect)
        return (name, wording.signed(question, found.mean), wording.span(question, found.interval95), nothing, said)

    rows = [
        cells("As analysed", dose, answer.p_no_effect, _said(question, answer.verdict.code, answer.verdict.dose_mg))
    ]
    for row in answer.sensitivity:
        same = next((d for d in row.doses if dose is not None and d.dose_mg == dose.dose_mg), None)
        said = _said(question, row.verdict_code, row.smallest_dose.dose_mg)
        rows.append(cells(sensitivity.change_words(row.change), same, row.p_no_effect, said))
    head = ("If instead", f"Change on {named}", "95 % interval", _nothing_head(answer), "Answer")
    return Table("The answer under other assumptions", head, tuple(rows), left=frozenset({0, 4}))


def _nothing_head(answer: Answer) -> str:
    """The head of the column of chances of no effect."""
    return wording.sentence(wording.nothing_words(answer)) if wording.hoped(answer) else "No effect at all"


def _said(question: Question, code: str, dose_mg: float | None) -> str:
    """A verdict in a few words."""
    words = VERDICT_WORDS.get(code, code)
    return f"{wording.dose(question, dose_mg)} {words}" if dose_mg is not None and code.startswith("works") else words


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


def secondary(answer: Answer) -> Table:
    """The other outcomes, at the dose in view."""
    dose = wording.focus(answer)
    named = wording.dose(answer.question, dose.dose_mg) if dose else "the top dose"
    rows = []
    for other in answer.secondary:
        effect = wording.focus(answer, other.doses)
        better = "lower is better" if other.better == "lower" else "higher is better"
        name = f"{other.label or other.outcome} ({better})"
        nothing = wording.chance_short(other.p_no_effect)
        if effect is None or not effect.taken:
            rows.append((name, f"{other.n_observed:,}", "not computed", "", nothing))
            continue
        found = wording.shown(answer, effect)
        numbers = wording.scale_of(other)
        change = f"{wording.signed(numbers, found.mean)} {wording.unit_word(numbers)}".strip()
        rows.append((name, f"{other.n_observed:,}", change, wording.span(numbers, found.interval95), nothing))
    head = ("Outcome", "Entries", f"Change on {named}", "95 % interval", _nothing_head(answer))
    return Table("Other outcomes, without a verdict", head, tuple(rows))


def noise(answer: Answer) -> Table:
    """The four parameters of time and noise."""
    found = answer.noise
    unit = wording.modelled_scale(answer.question)

    def row(name: str, value: Summary | None, words: str, places: int) -> tuple[str, ...]:
        if value is None:
            return (name, "not in the model", "")
        low, high = value.interval95
        return (name, f"{value.mean:.{places}f} {words}".strip(), f"{low:.{places}f} to {high:.{places}f}")

    places = wording.digits(answer.question) if answer.question.kind == "gaussian" else 2
    rows = [
        row("Scatter around the course (standard deviation)", found.sd, unit, places),
        row("Part of it that belongs to the single entry", found.white_share, "", 2),
        row("Time constant of the rest", found.correlation_days, "days", 1),
        row("Time constant of a dose's effect", found.onset_days, "days", 1),
    ]
    if found.overdispersion is not None:
        rows.append(row("Overdispersion of the counts (1/phi)", found.overdispersion, "", 2))
    return Table("Time and noise", ("Quantity", "Mean", "95 % interval"), tuple(rows))


def priors(answer: Answer) -> Table:
    """Every prior of the model as a number."""
    question = answer.question
    p = question.priors
    gaussian, unit = question.kind == "gaussian", wording.modelled_scale(question)

    def amount(value: float) -> str:
        return wording.unit(question, _number(value)) if gaussian else f"{_number(value)} {unit}"

    def normal(mean: float, sd: float) -> str:
        return f"normal, mean {_number(mean)}, sd {amount(sd)}"

    def log_normal(median: float, log_sd: float, words: str) -> str:
        one = median == 1 and words.endswith("s")
        middle = f"{_number(median)} {words[:-1] if one else words}".strip()
        return f"log-normal, median {middle}, log sd {_number(log_sd)}"

    onset = {
        "uncertain": log_normal(question.onset.median_days, question.onset.log_sd, "days"),
        "fixed": f"fixed at {_number(question.onset.median_days)} days",
        "immediate": "none: the effect starts and ends at once",
    }[question.onset.kind]
    hope = normal(p.expectation_mean, p.expectation_sd) if question.expectation else "not in the model"
    shares = f"beta, {_number(p.white_share_a)} and {_number(p.white_share_b)}"
    uneven = question.kind == "negative-binomial"
    rows = [
        ("Level", normal(p.intercept_mean, p.intercept_sd))
        if question.kind != "ordinal"
        else ("Chances of the answers at first", "every share of them as likely as any other (Dirichlet, all 1)"),
        ("Trend over the planned length", normal(0, p.trend_sd)),
        ("Ebb after the start, time constant 14 days", normal(0, p.ebb_sd)),
        *([("Each covariate", normal(0, p.covariate_sd))] if question.covariates else []),
        (f"Expectation, told that it is {wording.treatment(question)}", hope),
        (
            "Effects of the doses",
            f"Gaussian process through 0, sd {amount(p.top_dose_sd)} at the top dose",
        ),
        ("Onset of an effect", onset),
        ("Scatter around the course", log_normal(p.sd_median, p.sd_log_sd, unit)),
        *([("Part that belongs to the single entry", shares)] if gaussian else []),
        *([("Overdispersion of the counts (1/phi)", log_normal(1.0, 1.0, ""))] if uneven else []),
        ("Time constant of the rest", log_normal(p.correlation_median_days, p.correlation_log_sd, "days")),
        ("No effect at all against some effect", f"odds {_number(p.odds_no_effect)} to 1"),
    ]
    return Table(
        "What was assumed before the diary was seen", ("Quantity", "Prior"), tuple(rows), left=frozenset({0, 1})
    )


def _number(value: float) -> str:
    """A prior's number, short, with a true minus sign."""
    short = f"{value:.4g}" if abs(value) < 1000 else wording.written(value)
    return short.replace("-", wording.MINUS)


def refusals(answer: Answer) -> list[dict[str, Any]]:
    """Rows that were not used, grouped by reason, each with every place where it was found."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for problem in answer.diary.refused:
        place = f"{problem.where} ({problem.value})" if problem.value else problem.where
        groups.setdefault((problem.code, problem.message, problem.fix), []).append(place)
    return [
        {"code": code, "message": message, "fix": fix, "where": where} for (code, message, fix), where in groups.items()
    ]
