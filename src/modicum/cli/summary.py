"""The answer in a terminal: the verdict first, then each dose, then what it rests on."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from modicum.analysis.estimate import DoseEffect, Summary
from modicum.analysis.question import Question
from modicum.decision.answer import Answer, Secondary, SideEffect
from modicum.decision.words import nights_in_100
from modicum.reports import wording

NOT_A_PRESCRIPTION = "Modicum supports the prescriber's decision. It does not prescribe."


def print_summary(console: Console, answer: Answer) -> None:
    """Print what a person wants to know of an answer, the verdict first."""
    if answer.diary.virtual:
        console.print(Text("Virtual patient", style="italic dim"))
    console.print(Text(answer.verdict.sentence, style="bold"))
    for sentence in (*answer.verdict.reasons, answer.verdict.what_would_tell):
        if sentence:
            console.print(Padding(Text(sentence), (0, 0, 0, 2)))
    console.print()
    if not answer.uninformative:
        console.print(_doses(answer))
        console.print()
        if answer.blinded_drug_free and not _single(answer.question):
            console.print(_smallest(answer))
            console.print()
    for heading, lines in (("Side effects", _side_effects(answer)), ("Other outcomes", _other_outcomes(answer))):
        if lines:
            console.print(Text(f"{heading}:"))
            for line in lines:
                console.print(Padding(Text(line), (0, 0, 0, 2)))
            console.print()
    console.print(_facts(answer))
    console.print(Text(NOT_A_PRESCRIPTION, style="dim"))


def chance(probability: float) -> str:
    """A probability as people count: "92 in 100".

    Example:
        >>> chance(0.918), chance(0.001), chance(0.9999)
        ('92 in 100', 'fewer than 1 in 100', 'more than 99 in 100')
    """
    if probability < 0.005:
        return "fewer than 1 in 100"
    if probability > 0.995:
        return "more than 99 in 100"
    return f"{100 * probability:.0f} in 100"


def dose_words(dose_mg: float, question: Question) -> str:
    """A dose in words: "1.5 mg", or "taken" for a treatment without a dose."""
    if question.dose_unit:
        return f"{dose_mg:g} {question.dose_unit}"
    return "taken" if _single(question) else f"level {dose_mg:g}"


def number(value: float, question: Question) -> str:
    """A value of the outcome (a chance of 100), with digits that suit its range, thousands marked.

    Example:
        >>> from modicum.analysis.question import Question, default_priors
        >>> scale = Question("pain", "Pain", "points", "lower", 0, 10, 1, (1.0,), default_priors(0, 10, 1))
        >>> number(-1.234, scale), number(-0.01, scale)
        ('−1.2', '0.0')
    """
    span = wording.per(question) * (question.high - question.low)
    digits = 0 if question.kind == "binary" or span > 200 else 1 if span >= 5 else 2
    return f"{round(wording.per(question) * value, digits) + 0.0:,.{digits}f}".replace("-", "−")


def days(amount: float) -> str:
    """A length of time in days, with a decimal where it is short.

    Example:
        >>> days(2.24), days(12.4)
        ('2.2', '12')
    """
    return f"{amount:.1f}" if round(amount, 1) < 10 else f"{amount:.0f}"


def counted(count: int, word: str, many: str = "") -> str:
    """A count with its noun.

    Example:
        >>> counted(1, "day"), counted(2, "entry", "entries")
        ('1 day', '2 entries')
    """
    return f"{count} {word if count == 1 else many or word + 's'}"


def _treatment(question: Question) -> str:
    return "drug" if question.dose_unit else "treatment"


def _single(question: Question) -> bool:
    return not question.dose_unit and len(question.ladder_mg) == 1


def _interval(summary: Summary, question: Question) -> str:
    low, high = (number(end, question) for end in summary.interval95)
    return f"{number(summary.mean, question)} ({low} to {high})"


def _doses(answer: Answer) -> Table:
    question, treatment = answer.question, _treatment(answer.question)
    hope = "" if answer.blinded_drug_free else f" ({treatment} and hope together{_condition(answer)})"
    title = (
        f"{question.label}: effect of {'each dose' if question.dose_unit else 'the treatment'}{hope} "
        f"against no {treatment}, {wording.unit_word(question)}; "
        f"{question.better} is better, {wording.least(question)} matters"
    )
    table = Table(title=Text(title), title_justify="left", title_style="", box=None, padding=(0, 2, 0, 0))
    first = "Dose" if question.dose_unit else "Treatment"
    for heading in (
        first,
        "Days",
        "Effect (95 % interval)",
        "Better than none",
        f"Better by {wording.least(question)} or more",
    ):
        table.add_column(heading, justify="right" if heading == "Days" else "left")
    for dose in answer.doses:
        table.add_row(*map(Text, _dose_row(dose, answer)))
    return table


def _dose_row(dose: DoseEffect, answer: Answer) -> tuple[str, ...]:
    question = answer.question
    words = dose_words(dose.dose_mg, question)
    if not dose.taken:
        return (words, "0", "not taken", "", "")
    effect, p_better, p_mcid = dose.effect, (1 - answer.p_no_effect) * dose.p_better, dose.p_mcid
    if not answer.blinded_drug_free and dose.with_expectation is not None:
        effect, p_better, p_mcid = dose.with_expectation, dose.p_better_with_expectation, dose.p_mcid_with_expectation
    return (words, str(dose.days), _interval(effect, question), chance(p_better), chance(p_mcid))


def _condition(answer: Answer) -> str:
    """Hope may do something where the drug does nothing, so that the two together have chances under H1 only."""
    return "" if answer.expectation is None else ", if they do anything"


def _smallest(answer: Answer) -> Text:
    question = answer.question
    parts = [
        f"{'none' if key == 'none' else dose_words(float(key), question)} {chance(probability)}"
        for key, probability in answer.smallest_dose.probabilities.items()
    ]
    return Text(f"Smallest dose that helps by at least {wording.least(question)}: {', '.join(parts)}.")


def _side_effects(answer: Answer) -> list[str]:
    """Each side effect as counted by the dose in force, and what the top dose taken adds to it by the model."""
    top = max((dose.dose_mg for dose in answer.doses if dose.taken), default=None)
    return [
        f"{wording.stopped(f'{one.label or one.name}{_counts(one, answer.question)}')}{_added(one, top, answer)}"
        for one in answer.side_effects
    ]


def _counts(one: SideEffect, question: Question) -> str:
    if not one.events:
        return f": none in {counted(one.asked, 'entry', 'entries')}"
    nothing = f"without {_treatment(question)}"
    parts = [
        f"{events} of {asked} {nothing if dose == 0 else f'with {wording.dose(question, dose)}'}"
        for dose, asked, events in one.by_dose
        if asked
    ]
    severe = f"; {one.severe} moderate or worse" if one.severe else ""
    return f", entries with it: {', '.join(parts)}{severe}"


def _added(one: SideEffect, dose_mg: float | None, answer: Answer) -> str:
    if one.model is None or not one.events or dose_mg is None:
        return ""
    added = next(rate.attributable for rate in one.model.doses if rate.dose_mg == dose_mg)
    mean, low, high = (_nights(value) for value in (added.mean, *added.interval95))
    words = wording.dose(answer.question, dose_mg)
    return f" By the model, {words} instead of none: {mean} nights in 100 (95 % interval {low} to {high})."


def _nights(chance: float) -> str:
    """A difference of nights in 100 with its sign."""
    text = nights_in_100(chance).replace("-", wording.MINUS)
    return text if text.startswith(wording.MINUS) or float(text) == 0 else f"+{text}"


def _other_outcomes(answer: Answer) -> list[str]:
    """Each other outcome at the dose that the answer speaks of; none gets a verdict."""
    if answer.uninformative:
        return []
    return [_other_outcome(answer, other) for other in answer.secondary]


def _other_outcome(answer: Answer, other: Secondary) -> str:
    effect = wording.focus(answer, other.doses)
    name, question = other.label or other.outcome, answer.question
    if effect is None or not effect.taken:
        return f"{name}: not computed, as the dose in view was not taken."
    found, scale = wording.shown(answer, effect), wording.scale_of(other)
    together = f", {_treatment(question)} and hope together" if wording.hoped(answer) else ""
    amount = f"{wording.signed(scale, found.mean)} {wording.unit_word(scale)}".strip()
    return (
        f"{name} ({other.better} is better), {wording.dose(question, effect.dose_mg)} against none{together}: {amount} "
        f"(95 % interval {wording.span(scale, found.interval95)}). {_nothing(answer)}: {chance(other.p_no_effect)}."
    )


def _facts(answer: Answer) -> Text:
    diary, noise = answer.diary, answer.noise
    refused = f", {len(diary.refused)} refused" if diary.refused else ""
    counts = (
        f"{counted(diary.rows_read, 'row')} read{refused}; "
        f"{counted(answer.n_observed, 'entry', 'entries')} used over {counted(answer.n_days, 'day')}."
    )
    if answer.uninformative:
        return Text(counts)
    sentences = [
        f"{_nothing(answer)}: {chance(answer.p_no_effect)}.",
        _variation(answer),
    ]
    if noise.onset_days is not None:
        low, high = map(days, noise.onset_days.interval95)
        sentences.append(f"Effects come and go over {days(noise.onset_days.mean)} days ({low} to {high}).")
    return Text("\n".join([*sentences, counts]))


def _variation(answer: Answer) -> str:
    question, sd = answer.question, answer.noise.sd.mean
    if question.kind == "gaussian":
        return f"Entries vary by {number(sd, question)} {question.unit} (sd) about the course."
    return f"Beyond chance, answers move by {sd:.2f} (sd) on the link scale."


def _nothing(answer: Answer) -> str:
    """What is true under H0: with a term of its own, hope may still do something."""
    treatment = _treatment(answer.question)
    if answer.blinded_drug_free:
        return f"The {treatment} does nothing at all"
    if answer.expectation is None:
        return f"Neither {treatment} nor the hope of it does anything"
    return f"The {treatment} adds nothing to the hope of it"
