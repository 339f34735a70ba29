"""The sections of the prescriber's page, in the order of reading: which pieces stand where, and their fixed words."""

from collections.abc import Mapping

from modicum.decision.answer import Answer
from modicum.foundation.version import version
from modicum.reports import prescriber, tables, theme, wording
from modicum.reports.blocks import Block, Figure, Heading, Item, Items, Key, Numbers, Pairs, Paragraph, Section
from modicum.reports.charts import diary, drawable

COUNTED = "Counted, not attributed: a count does not say what caused it."
MODELLED = (
    "The model weighs nights on each dose against nights without, apart from the days after each step or new kit, "
    "whose effect fades; with so few nights the intervals are wide. How fast it fades rests on an assumption, not on a "
    "trial."
)
EACH_LINE = (
    "Each line is a 95 % interval under one changed assumption; the dashed line is the smallest difference that "
    "matters."
)
SAMPLED = (
    "Points of the posterior are drawn around its modes from fixed, evenly spread lattices and weighed by the exact "
    "density, the day-to-day process integrated. The lattices are always the same, so the same diary gives the same "
    "numbers."
)
EXACT = (
    "Given the four quantities of time and noise, everything else is linear and Gaussian and is integrated exactly; "
    "those four are integrated on a grid. Nothing is drawn at random, so the same diary gives the same numbers."
)


def sections(answer: Answer) -> tuple[Section, ...]:
    """Every section that this answer has something to say in."""
    known = not answer.uninformative
    found = [_diary(answer) if "diary" in drawable(answer) else None]
    found += [_effects(answer), _smallest(answer)] if known else []
    found += [_side_effects(answer)]
    found += [_noise(answer), _variants(answer), _other_outcomes(answer)] if known else []
    return (*(section for section in found if section is not None), _computation(answer))


def drawn(answer: Answer, chart: str, key: tuple[Key, ...] = (), caption: str = "") -> Figure:
    """A chart of this answer with its alternative text, key and caption; the caption alone where it cannot be drawn."""
    module = drawable(answer).get(chart)
    return Figure(chart, module.alternative(answer), key, caption) if module else Figure("", "", (), caption)


def _diary(answer: Answer) -> Section:
    """The diary with what was taken, and the periods."""
    words = prescriber.diary_words(answer)
    _, run = diary.points(answer)
    key = [Key("entry", "mean of the entries" if run else "an entry")]
    if not answer.uninformative:
        key += [Key("course", "fitted course, 50 % and 95 %")]
        key += [Key("without", f"the same without the {wording.drug(answer.question)}")]
    key += [Key("dose", named, token) for token, named in prescriber.dose_key(answer)]
    placebo = any(diary.is_placebo(answer, block) for block in answer.blocks)
    key += [Key("placebo", "placebo")] if placebo else []
    blocks: list[Block] = [drawn(answer, "diary", tuple(key), " ".join(words))]
    if answer.blocks:
        blocks.append(Numbers(tables.periods(answer), folded="The periods as a table"))
    return Section(f"What was taken, and how {wording.noun(answer.question)} ran", tuple(blocks))


def _effects(answer: Answer) -> Section:
    """What each dose does, as a chart and as numbers."""
    seen = "What was seen" if wording.hoped(answer) else "What it does"
    each = "What was seen on each dose" if wording.hoped(answer) else "What each dose does"
    key = (Key("interval", "estimate with 50 %, 80 % and 95 % intervals", _token(answer)),)
    figure = drawn(answer, "dose_effect", key, " ".join(prescriber.effect_words(answer)))
    return Section(seen if wording.single(answer.question) else each, (figure, Numbers(tables.effects(answer))))


def _token(answer: Answer) -> str:
    """The token of the dose in view, for the key of the intervals."""
    dose = wording.focus(answer)
    tokens = theme.dose_tokens([d.dose_mg for d in answer.doses]) if answer.doses else {}
    return tokens.get(dose.dose_mg, "dose-4") if dose else "dose-4"


def _smallest(answer: Answer) -> Section | None:
    """How sure the smallest dose is, where there is one to ask for."""
    if "smallest_dose" not in drawable(answer):
        return None
    first, *rest = prescriber.smallest_words(answer)
    single = wording.single(answer.question)
    heading = "How sure is it that it works?" if single else "How sure is the smallest dose?"
    return Section(heading, (Paragraph(first), drawn(answer, "smallest_dose", caption=" ".join(rest))))


def _side_effects(answer: Answer) -> Section:
    """Side effects as counted, and by the model."""
    asked: tuple[Block, ...] = (Paragraph("The diary did not ask about side effects."),)
    if answer.side_effects:
        asked = (Paragraph(COUNTED), Numbers(tables.side_effects(answer), titled=False))
    rates = tables.side_effect_rates(answer)
    if rates is not None:
        asked = (*asked, Paragraph(MODELLED), Numbers(rates))
    return Section("Side effects", asked)


def _noise(answer: Answer) -> Section:
    """The variation from day to day."""
    words = Paragraph(prescriber.noise_words(answer))
    heading = f"How {wording.noun(answer.question)} varies from day to day"
    return Section(heading, (words, Numbers(tables.noise(answer), titled=False)))


def _variants(answer: Answer) -> Section:
    """The answer under other assumptions."""
    blocks: list[Block] = [Paragraph(prescriber.variant_words(answer))]
    if "sensitivity" in drawable(answer):
        blocks.append(drawn(answer, "sensitivity", caption=EACH_LINE))
    if answer.sensitivity:
        blocks.append(Numbers(tables.variants(answer)))
    return Section("If the model were different", tuple(blocks))


def _other_outcomes(answer: Answer) -> Section:
    """The other outcomes, without a verdict."""
    blocks: list[Block] = [Paragraph(prescriber.secondary_words(answer))]
    if answer.secondary:
        blocks.append(Numbers(tables.secondary(answer), titled=False))
    return Section("Other outcomes", tuple(blocks))


def _computation(answer: Answer) -> Section:
    """How it was computed, from what, and what was set aside."""
    blocks: list[Block] = [
        Paragraph(_model(answer)),
        Paragraph(f"{EXACT if answer.question.kind == 'gaussian' else SAMPLED} {prescriber.numerical(answer)}"),
        Numbers(tables.priors(answer)),
        Heading("What was read and used"),
        Pairs((*prescriber.record(answer), ("Modicum", version()))),
    ]
    refused = [
        Item(_advice(item["message"], item["fix"]), item["code"], "; ".join(item["where"]))
        for item in tables.refusals(answer)
    ]
    warned = [warning(item.to_dict()) for item in answer.warnings]
    lists = {
        "Rows that were refused": refused,
        "What to know about this diary": warned,
        "Sources": [Item(citation) for citation in answer.citations],
    }
    for heading, rows in lists.items():
        blocks += [Heading(heading), Items(tuple(rows))] if rows else []
    return Section("How this was computed", tuple(blocks))


def _model(answer: Answer) -> str:
    """The sum that every entry is taken to be, and the two accounts that are weighed."""
    question = answer.question
    hope = f" the effect of expecting the {wording.drug(question)}," if question.expectation else ""
    alike = "" if wording.single(question) else ", with effects of neighbouring doses that resemble each other"
    if question.kind != "gaussian":
        return (
            f"Every answer is taken to be {_ANSWERS[question.kind]} whose {_LINKS[question.kind]} is the sum of "
            "a level with a slow trend, an ebb after the start, the effect of each dose as it builds up and wears "
            f"off,{hope} "
            "and a part that carries over from day to day. Effects are reported as what they change in the answers, "
            f"averaged over the days that were answered. Two accounts are weighed: {prescriber.nothing_account(answer)}"
            f"{alike}."
        )
    return (
        "Every entry is taken as the sum of a level with a slow trend, an ebb after the start, the effect of each dose "
        f"as it builds up and wears off,{hope} a scatter that carries over from day to day, and a scatter of its own. "
        f"Two accounts are weighed: {prescriber.nothing_account(answer)}{alike}."
    )


_ANSWERS = {
    "binary": "yes or no by a chance",
    "poisson": "a count (Poisson)",
    "negative-binomial": "a count that varies more than by chance alone (negative binomial)",
    "ordinal": "one of ordered categories",
}
_LINKS = {
    "binary": "log odds",
    "poisson": "log rate",
    "negative-binomial": "log rate",
    "ordinal": "log odds of lying above each cut point",
}


def warning(item: Mapping[str, str]) -> Item:
    """A warning as a line of a list: what to know, what to do, and where it was found if a value was."""
    place = f"{item['where']} ({item['value']})" if item["value"] else ""
    return Item(_advice(item["message"], item["fix"]), item["code"], place)


def _advice(message: str, fix: str) -> str:
    """What is wrong and what to do, as sentences."""
    return f"{wording.stopped(message)} {wording.stopped(fix)}".strip()
