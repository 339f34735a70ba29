"""The prescriber's page in German says what the English one says: piece for piece, with the same numbers."""

import ast
import inspect
import json
import re
import string
import textwrap
from dataclasses import asdict, replace
from functools import cache
from html import unescape

import pytest

from modicum.decision import sentences
from modicum.decision.sentences import NOTICED
from modicum.foundation.errors import Problem
from modicum.records import cells, clock, doses, entries, layout, sheet, text, timeline, titles
from modicum.reports import prescriber, render, sections, tables, tongue, view
from modicum.reports.charts import diary, dose_effect, sensitivity, smallest_dose
from modicum.reports.german import forms
from modicum.reports.paper import typeset
from modicum.reports.telling import tell
from modicum.reports.theme import web_svg
from modicum.services import asking, cautions, covariates
from unit.reports.html_pages import (
    assert_colours_are_known,
    assert_headings_have_no_gap,
    assert_needs_nothing,
    assert_policy_holds,
)
from unit.reports.pdf_files import catalogue, opened
from unit.reports.synthetic_answers import build, question
from unit.reports.test_patient_page_in_german import ANSWERS as SHOWN
from unit.reports.test_patient_page_in_german import SAY

SPEAKING = (tongue, prescriber, sections, tables, view, diary, dose_effect, sensitivity, smallest_dose)
ENGLISH = re.compile(
    r"\b(the|of|is|are|were|and|with|without|than|your|you|not|that|this|would|will|days?|entry|entries|people|lower|by"
    r"|higher|points?|doses?|page|no|to|on|change|chance|interval|what|how|for|effects?|nothing|taken|drug|none)\b"
)
DECIDED = {  # a sentence in the form in which it is decided, and the dose that it names
    "works": "1.5 mg works, and no smaller dose was shown to.",
    "works-smaller-too": "3 mg works, but no better than 1.5 mg.",
    "nothing-that-matters": (
        "No dose tried helps enough to matter, and 3 mg may make pain worse (by 1 point or more: 6 in 100)."
    ),
    "harm": "Stop: 3 mg probably makes pain worse.",
    "futile": "Going on is futile: it would hardly show that the drug works.",
    "open-label": "Better under the drug, which cannot be told from hope.",
    "cannot-tell": "This diary cannot tell yet.",
}
REASONS = (
    "Effect of 1.5 mg against no drug: \u22121.8 points (95 % interval \u22122.8 to \u22120.7), if the drug does "
    "anything.",
    "The chance that 1.5 mg helps by at least 1 point, the smallest difference that matters, is 92 in 100; if the drug "
    "does anything, it is more than 99 in 100.",
    "The chance that 3 mg makes it worse by at least 1 point is fewer than 1 in 100; if the drug does anything, it is "
    "2 in 100. The rule stops from 90 in 100 of these on.",
    "Vivid dreams: 3 mg adds about 1.5 nights in 100 with it to those without the drug (95 % \u22120.4 to 12).",
)
WOULD_TELL = (
    "16 more weeks of 1.5 mg against placebo, blinded, in 4 pairs, each 14 days on and 14 days off, would tell with "
    "about 8 chances in 10 (5 that it works, 3 that it makes no difference that matters). This is computed in closed "
    "form from the model, not simulated."
)
REFUSED = Problem(
    "MOD-DIARY-14",
    "line 12, column pain",
    "viel",
    "This is not a finite number",
    "Write a number, or leave the cell empty.",
)
SOURCED = "Salaffi F et al. 2004, Eur J Pain (trial)"


def decided(answer):
    """The answer with sentences of the forms in which they are decided, and no words that nobody translated."""
    code, asked = answer.verdict.code, answer.question

    def said(words):
        chance = asked.kind == "binary"
        return words.replace("1 point", "10 in 100").replace("1.8 points", "18 in 100") if chance else words

    verdict = replace(
        answer.verdict,
        sentence=said(DECIDED[code]),
        reasons=tuple(map(said, REASONS)),
        what_would_tell=WOULD_TELL if code == "cannot-tell" else "",
    )
    labels = {} if SAY(asked.label) != asked.label else {"label": "Schlaf", "low_label": "", "high_label": ""}
    return replace(
        answer,
        title="",
        verdict=verdict,
        question=replace(asked, mcid_source=SOURCED, **labels),
        secondary=tuple(replace(one, label="Schlaf") for one in answer.secondary),
        blocks=tuple(replace(one, phase="titration") for one in answer.blocks),
        citations=(SOURCED,),
        warnings=(),
        diary=replace(answer.diary, refused=(REFUSED,)),
    )


def linked(kind):
    asked = question(low=0.0, high=20.0, mcid=1.0, kind=kind, unit="events", label="Headache")
    return build("works", asked=asked)


ANSWERS = {name: decided(answer) for name, answer in SHOWN.items()} | {
    kind: decided(linked(kind)) for kind in ("poisson", "negative-binomial", "ordinal")
}
DRAWN = ("works", "nothing-that-matters", "cannot-tell", "open-label", "no-dose-unit", "poisson")


@cache
def told(name):
    """The page in English and in German."""
    answer = ANSWERS[name]
    return view.view(answer).prescriber, tell(answer, "de", SAY).view.prescriber


@cache
def document(name):
    return render(ANSWERS[name], "de", SAY)


def pairs(one, other, where=""):
    """Every text of a page beside its German, and a failure where the pages do not have the same pieces."""
    assert type(one) is type(other), where
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            yield from pairs(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for place, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from pairs(first, second, f"{where}[{place}]")
    elif isinstance(one, str):
        yield where, one, other
    else:
        assert one == other, where


def numbers(said, *, german):
    found = re.findall(r"\d[\d.,]*\d|\d", said)
    return sorted(one.translate(str.maketrans(",.", ".,")) if german else one for one in found)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_piece_is_there_in_both_languages_with_the_same_numbers(name):
    english, german = told(name)
    for where, one, other in pairs(asdict(english), asdict(german)):
        if one != other:  # names, checksums and references are the same in every language
            assert numbers(one, german=False) == numbers(other, german=True), (where, one, other)


@pytest.mark.parametrize("name", ANSWERS)
def test_no_english_is_left_in_any_piece(name):
    english, german = told(name)
    kept = {"works", "ldn-smallest-dose 1.0", "Prior", "Phase", "paragraph", "figure", "numbers", "items", "pairs"}
    for where, one, other in pairs(asdict(english), asdict(german)):
        left = (
            ENGLISH.findall(other)
            if one not in kept and not where.endswith(("language", "chart", "kind", "sign", "token"))
            else []
        )
        assert left == [], (where, other)


@pytest.mark.parametrize("name", DRAWN)
def test_no_english_is_left_on_a_drawn_page(name):
    page = document(name).split('<div class="view" id="patient">')[0]
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    attributes = " ".join(re.findall(r'(?:aria-label|content)="([^"]*)"', body))
    said = unescape(re.sub(r"<[^>]+>", " ", body) + attributes)
    said = re.sub(r"default-src.*?data:|ldn-smallest-dose|width=device-width", "", said)
    assert not ENGLISH.findall(said), [
        said[max(hit.start() - 60, 0) : hit.end() + 40] for hit in ENGLISH.finditer(said)
    ]
    assert '<html lang="de">' in page
    assert 'lang="en"' not in page


def texts_of(module):  # noqa: C901 - one walk through what a source can hold
    """Every text that a module asks a tongue for, as far as it stands in its source."""
    tree = ast.parse(inspect.getsource(module))
    named = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        named.setdefault(name.id, []).append(node.value)
    found = set()

    def gather(node, seen=()):
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.add(part.value)
            elif isinstance(part, ast.Name) and isinstance(getattr(module, part.id, None), str):
                found.add(getattr(module, part.id))
            elif isinstance(part, ast.Name) and isinstance(getattr(module, part.id, None), dict):
                found.update(getattr(module, part.id).values())
            elif isinstance(part, ast.Name) and part.id not in seen and part.id.islower():
                for value in named.get(part.id, ()):
                    if isinstance(value, ast.Constant | ast.IfExp | ast.Name | ast.Tuple):
                        gather(value, (*seen, part.id))

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for asked in {"say": node.args[:1], "many": node.args[1:3]}.get(node.func.attr, []):
                gather(asked.body if isinstance(asked, ast.IfExp) else asked)
                if isinstance(asked, ast.IfExp):
                    gather(asked.orelse)
    return found


class Noting(tongue.Tongue):
    """English, and every text that was asked for."""

    def __init__(self):
        self.asked = set()

    def template(self, text):
        self.asked.add(text)
        return text


def test_every_text_of_the_page_has_its_german_and_there_is_no_other_german():
    german = {one["en"] for one in forms.entries("prescriber")}
    english = Noting()
    for answer in ANSWERS.values():
        view.prescriber_page(answer, english)
        for module in (diary, dose_effect, sensitivity, smallest_dose):
            if module.__name__.rpartition(".")[2] in view.sections.drawable(answer):
                module.spec(answer, 740, english)
                module.spec(answer, 324, english)
    assert english.asked - german == set()
    in_source = set().union(*map(texts_of, SPEAKING)) | english.asked
    sides = {"left", "right", "lower", "works", "harm", "gaussian"}  # of conditions
    assert german - in_source == set()
    assert {one for one in in_source - german - sides if " " in one.strip()} == set()


def test_a_german_text_has_only_places_that_are_filled():
    own = {
        "der_dosis", "das_mittel", "Das_Mittel", "dem_mittel", "kein_mittel", "mittel", "es", "der_wert", "den_wert",
        "verschlechtert",
    }  # fmt: skip
    for one in forms.entries("prescriber"):
        given, wanted = ({name for _, name, _, _ in string.Formatter().parse(one[key]) if name} for key in ("en", "de"))
        assert wanted - given <= own, one
        free = {"drug", "the_drug", "outcome", "noun", "dose"}
        assert given - wanted <= free, one


def test_the_same_answer_gives_the_same_german_report_and_another_language_is_english():
    answer = ANSWERS["works"]
    assert render(answer, "de", SAY) == document("works") != render(answer, "fi", SAY) == render(answer)


@pytest.mark.parametrize("code", DECIDED)
def test_a_verdict_is_said_in_german(code):
    page = told(code)[1]
    assert page.sentence != DECIDED[code]
    assert (page.sentence_language, page.tell_language) == ("", "")
    assert page.facts[-1].language == ""
    assert page.facts[-1].notes[3] == (
        "Lebhafte Träume: 3 mg fügt den Nächten ohne das Mittel etwa 1,5 Nächte von 100 damit hinzu (95 % −0,4 bis 12)."
    )


def test_what_would_tell_is_said_in_german():
    assert told("cannot-tell")[1].tell == (
        "Was es zeigen würde:",
        "16 weitere Wochen 1,5 mg gegen Placebo, verblindet, in 4 Paaren, je 14 Tage mit und 14 Tage ohne, würden es "
        "mit einer Chance von etwa 8 von 10 zeigen (5, dass es wirkt, 3, dass es keinen Unterschied macht, auf den es "
        "ankommt). Das ist in geschlossener Form aus dem Modell berechnet, nicht simuliert.",
    )


def pieces(*functions):
    """What is said between the places of the sentences that functions make."""
    for function in functions:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        (body,) = tree.body
        unsaid = {ast.get_docstring(body, clean=False)}
        unsaid |= {
            part.value
            for node in ast.walk(body)
            if isinstance(node, ast.Raise)
            for part in ast.walk(node)
            if isinstance(part, ast.Constant)
        }
        for node in ast.walk(body):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in unsaid:
                yield from (one for one in re.split(r"[{}]", node.value) if " " in one.strip())


def said_in(*catalogues):
    """The English of every form, without what stands in its places."""
    every = [one["en"] for name in catalogues for one in forms.entries(name)]
    return "\n".join(re.sub(r"\{[a-z]+(_\d)?\}", "\0", form) for form in every).lower()


def test_every_piece_of_what_is_decided_stands_in_a_form_that_has_its_german():
    made = (
        sentences.reasons, sentences.what_would_tell, sentences.side_effect_reasons, sentences._room,
        sentences._verdict, sentences._why_not, sentences._nothing, sentences._works, sentences._harm,
        sentences._told, sentences._told_nothing, sentences._effect_of, sentences._told_dose, sentences._told_open,
        sentences._told_harm, sentences._chance_of_worse,
    )  # fmt: skip
    said = said_in("decided")
    left = [one for one in pieces(*made) if one.strip().lower() not in said]
    assert left == [" for you"]  # that the patient alone is told
    assert NOTICED.format(drug="\0") in said


def test_every_piece_of_what_can_be_wrong_with_a_diary_stands_in_a_form_that_has_its_german():
    made = (
        cautions.inexact, cautions._short_runs, cautions._doses, cautions._phases, covariates._left_out,
        covariates._follows_drug, covariates._may_follow, asking._piled_up, asking._assumed_mcid,
        cells.Numerals.__call__, cells.Within.__call__, cells.flag, cells._advice, clock.day_moments,
        clock.time_moments, doses._text_fault, doses.column_of_doses, doses.refuse_disagreement, doses.warn_off_ladder,
        entries._warn_of_commas, entries._add_sums, layout._others, sheet.Sheet.words, text._split_problem,
        text._row_problem, timeline._received, timeline._refuse_disorder, titles._compare_with_protocol,
        titles.warn_of_near_titles,
    )  # fmt: skip
    said = said_in("problems")
    said_of_places = (
        "line", "column", "end of data", "and more", "--kind (", "--mcid (", "protocol (covariates)",
        "of the standard deviation of a mean", "% of a standard deviation", "in the chance of no effect",
    )  # fmt: skip
    left = {one.strip(" ,.") for one in pieces(*made) if one.strip().rstrip(".").lower() not in said and "|" not in one}
    assert left - set(said_of_places) == set()


def test_a_sentence_of_no_known_form_is_shown_as_it_was_decided_and_marked_as_english():
    answer = SHOWN["open-label"]
    page = tell(answer, "de", SAY).view.prescriber
    assert (page.sentence, page.sentence_language) == (answer.verdict.sentence, "en")
    assert page.facts[-1].language == "en"
    drawn = render(answer, "de", SAY)
    assert re.search(r'<h1[^>]* lang="en">Pain was lower', drawn)
    assert drawn.count('<small lang="en">P(benefit') == len(answer.verdict.reasons)
    assert '<li><p lang="en">The score is not a number.' in drawn


def test_places_of_a_file_are_said_in_german():
    assert forms.place_said("diary.csv, lines 3, 9 and 2 more, column pain (2 days of 30)") == (
        "diary.csv, Zeilen 3, 9 und 2 weitere, Spalte pain (2 Tage von 30)"
    )
    exact = "0.021 of the standard deviation of a mean, 3 % of a standard deviation, 0.004 in the chance of no effect"
    assert not re.search(r"\b(of|in the)\b", forms.place_said(f"diary ({exact})"))
    assert forms.place_said("--mcid (pain) (1 point)") == "--mcid (pain) (1 Punkt)"
    assert forms.place_said("dose_mg (0.001 to 4.5)") == "dose_mg (0.001 bis 4.5)"
    assert forms.place_said("planned_mg (1 day)") == "planned_mg (1 Tag)"


@pytest.mark.parametrize("name", ["harm", "chance-lower", "twelve-doses"])
def test_charts_have_german_words_and_commas_in_both_widths(name):
    spoken = tell(ANSWERS[name], "de", SAY)
    for width in (740, 324):
        for chart in spoken.charts.values():
            drawn = web_svg(chart.spec(spoken.answer, width), "", "wide")
            words = [unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<text[^>]*>(.*?)</text>", drawn)]
            assert not [one for one in words if re.search(r"\d\.\d", one)]
            assert not [one for one in words if ENGLISH.search(one)]
            assert "nan" not in json.dumps(words).lower()


@pytest.mark.parametrize("name", DRAWN)
def test_a_german_report_is_as_safe_and_as_well_made_as_an_english_one(name):
    page = document(name)
    assert_needs_nothing(page)
    assert_policy_holds(page)
    assert_colours_are_known(page)
    for one in page.split('<div class="view" id="')[1:]:
        assert_headings_have_no_gap(one)
    assert not re.search(r"\{[a-z_]*\}", re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL))


@pytest.mark.parametrize("name", ["cannot-tell"])
def test_a_german_report_is_set_on_paper(name):
    content, warned = typeset(ANSWERS[name], "de", SAY)
    assert warned == ()
    assert catalogue(content)["/Lang"] == "de"
    said = " ".join(page.extract_text() for page in opened(content).pages)
    assert "Für die Ärztin oder den Arzt" in said
    assert "Für den Patienten" in said
    assert not re.search(r"\b(the|and|is|of)\b", said.partition("Quellen")[0])
