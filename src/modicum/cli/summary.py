"""The answer in a terminal: the verdict first, then each dose, then what it rests on."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from modicum.analysis.estimate import DoseEffect, Summary
from modicum.analysis.question import Question
from modicum.decision.answer import Answer

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
    console.print(_doses(answer))
    console.print()
    if answer.verdict.code != "open-label":
        console.print(_smallest(answer))
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
    return "taken" if question.ladder_mg == (1.0,) else f"level {dose_mg:g}"


def number(value: float, question: Question) -> str:
    """A value of the outcome, with digits that suit its range.

    Example:
        >>> from modicum.analysis.question import Question, default_priors
        >>> scale = Question("pain", "Pain", "points", "lower", 0, 10, 1, (1.0,), default_priors(0, 10, 1))
        >>> number(-1.234, scale), number(-0.01, scale)
        ('−1.2', '0.0')
    """
    span = question.high - question.low
    digits = 1 if 5 <= span <= 200 else 0 if span > 200 else 2
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def _interval(summary: Summary, question: Question) -> str:
    low, high = (number(end, question) for end in summary.interval95)
    return f"{number(summary.mean, question)} ({low} to {high})"


def _doses(answer: Answer) -> Table:
    question = answer.question
    title = (
        f"{question.label}: effect of each dose{' (drug and hope together)' if _with_hope(answer) else ''} "
        f"against no drug, {question.unit}; "
        f"{question.better} is better, {question.mcid:g} matters"
    )
    table = Table(title=Text(title), title_justify="left", title_style="", box=None, padding=(0, 2, 0, 0))
    for heading in ("Dose", "Days", "Effect (95 % interval)", "Better than none", "Reaches what matters"):
        table.add_column(heading, justify="right" if heading == "Days" else "left")
    for dose in answer.doses:
        table.add_row(*map(Text, _dose_row(dose, answer)))
    return table


def _dose_row(dose: DoseEffect, answer: Answer) -> tuple[str, ...]:
    question = answer.question
    words = dose_words(dose.dose_mg, question)
    if not dose.taken:
        return (words, "0", "not taken", "", "")
    effect, p_better, p_mcid = dose.effect, dose.p_better, dose.p_mcid
    if answer.verdict.code == "open-label" and dose.with_expectation is not None:
        effect, p_better, p_mcid = dose.with_expectation, dose.p_better_with_expectation, dose.p_mcid_with_expectation
    return (words, str(dose.days), _interval(effect, question), chance(p_better), chance(p_mcid))


def _with_hope(answer: Answer) -> bool:
    """Whether the effects shown hold the effect of hope too (MODEL.md sections 1 and 2, open label)."""
    return answer.expectation is None or answer.verdict.code == "open-label"


def _smallest(answer: Answer) -> Text:
    parts = [
        f"{'none' if key == 'none' else dose_words(float(key), answer.question)} {chance(probability)}"
        for key, probability in answer.smallest_dose.probabilities.items()
    ]
    return Text(f"Smallest dose that works: {', '.join(parts)}.")


def _facts(answer: Answer) -> Text:
    noise, diary = answer.noise, answer.diary
    refused = f", {len(diary.refused)} refused" if diary.refused else ""
    sentences = [
        f"The drug does nothing at all: {chance(answer.p_no_effect)}.",
        f"Entries vary by {number(noise.sd.mean, answer.question)} {answer.question.unit} (sd) about the course.",
        f"{diary.rows_read} rows read{refused}; {answer.n_observed} entries used over {answer.n_days} days.",
    ]
    if noise.onset_days is not None:
        low, high = noise.onset_days.interval95
        sentences.insert(2, f"Effects come and go over {noise.onset_days.mean:.0f} days ({low:.1f} to {high:.0f}).")
    return Text("\n".join(sentences))
