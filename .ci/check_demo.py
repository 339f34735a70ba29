"""Check what ``make run CHECK=1`` serves: every role logs in and sees her pages, a phone joins, the store is whole."""

import html
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from modicum.services.store_checking import check_store

PATIENTS = 18
FEWEST_EVENTS = 700  # of all virtual patients together
LOG_IN = re.compile(r"(\w+)@example\.org, password (\S+), second factor \(each once\) (\S+)")
PAGES = {  # of each role, and words that the demo has something to show by
    "prescriber": {
        "/": ("people need you today", "Decision taken", "The answer is ready"),
        "/clinic/people/": ("ROWAN",),
    },
    "pharmacist": {"/pharmacy/": ("kits wait to be made", "kits to hand out"), "/pharmacy/counts/": ("accounted for",)},
    "operator": {"/operate/": ("Events in the chain",), "/operate/audit/": ("A person consented",)},
    "analyst": {"/research/": ("trials can be exported",)},
}
COMPUTING = ("polars", "llvmlite")  # the algebra of NumPy ends its threads before a fork
AGAIN = (  # of the pages of re-challenges: one can be offered, and one is under way after another that was answered
    ("A blinded re-challenge can begin.",),
    ("A blinded re-challenge is under way.", "Re-challenge 1, ", "In each capsule"),
)


class Browser:
    """What somebody does at one address: reads pages, and fills in their forms.

    Args:
        url: of the clinic, without a slash at its end.
    """

    def __init__(self, url: str):
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._page = ""

    def read(self, path: str, **given: str) -> str:
        """A page; with values, what its form answers, by the token of the page before."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._page)
        form = {**given, "csrfmiddlewaretoken": token.group(1) if token else ""}
        data = urllib.parse.urlencode(form).encode() if given else None
        address = f"{self._url}{path}"
        request = urllib.request.Request(address, data=data, headers={"Referer": address})  # noqa: S310 - our own server
        with self._opener.open(request, timeout=60) as answer:
            if answer.status != 200:
                raise SystemExit(f"{path} answers {answer.status}.")
            self._page = answer.read().decode()
            self.path = urllib.parse.urlsplit(answer.url).path
        return html.unescape(self._page)


def main(data: Path) -> None:
    """Raise where something is wrong; else print ok."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "modicum", "demo", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as demo:
        try:
            said = _told(demo)
            _compute_nowhere(demo.pid)
            _look(said, f"http://127.0.0.1:{port}")
        finally:
            demo.send_signal(signal.SIGTERM)
    found = check_store(str(data / "modicum.sqlite3"))
    if found["result"] != "whole" or found["count"] < FEWEST_EVENTS:
        raise SystemExit(f"The store of the demo is not as it should be: {found}")
    print(f"An example clinic of {PATIENTS} virtual patients, {found['count']} events, a chain that holds.")
    print("ok")


def _compute_nowhere(pid: int) -> None:
    """The process that the server is forked from holds nothing that computes, and so none of its threads and locks."""
    loaded = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
    computing = [name for name in COMPUTING if name in loaded]
    if computing:
        raise SystemExit(f"The server is forked from a process that has loaded {', '.join(computing)}.")


def _told(demo: "subprocess.Popen[str]") -> str:
    """What it prints, up to the link of a phone."""
    said = ""
    for line in demo.stdout or ():
        said += line
        if "/join/" in line:
            return said
    raise SystemExit(f"The demo ended early. It said: {said}")


def _look(said: str, url: str) -> None:
    """Every role's pages, and the phone's."""
    _wait(f"{url}/api/v1/health")
    known = {role: (password, code) for role, password, code in LOG_IN.findall(said)}
    for role, pages in PAGES.items():
        if role not in known:
            raise SystemExit(f"No log-in of the {role} is printed.")
        browser = _logged_in(url, f"{role}@example.org", *known[role])
        for path, words in pages.items():
            page = browser.read(path)
            missing = [one for one in words if one not in page]
            if browser.path != path or missing:
                raise SystemExit(f"{path} of the {role} ends at {browser.path} and does not show {missing}.")
        if role == "prescriber":
            _see_everybody(browser)
    link = re.search(r"/join/\S+/", said)
    if link is None:
        raise SystemExit("No link for a phone is printed.")
    for path in ("/accounts/login/", "/clinics/", "/privacy/", "/diary/", link.group()):
        Browser(url).read(path)


def _logged_in(url: str, email: str, password: str, code: str) -> Browser:
    """Somebody who has come through both doors."""
    browser = Browser(url)
    browser.read("/accounts/login/")
    browser.read("/accounts/login/", login=email, password=password)
    browser.read(browser.path, code=code)
    if browser.path != "/":
        raise SystemExit(f"{email} logs in and ends at {browser.path}.")
    return browser


def _see_everybody(browser: Browser) -> None:
    """The page of every patient, and of re-challenges what there is to show."""
    people = set(re.findall(r'href="(/clinic/people/[0-9a-f-]{36}/)"', browser.read("/clinic/people/")))
    if len(people) != PATIENTS:
        raise SystemExit(f"{len(people)} patients are listed, not {PATIENTS}.")
    for path in people:
        browser.read(path)
    pages = [browser.read(f"{path}re-challenge/") for path in people]
    missing = [words for words in AGAIN if not any(all(one in page for one in words) for page in pages)]
    if missing:
        raise SystemExit(f"No page of a re-challenge shows {missing}.")


def _wait(address: str) -> None:
    """Until something listens there."""
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return


main(Path(sys.argv[1]))
