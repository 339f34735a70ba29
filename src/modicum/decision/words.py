"""How numbers are said: natural frequencies, doses, differences (DESIGN, words)."""

from modicum.analysis.question import Question


def in_100(probability: float) -> str:
    """A probability as a natural frequency.

    Example:
        >>> in_100(0.92), in_100(0.001), in_100(0.999), in_100(0.0), in_100(0.5)
        ('92 in 100', 'fewer than 1 in 100', 'more than 99 in 100', 'fewer than 1 in 100', '50 in 100')
    """
    percent = 100 * probability
    if percent < 1:
        return "fewer than 1 in 100"
    if percent > 99:
        return "more than 99 in 100"
    return f"{round(percent)} in 100"


def chances_in_10(probability: float) -> str:
    """A probability of something to come, roughly.

    Example:
        >>> chances_in_10(0.82), chances_in_10(0.04), chances_in_10(0.99)
        ('about 8 chances in 10', 'less than 1 chance in 10', 'more than 9 chances in 10')
    """
    tenths = round(10 * probability)
    if tenths < 1:
        return "less than 1 chance in 10"
    if tenths >= 10:
        return "more than 9 chances in 10"
    return f"about {tenths} chance{'s' if tenths > 1 else ''} in 10"


def dose_words(dose_mg: float, question: Question) -> str:
    """A dose as it is said; a treatment without a dose is "the treatment"."""
    if question.dose_unit:
        return f"{dose_mg:g} {question.dose_unit}"
    return "the treatment" if len(question.ladder_mg) == 1 else f"level {dose_mg:g}"


def drug_word(question: Question) -> str:
    """What is given: a drug where it has a dose, else a treatment."""
    return "drug" if question.dose_unit else "treatment"


def amount(value: float, question: Question) -> str:
    """An amount of the outcome with its unit, without sign: "1 point", "1.8 points", "0.2 (no unit)" as "0.2".

    Example:
        >>> from modicum.analysis.question import default_priors
        >>> q = Question("pain", "Pain", "points", "lower", 0, 10, 1, (1.0,), default_priors(0, 10, 1))
        >>> amount(-1.0, q), amount(1.76, q)
        ('1 point', '1.8 points')
    """
    if question.kind == "binary":
        return f"{nights_in_100(abs(value))} in 100"
    if abs(value) >= 1000:
        return f"{abs(value):,.0f} {question.unit}".strip()
    places = 1 if question.mcid >= 0.5 else 2
    number = f"{abs(value):.3g}" if abs(value) < 0.1 else f"{round(abs(value), places):g}"
    unit = question.unit.removesuffix("s") if number == "1" and question.unit == "points" else question.unit
    return f"{number} {unit}".strip()


def nights_in_100(chance: float) -> str:
    """A chance a night as nights of a hundred, one place where there are few.

    Example:
        >>> nights_in_100(0.123), nights_in_100(-0.004)
        ('12', '−0.4')
    """
    nights = 100 * chance
    nights = round(nights, 0 if abs(nights) >= 10 else 1) + 0.0  # no minus before nothing
    return f"{nights:g}".replace("-", "\u2212")


def sentence(text: str) -> str:
    """Start with a capital letter and end with a stop, leaving the rest as it is."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else text + "."
