"""Whatever a participant is shown is there in every language, and no translation is of words that are not there."""

import string
import tomllib
from importlib.resources import files

import pytest

from modicum.protocol import library, read_protocol
from modicum.protocol.rechallenge import rechallenge_toml
from modicum.services.diary import advice, schedule
from modicum.services.diary.words import LANGUAGES, say
from modicum.supply import shipped_formulation

OTHERS = [language for language in LANGUAGES if language != "en"]


def sentences() -> set[str]:
    """Every English sentence that a phone can be sent, and the words by which pages name what protocols hold."""
    found = {value for module in (advice, schedule) for name, value in vars(module).items() if is_said(name, value)}
    for name in library():
        protocol = read_protocol(name)
        for item in protocol.outcomes:
            found |= {item.label, item.question, item.low_label, item.high_label}
            found.add(item.name)
        found |= {words for item in protocol.side_effects for words in (item.label, item.label.lower())}
        found |= {words for phase in phases_of(protocol) for words in (phase.title, phase.name)}
        formulation = shipped_formulation(protocol.drug.name)
        found |= {protocol.title, protocol.summary, protocol.drug.name, formulation.filler}
        found |= {words for one in formulation.warnings for words in (one.text, one.open)}
        found.add(formulation.short or protocol.drug.name)
    return found - {""}


def phases_of(protocol):
    """Those of a protocol, and of the re-challenge that its maintenance offers."""
    if protocol.maintenance is None:
        return protocol.phases
    return (*protocol.phases, *read_protocol(rechallenge_toml(protocol, protocol.drug.ladder_mg[0]).encode()).phases)


def is_said(name: str, value: object) -> bool:
    """Whether a constant of a module is a sentence; signs that stand for something are not."""
    return name.isupper() and isinstance(value, str) and " " in value


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(params=OTHERS)
def translated(request):
    text = (files("modicum.services.diary") / "library" / f"words.{request.param}.toml").read_text(encoding="utf-8")
    return request.param, tomllib.loads(text)["words"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_there_in_the_language(language):
    text = (files("modicum.services.diary") / "library" / f"words.{language}.toml").read_text(encoding="utf-8")
    assert sorted(sentences() - {one["en"] for one in tomllib.loads(text)["words"]}) == []


def test_no_translation_is_of_words_that_are_not_there(translated):
    _, words = translated
    assert sorted({one["en"] for one in words} - sentences()) == []


def test_a_translation_has_the_places_of_its_sentence(translated):
    language, words = translated
    assert [one["en"] for one in words if places(one["en"]) != places(one[language])] == []


def test_words_that_were_never_translated_are_said_in_english():
    assert say("A sentence of a clinic's own protocol", "de") == "A sentence of a clinic's own protocol"
