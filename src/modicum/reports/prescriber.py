"""The words of the prescriber's page: how much, how sure, what would tell, and everything behind it."""

import math
from datetime import date, timedelta
from pathlib import PurePath

from modicum.analysis.estimate import DoseEffect
from modicum.decision.answer import Answer
from modicum.decision.sensitivity import BELIEF
from modicum.reports import tables, wording
from modicum.reports.charts import diary, smallest_dose
from modicum.reports.theme import dose_tokens
from modicum.reports.tongue import ENGLISH, Tongue

MOST_NAMED = 16


def kicker(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """What this is and when it was: title, length and, where the diary has dates, the first and last."""
    length = tongue.days(answer.n_days) if answer.n_observed else tongue.say("No entry used")
    ends = days_of(answer)
    if ends is None:
        return f"{wording.stopped(answer.title)} {length}."
    begin, end = map(tongue.date, ends)
    return f"{wording.stopped(answer.title)} {length}, {tongue.say('{begin} to {end}', begin=begin, end=end)}."


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


def lead(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """How much and how sure, in two or three sentences."""
    dose = wording.focus(answer)
    if not answer.n_observed:
        return tongue.say("No entry could be used, so nothing is known about any dose.")
    if answer.uninformative:
        return tongue.say("Every entry is the same, so this diary says nothing about any dose.")
    if dose is None or not dose.taken:
        return tongue.say("No dose of the ladder was taken, so this diary says nothing about any.")
    return f"{_lead(answer, dose, tongue)}{_higher(answer, tongue)}"


def _lead(answer: Answer, dose: DoseEffect, tongue: Tongue) -> str:
    """The effect of the dose in view, and its chances, in the form of the verdict."""
    question, code = answer.question, answer.verdict.code
    effect = wording.shown(answer, dose)
    known = {
        "outcome": tongue.subject(question),
        "Outcome": wording.sentence(tongue.subject(question)),
        "about": tongue.about(question, effect.mean),
        "ends": tongue.span(question, effect.interval95),
        "mcid": tongue.mcid(question),
        "worse": tongue.chance(wording.p_worse(answer, dose)),
    }
    if code == "harm":
        return tongue.say(HARM, question, dose.dose_mg, **known, given=tongue.chance(dose.p_harm))
    if code == "nothing-that-matters":
        none = answer.smallest_dose.probabilities.get("none", answer.p_no_effect)
        chances = {"none": tongue.chance(none), "nothing": _nothing_at_all(answer, tongue)}
        text = NOTHING_SINGLE if wording.single(question) else NOTHING
        return tongue.say(text, question, dose.dose_mg, **known, **chances)
    if code == "open-label":
        return tongue.say(OPEN, question, dose.dose_mg, **known)
    reach = tongue.chance(wording.shown_chance(answer, dose))
    if not wording.hoped(answer):
        return tongue.say(USUAL, question, dose.dose_mg, **known, reach=reach)
    given = dose.with_expectation is not None
    return tongue.say(TOGETHER_GIVEN if given else TOGETHER, question, dose.dose_mg, **known, reach=reach)


HARM = (
    "On {dose} {outcome} is {about} than without it (95 % interval {ends}). The chance that {the_drug} makes {outcome} "
    "worse by at least {mcid}, the smallest difference that matters, is {worse}; if it does anything, {given}."
)
_IF_ANY = (
    " If there is an effect, {outcome} is {about} on {dose} (95 % interval {ends}). The chance that it makes {outcome} "
    "worse by {mcid} or more is {worse}."
)
NOTHING = (
    "The chance that no dose that was taken helps by at least {mcid}, the smallest difference that matters, is "
    "{none}{nothing}." + _IF_ANY
)
NOTHING_SINGLE = (
    "The chance that {the_drug} does not help by at least {mcid}, the smallest difference that matters, is "
    "{none}{nothing}." + _IF_ANY
)
OPEN = (
    "While {dose} was taken, {outcome} was {about} (95 % interval {ends}): {the_drug} or hope together. There was no "
    "period without {the_drug} that the patient did not know about, so nobody can tell which."
)
USUAL = (
    "On {dose} {outcome} is {about} (95 % interval {ends}). The chance that it helps by at least {mcid}, the smallest "
    "difference that matters, is {reach}."
)
TOGETHER = (
    "On {dose} {outcome} is {about} (95 % interval {ends}): {the_drug} and the hope of it together. The chance that "
    "they help by at least {mcid}, the smallest difference that matters, is {reach}."
)
TOGETHER_GIVEN = (
    "On {dose} {outcome} is {about} (95 % interval {ends}): {the_drug} and the hope of it together. If they do "
    "anything, the chance that they help by at least {mcid}, the smallest difference that matters, is {reach}."
)


def _nothing_at_all(answer: Answer, tongue: Tongue) -> str:
    """The chance of no effect at all, said as what it is here."""
    p = tongue.chance(answer.p_no_effect)
    if wording.hoped(answer):
        return tongue.say("; that {nothing}, {p}", nothing=tongue.nothing(answer), p=p)
    return tongue.say("; that there is no effect at all, {p}", p=p)


def _higher(answer: Answer, tongue: Tongue) -> str:
    """Whether more did better, by the estimates, after a verdict that names a dose that works."""
    question, dose_mg = answer.question, answer.verdict.dose_mg
    named = next((d for d in answer.doses if d.dose_mg == dose_mg), None)
    if not answer.verdict.code.startswith("works") or named is None:
        return ""
    above = [d for d in wording.taken(answer) if d.dose_mg > named.dose_mg]
    more = [d for d in above if question.sign * (d.effect.mean - named.effect.mean) >= question.mcid / 2]
    if not above:
        return tongue.say(" No higher dose was taken.")
    if not more:
        return tongue.say(
            " Higher doses did not do better." if len(above) > 1 else " The higher dose did not do better."
        )
    best = max(more, key=lambda d: question.sign * d.effect.mean)
    gain = tongue.unit(question, tongue.plain(question, abs(best.effect.mean - named.effect.mean)))
    first = wording.sentence(tongue.dose(question, best.dose_mg))
    return tongue.say(" {first} is estimated to do better still, by {gain}.", first=first, gain=gain)


def note(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """What a reader must not miss: belief, and the two ways in which a probable answer can be wrong."""
    question, parts = answer.question, []
    if answer.verdict.qualified:
        parts.append(
            tongue.say(
                "The answer changes when what the patient guessed is taken into account: the {drug} may seem to work "
                "through having been noticed.",
                question,
            )
        )
    if answer.verdict.strength == "probable" and answer.verdict.code.startswith("works"):
        little = max(answer.smallest_dose.probabilities.get("none", 0.0) - answer.p_no_effect, 0.0)
        parts.append(
            tongue.say(
                "Of 100 people with exactly this diary, the {drug} would do nothing at all in {nothing}, and "
                "something, but too little at every dose, in {little}.",
                question,
                nothing=wording.in_100(answer.p_no_effect),
                little=wording.in_100(little),
            )
        )
    if wording.hoped(answer) and not answer.uninformative and answer.verdict.code != "open-label":
        parts.append(
            tongue.say(
                "There was no blinded comparison with no {drug}, so every effect on this page is {drug} and hope "
                "together.",
                question,
            )
        )
    return " ".join(parts)


def diary_words(answer: Answer, tongue: Tongue = ENGLISH) -> list[str]:
    """The caption of the diary."""
    points, run = diary.points(answer)
    out = []
    if run:
        out.append(
            tongue.say(
                "Each point is the mean of {days}; the thin line behind it runs from the lowest to the highest entry. "
                "{points} points stand for {entries} entries.",
                days=tongue.many(run, "{n} day", "{n} days"),
                points=tongue.count(len(points)),
                entries=tongue.count(answer.n_observed),
            )
        )
    if len(answer.course.time_days) and not answer.uninformative:
        left_in = wording.hoped(answer) and answer.expectation is not None
        out.append(tongue.say(COURSE_WITH_HOPE if left_in else COURSE, answer.question))
    if answer.diary.start is not None:
        out.append(tongue.say("Day 0 is {date}.", date=tongue.date(answer.diary.start)))
    return out


COURSE = "The course and its bands assume that {the_drug} does something; the dotted line is the same without it."
COURSE_WITH_HOPE = (
    "The course and its bands assume that {the_drug} does something; the dotted line is the same without it, the hope "
    "of it left in, which this diary cannot part from it."
)


def dose_key(answer: Answer, tongue: Tongue = ENGLISH) -> list[tuple[str, str]]:
    """Token and words of each dose taken, where the runs are too many for a word on each."""
    single = wording.single(answer.question)
    if len(diary.merged(answer, tongue)) <= MOST_NAMED and not single:
        return []
    tokens = dose_tokens([d.dose_mg for d in answer.doses])
    name = tongue.say("taken") if single else ""
    return [(tokens[d.dose_mg], name or tongue.dose(answer.question, d.dose_mg)) for d in wording.taken(answer)]


def effect_words(answer: Answer, tongue: Tongue = ENGLISH) -> list[str]:
    """The caption of the dose effects: what is compared, and what the two kinds of number assume."""
    question = answer.question
    if not wording.taken(answer):
        return [tongue.say("No dose of the ladder was taken.")]
    words = [
        tongue.say(SINGLE_COMPARED if wording.single(question) else EACH_COMPARED, question),
        tongue.say(PAST_LEFT if question.better == "lower" else PAST_RIGHT),
    ]
    p = tongue.chance(answer.p_no_effect)
    if not wording.hoped(answer):
        return [*words, tongue.say(ASSUMED, question, p=p)]
    words.append(tongue.say("What is shown is the {drug} and the hope of it together.", question))
    text = ASSUMED_TOGETHER if answer.expectation is None else ASSUMED_WITH_HOPE
    return [*words, tongue.say(text, question, nothing=tongue.nothing(answer), p=p)]


SINGLE_COMPARED = "It is compared with no {drug} in the same person."
EACH_COMPARED = "Each dose is compared with no {drug} in the same person."
PAST_LEFT = "Past the dashed line, on the left, is a difference that matters."
PAST_RIGHT = "Past the dashed line, on the right, is a difference that matters."
ASSUMED = (
    "Changes and intervals assume that the {drug} does something. The chances also count the possibility that it does "
    "nothing, which is {p}."
)
ASSUMED_TOGETHER = (
    "Changes and intervals assume that they do something. The chances also count the possibility that {nothing}, which "
    "is {p}."
)
ASSUMED_WITH_HOPE = "Changes, intervals and chances assume that they do something. The chance that {nothing} is {p}."


def smallest_words(answer: Answer, tongue: Tongue = ENGLISH) -> list[str]:
    """The 100 marks in words, and what stands behind "no dose"."""
    question = answer.question
    single = wording.single(question)
    counts = wording.marks(answer)
    nothing, little = counts[wording.NOTHING], counts[wording.TOO_LITTLE]
    out = [smallest_dose.sentence(answer, tongue)]
    if nothing and little:
        out.append(
            tongue.say(
                NOT_HELPED if single else NO_SUCH_DOSE, question, n=nothing + little, nothing=nothing, little=little
            )
        )
    elif nothing:
        out.append(tongue.say(ALL_NOTHING_SINGLE if single else ALL_NOTHING, question))
    elif little:
        out.append(tongue.say(ALL_LITTLE_SINGLE if single else ALL_LITTLE, question))
    return out


NOT_HELPED = (
    "Of the {n} whom it would not help, the {drug} would do nothing at all in {nothing} (filled marks) and something, "
    "but too little, in {little} (hollow marks)."
)
NO_SUCH_DOSE = (
    "Of the {n} without such a dose, the {drug} would do nothing at all in {nothing} (filled marks) and something, but "
    "too little, in {little} (hollow marks)."
)
ALL_NOTHING_SINGLE = "In those whom it would not help, the {drug} would do nothing at all."
ALL_NOTHING = "In those without such a dose, the {drug} would do nothing at all."
ALL_LITTLE_SINGLE = "In those whom it would not help, the {drug} would do something, but too little (hollow marks)."
ALL_LITTLE = "In those without such a dose, the {drug} would do something, but too little (hollow marks)."


def noise_words(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """What the day-to-day variation is like."""
    found, question = answer.noise, answer.question
    if question.kind != "gaussian":
        return _spells(answer, tongue)
    sd = tongue.unit(question, tongue.plain(question, found.sd.mean))
    words = [
        tongue.say(
            "On about two days in three, {noun} lies within {sd} of the fitted course.",
            noun=tongue.noun(question),
            sd=sd,
        )
    ]
    if found.white_share is not None:
        own = wording.in_100(found.white_share.mean)
        words.append(
            tongue.say(
                "About {own} of 100 parts of that scatter (of its variance) belong to the single entry.", own=own
            )
        )
        if found.correlation_days is not None:
            days = _tenths(found.correlation_days.mean, tongue)
            words.append(tongue.say("The rest carries over and fades by two thirds in about {days} days.", days=days))
    return " ".join([*words, _onset(answer, tongue)])


def _onset(answer: Answer, tongue: Tongue) -> str:
    """How an effect builds up."""
    onset = answer.noise.onset_days
    if onset is None:
        return tongue.say("The effect of a dose is taken to start and end at once.")
    days = _tenths(onset.mean, tongue)
    return tongue.say("About two thirds of a dose's effect are there after {days} days.", days=days)


def _tenths(days: float, tongue: Tongue) -> str:
    return tongue.number(f"{days:.1f}")


def _spells(answer: Answer, tongue: Tongue) -> str:
    """Good and bad spells of an outcome that is not Gaussian."""
    found = answer.noise
    scale = tongue.modelled_scale(answer.question)
    sd = tongue.number(f"{found.sd.mean:.2f}")
    words = [
        tongue.say("Beyond chance, good and bad spells move the answers by about {sd} {scale}.", sd=sd, scale=scale)
    ]
    if found.correlation_days is not None:
        days = _tenths(found.correlation_days.mean, tongue)
        words.append(tongue.say("They fade by two thirds in about {days} days.", days=days))
    return " ".join([*words, _onset(answer, tongue)])


def nothing_account(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The two accounts that are weighed against each other."""
    question = answer.question
    if not wording.hoped(answer):
        return tongue.say("that {the_drug} does nothing, and that it does something", question)
    if answer.expectation is not None:
        return tongue.say("that {nothing}, and that it does something", question, nothing=tongue.nothing(answer))
    return tongue.say("that {nothing}, and that they do something", question, nothing=tongue.nothing(answer))


def variant_words(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """How many other assumptions lead to the same answer."""
    same, other = tables.agreement(answer)
    if not answer.sensitivity:
        return tongue.say("No other model was computed for this diary.")
    one, more = (
        "The answer stays the same in {same} of {n} variant.",
        "The answer stays the same in {same} of {n} variants.",
    )
    words = [tongue.many(len(answer.sensitivity), one, more, same=same)]
    if not other:
        words.append(tongue.say("None of them changes it."))
    if any(row.change == BELIEF for row in answer.sensitivity):
        words.append(
            tongue.say(
                "The variant that takes guesses into account may agree with less certainty, where the protocol says so."
            )
        )
    return " ".join(words)


def secondary_words(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The count of outcomes looked at."""
    question = answer.question
    if answer.uninformative:
        return ""
    if answer.outcomes_looked_at <= 1 and not answer.secondary:
        return tongue.say("One outcome was looked at, and it decides: {noun}.", noun=tongue.noun(question))
    looked = tongue.many(
        answer.outcomes_looked_at,
        "{n} outcome was looked at. Only one decides: {primary}.",
        "{n} outcomes were looked at. Only one decides: {primary}.",
        primary=question.label or question.outcome,
    )
    return f"{looked} {tongue.say('The others are estimated alike and get no verdict.')}"


def numerical(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The numerical error of the integration."""
    mean, sd = answer.numerical_error
    if not (math.isfinite(mean) and math.isfinite(sd)):
        return tongue.say("The numerical error is not known.")
    shown = {"mean": tongue.number(f"{mean:.2g}"), "sd": tongue.number(f"{100 * sd:.2g}")}
    if answer.question.kind != "gaussian":
        text = "The standard error of a mean is at most {mean} posterior sd, that of an sd {sd} %."
        return tongue.say(text, **shown)
    return tongue.say(
        "Two grids of integration differ by at most {mean} posterior sd in a mean and {sd} % in an sd.", **shown
    )


def record(answer: Answer, tongue: Tongue = ENGLISH) -> list[tuple[str, str]]:
    """What was read and used, and what identifies it."""
    read = answer.diary
    none = tongue.say("None: the options of the command, and defaults")
    rows = [
        (tongue.say("Rows read"), tongue.count(read.rows_read)),
        (tongue.say("Rows refused"), tongue.count(len(read.refused))),
        (tongue.say("Entries used"), tongue.count(answer.n_observed)),
        (tongue.say("Entries set aside after an opioid or a stop"), tongue.count(answer.n_censored)),
        (tongue.say("Days without a known dose"), tongue.count(answer.n_dose_unknown)),
        (tongue.say("Protocol"), answer.protocol_name or none),
        (tongue.say("Smallest difference that matters"), _mcid_words(answer, tongue)),
        (tongue.say("Covariates"), tongue.listed(answer.question.covariates) or tongue.say("none")),
    ]
    rows += [(tongue.say("Diary"), PurePath(read.source.replace("\\", "/")).name)] if read.source else []
    rows += [(tongue.say("Diary, SHA-256"), read.sha256)] if read.sha256 else []
    rows += [(tongue.say("Protocol, SHA-256"), answer.protocol_sha256)] if answer.protocol_sha256 else []
    rows += [(tongue.say("Store, head of the chain"), answer.chain_head)] if answer.chain_head else []
    return rows


def _mcid_words(answer: Answer, tongue: Tongue) -> str:
    """The MCID with its source."""
    source = tongue.source(answer.question.mcid_source)
    return f"{tongue.mcid(answer.question)} ({source})" if source else tongue.mcid(answer.question)


def summary(answer: Answer, tongue: Tongue = ENGLISH) -> list[tuple[str, str, str]]:
    """The column beside the page: label, value, and a line of context."""
    known = not answer.uninformative
    read, refused = tongue.count(answer.diary.rows_read), tongue.count(len(answer.diary.refused))
    one = "in {n} day. Rows read {read}, refused {refused}"
    more = "in {n} days. Rows read {read}, refused {refused}"
    rows = [
        *(_no_effect(answer, tongue) if known else []),
        (
            tongue.say("Diary"),
            tongue.many(answer.n_observed, "{n} entry", "{n} entries"),
            tongue.many(answer.n_days, one, more, read=read, refused=refused),
        ),
        *(_variants(answer, tongue) if answer.sensitivity and known else []),
        *(_expectation(answer, tongue) if known and not wording.hoped(answer) else []),
    ]
    return [*rows, *(_counted(answer, tongue) if answer.side_effects else [])]


def _counted(answer: Answer, tongue: Tongue) -> list[tuple[str, str, str]]:
    """The side effect that was reported most, and how many were."""
    noticed = sorted((s for s in answer.side_effects if s.events), key=lambda s: (-s.events, s.name))
    first = tongue.say("None")
    if noticed:
        name = wording.sentence(noticed[0].label or noticed[0].name)
        first = tongue.say("{name}, {events} of {asked}", name=name, events=noticed[0].events, asked=noticed[0].asked)
    context = tongue.say(
        "{asked} asked about, {noticed} reported", asked=len(answer.side_effects), noticed=len(noticed)
    )
    return [(tongue.say("Side effects, as counted"), first, context)]


def _no_effect(answer: Answer, tongue: Tongue) -> list[tuple[str, str, str]]:
    """The chance of no effect, said as what it is here."""
    p = tongue.chance(answer.p_no_effect)
    if wording.hoped(answer):
        return [(tongue.nothing_head(answer), p, tongue.say("This diary cannot part the two"))]
    context = tongue.say("The chance that {the_drug} does nothing to this outcome", answer.question)
    return [(tongue.say("No effect at all"), p, context)]


def _variants(answer: Answer, tongue: Tongue) -> list[tuple[str, str, str]]:
    """In how many variants the answer is the same, and with which it differs."""
    same, other = tables.agreement(answer)
    differ = [tongue.inside(tables.sensitivity.change_words(row.change, tongue)) for row in other[:3]]
    context = tongue.say("None of them changes it")
    if len(other) > 3:
        text = "It differs with: {listed} and {n} more"
        context = tongue.say(text, listed=", ".join(differ), n=len(other) - 3)
    elif differ:
        context = tongue.say("It differs with: {listed}", listed=", ".join(differ))
    value = tongue.say("Same answer in {same} of {n}", same=same, n=len(answer.sensitivity))
    return [(tongue.say("If the model were different"), value, context)]


def _expectation(answer: Answer, tongue: Tongue) -> list[tuple[str, str, str]]:
    """The effect of expectation, where it has a term."""
    hope, question = answer.expectation, answer.question
    if hope is None:
        return []
    value = f"{tongue.signed(question, hope.mean)} {tongue.unit_word(question)}".strip()
    ends = tongue.span(question, hope.interval95)
    told = tongue.say("95 % interval {ends}, when told that it is {the_drug}", question, ends=ends)
    return [(tongue.say("Expectation alone"), value, told)]
