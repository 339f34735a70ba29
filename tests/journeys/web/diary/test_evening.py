"""An evening on the phone: one question a screen, few taps, and two ticks."""

import pytest

from journeys.web.diary.written_clinic import ITEMS, KINDS, days

SCORES = {"pain": 4, "fatigue": 5, "sleep": 6, "mood": 7, "activity": 3, "stiffness": 0}


def test_six_items_a_capsule_and_the_side_effects_take_eight_taps(written):
    phone = written()
    phone.open()
    assert phone.heading == ITEMS[0]["question"]
    assert phone.answer(SCORES) == 8
    phone.page.get_by_text("receipt 41").wait_for()
    entry = phone.clinic.entries[0]
    assert entry["answers"] == SCORES
    assert (entry["took"], entry["side_effects"]) == ("yes", {"vivid_dreams": 0, "headache": 0, "low_mood": 0})
    assert (entry["day"], entry["about"], entry["number"], entry["guess"]) == (18, "today", 1, None)
    assert entry["happened_at"].startswith("2026-03-20T20:14:")
    assert entry["happened_at"].endswith("+01:00")


def test_nothing_is_chosen_before_the_person_chooses(written):
    phone = written(hash_="#/e/18/1")
    assert phone.page.locator("input:checked").count() == 0
    phone.page.get_by_role("button", name="Next").click()
    assert "Choose an answer first" in phone.page.locator(".problem").inner_text()
    assert phone.page.evaluate("() => document.activeElement.name") == "answer"
    assert phone.heading == ITEMS[0]["question"]


def test_with_keys_alone_an_answer_waits_for_next_and_arrows_follow_the_eye(written):
    phone = written(hash_="#/e/18/1")
    page = phone.page
    page.locator("input[value='5']").focus()
    page.keyboard.press("Space")
    assert page.locator("input:checked").get_attribute("value") == "5"
    for key, value in (("ArrowDown", "4"), ("ArrowLeft", "3"), ("ArrowUp", "4"), ("ArrowRight", "5")):
        page.keyboard.press(key)
        assert page.locator("input:checked").get_attribute("value") == value, key
    page.get_by_text("Saved on this phone").wait_for()
    assert phone.heading == ITEMS[0]["question"]
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    phone.await_heading(ITEMS[1]["question"])
    assert page.evaluate("() => document.activeElement.tagName") == "H1"


@pytest.mark.parametrize(("width", "sign"), [(360, 1), (1280, -1)])
def test_up_is_more_where_the_scale_stands_and_right_is_more_where_it_lies(written, width, sign):
    phone = written(width=width, hash_="#/e/18/1")
    five = phone.page.locator(".scale label:has(input[value='5'])").bounding_box()
    six = phone.page.locator(".scale label:has(input[value='6'])").bounding_box()
    assert (six["y"] < five["y"]) if sign > 0 else (six["x"] > five["x"] and six["y"] == five["y"])


ROOM = "room => { document.documentElement.style.scrollPaddingBottom = room }"
COVERED = """() => {
  const bar = document.querySelector(".dnav");
  const found = [...document.querySelectorAll("#screen :is(input, button, a)")].filter((one) => !bar.contains(one));
  return [found.length, found.flatMap((one) => {
    scrollTo(0, 0);
    one.focus();
    const { bottom } = (one.closest("label") ?? one).getBoundingClientRect();
    const { top } = bar.getBoundingClientRect();
    return bottom > top ? [`${one.closest("label")?.textContent ?? one.textContent}: ${bottom} > ${top}`] : [];
  })];
}"""


def test_what_has_the_focus_is_never_under_the_bar_at_the_bottom(written):
    phone = written(hash_="#/e/18/1")
    phone.page.set_viewport_size({"width": 320, "height": 400})
    found = []
    for at in ("#/e/18/1", "#/e/18/8"):
        phone.open(at)
        count, covered = phone.page.evaluate(COVERED)
        assert count >= 6
        assert covered == []
        # The sabotage twin: without room kept for the bar, something is under it.
        phone.page.evaluate(ROOM, "0")
        found += phone.page.evaluate(COVERED)[1]
        phone.page.evaluate(ROOM, "")
    assert found


def test_whoever_would_rather_not_say_is_asked_once_and_that_is_an_answer(written):
    phone = written(hash_="#/e/18/1")
    phone.page.get_by_role("button", name="I’d rather not say").click()
    assert phone.heading == ITEMS[0]["question"]
    phone.page.get_by_role("button", name="Yes, leave it out").click()
    phone.await_heading(ITEMS[1]["question"])
    assert phone.stores()["kept"]["draft/e18"]["answers"] == {"pain": None}
    phone.page.get_by_role("button", name="Back").click()
    phone.page.get_by_text("You would rather not say.").wait_for()


def test_other_kinds_of_items_have_an_answer_of_their_own(written):
    phone = written(hash_="#/e/18/1", items=KINDS, days=days(40, capsule=False))
    page = phone.page
    phone.tap_row("yes")
    phone.await_heading("How many binges")
    assert page.locator("#amount").input_value() == ""
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="One less").click()
    page.get_by_role("button", name="Next").click()
    phone.await_heading("How strong was the craving")
    assert page.locator(".scale label").count() == 5
    phone.tap_score(4)
    page.get_by_role("button", name="None of these").click()
    page.get_by_text("receipt 41").wait_for()
    assert phone.clinic.entries[0]["answers"] == {"migraine": 1, "binges": 1, "craving": 4}
    assert phone.clinic.entries[0]["took"] is None


def test_an_amount_outside_its_range_is_no_answer(written):
    phone = written(hash_="#/e/18/2", items=KINDS)
    for typed in ("21", "-1", "1.5", ""):
        phone.page.locator("#amount").fill(typed)
        phone.page.get_by_role("button", name="Next").click()
        phone.page.locator(".problem", has_text="Choose an answer first").wait_for()
        assert phone.heading.startswith("How many binges")


def test_a_guess_and_its_reason_are_asked_only_on_their_day(written):
    phone = written(hash_="#/e/18/8", days=days(40, guess=(18,)))
    page = phone.page
    page.get_by_text("Question 8 of 10").wait_for()
    page.get_by_role("button", name="None of these").click()
    phone.await_heading("Do you think that the capsules")
    phone.tap_row("Probably placebo")
    phone.await_heading("What makes you think so?")
    phone.tap_row("Nothing in particular")
    page.get_by_text("receipt 41").wait_for()
    entry = phone.clinic.entries[0]
    assert (entry["guess"], entry["guess_reason"]) == (0.25, "none")


def test_whoever_does_not_want_to_guess_is_asked_for_no_reason(written):
    phone = written(hash_="#/e/18/9", days=days(40, guess=(18,)))
    phone.page.get_by_role("button", name="I’d rather not say").click()
    phone.page.get_by_role("button", name="Yes, leave it out").click()
    phone.page.get_by_text("receipt 41").wait_for()
    assert (phone.clinic.entries[0]["guess"], phone.clinic.entries[0]["guess_reason"]) == (None, "")


def test_each_side_effect_that_is_ticked_needs_how_bad_it_was(written):
    phone = written(hash_="#/e/18/8")
    page = phone.page
    page.get_by_label("Headache").check()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Say how bad each one was").wait_for()
    page.get_by_role("group", name="How bad: Headache").get_by_text("troublesome").click()
    page.get_by_text("Saved on this phone").wait_for()
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("receipt 41").wait_for()
    assert phone.clinic.entries[0]["side_effects"] == {"vivid_dreams": 0, "headache": 2, "low_mood": 0}


def test_a_question_tells_a_screen_reader_what_it_is(written):
    phone = written(hash_="#/e/18/1")
    tree = phone.page.locator("#main").aria_snapshot()
    assert "- text: Question 1 of 8" in tree
    assert '- link "Help, or call us"' in tree
    assert '- heading "How strong was your pain over the last 24 hours?" [level=1]' in tree
    assert '- radiogroup "How strong was your pain over the last 24 hours?":' in tree
    assert '- radio "10 as strong as pain can be"' in tree
    assert '- radio "0 none"' in tree
    assert tree.count("- radio ") == 11
    assert '- button "I’d rather not say"' in tree
    assert '- navigation "Questions":' in tree
    assert "[checked]" not in tree


def test_an_evening_can_be_answered_with_the_keyboard_alone(written):
    phone = written(hash_="#/e/18/1")
    page = phone.page
    for number in range(1, 7):
        page.get_by_text(f"Question {number} of 8").wait_for()
        _tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        _tab_to(page, ".dnav .btn:last-child")
        page.keyboard.press("Enter")
    phone.await_heading("Did you take last night")
    _tab_to(page, "input[type=radio]")
    page.keyboard.press("Space")
    _tab_to(page, ".dnav .btn:last-child")
    page.keyboard.press("Enter")
    phone.await_heading("Did you notice any")
    _tab_to(page, ".answer > .btn")
    page.keyboard.press("Enter")
    page.get_by_text("receipt 41").wait_for()
    assert set(phone.clinic.entries[0]["answers"].values()) == {9}


@pytest.mark.parametrize(
    ("at", "question"),
    [
        ("2026-03-20T23:59:00+01:00", "Did you take last night’s capsule?"),
        ("2026-03-21T00:30:00+01:00", "Did you take the capsule of the evening before, Thursday 19 March?"),
        ("2026-03-21T09:00:00+01:00", "Did you take the capsule of the evening before, Thursday 19 March?"),
    ],
)
def test_after_midnight_the_day_and_the_evening_of_the_capsule_are_named(written, at, question):
    phone = written(at, hash_="#/e/18/7")
    phone.await_heading(question)
    day = "" if question.endswith("night’s capsule?") else "Friday 20 March: "
    assert phone.page.locator("#top").inner_text() == f"{day}Question 7 of 8"


def _tab_to(page, selector):
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


def test_the_page_says_that_the_patient_is_virtual_wherever_one_is(written):
    phone = written()
    for at in (
        "#/",
        "#/e/18/1",
        "#/help",
        "#/card",
        "#/medicine",
        "#/leave",
        "#/data",
        "#/unsent",
        "#/forget",
        "#/lock",
    ):
        phone.open(at)
        assert phone.page.get_by_text("Virtual patient").count() == 1, at
    person = written(virtual=False, hash_="#/e/18/1")
    assert person.page.get_by_text("Virtual patient").count() == 0


def test_the_diary_speaks_german_to_whoever_keeps_it_in_german(written):
    phone = written(language="de", hash_="#/e/18/7")
    phone.await_heading("Haben Sie die Kapsel der letzten Nacht genommen?")
    assert phone.page.evaluate("() => document.documentElement.lang") == "de"
    phone.page.get_by_text("Frage 7 von 8").wait_for()
