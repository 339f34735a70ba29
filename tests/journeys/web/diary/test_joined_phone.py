"""A phone and the real clinic: from the link to two ticks, without a network, and away again."""

import re

import icalendar
import pytest

from journeys.web.diary.phones import COOKIE, Phone
from journeys.web.diary.written_clinic import ZONE

KEPT = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) paths.push(new URL(one.url).pathname);
  }
  return paths;
}"""
SCORES = {"pain": 4, "fatigue": 5, "sleep": 6, "mood": 7, "activity": 3}


HOME_SCREEN = """() => {
  window.shared = [];
  Object.defineProperty(navigator, "standalone", { value: true });
  Object.defineProperty(navigator, "canShare", { value: () => true });
  Object.defineProperty(navigator, "share", { value: async ({ files: [file] }) => {
    window.shared.push([file.name, file.type.split(";")[0], await file.text()]);
  } });
}"""


def get(context, url, **headers):
    return context.request.get(url, headers=headers, max_redirects=0)


def test_from_the_link_to_two_ticks_in_eight_taps(browser, clinic):
    enrolled = clinic.enrol()
    context = browser.new_context(viewport={"width": 360, "height": 800}, timezone_id=ZONE)
    phone = Phone(context, clinic.url, "2026-03-04T20:14:00+01:00")
    phone.page.goto(f"{clinic.url}{enrolled.join}")
    phone.page.locator("main form button").click()
    phone.await_heading("Put the diary on your home screen.")
    phone.page.get_by_role("link", name="Go on").click()
    phone.await_heading("A PIN for this diary")
    phone.page.get_by_role("link", name="Go on without a PIN").click()
    phone.await_heading("Your diary is open.")
    phone.page.get_by_role("link", name="Begin today’s diary").click()
    assert 1 + phone.answer(SCORES) <= 8
    phone.page.get_by_text(re.compile(r"receipt \d+")).wait_for()
    assert phone.line == ""
    assert phone.complaints == []
    cookie = next(one for one in context.cookies() if one["name"] == COOKIE)
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    data = get(context, f"{clinic.url}/diary/data.json").json()
    assert [one["handed_in"]["answers"] for one in data["entries"]] == [SCORES]
    context.close()


def test_the_diary_opens_and_is_filled_in_without_a_network(joined):
    phone = joined()
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    phone.page.goto(f"{phone.url}/diary/")
    phone.await_heading("How strong was your pain")
    fonts = "() => document.fonts.ready.then(() => [...document.fonts].filter((one) => one.status === 'loaded').length)"
    assert phone.page.evaluate(fonts) >= 2
    phone.answer(SCORES)
    assert phone.line == "Offline. 1 answer waits on this phone."
    phone.context.set_offline(False)
    phone.page.get_by_text(re.compile(r"receipt \d+")).wait_for()
    assert phone.complaints == []


def test_a_medicine_before_the_evening_leaves_the_evening_its_answers(clinic, joined):
    phone = joined()
    phone.open("#/medicine")
    phone.page.get_by_label("Name, as it stands on the box").fill("codeine 30 mg")
    phone.page.get_by_role("button", name="Hand in").click()
    phone.await_heading("What to do about your new medicine")
    assert "take no further capsule" in phone.page.locator(".flag").inner_text()
    phone.open("#/e/2/1")
    phone.answer(SCORES)
    phone.page.get_by_text(re.compile(r"receipt \d+")).wait_for()
    data = get(phone.context, f"{clinic.url}/diary/data.json").json()
    assert [one["handed_in"]["answers"] for one in data["entries"] if one["counts"]][-1] == SCORES
    phone.open("#/")
    assert phone.page.locator(".flag h2").inner_text().endswith("Take no further capsule for now.")


def test_the_worker_keeps_nothing_personal(joined):
    phone = joined()
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.open("#/e/2/1")
    phone.answer(SCORES)
    phone.await_unsent(0)
    kept = phone.page.evaluate(KEPT)
    assert "/diary/" in kept
    assert [path for path in kept if path != "/diary/" and not path.startswith("/static/")] == []


def test_the_shell_is_the_same_bytes_for_everybody_and_asks_to_be_checked(browser, clinic, joined):
    phone = joined()
    stranger = browser.new_context()
    for path in ("/diary/", "/diary/sw.js", "/diary/manifest.webmanifest"):
        own, other = get(phone.context, clinic.url + path), get(stranger, clinic.url + path)
        assert own.body() == other.body(), path
        assert own.headers["cache-control"] == "no-cache"
        assert get(stranger, clinic.url + path, **{"If-None-Match": own.headers["etag"]}).status == 304
        assert "script-src 'self'" in own.headers["content-security-policy"]
    stranger.close()


@pytest.mark.parametrize(("language", "words"), [("en", "Your diary is ready."), ("de", "Ihr Tagebuch ist bereit.")])
def test_the_reminder_tells_nobody_anything(browser, clinic, language, words):
    context = browser.new_context()
    token = clinic.joined(clinic.enrol(language=language))
    context.add_cookies([{"name": COOKIE, "value": token, "url": clinic.url}])
    response = get(context, f"{clinic.url}/diary/calendar.ics?at=21:30")
    assert response.headers["content-type"].startswith("text/calendar")
    text = response.text()
    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    alarm = icalendar.Calendar.from_ical(text).walk("VALARM")[0]
    assert (str(event["summary"]), str(alarm["description"])) == (words, words)
    assert event.decoded("dtstart").isoformat() == "2026-03-04T21:30:00"
    assert alarm["action"] == "DISPLAY"
    lines = {line.split(":")[0].split(";")[0] for line in text.splitlines() if not line.startswith(" ")}
    assert not {"LOCATION", "ORGANIZER", "ATTENDEE", "URL", "COMMENT"} & lines
    for word in ("modicum", "naltrexone", "trial", "clinic", "test", "dr "):
        assert word not in text.lower(), word
    context.close()


def test_a_reminder_falls_into_the_evening(browser, clinic):
    context = browser.new_context()
    context.add_cookies([{"name": COOKIE, "value": clinic.joined(clinic.enrol()), "url": clinic.url}])
    for at, status in (("25:00", 400), ("09:00", 400), ("x", 400), ("18:00", 200), ("03:59", 200)):
        assert get(context, f"{clinic.url}/diary/calendar.ics?at={at}").status == status, at
    context.close()


def test_a_stranger_gets_no_reminder_and_takes_no_phone_away(browser, clinic):
    stranger = browser.new_context()
    assert get(stranger, f"{clinic.url}/diary/calendar.ics").status == 401
    assert stranger.request.post(f"{clinic.url}/diary/leave-device").status == 403
    stranger.close()


def test_a_phone_that_is_cleared_is_known_no_more(clinic, joined):
    phone = joined()
    phone.open("#/forget")
    phone.page.get_by_role("button", name="Clear this phone").click()
    phone.await_heading("This phone has been cleared.")
    assert not [one for one in phone.context.cookies() if one["name"] == COOKIE]
    assert clinic.ask("x", "schedule")[0] == 401


def test_on_the_home_screen_of_an_iphone_a_file_of_the_clinic_goes_to_the_sheet_and_not_to_a_page_of_its_own(joined):
    phone = joined(has_touch=True)
    phone.page.evaluate(HOME_SCREEN)
    phone.page.evaluate("() => { location.hash = '#/data' }")
    here = f"{phone.url}/diary/#/data"
    for name in ("As a table", "With all details"):
        phone.page.get_by_role("link", name=name).click()
    phone.page.wait_for_function("() => window.shared.length === 2")
    shared = {name: (kind, text) for name, kind, text in phone.page.evaluate("() => window.shared")}
    for path, name, kind in (
        ("data.csv", "modicum-diary.csv", "text/csv"),
        ("data.json", "modicum-diary-clinic.json", "application/json"),
    ):
        assert shared[name] == (kind, get(phone.context, f"{phone.url}/diary/{path}").text())
    assert phone.page.url == here
    phone.context.set_offline(True)
    phone.page.get_by_role("link", name="As a table").click()
    phone.page.get_by_text("The clinic cannot be reached.").wait_for()
    assert len(phone.page.evaluate("() => window.shared")) == 2


def test_elsewhere_a_file_of_the_clinic_is_a_download_by_a_name_of_its_own(joined):
    phone = joined()
    phone.open("#/data")
    for link, name in (("As a table", "modicum-diary.csv"), ("With all details", "modicum-diary-clinic.json")):
        with phone.page.expect_download() as waiting:
            phone.page.get_by_role("link", name=link).click()
        assert waiting.value.suggested_filename == name


def test_the_page_of_a_link_can_be_put_on_the_home_screen_before_it_is_used_up(browser, clinic):
    context = browser.new_context(viewport={"width": 390, "height": 800}, timezone_id=ZONE)
    page = context.new_page()
    page.goto(f"{clinic.url}{clinic.enrol().join}")
    assert [one.inner_text() for one in page.locator("h2").all()][1] == "On an iPhone or iPad"
    link = page.locator("link[rel=manifest]").get_attribute("href")
    assert get(context, f"{clinic.url}{link}").json()["start_url"] == "/diary/"
    icon = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    assert get(context, f"{clinic.url}{icon}").headers["content-type"] == "image/png"
    phone_of_apple = browser.new_context(
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Safari/604.1"
    )
    first = phone_of_apple.new_page()
    first.goto(page.url)
    assert first.locator("h2").first.inner_text() == "On an iPhone or iPad"
    assert first.locator("section").first.bounding_box()["y"] < first.locator("main form").bounding_box()["y"]
    phone_of_apple.close()
    joined_in = browser.new_context(viewport={"width": 390, "height": 800}, timezone_id=ZONE)
    phone = Phone(joined_in, clinic.url, "2026-03-04T20:14:00+01:00")
    phone.open()
    phone.page.get_by_label("Your link").fill(page.url)
    phone.page.get_by_role("button", name="Open my diary").click()
    phone.page.locator("main form button").click()
    phone.await_install()
    joined_in.close()
    context.close()
