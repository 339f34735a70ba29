"""The words of the prescriber's page: how much, how sure, what would tell, and everything behind it."""

import math
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from modicum.decision.answer import Answer
from modicum.decision.sensitivity import BELIEF
from modicum.reports import tables, wording
from modicum.reports.charts import diary, smallest_dose
from modicum.reports.theme import dose_tokens

MOST_NAMED = 16
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def kicker(answer: Answer) -> str:
    """What this is and when it was: title, length and, where the diary has dates, the first and last."""
    length = wording.plural(answer.n_days, "day") if answer.n_observed else "No entry used"
    ends = days_of(answer)
    if ends is None:
        return f"{wording.stopped(answer.title)} {length}."
    return f"{wording.stopped(answer.title)} {length}, {_date(ends[0])} to {_date(ends[1])}."


def days_of(answer: Answer) -> tuple[date, date] | None:
    """The first day and the last; None where the diary has no dates, or no entry was used."""
    start = answer.diary.start
    if start is None or not answer.n_observed:
        return None
    begin = start + timedelta(days=_first_day(answer))
    return begin, begin + timedelta(days=max(answer.n_days - 1, 0))


def _first_day(answer: Answer) -> int:
    """Number of the first day with an entry that was used."""
    times, _ = diary.observed(answer)
    return math.floor(float(times[0])) if len(times) else 0


def _date(day: Any) -> str:
    """A date as it is said, "4 May 2026", whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def lead(answer: Answer) -> str:
    """How much and how sure, in two or three sentences."""
    question, verdict = answer.question, answer.verdict
    dose = wording.focus(answer)
    if not answer.n_observed:
        return "No entry could be used, so nothing is known about any dose."
    if answer.uninformative:
        return "Every entry is the same, so this diary says nothing about any dose."
    if dose is None or not dose.taken:
        return "No dose of the ladder was taken, so this diary says nothing about any."
    named, noun = wording.dose(question, dose.dose_mg), wording.subject(question, "the ")
    effect = wording.shown(answer, dose)
    change = wording.size(question, effect.mean)
    about = change if change == "no different" else f"about {change}"
    ends = f"95 % interval {wording.span(question, effect.interval95)}"
    smallest = f"{wording.mcid(question)}, the smallest difference that matters,"
    hoped = wording.hoped(answer)
    none = answer.smallest_dose.probabilities.get("none", answer.p_no_effect)
    drug = wording.treatment(question)
    nobody = f"{drug} does not help" if wording.single(question) else "no dose that was taken helps"
    by_code = {
        "harm": f"On {named} {noun} is {about} than without it ({ends}). The chance that {drug} makes {noun} worse by "
        f"at least {smallest} is {wording.chance(wording.p_worse(answer, dose))}; if it does anything, "
        f"{wording.chance(dose.p_harm)}.",
        "nothing-that-matters": f"The chance that {nobody} by at least {smallest} is {wording.chance(none)}"
        f"{_nothing_at_all(answer)}. If there is an effect, {noun} is {about} on {named} ({ends}). The chance that it "
        f"makes {noun} worse by {wording.mcid(question)} or more is {wording.chance(wording.p_worse(answer, dose))}.",
        "open-label": f"While {named} was taken, {noun} was {about} ({ends}): {drug} or hope together. There was no "
        f"period without {drug} that the patient did not know about, so nobody can tell which.",
    }
    reach = wording.chance(wording.shown_chance(answer, dose))
    chance = "the chance that they help" if hoped else "the chance that it helps"
    given = hoped and dose.with_expectation is not None
    chance = f"If they do anything, {chance}" if given else wording.sentence(chance)
    usual = f"On {named} {noun} is {about} ({ends}){_together(answer)}. {chance} by at least {smallest} is {reach}."
    return f"{by_code.get(verdict.code, usual)}{_higher(answer)}"


def _nothing_at_all(answer: Answer) -> str:
    """The chance of no effect at all, said as what it is here."""
    words = wording.nothing_words(answer) if wording.hoped(answer) else "there is no effect at all"
    return f"; that {words}, {wording.chance(answer.p_no_effect)}"


def _together(answer: Answer) -> str:
    """That an effect is drug and hope together, where it is."""
    return f": {wording.treatment(answer.question)} and the hope of it together" if wording.hoped(answer) else ""


def _higher(answer: Answer) -> str:
    """Whether more did better, by the estimates, after a verdict that names a dose that works."""
    question, dose_mg = answer.question, answer.verdict.dose_mg
    named = next((d for d in answer.doses if d.dose_mg == dose_mg), None)
    if not answer.verdict.code.startswith("works") or named is None:
        return ""
    above = [d for d in wording.taken(answer) if d.dose_mg > named.dose_mg]
    more = [d for d in above if question.sign * (d.effect.mean - named.effect.mean) >= question.mcid / 2]
    if not above:
        return " No higher dose was taken."
    if not more:
        return " Higher doses did not do better." if len(above) > 1 else " The higher dose did not do better."
    best = max(more, key=lambda d: question.sign * d.effect.mean)
    gain = wording.unit(question, wording.plain(question, abs(best.effect.mean - named.effect.mean)))
    return f" {wording.sentence(wording.dose(question, best.dose_mg))} is estimated to do better still, by {gain}."


def note(answer: Answer) -> str:
    """What a reader must not miss: belief, and the two ways in which a probable answer can be wrong."""
    drug = wording.drug(answer.question)
    parts = []
    if answer.verdict.qualified:
        parts.append(
            "The answer changes when what the patient guessed is taken into account: "
            f"the {drug} may seem to work through having been noticed."
        )
    if answer.verdict.strength == "probable" and answer.verdict.code.startswith("works"):
        little = max(answer.smallest_dose.probabilities.get("none", 0.0) - answer.p_no_effect, 0.0)
        parts.append(
            f"Of 100 people with exactly this diary, the {drug} would do nothing at all in "
            f"{wording.in_100(answer.p_no_effect)}, and something, but too little at every dose, in "
            f"{wording.in_100(little)}."
        )
    if wording.hoped(answer) and not answer.uninformative and answer.verdict.code != "open-label":
        parts.append(
            f"There was no blinded comparison with no {drug}, so every effect on this page is {drug} and hope together."
        )
    return " ".join(parts)


def diary_words(answer: Answer) -> list[str]:
    """The caption of the diary."""
    points, run = diary.points(answer)
    out = []
    if run:
        out.append(
            f"Each point is the mean of {wording.plural(run, 'day')}; the thin line behind it runs from the lowest to "
            f"the highest entry. {len(points):,} points stand for {answer.n_observed:,} entries."
        )
    if len(answer.course.time_days) and not answer.uninformative:
        left_in = wording.hoped(answer) and answer.expectation is not None
        hope = ", the hope of it left in, which this diary cannot part from it" if left_in else ""
        out.append(
            f"The course and its bands assume that {wording.treatment(answer.question)} does something; "
            f"the dotted line is the same without it{hope}."
        )
    if answer.diary.start is not None:
        out.append(f"Day 0 is {_date(answer.diary.start)}.")
    return out


def dose_key(answer: Answer) -> list[tuple[str, str]]:
    """Token and words of each dose taken, where the runs are too many for a word on each."""
    if len(diary.merged(answer)) <= MOST_NAMED and not wording.single(answer.question):
        return []
    tokens = dose_tokens([d.dose_mg for d in answer.doses])
    name = "taken" if wording.single(answer.question) else ""
    return [(tokens[d.dose_mg], name or wording.dose(answer.question, d.dose_mg)) for d in wording.taken(answer)]


def effect_words(answer: Answer) -> list[str]:
    """The caption of the dose effects: what is compared, and what the two kinds of number assume."""
    drug = wording.drug(answer.question)
    if not wording.taken(answer):
        return ["No dose of the ladder was taken."]
    side = "left" if answer.question.better == "lower" else "right"
    words = [
        f"{'It' if wording.single(answer.question) else 'Each dose'} is compared with no {drug} in the same person. "
        f"Past the dashed line, on the {side}, is a difference that matters."
    ]
    nothing, p = wording.nothing_words(answer), wording.chance(answer.p_no_effect)
    if not wording.hoped(answer):
        words.append(
            f"Changes and intervals assume that the {drug} does something. The chances also count the possibility that "
            f"it does nothing, which is {p}."
        )
        return words
    words.append(f"What is shown is the {drug} and the hope of it together.")
    words.append(
        f"Changes and intervals assume that they do something. The chances also count the possibility that {nothing}, "
        f"which is {p}."
        if answer.expectation is None
        else f"Changes, intervals and chances assume that they do something. The chance that {nothing} is {p}."
    )
    return words


def smallest_words(answer: Answer) -> list[str]:
    """The 100 marks in words, and what stands behind "no dose"."""
    drug = wording.drug(answer.question)
    counts = wording.marks(answer)
    nothing, little = counts[wording.NOTHING], counts[wording.TOO_LITTLE]
    whom = "whom it would not help" if wording.single(answer.question) else "without such a dose"
    out = [smallest_dose.sentence(answer)]
    if nothing and little:
        out.append(
            f"Of the {nothing + little} {whom}, the {drug} would do nothing at all in {nothing} "
            f"(filled marks) and something, but too little, in {little} (hollow marks)."
        )
    elif nothing or little:
        what = "nothing at all" if nothing else "something, but too little (hollow marks)"
        out.append(f"In those {whom}, the {drug} would do {what}.")
    return out


def noise_words(answer: Answer) -> str:
    """What the day-to-day variation is like."""
    found, question = answer.noise, answer.question
    if question.kind != "gaussian":
        return _spells(answer)
    sd = wording.unit(question, wording.plain(question, found.sd.mean))
    words = [f"On about two days in three, {wording.noun(question)} lies within {sd} of the fitted course."]
    if found.white_share is not None:
        own = wording.in_100(found.white_share.mean)
        words.append(f"About {own} of 100 parts of that scatter (of its variance) belong to the single entry.")
        if found.correlation_days is not None:
            words.append(
                f"The rest carries over and fades by two thirds in about {found.correlation_days.mean:.1f} days."
            )
    if found.onset_days is not None:
        words.append(f"About two thirds of a dose's effect are there after {found.onset_days.mean:.1f} days.")
    else:
        words.append("The effect of a dose is taken to start and end at once.")
    return " ".join(words)


def _spells(answer: Answer) -> str:
    """Good and bad spells of an outcome that is not Gaussian."""
    found = answer.noise
    scale = wording.modelled_scale(answer.question)
    words = [f"Beyond chance, good and bad spells move the answers by about {found.sd.mean:.2f} {scale}."]
    if found.correlation_days is not None:
        words.append(f"They fade by two thirds in about {found.correlation_days.mean:.1f} days.")
    if found.onset_days is not None:
        words.append(f"About two thirds of a dose's effect are there after {found.onset_days.mean:.1f} days.")
    else:
        words.append("The effect of a dose is taken to start and end at once.")
    return " ".join(words)


def nothing_account(answer: Answer) -> str:
    """The two accounts that are weighed against each other."""
    drug = wording.treatment(answer.question)
    if not wording.hoped(answer):
        return f"that {drug} does nothing, and that it does something"
    one = answer.expectation is not None
    return f"that {wording.nothing_words(answer)}, and that {'it does' if one else 'they do'} something"


def variant_words(answer: Answer) -> str:
    """How many other assumptions lead to the same answer."""
    same, other = tables.agreement(answer)
    if not answer.sensitivity:
        return "No other model was computed for this diary."
    words = f"The answer stays the same in {same} of {wording.plural(len(answer.sensitivity), 'variant')}."
    words = words if other else f"{words} None of them changes it."
    if any(row.change == BELIEF for row in answer.sensitivity):
        words += (
            " The variant that takes guesses into account may agree with less certainty, where the protocol says so."
        )
    return words


def secondary_words(answer: Answer) -> str:
    """The count of outcomes looked at."""
    primary = answer.question.label or answer.question.outcome
    if answer.uninformative:
        return ""
    if answer.outcomes_looked_at <= 1 and not answer.secondary:
        return f"One outcome was looked at, and it decides: {wording.noun(answer.question)}."
    looked = wording.plural(answer.outcomes_looked_at, "outcome was", "outcomes were")
    return f"{looked} looked at. Only one decides: {primary}. The others are estimated alike and get no verdict."


def numerical(answer: Answer) -> str:
    """The numerical error of the integration."""
    mean, sd = answer.numerical_error
    if not (math.isfinite(mean) and math.isfinite(sd)):
        return "The numerical error is not known."
    if answer.question.kind != "gaussian":
        return f"The standard error of a mean is at most {mean:.2g} posterior sd, that of an sd {100 * sd:.2g} %."
    return (
        f"Two grids of integration differ by at most {mean:.2g} posterior sd in a mean and {100 * sd:.2g} % in an sd."
    )


def record(answer: Answer) -> list[tuple[str, str]]:
    """What was read and used, and what identifies it."""
    read, protocol = answer.diary, answer.protocol_name or "None: the options of the command, and defaults"
    rows = [
        ("Rows read", f"{read.rows_read:,}"),
        ("Rows refused", f"{len(read.refused):,}"),
        ("Entries used", f"{answer.n_observed:,}"),
        ("Entries set aside after an opioid or a stop", f"{answer.n_censored:,}"),
        ("Days without a known dose", f"{answer.n_dose_unknown:,}"),
        ("Protocol", protocol),
        ("Smallest difference that matters", _mcid_words(answer)),
        ("Covariates", wording.listed(answer.question.covariates) or "none"),
    ]
    rows += [("Diary", PurePath(read.source.replace("\\", "/")).name)] if read.source else []
    rows += [("Diary, SHA-256", read.sha256)] if read.sha256 else []
    rows += [("Protocol, SHA-256", answer.protocol_sha256)] if answer.protocol_sha256 else []
    rows += [("Store, head of the chain", answer.chain_head)] if answer.chain_head else []
    return rows


def _mcid_words(answer: Answer) -> str:
    """The MCID with its source."""
    source = answer.question.mcid_source
    return f"{wording.mcid(answer.question)} ({source})" if source else wording.mcid(answer.question)


def summary(answer: Answer) -> list[tuple[str, str, str]]:
    """The column beside the page: label, value, and a line of context."""
    known = not answer.uninformative
    rows = [
        *(_no_effect(answer) if known else []),
        (
            "Diary",
            wording.plural(answer.n_observed, "entry", "entries"),
            f"in {wording.plural(answer.n_days, 'day')}. Rows read {answer.diary.rows_read:,}, "
            f"refused {len(answer.diary.refused):,}",
        ),
        *(_variants(answer) if answer.sensitivity and known else []),
        *(_expectation(answer) if known and not wording.hoped(answer) else []),
    ]
    noticed = sorted((s for s in answer.side_effects if s.events), key=lambda s: (-s.events, s.name))
    if answer.side_effects:
        first = (
            f"{wording.sentence(noticed[0].label or noticed[0].name)}, {noticed[0].events} of {noticed[0].asked}"
            if noticed
            else "None"
        )
        rows.append(
            ("Side effects, as counted", first, f"{len(answer.side_effects)} asked about, {len(noticed)} reported")
        )
    return rows


def _no_effect(answer: Answer) -> list[tuple[str, str, str]]:
    """The chance of no effect, said as what it is here."""
    words, p = wording.nothing_words(answer), wording.chance(answer.p_no_effect)
    if wording.hoped(answer):
        return [(wording.sentence(words), p, "This diary cannot part the two")]
    drug = wording.treatment(answer.question)
    return [("No effect at all", p, f"The chance that {drug} does nothing to this outcome")]


def _variants(answer: Answer) -> list[tuple[str, str, str]]:
    """In how many variants the answer is the same, and with which it differs."""
    same, other = tables.agreement(answer)
    differ = [tables.sensitivity.change_words(row.change).lower() for row in other[:3]]
    more = f" and {len(other) - 3} more" if len(other) > 3 else ""
    context = f"It differs with: {', '.join(differ)}{more}" if differ else "None of them changes it"
    return [("If the model were different", f"Same answer in {same} of {len(answer.sensitivity)}", context)]


def _expectation(answer: Answer) -> list[tuple[str, str, str]]:
    """The effect of expectation, where it has a term."""
    hope, question = answer.expectation, answer.question
    if hope is None:
        return []
    value = f"{wording.signed(question, hope.mean)} {wording.unit_word(question)}".strip()
    ends = wording.span(question, hope.interval95)
    told = f"95 % interval {ends}, when told that it is {wording.treatment(question)}"
    return [("Expectation alone", value, told)]
