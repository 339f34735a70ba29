"""What a screening says where no figure holds, and of answers and misspelt lines: in words, and once."""

import datetime as dt

import pytest

from enrolling_pages import Road, heading_of, words_of
from modicum.web.clock import now


@pytest.fixture
def road(world):
    return Road(world.client("prescriber"), world.ines)


def seen(road, **given):
    road.screen(**given)
    return words_of(road.get("screening"))


@pytest.mark.parametrize("medicine", ["tramadol", "oxycodone 5 mg", "morphine", "tilidine"])
def test_an_opioid_of_no_form_shows_the_rules_own_words_and_asks_for_form_and_day(road, medicine):
    words = seen(road, medications=medicine)
    assert "Longer than for tablets; the prescriber decides (naltrexone guidance" in words
    assert "Ask for its form and the day of the last dose, write both into the list, and screen again." in words
    assert "10 days have to pass, after one that acts for long (“retard”, “prolonged release”) 14." in words
    assert "10 days: naltrexone labelling" in words
    assert "asked of you instead of stopped once 90 days have passed" in words
    assert "90 days: NCT04739995" in words
    assert "Only another answer than this one" not in words


def test_a_form_that_is_written_brings_the_days_that_the_page_had_named(road):
    assert "10 days have to pass after it." in seen(road, medications="oxycodone immediate release")
    assert "14 days have to pass after it." in seen(road, medications="tramadol retard")


def test_a_known_day_is_not_asked_again_and_names_the_day_on_which_it_is_a_question(road):
    taken = now().date() - dt.timedelta(days=9)
    words = seen(road, medications=f"tramadol, last taken {taken}")
    day = taken + dt.timedelta(days=90)
    assert "Ask for its form, write it into the list, and screen again." in words
    assert f"asked of you instead of stopped from {day:%-d %B %Y} on, 90 days after the last dose" in words


def test_a_patch_asks_for_the_day_alone_and_on_the_ninetieth_it_is_a_question(road):
    words = seen(road, medications="BuTrans")
    assert "Longer than for tablets; the prescriber decides" in words
    assert "Ask for the day of the last dose, write it into the list, and screen again." in words
    assert "form" not in words.partition("Ask for the day of the last dose")[2].partition("Rule")[0]
    taken = now().date() - dt.timedelta(days=90)
    assert heading_of(road.get("screening")) == "Not yet. One thing stops this."
    road.screen(medications=f"BuTrans, last taken {taken}")
    assert heading_of(road.get("screening")) == "Perhaps. One thing needs your word."


def test_no_day_is_promised_after_a_depot(road):
    words = seen(road, medications="Sublocade")
    assert "An implant or a monthly injection goes on releasing after its last dose" in words
    assert "These rules know no day on which it is over: it stays a stop." in words
    assert "90 days" not in words


def test_an_opioid_of_the_history_asks_for_its_day(road):
    words = seen(road, opioid_use="past")
    assert "now? In the last three months" in words
    assert "Ask when the last opioid was taken, answer that too, and screen again." in words


def test_an_answer_is_repeated_as_question_and_answer_and_never_by_its_key(road):
    words = seen(road, suicidality="past", thyroid_replacement="yes", age="16", liver="unknown")
    assert "Thoughts of ending your life: never, earlier, in the last two weeks? Earlier" in words
    assert "Thyroid hormone? Yes" in words
    assert "Age in years: 16" in words
    assert "Liver: Not answered" in words
    for key in ("suicidality", "thyroid_replacement", "not answered"):
        assert f"{key}:" not in words, key


def test_words_on_an_answer_are_asked_and_kept_beside_the_question_in_words(road):
    said = "Thoughts of ending your life: never, earlier, in the last two weeks? Earlier"
    asked = seen(road, suicidality="past")
    assert f"beside your name. {said} Your word on it" in asked
    road.post("screening", **{"ask-1": "years ago, seen by Dr Lind", "reason": "well since", "signed": "on"})
    assert f"{said} years ago, seen by Dr Lind" in words_of(road.get("screening"))


def test_a_line_that_looks_like_a_question_is_shown_as_it_was_typed(road):
    assert "cancer: codeine" in seen(road, medications="cancer: codeine")


def test_a_line_taken_for_another_name_is_told_once_with_what_it_was_taken_for(road):
    road.screen(medications="levothyroxin 50 mcg\nlevothyroxn 50 mcg")
    page = road.get("screening")
    words = words_of(page)
    assert "“levothyroxn 50 mcg” may be misspelt" in words
    assert "It is taken for levothyrox (" in words
    assert "in none of the vocabularies" not in words
    assert [one["input"] for one in page.context["findings"]].count("levothyroxn 50 mcg") == 1
    assert heading_of(page) == "Perhaps. One thing needs your word."


def test_a_line_in_which_another_word_is_unknown_says_that_of_the_word_alone(road):
    words = seen(road, medications="codeine 30 mg Zzyzxol")
    assert "Beside what was found in it, it holds a word that is in none of the vocabularies here." in words
    assert "It is in none of the vocabularies here" not in words
