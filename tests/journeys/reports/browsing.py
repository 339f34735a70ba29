"""Opening a page in a real browser, and what it says there."""

from browsers import OVERFLOW


class Written(dict):
    """Files by name, each written when it is first asked for: those who share the tests write only what they open."""

    def __init__(self, write):
        super().__init__()
        self.write = write

    def __missing__(self, name):
        self[name] = self.write(name)
        return self[name]


def opened(browser, file, view="prescriber", *, width=1280, scheme="light"):
    """A page that shows a view, and what it complained of or asked the network for."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: complaints.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.goto(f"{file.as_uri()}#{view}")
    return page, complaints


def assert_opens_within_its_edges(browser, file):
    """A page complains of nothing, needs no network, and runs over no edge at any width."""
    page, complaints = opened(browser, file, width=320)
    for width in (320, 390, 800, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OVERFLOW) <= 0, width
    assert complaints == []
    page.context.close()
