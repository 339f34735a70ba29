"""What was typed is not lost to a log-in that ended, and a tab in use keeps the others of the same browser."""

from urllib.parse import parse_qs, urljoin, urlsplit

from modicum.web.accounts.models import Participant


def log_in(look, world, name):
    """The log-in done, as somebody: on to where the page of the log-in leads."""
    (where,) = parse_qs(urlsplit(look.page.url).query)["next"]
    key = world.client(name).cookies["modicum_staff"].value
    look.context.add_cookies([{"name": "modicum_staff", "value": key, "url": urljoin(look.page.url, "/")}])
    look.go(where)


def begin_to_add(look):
    look.go("/clinic/people/add/")
    look.page.locator("input[name=surname]").fill("Ørsted-Łukasz")
    look.page.locator("input[name=given]").fill("Jón")
    look.page.locator("input[name=born]").fill("1971-02-03")
    look.page.locator("input[name=virtual]").check()
    look.context.clear_cookies(name="modicum_staff")
    look.press("Add this person")
    look.reads("What you sent was not saved: your log-in had ended.")


def test_what_was_typed_is_there_again_after_the_log_in_and_is_said_to_be_unsaved(window, served):
    look = window("prescriber")
    begin_to_add(look)
    log_in(look, served[1], "prescriber")
    look.page.get_by_text("What you had typed is here again. It has not been saved.").wait_for()
    assert look.page.locator("input[name=surname]").input_value() == "Ørsted-Łukasz"
    assert look.page.locator("input[name=virtual]").is_checked()
    assert not Participant.objects.filter(surname="Ørsted-Łukasz").exists()
    look.holds("typed-again")
    look.page.reload()
    assert look.page.locator("input[name=surname]").input_value() == "", "it is brought back once"


def test_nobody_else_finds_what_was_typed_in_this_tab(window, served):
    look = window("prescriber")
    begin_to_add(look)
    log_in(look, served[1], "foreign prescriber")
    look.page.locator("input[name=surname]").wait_for()
    assert look.page.locator("input[name=surname]").input_value() == ""
    assert look.page.evaluate("() => sessionStorage.length") == 0


def test_a_tab_that_is_used_keeps_the_others_from_being_left(window):
    look = window("prescriber")
    look.page.clock.install()
    look.go("/clinic/people/")
    other = look.context.new_page()
    other.goto(look.page.url)
    for _ in range(4):
        look.page.clock.run_for(6 * 60_000)
        other.keyboard.press("Shift")
    assert "/clinic/people/" in look.page.url
    look.page.clock.run_for(16 * 60_000)
    look.page.wait_for_url("**/accounts/login/**")
    other.wait_for_url("**/accounts/login/**")
