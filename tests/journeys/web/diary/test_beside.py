"""What stands beside the evening: advice, help, medicines, corrections, files, the PIN, and leaving."""

import json
import re

import pytest

from journeys.web.diary.written_clinic import FLAGS, ITEMS
from modicum.services.diary.form import read_submission
from verification.counts import some

SCORES = {"pain": 4, "fatigue": 5, "sleep": 6, "mood": 7, "activity": 3, "stiffness": 0}

OFFER = """() => {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  offer.prompt = () => { window.taken = true };
  dispatchEvent(offer);
  window.held = offer.defaultPrevented;
}"""


def unplug(phone):
    """No network any more."""
    phone.context.unroute_all()
    phone.context.set_offline(True)


def plug_in(phone):
    phone.clinic.serve(phone.context)
    phone.context.set_offline(False)


def saved_file(phone, press):
    with phone.page.expect_download() as waiting:
        press()
    return json.loads(waiting.value.path().read_text(encoding="utf-8"))


def test_a_red_flag_is_advised_on_at_once_without_a_network_and_again_at_the_end(written):
    phone = written(hash_="#/e/18/1")
    unplug(phone)
    for _ in range(6):
        before = phone.heading
        phone.tap_score(5)
        phone.page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=before)
    phone.tap_row("Yes")
    phone.page.get_by_label("Low mood").check()
    began = phone.page.evaluate("() => performance.now()")
    phone.page.get_by_role("group", name="How bad: Low mood").get_by_text("severe").click()
    alert = phone.page.get_by_role("alert").locator(".flag")
    alert.first.wait_for()
    assert phone.page.evaluate("() => performance.now()") - began < 1000
    headings = [part.locator("h2").inner_text().removeprefix("!\n") for part in alert.all()]
    assert headings == [FLAGS[0]["heading"]]
    assert alert.first.get_by_role("link", name="+44 20 7946 0011").get_attribute("href") == "tel:+442079460011"
    lines = alert.first.locator("p").all_inner_texts()
    assert lines.index(FLAGS[0]["words"][0]) < lines.index(FLAGS[0]["words"][1])
    phone.page.get_by_role("button", name="Hand in").click()
    phone.await_heading("Done. Thank you.")
    assert phone.page.locator(".flag h2").first.inner_text().endswith("Talk to somebody now")
    assert phone.line == "Offline. 1 answer waits on this phone."


def test_a_side_effect_that_is_not_severe_raises_no_alarm(written):
    phone = written(hash_="#/e/18/8")
    phone.page.get_by_label("Low mood").check()
    phone.page.get_by_role("group", name="How bad: Low mood").get_by_text("troublesome").click()
    phone.page.get_by_text("Saved on this phone").wait_for()
    assert phone.page.locator(".flag").count() == 0


def test_help_is_one_tap_from_every_page_and_names_whom_to_ring(written):
    phone = written()
    for at in (
        "#/",
        "#/e/18/1",
        "#/card",
        "#/medicine",
        "#/leave",
        "#/data",
        "#/unsent",
        "#/forget",
        "#/lock",
        "#/install",
    ):
        phone.open(at)
        phone.page.get_by_role("link", name="Help, or call us").click()
        phone.await_heading("Help, or call us")
    numbers = [one.get_attribute("href") for one in phone.page.locator(".tel").all()]
    assert "tel:+442079460011" in numbers
    assert "tel:+442079460033" in numbers


def test_a_browser_that_offers_to_install_the_diary_is_answered_by_one_tap(written):
    phone = written(hash_="#/install")
    assert phone.page.get_by_role("button", name="Put it there now").count() == 0
    phone.page.evaluate(OFFER)
    phone.page.get_by_role("button", name="Put it there now").click()
    phone.page.get_by_role("heading", name="On an Android phone").wait_for()
    assert phone.page.evaluate("() => [window.held, window.taken]") == [True, True]
    assert phone.page.get_by_role("button", name="Put it there now").count() == 0


def test_the_emergency_card_is_there_without_a_network(written):
    phone = written()
    unplug(phone)
    phone.open("#/card")
    assert phone.page.locator(".part h2").all_inner_texts()[0] == "In an emergency"
    assert phone.page.locator(".part .sev").count() == 1


def test_a_new_medicine_that_must_not_be_taken_is_said_at_once(written):
    phone = written(hash_="#/medicine")
    phone.clinic.advice = [
        {"medicine": "Codeine", "stop": True, "words": ["Codeine: take no further capsule.", "Ring +44 20 7946 0011."]}
    ]
    phone.page.get_by_label("Name, as it stands on the box").fill("Codeine\n\n  ibuprofen 400 ")
    phone.page.get_by_role("button", name="Hand in").click()
    phone.await_heading("What to do about your new medicine")
    assert phone.page.locator(".flag h2").inner_text().endswith("Codeine: take no further capsule.")
    assert phone.page.locator(".flag .tel").get_attribute("href") == "tel:+442079460011"
    entry = phone.clinic.entries[0]
    assert entry["medications"] == ["Codeine", "ibuprofen 400"]
    assert (entry["answers"], entry["took"], entry["side_effects"]) == ({}, None, {})


def test_a_new_medicine_without_a_network_means_stop_and_ring(written):
    phone = written(hash_="#/medicine")
    unplug(phone)
    phone.page.get_by_label("Name, as it stands on the box").fill("Tramadol")
    phone.page.get_by_role("button", name="Hand in").click()
    phone.await_heading("Not checked yet")
    flag = phone.page.locator(".flag").inner_text()
    assert "Take no capsule until this is checked." in flag
    assert "+44 20 7946 0011" in flag
    phone.clinic.advice = [{"medicine": "Tramadol", "stop": True, "words": ["Tramadol: take no further capsule."]}]
    phone.open("#/e/18/1")
    plug_in(phone)
    phone.page.get_by_role("link", name="Read this about Tramadol.").click()
    phone.await_heading("What to do about your new medicine")
    phone.open("#/")
    phone.page.wait_for_function("() => !document.querySelector('#line').innerText.includes('Tramadol')")


@pytest.mark.parametrize(
    "text",
    [
        f"{'vitamin ' * 24}\N{PILL}\N{PILL}\N{PILL}\N{PILL}\N{PILL}, {'zinc, ' * 30}tramadol",
        "\n".join(["zinc"] * 44 + ["tramadol"]),
        "\N{PILL}" * 205,
    ],
    ids=["on one line", "on many lines", "without a blank"],
)
def test_nothing_of_a_long_list_of_medicines_is_left_out(written, text):
    phone = written(hash_="#/medicine")
    phone.page.get_by_label("Name, as it stands on the box").fill(text)
    phone.page.get_by_role("button", name="Hand in").click()
    phone.await_heading("The clinic has it.")
    phone.await_unsent(0)
    names = [name for entry in phone.clinic.entries for name in entry["medications"]]
    assert re.sub(r"[\s,;]", "", "".join(names)) == re.sub(r"[\s,;]", "", text)
    assert all(read_submission(entry) is not None for entry in phone.clinic.entries)


def test_a_medicine_before_the_evening_takes_no_evening_away(written):
    phone = written(hash_="#/medicine")
    phone.page.get_by_label("Name, as it stands on the box").fill("Vitamin D")
    phone.page.get_by_role("button", name="Hand in").click()
    phone.await_heading("The clinic has it.")
    message = phone.clinic.entries[0]["id"]
    phone.clinic.schedule["answered"].append({"day": 18, "id": message, "sequence": 41})
    phone.open("#/e/18/1")
    phone.answer(SCORES)
    phone.page.get_by_text("receipt 42").wait_for()
    assert phone.clinic.entries[1]["corrects"] == message


def test_capsules_that_a_medicine_has_stopped_are_said_on_the_first_page(written):
    phone = written(halted={"words": ["Codeine: take no further capsule until your prescriber has answered."]})
    assert phone.page.locator(".flag h2").inner_text().endswith("Take no further capsule for now.")


def test_of_a_recalled_kit_it_is_said_from_which_kit_capsules_go_on(written):
    phone = written(notes=["Take your capsules from kit 9LM 2KP. Kit 7KQ 4XM was recalled: take nothing from it."])
    assert phone.page.locator(".part p").inner_text().startswith("Take your capsules from kit 9LM 2KP.")
    assert phone.page.locator(".flag").count() == 0, "no capsule is stopped"


def test_a_note_is_kept_as_it_is_typed_and_goes_with_the_evening(written):
    phone = written(hash_="#/e/18/8")
    phone.page.get_by_role("link", name="A note for the clinic").click()
    phone.page.get_by_label("What you want to say").fill("Slept badly: the neighbours.")
    phone.page.get_by_text("Saved on this phone").wait_for()
    assert phone.stores()["kept"]["draft/e18"]["note"] == "Slept badly: the neighbours."
    phone.page.get_by_role("button", name="Keep the note").click()
    phone.page.locator("h1").wait_for()
    phone.open("#/e/18/1")
    phone.answer(SCORES)
    phone.page.get_by_text("receipt 41").wait_for()
    assert phone.clinic.entries[0]["note"] == "Slept badly: the neighbours."


def test_an_entry_can_be_corrected_for_a_day_and_the_first_one_stays(written):
    phone = written(hash_="#/e/18/1")
    phone.answer(SCORES)
    phone.page.get_by_text("receipt 41").wait_for()
    phone.page.get_by_role("link", name="Change something I answered").click()
    phone.page.get_by_role("link", name="Change: How strong was your pain").click()
    assert phone.page.locator("input:checked").get_attribute("value") == "4"
    phone.tap_score(2)
    phone.await_heading("What do you want to change?")
    phone.page.get_by_role("button", name="Hand in the change").click()
    phone.page.get_by_text("receipt 42").wait_for()
    first, second = phone.clinic.entries
    assert second["corrects"] == first["id"]
    assert second["answers"] == {**SCORES, "pain": 2}
    assert (second["day"], second["number"], second["took"]) == (18, 2, "yes")
    phone.set_clock("2026-03-21T20:30:00+01:00")
    phone.open("#/change/18")
    phone.await_heading("Your diary is open.")


HEADINGS = (
    ("2026-03-20T17:59:00+01:00", "Friday 20 March", "Your diary opens today at 18:00."),
    ("2026-03-20T18:00:30+01:00", "Friday 20 March", "Your diary is open."),
    ("2026-03-21T03:59:00+01:00", "Friday 20 March", "Your diary is open."),
    ("2026-03-21T04:00:30+01:00", "Friday 20 March", "Yesterday’s diary is open until 12:00."),
    ("2026-03-21T12:00:30+01:00", "Saturday 21 March", "Your diary opens today at 18:00."),
    ("2026-02-20T20:00:00+01:00", "Friday 20 February", "Your next diary opens on Monday 2 March at 18:00."),
    (
        "2026-03-02T09:40:00+01:00",
        "Monday 2 March",
        "Your diary opens today at 18:00.",
    ),  # the first morning
)


def test_the_first_page_says_what_can_be_done_now_and_of_which_day_it_is(written):
    phone = written(HEADINGS[0][0])
    for at, day, heading in HEADINGS:
        phone.set_clock(at)
        phone.clinic.schedule["server_time"] = at
        phone.page.evaluate("() => dispatchEvent(new Event('online'))")
        phone.await_heading(heading)
        phone.page.locator("#top", has_text=day).wait_for()


def test_whoever_comes_back_in_the_evening_is_taken_to_the_first_question(written):
    phone = written("2026-03-20T17:30:00+01:00")
    phone.set_clock("2026-03-20T20:00:00+01:00")
    phone.clinic.schedule["server_time"] = "2026-03-20T20:00:00+01:00"
    phone.come_back()
    phone.await_heading(ITEMS[0]["question"])


def test_yesterday_filled_in_before_noon_is_said_to_be_late(written):
    phone = written("2026-03-21T09:00:00+01:00")
    phone.page.get_by_role("link", name="Fill in yesterday").click()
    phone.answer(SCORES)
    phone.page.get_by_text("receipt 41").wait_for()
    assert (phone.clinic.entries[0]["day"], phone.clinic.entries[0]["about"]) == (18, "yesterday")
    phone.open("#/")
    phone.await_heading("Yesterday’s diary is done.")
    assert "1 of them late" in phone.page.locator("svg.rule").get_attribute("aria-label")


def test_an_evening_that_was_not_finished_in_time_is_told_of_and_not_lost(written):
    phone = written("2026-03-21T11:58:00+01:00", hash_="#/e/18/1")
    phone.tap_score(3)
    phone.await_heading("How tired were you")
    phone.set_clock("2026-03-21T12:05:00+01:00")
    phone.open("#/")
    phone.page.get_by_role("link", name="Begun and not finished: Friday 20 March").click()
    phone.await_heading("This evening is over.")
    assert phone.stores()["kept"]["draft/e18"]["answers"] == {"pain": 3}
    phone.open("#/data")
    held = saved_file(phone, phone.page.get_by_role("button", name="Save what this phone holds").click)
    assert held["unfinished"][0]["answers"] == {"pain": 3}


STAGES = {
    "waiting": "That was the last evening. Thank you.",
    "result": "Your answer is there.",
    "left": "You have left the trial.",
    "maintenance": "Your diary is open.",
}


def test_every_stage_has_its_page(written):
    phone = written()
    for stage, heading in STAGES.items():
        phone.clinic.schedule["stage"] = stage
        phone.open("#/")
        phone.come_back()
        phone.await_heading(heading)
        if stage == "result":
            assert phone.page.get_by_role("link", name="Read my result").get_attribute("href") == "/diary/result"
        if stage != "maintenance":
            phone.open("#/e/18/1")
            phone.await_heading(heading)


@pytest.mark.parametrize("stage", ["maintenance", "left"])
def test_a_result_is_one_tap_from_the_first_page_while_a_dose_is_kept_and_for_who_left(written, stage):
    phone = written()
    phone.clinic.schedule["stage"] = stage
    phone.open("#/")
    phone.come_back()
    assert not phone.page.get_by_role("link", name="Read my result").count(), "there is none yet"
    phone.clinic.schedule["result"] = {"words": ["The smallest dose that was found to help you: 3 mg each evening."]}
    phone.come_back()
    result = phone.page.locator("section", has_text="Your answer is there.")
    assert "3 mg each evening" in result.inner_text()
    assert result.get_by_role("link", name="Read my result").get_attribute("href") == "/diary/result"


def test_no_earlier_answer_is_ever_shown(written):
    phone = written("2026-03-19T20:00:00+01:00", hash_="#/e/17/1", answered=[])
    phone.answer({"all": 9})
    phone.page.get_by_text("receipt 41").wait_for()
    phone.set_clock("2026-03-20T20:00:00+01:00")
    for at in ("#/", "#/e/18/1", "#/e/18/2"):
        phone.open(at)
        assert phone.page.locator("input:checked").count() == 0
        assert phone.page.locator("svg:not(.rule):not([aria-hidden])").count() == 0


def test_whoever_wants_to_leave_reads_the_warning_first_and_needs_no_reason(written):
    phone = written(hash_="#/leave")
    assert "an opioid dose that you could take before may be dangerous" in phone.page.locator(".flag").inner_text()
    phone.page.get_by_role("button", name="Leave the trial").click()
    phone.await_heading("You have left the trial.")
    phone.page.get_by_text("receipt 41").wait_for()
    assert phone.clinic.entries[0]["leaves"] is True
    assert phone.clinic.entries[0]["answers"] == {}
    phone.open("#/e/18/1")
    phone.await_heading("You have left the trial.")


def test_a_phone_with_unsent_answers_is_not_cleared_and_gives_a_rescue_file(written):
    phone = written(hash_="#/e/18/1")
    unplug(phone)
    phone.answer(SCORES)
    phone.open("#/forget")
    phone.await_heading("Not yet: 1 answer waits on this phone.")
    assert phone.page.get_by_role("button", name="Clear this phone").count() == 0
    phone.page.get_by_role("link", name="What waits on this phone").click()
    phone.await_heading("1 answer waits on this phone.")
    rescue = saved_file(phone, phone.page.get_by_role("button", name="Save a rescue file").click)
    assert rescue["schema"] == "modicum.rescue/1"
    assert [entry["answers"] for entry in rescue["entries"]] == [SCORES]
    assert json.loads(phone.stores()["outbox"][0]["text"]) == rescue["entries"][0]
    plug_in(phone)
    phone.await_heading("Everything is at the clinic.")


def test_a_phone_that_is_cleared_holds_nothing_any_more(written):
    phone = written(hash_="#/e/18/1")
    phone.answer(SCORES)
    phone.page.get_by_text("receipt 41").wait_for()
    phone.open("#/forget")
    phone.clinic.status = 401
    phone.page.get_by_role("button", name="Clear this phone").click()
    phone.await_heading("This phone has been cleared.")
    stores = phone.stores()
    assert (stores["outbox"], stores["sent"]) == ([], [])
    assert "schedule" not in stores["kept"]


def test_a_wrong_pin_opens_nothing_and_deletes_nothing(written):
    phone = written(hash_="#/lock")
    phone.page.get_by_label("New PIN").fill("2468")
    phone.page.get_by_role("button", name="Set the PIN").click()
    phone.page.get_by_text("A PIN is set.").wait_for()
    phone.page.reload()
    phone.await_heading("Your diary is locked.")
    for at in ("#/", "#/e/18/1", "#/data", "#/change/18", "#/forget/"):
        phone.open(at)
        if at != "#/forget/":
            assert phone.heading == "Your diary is locked."
    phone.open("#/")
    for _ in range(5):
        phone.page.get_by_label("PIN").fill("1111")
        phone.page.get_by_role("button", name="Unlock").click()
        phone.page.get_by_text("That is not the PIN. Nothing was deleted.").wait_for()
        phone.page.wait_for_function("() => document.querySelector('#pin').value === ''")
    phone.page.get_by_label("PIN").fill("2468")
    phone.page.get_by_role("button", name="Unlock").click()
    phone.page.get_by_text("Too many tries.").wait_for()
    phone.set_clock("2026-03-20T20:16:00+01:00")
    phone.page.get_by_role("button", name="Unlock").click()
    phone.page.wait_for_function("() => !document.querySelector('#pin')")
    assert phone.stores()["kept"]["schedule"]["trial"] == "trial-1"


def test_a_locked_diary_still_shows_the_card_and_whom_to_ring(written):
    phone = written(hash_="#/lock")
    phone.page.get_by_label("New PIN").fill("2468")
    phone.page.get_by_role("button", name="Set the PIN").click()
    phone.page.get_by_text("A PIN is set.").wait_for()
    phone.page.reload()
    phone.await_heading("Your diary is locked.")
    phone.page.get_by_role("link", name="Emergency card").click()
    phone.await_heading("Emergency card")
    phone.page.get_by_role("link", name="Help, or call us").click()
    phone.await_heading("Help, or call us")
    assert phone.page.locator(".tel").count() >= 2


def test_the_phone_itself_can_unlock(written):
    phone = written(hash_="#/lock")
    cdp = phone.context.new_cdp_session(phone.page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasResidentKey": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    phone.page.get_by_label("New PIN").fill("2468")
    phone.page.get_by_role("button", name="Set the PIN").click()
    phone.page.get_by_role("button", name="Also unlock by finger").click()
    phone.page.get_by_text("this phone can unlock it").wait_for()
    phone.page.reload()
    phone.page.get_by_role("button", name="Use finger, face").click()
    phone.page.wait_for_function("() => !document.querySelector('#pin')")


def test_a_phone_without_a_diary_takes_a_pasted_link_of_this_clinic_only(browser, signer):
    from journeys.web.diary.phones import Phone
    from journeys.web.diary.written_clinic import HOST, WrittenClinic

    context = browser.new_context(service_workers="block")
    clinic = WrittenClinic(signer)
    clinic.status = 401
    clinic.serve(context)
    phone = Phone(context, HOST)
    phone.open()
    phone.await_heading("This phone has no diary yet.")
    for wrong in ("https://elsewhere.example/join/abc/", "hello", f"{HOST}/clinic/", "javascript:alert(1)"):
        phone.page.get_by_label("Your link").fill(wrong)
        phone.page.get_by_role("button", name="Open my diary").click()
        phone.page.get_by_text("That is not a link of this clinic.").wait_for()
    phone.page.get_by_label("Your link").fill(f"{HOST}/join/abc/")
    with phone.page.expect_request("**/join/abc/"):
        phone.page.get_by_role("button", name="Open my diary").click()
    context.close()


BROKEN = (
    (
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'InvalidStateError') }",
        "It is probably a private window.",
    ),
    (
        "IDBObjectStore.prototype.put = () => { throw new DOMException('no', 'QuotaExceededError') }",
        "This phone has no room left.",
    ),
    (
        "SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))",
        "It is too old",
    ),
)


@pytest.mark.parametrize(
    ("broken", "words"),
    some("diary-cases", BROKEN),
)
def test_a_browser_that_can_keep_nothing_is_told_before_the_first_question(browser, signer, broken, words):
    from journeys.web.diary.phones import Phone
    from journeys.web.diary.written_clinic import HOST, WrittenClinic

    context = browser.new_context(service_workers="block")
    context.add_init_script(broken)
    WrittenClinic(signer).serve(context)
    phone = Phone(context, HOST)
    phone.open()
    phone.await_heading("This browser cannot keep your diary safe.")
    assert words in phone.page.locator("#screen").inner_text()
    context.close()


def test_an_answer_that_cannot_be_written_is_never_called_saved(written):
    phone = written(hash_="#/e/18/1")
    phone.page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    phone.tap_score(4)
    phone.await_heading("That could not be saved.")
    assert phone.page.get_by_text("Saved on this phone").count() == 0
    phone.complaints.clear()
