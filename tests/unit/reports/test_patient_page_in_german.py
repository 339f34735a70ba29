"""The patient's page in German says what the English one says: sentence for sentence, with the same numbers."""

import ast
import inspect
import json
import re
from dataclasses import replace
from functools import partial
from html import unescape

import pytest

from modicum.decision import sentences
from modicum.decision.answer import SideEffect
from modicum.reports import german, patient, render_patient
from modicum.reports.charts import own_scale
from modicum.reports.german import verdict
from modicum.reports.telling import tell
from modicum.reports.view import view
from modicum.services.diary.words import say
from unit.reports.synthetic_answers import build, flat, gallery, question

SAY = partial(say, language="de")
ENGLISH = re.compile(
    r"\b(the|of|is|are|were|and|with|without|than|your|you|not|that|this|would|will|days?|entry|entries|people|lower"
    r"|higher|points?|doses?|page|no)\b"
)
FORMS = {
    "Going on would not show that it helps.": "Weiterzumachen würde nicht zeigen, dass es hilft.",
    "You were better in those weeks, but nobody can tell whether that was the drug or hope.": (
        "Es ging Ihnen in diesen Wochen besser, aber niemand kann sagen, ob es das Mittel war oder die Hoffnung."
    ),
    "Your diary cannot tell yet.": "Ihr Tagebuch kann es noch nicht sagen.",
    "Your diary cannot tell: there is less to gain than the smallest difference that matters.": (
        "Ihr Tagebuch kann es nicht sagen: Es ist weniger zu gewinnen als der kleinste Unterschied, auf den es ankommt."
    ),
    "Stop and talk: red flag.": "Hören Sie auf, und sprechen Sie darüber: Warnzeichen.",
    "Stop and talk: dreams and red flag was rated severe.": (
        "Hören Sie auf, und sprechen Sie darüber: Als schwer wurde angegeben: Lebhafte Träume und Warnzeichen."
    ),
    "Stop: 4.5 mg probably makes you worse.": "Hören Sie auf: Mit 4,5 mg geht es Ihnen wahrscheinlich schlechter.",
    "Stop: the treatment makes you worse.": "Hören Sie auf: Mit der Behandlung geht es Ihnen schlechter.",
    "The drug does nothing for you that matters.": "Das Mittel bewirkt bei Ihnen nichts, worauf es ankommt.",
    "The treatment does nothing for you that matters.": "Die Behandlung bewirkt bei Ihnen nichts, worauf es ankommt.",
    "No dose tried helps you enough to matter, and 0.5 mg may make you worse (by 1.5 points or more: 12 in 100).": (
        "Keine der versuchten Dosen hilft Ihnen so, dass es darauf ankommt, und mit 0,5 mg kann es Ihnen schlechter"
        " gehen (um 1,5 Punkte oder mehr: 12 von 100)."
    ),
    "The drug does not help you, and may make you worse (by 1 point or more: fewer than 1 in 100).": (
        "Das Mittel hilft Ihnen nicht, und damit kann es Ihnen schlechter gehen"
        " (um 1 Punkt oder mehr: weniger als 1 von 100)."
    ),
    "3 mg probably works for you, but no better than 1.5 mg.": (
        "3 mg wirkt bei Ihnen wahrscheinlich, aber nicht besser als 1,5 mg."
    ),
    "3 mg works for you, but no better than 1.5 mg.": "3 mg wirkt bei Ihnen, aber nicht besser als 1,5 mg.",
    "1.5 mg works for you, and no smaller dose was shown to.": (
        "1,5 mg wirkt bei Ihnen, und von keiner kleineren Dosis hat sich das gezeigt."
    ),
    "Level 2 works for you.": "Stufe 2 wirkt bei Ihnen.",
    "4.5 mg works for you, perhaps through having noticed the drug.": (
        "4,5 mg wirkt bei Ihnen, vielleicht, weil Sie das Mittel bemerkt haben."
    ),
}


def binary(better):
    asked = question(low=0.0, high=1.0, mcid=0.1, kind="binary", unit="in chance", label="Headache", better=better)
    size = -0.3 if better == "lower" else 0.3
    return {
        f"chance-{better}": build("works", asked=asked, effects={1.5: size, 3.0: size}, sd=0.05),
        f"no-chance-{better}": build("nothing-that-matters", asked=asked, effects=flat(mean=0.01), sd=0.03),
        f"worse-chance-{better}": build("harm", asked=asked, effects={3.0: -size}, sd=0.05),
    }


def several_effects():
    names = ("vivid_dreams", "headache", "dizziness", "anxiety", "low_mood")
    effects = [SideEffect(one, one.title(), 1, 9 - at, at % 2, ()) for at, one in enumerate(names)]
    none = [replace(one, events=0) for one in effects]
    return {
        "many-effects": replace(build("works"), side_effects=tuple(effects)),
        "no-effect-told": replace(build("works"), side_effects=tuple(none)),
        "not-asked": replace(build("works"), side_effects=()),
    }


ANSWERS = gallery() | binary("lower") | binary("higher") | several_effects()


def both(answer):
    """The page in English and in German."""
    return view(answer).patient, tell(answer, "de", SAY).view.patient


def parts(page):
    """Everything that a page says about the diary, heading by heading; not what its verdict and its dates are."""
    figure = page.figure.alternative if page.figure else ""
    told = [(one.heading, [block.text for block in one.blocks]) for one in page.sections]
    return [("", [figure]), ("", [page.lead]), ("", [page.entries]), *told]


def numbers(text, *, german_signs):
    found = re.findall(r"\d[\d.,]*\d|\d", text)
    swapped = (one.translate(str.maketrans(",.", ".,")) if german_signs else one for one in found)
    return sorted(swapped)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_part_is_there_in_both_languages_with_the_same_numbers(name):
    english, translated = both(ANSWERS[name])
    first, second = parts(english), parts(translated)
    assert len(first) == len(second)
    for (_, one), (_, other) in zip(first, second, strict=True):
        assert len(one) == len(other)
        for text, told in zip(one, other, strict=True):
            assert numbers(text, german_signs=False) == numbers(told, german_signs=True), (text, told)


@pytest.mark.parametrize("name", ANSWERS)
def test_no_english_is_left_in_a_german_page(name):
    answer = ANSWERS[name]
    if re.search("asleep|Mood in", answer.question.label):
        answer = replace(answer, question=replace(answer.question, label="Schlaf"))
    answer = replace(answer, title="", verdict=replace(answer.verdict, patient_sentence="Your diary cannot tell yet."))
    page = render_patient(answer, "de", SAY)
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    words = unescape(re.sub(r"<[^>]+>", " ", body) + " ".join(re.findall(r'(?:aria-label|content)="([^"]*)"', body)))
    said = re.sub(r"default-src.*?data:", "", words)
    assert not ENGLISH.findall(said.replace("Share of the night", "")), said
    assert '<html lang="de">' in page
    assert 'lang="en"' not in page


def test_the_same_answer_gives_the_same_page_and_english_stays_as_it_was():
    answer = ANSWERS["works"]
    assert render_patient(answer, "de", SAY) == render_patient(answer, "de", SAY)
    assert render_patient(answer) == render_patient(answer, "en", SAY) == render_patient(answer, "fi", SAY)
    assert render_patient(answer) != render_patient(answer, "de", SAY)


@pytest.mark.parametrize("english", FORMS)
def test_a_verdict_is_said_in_german_in_the_form_that_was_decided(english):
    answer = german.translated(build("works"), SAY)
    decided = replace(answer, verdict=replace(answer.verdict, patient_sentence=english))
    assert verdict.patient_sentence(decided).replace("\N{NO-BREAK SPACE}", " ") == FORMS[english]


@pytest.mark.parametrize("function", ["patient_sentence", "_why_not", "_nothing", "_works", "_harm"])
def test_every_piece_of_a_verdict_that_is_decided_stands_in_a_form_that_has_its_german(function):
    spoken = " ".join(FORMS).lower()
    said = ast.parse(inspect.getsource(getattr(sentences, function)))
    docstring = ast.get_docstring(said.body[0], clean=False)
    pieces = {one.value for one in ast.walk(said) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    kept = {one for one in pieces if " " in one.strip() and one != docstring and "names its dose" not in one}
    own = {one.replace("works,", "works for you,") for one in kept}  # as patient_sentence makes it
    assert [one for one in own if one.lower().rstrip() not in spoken] == []
    assert sentences.NOTICED.format(drug="drug") in spoken


def test_a_verdict_of_no_known_form_is_shown_as_it_was_decided_and_marked_as_english():
    answer = ANSWERS["open-label"]
    page = tell(answer, "de", SAY).view.patient
    assert (page.sentence, page.sentence_language) == (answer.verdict.patient_sentence, "en")
    assert re.search(r'<h1[^>]* lang="en">Your pain was lower', render_patient(answer, "de", SAY))


def test_a_binary_outcome_is_raised_or_lowered():
    for better, word in (("lower", "senkt"), ("higher", "erhöht")):
        page = both(ANSWERS[f"no-chance-{better}"])[1]
        assert f"{word} keine der Dosen, die Sie nahmen, die Chance auf „Kopfschmerzen“" in page.lead
    assert "10\N{NO-BREAK SPACE}von\N{NO-BREAK SPACE}100" in page.lead


def test_the_drawing_has_german_words_and_commas_in_both_widths():
    answer = german.translated(ANSWERS["works"], SAY)
    for width in (638, 294):
        drawn = json.dumps(german.chart.spec(answer, width), ensure_ascii=False)
        assert "ohne das Mittel" in drawn
        assert "mit 1,5\N{NO-BREAK SPACE}mg" in drawn
        assert "4,3" in drawn
        assert "without" not in drawn
    assert str(own_scale.spec(answer, 638)) != str(german.chart.spec(answer, 638))


def test_the_german_page_names_as_many_side_effects_and_counts_the_others():
    page = both(ANSWERS["many-effects"])[1]
    noticed = next(one for one in page.sections if one.heading == "Was Ihnen auffiel").blocks[0].text
    assert noticed.count("von 1 Antwort") == patient.MOST_SIDE_EFFECTS
    assert noticed.endswith("2 weitere stehen im vollständigen Bericht.")
