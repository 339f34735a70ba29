"""The operator, the analyst and everybody in a real browser: looked at, walked through, and nobody else is asked."""

from urllib.parse import urlsplit

TABLE = (
    "name,street,place,postcode,country,telephone,website,languages\n"
    "Harbour Street,1 Harbour Street,Tilbury,RM18 7AA,GB,+44 20 7946 0000,https://harbour.example.org,en pl\n"
)


def hosts(*looks):
    """Everybody whom windows asked for anything."""
    return {urlsplit(url).netloc for look in looks for url in look.asked if not url.startswith(("data:", "blob:"))}


def test_an_operator_lists_a_clinic_and_everybody_finds_it(window, served):
    desk, visitor = window("operator"), window(width=360)
    desk.go("/operate/")
    desk.holds("health")
    desk.page.get_by_role("link", name="Being found").click()
    assert desk.heading() == "None of your clinics can be found yet."
    desk.page.get_by_label("Or the table itself").fill(TABLE.replace("GB", "England"))
    desk.press("Look through this table")
    assert "This is not a country" in desk.page.get_by_role("alert").first.inner_text()
    desk.complaints.clear()  # a browser says in its console that 422 is no 200
    desk.holds("listing-refused")
    desk.page.get_by_label("Or the table itself").fill(TABLE)
    desk.press("Look through this table")
    assert desk.heading() == "List this clinic?"
    desk.holds("listing-shown")
    desk.press("List them")
    assert desk.heading() == "One of your clinics can be found."
    desk.holds("listed")
    desk.page.get_by_role("link", name="Record").click()
    desk.holds("record")
    assert "The clinic was listed" in desk.page.locator("main").inner_text()
    desk.page.get_by_text("Look for something").click()
    desk.page.get_by_label("What", exact=True).select_option("listed")
    desk.press("Look for it")
    assert desk.heading() == "This is what was found."
    desk.holds("record-narrowed")

    visitor.go("/clinics/")
    visitor.holds("clinics")
    visitor.page.get_by_label("Place or postcode").fill("tilb")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/clinics/?place=tilb")
    assert visitor.heading() == "One clinic is listed for tilb."
    visitor.page.get_by_role("link", name="What becomes of data").click()
    assert visitor.heading() == "Nothing leaves this clinic by itself."
    visitor.holds("privacy")
    assert visitor.context.cookies() == []
    assert hosts(desk, visitor) == {urlsplit(served[0]).netloc}


def test_an_analyst_sees_what_may_leave(window):
    desk = window("analyst")
    desk.go("/research/")
    assert desk.heading() == "No trial can be exported yet."
    desk.holds("export")


def test_a_walk_through_the_pages_asks_no_other_machine_for_anything(window, served):
    world = served[1]
    walks = {
        "": ("/", "/accounts/login/", "/clinics/", "/privacy/", "/diary/", "/found/nothing/"),
        "operator": ("/", "/operate/", "/operate/audit/", "/operate/clinics/", "/clinic/sites/", "/clinic/phones/"),
        "analyst": ("/", "/research/", "/clinic/account/"),
        "prescriber": ("/", "/clinic/people/", f"/clinic/people/{world.ines.pk}/", "/clinic/people/add/"),
        "pharmacist": ("/", "/accounts/second-factor/"),
    }
    looks = []
    for name, places in walks.items():
        look = window(name)
        for place in places:
            look.page.goto(place, wait_until="networkidle" if place == "/diary/" else "load")
        looks.append(look)
    assert hosts(*looks) == {urlsplit(served[0]).netloc}
    assert all(len(look.asked) > len(walks[""]) for look in looks)  # style, fonts and script were asked for, here
