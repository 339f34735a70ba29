"""Labels, card and handout in German say what the English ones say, and nothing of them runs out of its room."""

import calendar
import dataclasses
import datetime as dt
import io
import json
import re
from dataclasses import replace
from functools import partial

import pypdf
import pytest
from PIL import Image

from modicum.protocol import read_protocol
from modicum.protocol.rechallenge import rechallenge_toml
from modicum.reports import emergency_card, kit_labels, paper, supplies, supply_handouts
from modicum.reports.blocks import Heading, Items, Numbers, Pairs, Paragraph
from modicum.reports.german import card, labels, supply
from modicum.services.diary import schedule
from modicum.services.diary.words import say
from modicum.services.patient_words import find_untranslated
from modicum.supply import shipped_formulation
from modicum.supply.handout import Contacts
from supply_fixtures import FLAGSHIP, WITH_CAPSULES, by_halves
from unit.reports.test_supply_documents import CONTACTS
from unit.reports.test_supply_documents import handout as handout_of

SAY = partial(say, language="de")
ENGLISH = re.compile(
    r"\b(the|of|is|and|with|without|your|you|not|this|kits?|nights?|evenings?|capsules?|from|before|by|take|card|to|if|patient"
    r"|or|trial|pharmacy|prescriber|spare|use|every|one|two)\b"
)
SHIPPED = [shipped_formulation(drug) for drug in ("naltrexone hydrochloride", "any other")]
NAMELESS = Contacts("Ines", "555 0100", "555 0142", "555 0199", True)


def cases():
    found = {name: handout_of(read_protocol(name), NAMELESS) for name in WITH_CAPSULES}
    found["halves"] = handout_of(by_halves(FLAGSHIP), NAMELESS)
    found["blank"] = handout_of(read_protocol(FLAGSHIP), Contacts(), {"titration"})
    return found


HANDOUTS = cases()
MONTHS = {name: at for at, name in enumerate(calendar.month_abbr) if name}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def numbers(text, *, german):
    """Numbers and dates of a text in one form, whatever its language."""
    text = plain(text)
    if german:
        text = re.sub(r"\b(\d\d)\.(\d\d)\.(\d{4})?", lambda hit: f"{int(hit[1])} {int(hit[2])} {hit[3] or ''}", text)
        text = re.sub(r"(?<=\d)[.,](?=\d)", lambda hit: "," if hit[0] == "." else ".", text)
    else:
        text = re.sub(rf"(?<=\d )({'|'.join(MONTHS)})\b", lambda hit: str(MONTHS[hit[1]]), text)
    words = {"one": 1, "two": 2, "three": 3, "eine": 1, "zwei": 2, "drei": 3}
    named = re.findall(
        r"\b(one|two|three|eine|zwei|drei)(?= capsule| Kapsel)", text.lower().replace("kapsel", "Kapsel")
    )
    counted = [str(words[one]) for one in named]
    return sorted([*re.findall(r"\d[\d.,]*\d|\d", text), *counted])


def told(view):
    """Every text of a page, in order."""
    page = view.prescriber
    yield from (view.title, view.tag, page.name, page.kicker, page.sentence, page.lead, page.aside, page.foot)
    for fact in page.facts:
        yield from (fact.label, fact.value, *fact.notes)
    for section in page.sections:
        yield section.heading
        for block in section.blocks:
            yield from written(block)


def written(block):
    """Every text of a block."""
    if isinstance(block, Paragraph | Heading):
        return [block.text]
    if isinstance(block, Items):
        return [item.text for item in block.rows]
    if isinstance(block, Pairs):
        return [text for row in block.rows for text in row]
    assert isinstance(block, Numbers)
    table = block.table
    return [table.label, *table.head, *table.groups.values(), *(cell for row in table.rows for cell in row)]


def texts(value):
    """Every text in values of JSON, but the codes and names that no language has."""
    if isinstance(value, dict):
        left = {"language", "qr", "colours", "elsewhere", "code", "codes", "name"}
        return [text for key, one in value.items() if key not in left for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def both(name):
    """A handout in English, and with its words in German."""
    return HANDOUTS[name], supply.translated(HANDOUTS[name], SAY)


def compared(first, second):
    """That two lists of texts say the same numbers, text by text, and that the second is no English."""
    first, second = list(first), list(second)
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        assert numbers(one, german=False) == numbers(other, german=True), (one, other)
        assert bool(one) == bool(other)
    said = " ".join(second).replace("card.html", "").replace("ldn-smallest-dose", "")
    assert not ENGLISH.findall(said), said


@pytest.mark.parametrize("name", HANDOUTS)
def test_every_line_of_a_label_is_there_in_both_languages_with_the_same_numbers(name):
    english, german = both(name)
    codes = frozenset(kit.code for phase in english.phases for kit in phase.kits)
    first, second = kit_labels.label_data(english, codes), kit_labels.label_data(german, codes, labels.WORDS)
    compared(texts(first), texts(second))
    for one, other in zip(first["labels"], second["labels"], strict=True):
        assert one["qr"] == other["qr"]
        assert one["code"] == other["code"]


@pytest.mark.parametrize("name", HANDOUTS)
def test_every_word_of_the_card_is_there_in_both_languages_with_the_same_numbers(name):
    german, english = emergency_card._sides(HANDOUTS[name], "de", SAY)
    (alone,) = emergency_card._sides(HANDOUTS[name], "en", SAY)
    assert {**english, "elsewhere": None} == alone
    compared(texts({**english, "advice": []}), texts({**german, "advice": []}))
    assert [one["never"] for one in german["warnings"]] == [one["never"] for one in english["warnings"]]
    assert [one["codes"] for one in german["phases"]] == [one["codes"] for one in english["phases"]]
    assert not ENGLISH.findall(" ".join(german["advice"]).replace("card.html", ""))


@pytest.mark.parametrize("name", HANDOUTS)
def test_every_paragraph_of_the_handout_is_there_in_both_languages_with_the_same_numbers(name):
    english, german = (
        supply_handouts.patient_view(HANDOUTS[name]),
        supply_handouts.patient_view(HANDOUTS[name], "de", SAY),
    )
    compared(told(english), told(german))
    assert (english.language, german.language) == ("en", "de")
    for one, other in zip(english.prescriber.sections, german.prescriber.sections, strict=True):
        assert [type(block) for block in one.blocks] == [type(block) for block in other.blocks]
        assert one.sheet == other.sheet


@pytest.mark.parametrize(
    ("english", "german"), [(emergency_card.ENGLISH, card.WORDS), (kit_labels.ENGLISH, labels.WORDS)]
)
def test_no_word_of_card_and_labels_is_left_empty_or_without_its_place(english, german):
    for field in dataclasses.fields(english):
        one, other = getattr(english, field.name), getattr(german, field.name)
        assert one != other, field.name
        assert other
        if isinstance(one, str):
            assert one.count("{}") == other.count("{}")
        if isinstance(one, tuple):
            assert len(one) == len(other)
            assert all(other)


@pytest.mark.parametrize(
    "text", [text for one in SHIPPED for warned in one.warnings for text in (warned.text, warned.open) if text]
)
def test_every_warning_that_is_shipped_has_its_german_with_the_same_places_and_numbers(text):
    german = SAY(text)
    assert german != text
    assert set(re.findall(r"\{\w+\}", german)) == set(re.findall(r"\{\w+\}", text))
    assert re.findall(r"\d+", german) == re.findall(r"\d+", text)
    assert not ENGLISH.findall(re.sub(r"\{\w+\}", "", german))
    assert "nie mehr" not in german.lower(), "it says both never again and never more"


def test_what_must_never_be_done_is_forbidden_in_german_too():
    warned = [one for one in SHIPPED[0].warnings if one.never]
    assert [SAY(one.text) for one in warned] == [
        "Niemals eine größere Menge eines Opioids nehmen, um die Blockade zu überwinden.",
        "Nach dem Absetzen können Opioiddosen, die früher sicher waren, gefährlich sein: Die Gewöhnung ist geringer.",
    ]


def shipped():
    """Every protocol that the program brings or writes itself."""
    for name in WITH_CAPSULES:
        protocol = read_protocol(name)
        yield protocol
        if protocol.maintenance is not None:
            yield read_protocol(rechallenge_toml(protocol, protocol.drug.ladder_mg[0]).encode())


@pytest.mark.parametrize("protocol", list(shipped()), ids=lambda one: one.name)
def test_drug_and_phases_of_every_protocol_of_the_program_have_their_german(protocol):
    english = handout_of(protocol, NAMELESS)
    german = supply.translated(english, SAY)
    assert german.drug == "Naltrexon"
    assert all(one.phase.title != other.phase.title for one, other in zip(english.phases, german.phases, strict=True))
    assert find_untranslated(english, "de") == []


@pytest.mark.parametrize("name", WITH_CAPSULES)
def test_the_card_of_the_app_has_the_warnings_of_the_printed_one_word_for_word(name):
    told = list(schedule._card(read_protocol(name), schedule.Contacts(), "de"))
    assert [one["lines"][0] for one in told[:-1]] == list(supply.warnings(both(name)[1]))


def test_dates_and_numbers_are_written_in_the_german_manner():
    assert supply.day(dt.date(2026, 11, 23)) == "23.11.2026"
    assert supply.span(dt.date(2026, 12, 22), dt.date(2027, 1, 4)) == "22.12.2026 bis 04.01.2027"
    _, german = both("ldn-open")
    lines = labels.lines(german, german.phases[0], german.phases[0].kits[6])
    assert "Naltrexon 3,5 mg (3 mg + 0,5 mg)" in list(lines)
    assert supply.warnings(german)[0] == "Nimmt Naltrexon, bis zu 4,5 mg pro Nacht."


def test_labels_of_a_blinded_phase_differ_only_in_code_number_and_dates_in_german_too():
    _, german = both(FLAGSHIP)
    for phase in german.phases:
        made = [kit_labels.label(german, phase, kit, labels.WORDS)["lines"] for kit in phase.kits]
        assert len({re.sub(r"Packung \d+ von|\d\d\.\d\d\.\d{4}", "", " ".join(lines)) for lines in made}) == 1


def test_another_language_and_none_give_the_english_papers_byte_by_byte():
    english = HANDOUTS["blank"]
    codes = frozenset(kit.code for kit in english.phases[0].kits)
    assert kit_labels.render_labels(english, codes) == kit_labels.render_labels(english, codes, "fi", SAY)
    made = [supplies.render_handouts(english, (), *asked) for asked in ((), ("en",), ("fi", SAY), ("de", SAY))]
    assert made[0] == made[1] == made[2]
    assert made[0]["prescriber/supply.pdf"] == made[3]["prescriber/supply.pdf"]
    assert {name for name in made[0] if made[0][name] == made[3][name]} == {"prescriber/supply.pdf"}


def squashed(text):
    return re.sub(r"\s", "", text)


def read(content):
    return [squashed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_the_german_card_has_both_languages_on_one_sheet_and_no_word_that_is_not_in_its_data():
    found = handout_of(read_protocol(FLAGSHIP), CONTACTS)
    content = emergency_card.render_card(found, "de", SAY)
    (sheet,) = read(content)
    sides = emergency_card._sides(found, "de", SAY)
    shown = [text for side in sides for text in (side["heading"], side["first"], side["unblind"])]
    shown += [one["text"] for side in sides for one in (*side["warnings"], *side["contacts"])]
    assert [text for text in shown if squashed(text) not in sheet] == []
    known = [
        text for side in sides for text in (*texts(side), side["codes"], side["name"], *side["elsewhere"].values())
    ]
    known += [code for phase in sides[0]["phases"] for code in phase["codes"]]
    for text in sorted(map(squashed, known), key=len, reverse=True):
        sheet = sheet.replace(text, "|")
    assert set(sheet) == {"|"}
    assert pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "de"


def test_the_german_card_for_the_phone_has_the_english_one_below_and_says_so_at_its_head():
    page = emergency_card.render_phone_card(HANDOUTS[FLAGSHIP], "de", SAY)
    body = re.sub(r"<style>.*</style>", "", page, flags=re.DOTALL)
    first, second = body.split('<div id="en" lang="en" class="sec">')
    assert '<html lang="de">' in first
    assert '<a href="#en" lang="en" hreflang="en">In English</a>' in first
    assert not ENGLISH.findall(re.sub(r"<[^>]*>", " ", first).replace("ldn-smallest-dose", ""))
    alone = emergency_card.render_phone_card(HANDOUTS[FLAGSHIP])
    english = re.search(r'<main class="card">\n(.*)</main>', alone, re.DOTALL)[1]
    assert english.strip() == second.replace("</div>\n</main></body></html>", "").strip()


LONG = "Universitätsklinikumsapothekenleitung"  # 37 letters: as long as a German word on a label can get
LONGEST = "Arzneimittelherstellungsbetriebsgesellschaftsmitarbeiterinnenvertretung"  # longer than any line


def crowded(word):
    """A handout whose names and titles are long words."""
    long = handout_of(by_halves(FLAGSHIP), Contacts(word, word, f"{word} {word}", f"{word} 555 0199", True))
    phases = tuple(
        replace(one, phase=one.phase.model_copy(update={"title": f"Verblindete {word}"})) for one in long.phases
    )
    return supply.translated(replace(long, drug=word, phases=phases), SAY)


def named(word):
    """A handout that has room for everything but one long name."""
    return supply.translated(handout_of(read_protocol(FLAGSHIP), replace(NAMELESS, patient=word)), SAY)


PPI, MM = 72, 72 / 25.4


def picture(template, data):
    """The first sheet as dark spots: True where anything is printed."""
    import typst

    content = typst.compile(
        str(paper.TEMPLATES / template),
        root=str(paper.TEMPLATES),
        font_paths=[str(paper.theme.LOOK / "fonts")],
        ignore_system_fonts=True,
        format="png",
        ppi=PPI,
        sys_inputs={"report": json.dumps({**data, "unprinted": ""}, ensure_ascii=False)},
    )
    return (
        Image.open(io.BytesIO(content[0] if isinstance(content, list) else content))
        .convert("L")
        .point(lambda v: 255 * (v < 160))
    )


def printed(sheet, left, top, right, bottom):
    """Whether anything is printed within a box, mm."""
    return sheet.crop(tuple(round(one * MM) for one in (left, top, right, bottom))).getbbox() is not None


@pytest.mark.parametrize("found", [named(LONG), crowded(LONG), crowded(LONGEST)], ids=["named", "long", "longest"])
def test_no_long_word_runs_out_of_its_label_or_into_its_square_code(found):
    data = kit_labels.label_data(found, frozenset(kit.code for kit in found.phases[0].kits), labels.WORDS)
    sheet = picture("labels.typ", data)
    for column in (0, 1):
        left, top = 14 + 91 * column, 12
        assert printed(sheet, left + 5, top + 5, left + 60, top + 62)
        assert not printed(sheet, left + 1, top + 1, left + 4.5, top + 66)
        assert not printed(sheet, left + 86.6, top + 1, left + 90, top + 66), "runs out to the right"
        assert not printed(sheet, left + 61.6, top + 1, left + 64.6, top + 26), "runs into the square code"
        assert not printed(sheet, left + 1, top + 62.6, left + 90, top + 66), "runs out below"


@pytest.mark.parametrize("word", [LONG, LONGEST])
def test_no_long_word_runs_out_of_its_panel_of_the_card(word):
    found = crowded(word)
    side = emergency_card._side(found, card.WORDS, emergency_card.ENGLISH)
    data = {"title": "", "language": "de", "first": "", "advice": (), "sides": [side, side]}
    sheet = picture("card.typ", {**data, "colours": dict(paper.theme.palette())})
    for at in (0, 1):
        left = 16 + 85.6 * at
        assert printed(sheet, left + 4.5, 60, left + 81, 260)
        assert not printed(sheet, left + 81.6, 0, left + 85, 297), "runs out to the right"
    assert not printed(sheet, 16 + 2 * 85.6 + 1, 0, 210, 297)
