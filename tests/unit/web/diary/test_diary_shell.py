"""The shell of the app: small, the same for everybody, complete for a phone without a network."""

import json
import re
from pathlib import Path

import django
import pytest

import databases  # noqa: F401 - names the settings before Django reads them

django.setup()

from modicum.web import assets  # noqa: E402
from modicum.web.diary import shell  # noqa: E402

MOST_BYTES = 120_000  # of script and style, uncompressed
STATIC = Path(shell.__file__).parent / "static" / "diary"


def source(name):
    return assets.files()[name].read_text(encoding="utf-8")


def test_script_and_style_together_are_at_most_120_kb():
    named = [*shell.STYLES, *shell.modules(), shell.MAIN]
    size = sum(assets.files()[name].stat().st_size for name in named) + len(shell.worker().text.encode())
    assert size <= MOST_BYTES


def test_the_phone_keeps_every_file_that_the_app_names():
    kept = set(shell.kept_offline())
    for name in (shell.MAIN, *shell.modules()):
        for imported in re.findall(r'from "\./([a-z]+\.js)"', source(name)):
            assert assets.address(f"diary/{imported}") in kept, (name, imported)
    for style in shell.STYLES:
        for found in re.findall(r'url\("([^"]+)"\)', source(style)):
            folder = style.rsplit("/", 1)[0]
            assert assets.address(f"{folder}/{found}") in kept, found


def test_the_worker_names_each_file_that_is_kept_and_a_version():
    text = shell.worker().text
    assert json.loads(text.split("const SHELL = ")[1].split(";\n")[0]) == list(shell.kept_offline())
    assert re.match(r'const VERSION = "[0-9a-f]{16}";', text)


def test_the_page_holds_no_script_and_no_style_of_its_own():
    text = shell.page().text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+=", text)


def test_no_page_is_drawn_under_a_notch_unless_its_style_leaves_room_there():
    styled = any("safe-area-inset" in source(name) for name in shell.STYLES)
    assert ("viewport-fit=cover" in shell.page().text) == styled


def test_a_link_that_is_pasted_into_the_app_is_opened_there():
    manifest = json.loads(shell.manifest().text)
    assert (manifest["start_url"], manifest["scope"]) == (shell.PAGE, "/")


def test_the_manifest_names_icons_that_are_there_and_says_nothing_of_health():
    manifest = json.loads(shell.manifest().text)
    paths = {assets.address(name) for name in assets.files()}
    assert all(icon["src"] in paths for icon in manifest["icons"])
    assert {manifest["name"], manifest["short_name"]} == {"Diary"}


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_a_module_reads_nothing_that_somebody_wrote_as_markup(name):
    text = source(f"diary/{name}")
    assert not re.search(
        r"\.(innerHTML|insertAdjacentHTML)|outerHTML\s*=[^=]|document\.write|\beval\(|new Function", text
    )


def words(language):
    return json.loads((STATIC / "words" / f"{language}.json").read_text(encoding="utf-8"))


def test_every_word_is_there_in_both_languages_with_the_same_places():
    english, german = words("en"), words("de")
    assert set(english) == set(german)
    for key in english:
        assert set(re.findall(r"\{(\w+)\}", english[key])) == set(re.findall(r"\{(\w+)\}", german[key])), key


def used():
    """Keys that the modules name whole, and beginnings of those that they put together."""
    text = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    whole = set(re.findall(r'say\("([a-z0-9.-]+)"', text)) | set(re.findall(r'[?:] "([a-z-]+(?:\.[a-z-]+)*)"\)', text))
    return whole, set(re.findall(r"`([a-z.-]+\.)\$\{", text)), text


def test_every_word_that_is_said_is_there():
    there = {key.removesuffix(".one").removesuffix(".other") for key in words("en")}
    whole, begun, _ = used()
    assert len(whole) > 100
    assert {key for key in whole if key not in there} == set()
    assert [start for start in begun if not any(key.startswith(start) for key in there)] == []


def test_no_word_is_there_that_is_never_said():
    _, begun, text = used()
    there = {key.removesuffix(".one").removesuffix(".other") for key in words("en")}
    unsaid = [key for key in there if f'"{key}"' not in text and not key.startswith(tuple(begun))]
    assert unsaid == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_words_neither_blame_nor_cheer(language):
    text = re.sub(r"\{\w+\}", "", " ".join(words(language).values())).lower()
    for word in ("!", "streak", "missed", "failed", "please note", "subject", "compliance", "user ", "%", "great"):
        assert word not in text, word
