"""Words of protocols, numbers and dates are written as the language of the page writes them."""

import datetime as dt
import re

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

import clinic_people
from modicum.foundation.errors import problem
from modicum.web.language import decimal, in_english, inside, marked, refusal, said
from unit.web.accounts.catalogue import WEB

assert clinic_people  # it sets Django up
AT = dt.datetime(2026, 3, 5, 9, 30, tzinfo=dt.UTC)
PATTERN = re.compile(r"""(?:\|date:|date_format\([^,()]+, )"([^"]+)\"""")


def patterns() -> list[str]:
    """Every pattern of a date with a day of the month that a page or a module asks for."""
    files = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    found = {hit for file in files for hit in PATTERN.findall(file.read_text(encoding="utf-8"))}
    return sorted(one for one in found if "j" in one)


@pytest.mark.parametrize("pattern", patterns())
def test_a_day_of_the_month_has_a_full_stop_in_german_on_every_page_that_shows_one(pattern):
    with override("de"):
        assert re.search(r"\b5\. Mär", date_format(AT, pattern))
    with override("en"):
        assert re.search(r"\b5 Mar", date_format(AT, pattern))


def test_patterns_are_found_at_all():
    assert {"j F Y", "l j F Y", "j M, H:i"} <= set(patterns())


def test_a_number_has_the_sign_of_the_language():
    with override("de"):
        assert decimal("1.5 mg") == "1,5 mg"
        assert decimal("1,234.5 mg") == "1.234,5 mg"
        assert decimal("0.5, 1.5, 3") == "0,5; 1,5; 3"
    with override("en"):
        assert decimal("0.5, 1.5, 3") == "0.5, 1.5, 3"


def test_a_heading_inside_a_sentence_keeps_its_capitals_in_german_alone():
    with override("de"):
        assert inside("Weiter mit der nächsten Periode") == "Weiter mit der nächsten Periode"
    with override("en"):
        assert inside("Go on to the next period") == "go on to the next period"


def test_words_of_a_protocol_are_in_the_language_or_marked_as_english():
    with override("de"):
        assert said("Blinded titration") == marked("Blinded titration") == "Verblindete Titration"
        assert said("A phase of one's own") == "A phase of one's own"
        assert marked("A <b> phase") == '<span lang="en">A &lt;b&gt; phase</span>'
    with override("en"):
        assert marked("Blinded titration") == "Blinded titration"


def test_a_problem_is_marked_as_english_where_the_page_is_not():
    told = problem("MOD-WEB-20", "here", "", "It does not fit", "Make it fit.")
    with override("en"):
        assert refusal(told) == "It does not fit. Make it fit. [MOD-WEB-20]"
    with override("de"):
        assert refusal(told) == '<span lang="en">It does not fit. Make it fit. [MOD-WEB-20]</span>'
        assert in_english("") == ""
