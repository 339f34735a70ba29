"""The sections of the prescriber's page, in the order of reading: which pieces stand where, and their fixed words."""

from collections.abc import Mapping
from typing import Any

from modicum.analysis.question import Question
from modicum.decision.answer import Answer
from modicum.foundation.version import version
from modicum.reports import prescriber, tables, theme, wording
from modicum.reports.blocks import Block, Figure, Heading, Item, Items, Key, Numbers, Pairs, Paragraph, Section
from modicum.reports.charts import diary, drawable
from modicum.reports.tongue import ENGLISH, Tongue, advice

SIDE_EFFECTS = "Side effects"
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


def sections(answer: Answer, tongue: Tongue = ENGLISH) -> tuple[Section, ...]:
    """Every section that this answer has something to say in."""
    known = not answer.uninformative
    found = [_diary(answer, tongue) if "diary" in drawable(answer) else None]
    found += [_effects(answer, tongue), _smallest(answer, tongue)] if known else []
    found += [_side_effects(answer, tongue)]
    found += [section(answer, tongue) for section in (_noise, _variants, _other_outcomes)] if known else []
    return (*(section for section in found if section is not None), _computation(answer, tongue))


def drawn(answer: Answer, chart: str, key: tuple[Key, ...] = (), caption: str = "", tongue: Tongue = ENGLISH) -> Figure:
    """A chart of this answer with its alternative text, key and caption; the caption alone where it cannot be drawn."""
    module = drawable(answer, tongue).get(chart)
    return Figure(chart, module.alternative(answer), key, caption) if module else Figure("", "", (), caption)


def _diary(answer: Answer, tongue: Tongue) -> Section:
    """The diary with what was taken, and the periods."""
    words = prescriber.diary_words(answer, tongue)
    _, run = diary.points(answer)
    key = [Key("entry", tongue.say("mean of the entries" if run else "an entry"))]
    if not answer.uninformative:
        key += [Key("course", tongue.say("fitted course, 50 % and 95 %"))]
        key += [Key("without", tongue.say("the same without the {drug}", answer.question))]
    key += [Key("dose", named, token) for token, named in prescriber.dose_key(answer, tongue)]
    placebo = any(diary.is_placebo(answer, block) for block in answer.blocks)
    key += [Key("placebo", tongue.say("placebo"))] if placebo else []
    blocks: list[Block] = [drawn(answer, "diary", tuple(key), " ".join(words), tongue)]
    if answer.blocks:
        blocks.append(Numbers(tables.periods(answer, tongue), folded=tongue.say("The periods as a table")))
    heading = tongue.say("What was taken, and how {noun} ran", noun=tongue.noun(answer.question))
    return Section(heading, tuple(blocks))


def _effects(answer: Answer, tongue: Tongue) -> Section:
    """What each dose does, as a chart and as numbers."""
    if wording.single(answer.question):
        heading = tongue.say("What was seen" if wording.hoped(answer) else "What it does", answer.question)
    else:
        heading = tongue.say("What was seen on each dose" if wording.hoped(answer) else "What each dose does")
    key = (Key("interval", tongue.say("estimate with 50 %, 80 % and 95 % intervals"), _token(answer)),)
    figure = drawn(answer, "dose_effect", key, " ".join(prescriber.effect_words(answer, tongue)), tongue)
    return Section(heading, (figure, Numbers(tables.effects(answer, tongue))))


def _token(answer: Answer) -> str:
    """The token of the dose in view, for the key of the intervals."""
    dose = wording.focus(answer)
    tokens = theme.dose_tokens([d.dose_mg for d in answer.doses]) if answer.doses else {}
    return tokens.get(dose.dose_mg, "dose-4") if dose else "dose-4"


def _smallest(answer: Answer, tongue: Tongue) -> Section | None:
    """How sure the smallest dose is, where there is one to ask for."""
    if "smallest_dose" not in drawable(answer):
        return None
    first, *rest = prescriber.smallest_words(answer, tongue)
    single = wording.single(answer.question)
    heading = tongue.say(
        "How sure is it that it works?" if single else "How sure is the smallest dose?", answer.question
    )
    figure = drawn(answer, "smallest_dose", caption=" ".join(rest), tongue=tongue)
    return Section(heading, (Paragraph(first), figure))


def _side_effects(answer: Answer, tongue: Tongue) -> Section:
    """Side effects as counted, and by the model."""
    asked: tuple[Block, ...] = (Paragraph(tongue.say("The diary did not ask about side effects.")),)
    if answer.side_effects:
        asked = (Paragraph(tongue.say(COUNTED)), Numbers(tables.side_effects(answer, tongue), titled=False))
    rates = tables.side_effect_rates(answer, tongue)
    if rates is not None:
        asked = (*asked, Paragraph(tongue.say(MODELLED)), Numbers(rates))
    return Section(tongue.say(SIDE_EFFECTS), asked)


def _noise(answer: Answer, tongue: Tongue) -> Section:
    """The variation from day to day."""
    words = Paragraph(prescriber.noise_words(answer, tongue))
    heading = tongue.say("How {noun} varies from day to day", noun=tongue.noun(answer.question))
    return Section(heading, (words, Numbers(tables.noise(answer, tongue), titled=False)))


def _variants(answer: Answer, tongue: Tongue) -> Section:
    """The answer under other assumptions."""
    blocks: list[Block] = [Paragraph(prescriber.variant_words(answer, tongue))]
    if "sensitivity" in drawable(answer):
        blocks.append(drawn(answer, "sensitivity", caption=tongue.say(EACH_LINE), tongue=tongue))
    if answer.sensitivity:
        blocks.append(Numbers(tables.variants(answer, tongue)))
    return Section(tongue.say("If the model were different"), tuple(blocks))


def _other_outcomes(answer: Answer, tongue: Tongue) -> Section:
    """The other outcomes, without a verdict."""
    blocks: list[Block] = [Paragraph(prescriber.secondary_words(answer, tongue))]
    if answer.secondary:
        blocks.append(Numbers(tables.secondary(answer, tongue), titled=False))
    return Section(tongue.say("Other outcomes"), tuple(blocks))


def _computation(answer: Answer, tongue: Tongue) -> Section:
    """How it was computed, from what, and what was set aside."""
    question = answer.question
    computed = tongue.say(EXACT if answer.question.kind == "gaussian" else SAMPLED)
    blocks: list[Block] = [
        Paragraph(_model(answer, tongue)),
        Paragraph(f"{computed} {prescriber.numerical(answer, tongue)}"),
        Numbers(tables.priors(answer, tongue)),
        Heading(tongue.say("What was read and used")),
        Pairs((*prescriber.record(answer, tongue), ("Modicum", version()))),
    ]
    lists = {
        tongue.say("Rows that were refused"): [_refused(item, question, tongue) for item in tables.refusals(answer)],
        tongue.say("What to know about this diary"): [
            _noted(item.to_dict(), question, tongue) for item in answer.warnings
        ],
        tongue.say("Sources"): [Item(tongue.citation(text)) for text in answer.citations],
    }
    for heading, rows in lists.items():
        blocks += [Heading(heading), Items(tuple(rows))] if rows else []
    return Section(tongue.say("How this was computed"), tuple(blocks))


def _model(answer: Answer, tongue: Tongue) -> str:
    """The sum that every entry is taken to be, and the two accounts that are weighed."""
    question = answer.question
    hope = tongue.say(" the effect of expecting the {drug},", question) if question.expectation else ""
    alike = "" if wording.single(question) else tongue.say(ALIKE)
    accounts = prescriber.nothing_account(answer, tongue)
    if question.kind == "gaussian":
        return tongue.say(GAUSSIAN, question, hope=hope, accounts=accounts, alike=alike)
    kind, link = tongue.say(_ANSWERS[question.kind]), tongue.say(_LINKS[question.kind])
    return tongue.say(LINKED, question, kind=kind, link=link, hope=hope, accounts=accounts, alike=alike)


ALIKE = ", with effects of neighbouring doses that resemble each other"
GAUSSIAN = (
    "Every entry is taken as the sum of a level with a slow trend, an ebb after the start, the effect of each dose as "
    "it builds up and wears off,{hope} a scatter that carries over from day to day, and a scatter of its own. Two "
    "accounts are weighed: {accounts}{alike}."
)
LINKED = (
    "Every answer is taken to be {kind} whose {link} is the sum of a level with a slow trend, an ebb after the start, "
    "the effect of each dose as it builds up and wears off,{hope} and a part that carries over from day to day. "
    "Effects are reported as what they change in the answers, averaged over the days that were answered. Two accounts "
    "are weighed: {accounts}{alike}."
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
    """A warning as a line of a list, in English: what to know, what to do, and where it was found if a value was."""
    return Item(advice(item["message"], item["fix"]), item["code"], _place(item))


def _noted(item: Mapping[str, str], question: Question, tongue: Tongue) -> Item:
    """The same in a language."""
    said = tongue.problem(item["code"], item["message"], item["fix"], question)
    return Item(said.text, item["code"], tongue.place(_place(item)), said.language)


def _place(item: Mapping[str, str]) -> str:
    """Where a warning was found, if a value was."""
    return f"{item['where']} ({item['value']})" if item["value"] else ""


def _refused(item: Mapping[str, Any], question: Question, tongue: Tongue) -> Item:
    """A reason for which rows were refused, with every place where it was found."""
    said = tongue.problem(item["code"], item["message"], item["fix"], question)
    return Item(said.text, item["code"], "; ".join(map(tongue.place, item["where"])), said.language)
