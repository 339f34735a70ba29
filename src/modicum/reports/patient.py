"""The patient's page: one sheet in plain words. It says what was found and how sure; it never says what to take."""

from modicum.analysis.estimate import DoseEffect, Summary
from modicum.decision.answer import Answer, SideEffect
from modicum.reports import wording
from modicum.reports.blocks import Figure, Paragraph, PatientPage, Section
from modicum.reports.charts import drawable

MOST_SIDE_EFFECTS = 3
_NOTHING_TO_COMPARE = "Your diary has no day with both an answer and a dose, so there is nothing to compare yet."
_SAME = "Every answer in your diary is the same, so it cannot show whether anything changed."


def page(answer: Answer, kicker: str) -> PatientPage:
    """Everything that the page shows.

    Args:
        answer: what is shown.
        kicker: what this is and when it was, as the prescriber's page says it.
    """
    own = drawable(answer).get("own_scale")
    said = (
        ("How sure is this?", how_sure(answer)),
        ("What about more?", what_about_more(answer)),
        ("What you noticed", what_you_noticed(answer)),
        ("What happens next", what_happens_next(answer)),
    )
    entries = wording.plural(answer.n_observed, "entry", "entries")
    return PatientPage(
        name="For the patient",
        kicker=f"Your result. {kicker}",
        sentence=answer.verdict.patient_sentence or answer.verdict.sentence,
        figure=Figure("own_scale", own.alternative(answer)) if own else None,
        lead=lead(answer),
        sections=tuple(Section(heading, tuple(map(Paragraph, words))) for heading, words in said if words),
        entries=f"{entries} in {wording.plural(answer.n_days, 'day')}",
    )


def dose_of(answer: Answer) -> DoseEffect | None:
    """The dose that the page is about, where any was taken and the diary says anything."""
    dose = wording.focus(answer)
    return dose if dose is not None and dose.taken and not answer.uninformative else None


def lead(answer: Answer) -> str:
    """How much, in one or two sentences."""
    question, code = answer.question, answer.verdict.code
    dose = dose_of(answer)
    if dose is None:
        same = answer.uninformative and answer.n_observed
        return _SAME if same else _NOTHING_TO_COMPARE
    named, noun = wording.dose(question, dose.dose_mg), wording.subject(question)
    effect = wording.shown(answer, dose)
    change, small = wording.size(question, effect.mean), wording.mcid(question)
    without = "than without it"
    drug = wording.treatment(question)
    matters = f"{wording.sentence(small)} is the smallest difference that was set to matter."
    if code == "open-label":
        return (
            f"While you took {named}, your {noun} was about {change}. You knew what you were taking, so nobody can say "
            f"how much of that was {drug} and how much was hope, or time."
        )
    if code in ("cannot-tell", "futile"):
        return f"With {named} your {noun} {_between(answer, effect)} {without}. {matters}"
    if code == "nothing-that-matters":
        what = "The treatment is not" if wording.single(question) else "None of the doses you took is"
        return f"{what} likely to {wording.improve(question)} by {small} or more. {matters}"
    if code == "harm" and question.sign * effect.mean > 0:
        return "The trial stopped because of what you reported. Your prescriber will explain what was seen."
    changed = change if change == "no different" else f"about {change}"
    return f"With {named} your {noun} was {changed} {without}. {matters}"


def _between(answer: Answer, effect: Summary) -> str:
    """From one end of the 95 % interval to the other, in words."""
    low, high = (wording.size(answer.question, end) for end in effect.interval95)
    return f"was {low}" if low == high else f"may have been anything from {low} to {high}"


def how_sure(answer: Answer) -> list[str]:
    """How sure, as people out of 100; where nothing was compared blinded, first what the chances are about."""
    dose = dose_of(answer)
    if answer.uninformative:
        return []
    if dose is None:
        return ["There is nothing yet to be sure of."]
    if not wording.hoped(answer):
        return _chances(answer, dose)
    drug = wording.treatment(answer.question)
    hope = f"What is seen here is {drug} and the hope of it together; this diary cannot part them."
    return [hope, *(_open(answer, dose) if answer.verdict.code == "open-label" else _chances(answer, dose))]


def _chances(answer: Answer, dose: DoseEffect) -> list[str]:
    """How sure of the verdict, both sides of the chance."""
    question, code = answer.question, answer.verdict.code
    named, small = wording.dose(question, dose.dose_mg), wording.mcid(question)
    if code == "harm":
        return [_harm(answer, dose)]
    if code == "nothing-that-matters":
        none = answer.smallest_dose.probabilities.get("none", answer.p_no_effect)
        what, one = (
            ("the treatment would not", "it") if wording.single(question) else ("no dose that you took would", "one")
        )
        return [
            f"{_degree(none)}: for {_people(none)} with a diary like yours, {what} truly help by {small} or more. "
            f"For {_others(none)} {one} would."
        ]
    p = wording.shown_chance(answer, dose)
    it = "the two together" if wording.hoped(answer) else "it"
    helps = f"for {_people(p)} with a diary like yours {it} truly would, by {small} or more"
    if not code.startswith("works"):
        words = f"{helps}. For {_others(p)} {it} would help less, not at all, or make it worse."
        hope = ", with the hope of it," if wording.hoped(answer) else ""
        return [f"Not sure whether {named}{hope} helps: {words}"]
    words = f"{helps}. For {_others(p)} it would help less, or not at all."
    return [f"{_degree(p)} that {named} helps: {words}", *_less(answer, dose)]


def _open(answer: Answer, dose: DoseEffect) -> list[str]:
    """How sure that it was better, and why nobody knows what did it."""
    p = wording.shown_chance(answer, dose)
    return [
        f"{_degree(p)} that you were better: for {_people(p)} with a diary like yours the change would truly be "
        f"{wording.mcid(answer.question)} or more.",
        f"Not sure why. To know whether it was {wording.treatment(answer.question)}, some weeks have to pass in which "
        "you do not know what you take.",
    ]


def _harm(answer: Answer, dose: DoseEffect) -> str:
    """How sure that a dose makes it worse; a trial stopped for another reason has no such number."""
    question = answer.question
    if question.sign * dose.effect.mean >= 0:
        return "This page is about your safety, not about chances."
    return (
        f"{wording.sentence(wording.dose(question, dose.dose_mg))} {wording.worsens(question)} by "
        f"{wording.mcid(question)} or more for {_people(wording.p_worse(answer, dose))} with a diary like yours."
    )


def _less(answer: Answer, dose: DoseEffect) -> list[str]:
    """How sure that nothing smaller would do."""
    question = answer.question
    lower = [d for d in wording.taken(answer) if d.dose_mg < dose.dose_mg]
    if not lower:
        return [f"No dose below {wording.dose(question, dose.dose_mg)} was tried."] if question.dose_unit else []
    given = answer.smallest_dose.probabilities
    enough = sum(given.get(repr(float(d.dose_mg)), 0.0) for d in lower)
    largest = f"{wording.dose(question, lower[-1].dose_mg)}{' or less' if len(lower) > 1 else ''}"
    degree = "Quite sure" if enough < 0.1 else "Less sure"
    people = f"{'about ' if 0.01 <= enough <= 0.99 else ''}{_people(enough)}"
    return [f"{degree} that nothing smaller would do: for {people} with your diary, {largest} would be enough."]


def _degree(p: float) -> str:
    """A probability as a degree of being sure."""
    if p >= 0.9:
        return "Quite sure"
    return "Fairly sure" if p >= 0.7 else "More likely than not" if p >= 0.5 else "Not sure"


def _people(p: float) -> str:
    """A probability as people: "92 of 100 people"."""
    if p < 0.01:
        return "fewer than 1 of 100 people"
    return "more than 99 of 100 people" if p > 0.99 else f"{wording.in_100(p)} of 100 people"


def _others(p: float) -> str:
    """The rest of 100 people."""
    if p < 0.01 or p > 0.99:
        return "the others"
    return f"the other {100 - wording.in_100(p)}"


def what_about_more(answer: Answer) -> list[str]:
    """What the diary says about higher doses; nothing is recommended."""
    question, code = answer.question, answer.verdict.code
    known = wording.taken(answer)
    dose = dose_of(answer)
    if not question.dose_unit or dose is None or not known:
        return []
    top = wording.dose(question, known[-1].dose_mg)
    fixed = {
        "harm": "There is no reason in your diary to take more.",
        "nothing-that-matters": f"You took up to {top}. There is no reason in your diary to take more.",
        "open-label": "The smallest dose that is enough cannot be read from this diary; nor can a reason to take more.",
        "cannot-tell": f"You took up to {top}. Whether more would help cannot be read from this diary.",
        "futile": f"You took up to {top}. Whether more would help cannot be read from this diary.",
    }
    if code in fixed:
        return [fixed[code]]
    above = [d for d in known if d.dose_mg > dose.dose_mg]
    if not above:
        return [f"You took nothing above {wording.dose(question, dose.dose_mg)}, so this page cannot say."]
    best = better_of(answer, dose, above)
    if best is not None:
        gain = wording.unit(question, wording.plain(question, abs(best.effect.mean - dose.effect.mean)))
        return [
            f"{wording.sentence(wording.dose(question, best.dose_mg))} may do better still, by about {gain}. "
            "Whether that is worth a higher dose is for you and your prescriber to weigh."
        ]
    names = wording.listed(wording.dose(question, d.dose_mg) for d in above)
    named = wording.dose(question, dose.dose_mg)
    return [f"{names} did no better than {named}. There is no reason in your diary to take more."]


def better_of(answer: Answer, dose: DoseEffect, above: list[DoseEffect]) -> DoseEffect | None:
    """The best of some larger doses where it is better by half a difference that matters; else None."""
    question = answer.question
    more = [d for d in above if question.sign * (d.effect.mean - dose.effect.mean) >= question.mcid / 2]
    return max(more, key=lambda d: question.sign * d.effect.mean, default=None)


def what_you_noticed(answer: Answer) -> list[str]:
    """Side effects as counted, the most frequent first, and that a count is not a cause."""
    if not answer.side_effects:
        return ["This diary did not ask about side effects."]
    found = noticed(answer)
    if not found:
        return ["You reported none of the side effects that the diary asked about."]
    said = [_noticed(answer, s.label or s.name, s.events, s.asked, s.severe) for s in found[:MOST_SIDE_EFFECTS]]
    left = len(found) - MOST_SIDE_EFFECTS
    more = f" {wording.plural(left, 'other is', 'others are')} in the full report." if left > 0 else ""
    return [f"{' '.join(said)}{more}", "These are counts. They do not say what caused it."]


def noticed(answer: Answer) -> list[SideEffect]:
    """The side effects that were reported, the most frequent first."""
    return sorted((s for s in answer.side_effects if s.events), key=lambda s: (-s.events, s.name))


def _noticed(answer: Answer, label: str, events: int, asked: int, severe: int) -> str:
    """One side effect in a sentence."""
    worse = f", {severe} of them moderate or worse" if severe else ""
    return f"{wording.sentence(label)}: {events} of {wording.plural(asked, 'answer')}{worse}."


def what_happens_next(answer: Answer) -> list[str]:
    """Where to take the page, what a day is worth, and what would tell."""
    if answer.verdict.code == "harm":
        return ["Talk to your prescriber now, before the next dose if you can. If you feel seriously unwell, get help."]
    out = [
        "Take this page to your prescriber, and decide together. Do not start, stop or change a dose because of this "
        "page alone.",
        "Some weeks will be better and some worse, with any dose.",
    ]
    if answer.verdict.what_would_tell and not answer.uninformative:
        out.append("The prescriber's page says which further weeks would tell, and with what chance.")
    return out
