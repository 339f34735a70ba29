import hashlib
import os
import re
from pathlib import Path

import pytest

from architecture.tree import relative, tracked

# Written in pieces, so that this file does not hold what it forbids.
WORDS = ["session", "prompt", "agent", "workplace", "chat" + "bot", "co" + "pilot", "large language " + "model"]
PLACES = [
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + "me/",
    "/opt/" + "wheels",
    "../sha" + "red/design",
    "../sha" + "red/facts",
]
HOSTS = [
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js",
    "crates" + ".io",
    "proxy.golang" + ".org",
    "deb.deb" + "ian",
]
FARM = "fa" + "rm"
LOG_IN = "sess" + "ion"  # what a browser's log-in is called in Django, so that the web has to say it
OFFER = "pro" + "mpt"  # what a browser's offer to install a page is called, so that the phone's app has to say it
HEADER = "User-" + "Age" + "nt"  # of HTTP
WEB = "/web/"
EXEMPT = {"LICENSE", "tests/architecture/test_contents.py"}
BINARY = {".mo", ".parquet", ".png", ".ttf", ".webp", ".woff2"}


def forbidden(text: str, name: str = "") -> list[str]:
    words = "|".join([word for word in (*WORDS, FARM) if not said_by_browsers(word, name)])
    found = re.findall(rf"\b(?:{words})s?\b", text.replace(HEADER, ""), flags=re.IGNORECASE)
    return found + [piece for piece in (*PLACES, *HOSTS) if piece.lower() in text.lower()]


def said_by_browsers(word: str, name: str) -> bool:
    return word in (LOG_IN, OFFER) and WEB in f"/{name}"


def texts() -> list[tuple[str, str]]:
    readable = [path for path in tracked() if path.suffix not in BINARY and relative(path) not in EXEMPT]
    return [(relative(path), path.read_text(encoding="utf-8")) for path in readable]


def test_no_file_says_how_or_where_it_was_made():
    assert [(name, found) for name, text in texts() if (found := forbidden(text, name))] == []


@pytest.mark.parametrize(
    "bad", ["see /wo" + "rk/main", "https://pypi" + ".org/simple", "two sess" + "ions", "a fa" + "rm"]
)
def test_a_word_about_the_making_is_found(bad):
    assert forbidden(bad)


def test_a_log_in_may_be_named_in_the_web_and_nowhere_else():
    assert not forbidden(f"a {LOG_IN} of ninety days", "src/modicum/web/accounts/devices.py")
    assert forbidden(f"a {LOG_IN} of ninety days", "src/modicum/trial/state.py")


def test_an_offer_to_install_may_be_named_in_the_web_and_nowhere_else():
    assert not forbidden(f"return offer.{OFFER}();", "src/modicum/web/diary/static/diary/app.js")
    assert forbidden(f"by a {OFFER}", "src/modicum/trial/state.py")


def test_a_document_of_the_field_passes():
    assert forbidden("The drug is taken at 22:00; a farmer, a pharmacist and a promptly kept diary.") == []


def test_no_file_is_a_copy_of_reference_data():
    folder = os.environ.get("MODICUM_REFERENCE_DATA")
    if not folder:
        pytest.skip("NOT CHECKED: MODICUM_REFERENCE_DATA is not set, so copies of reference data would not be noticed")
    reference = {digest(path): path.name for path in Path(folder).rglob("*") if path.is_file() and path.stat().st_size}
    assert [(relative(path), reference[digest(path)]) for path in tracked() if digest(path) in reference] == []


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
