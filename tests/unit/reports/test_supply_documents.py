import base64
import hashlib
import io
import re

import pypdf
import pytest

from modicum.protocol import read_protocol
from modicum.reports import kit_labels, supplies, theme
from modicum.reports import supply_words as words
from modicum.reports.supply_handouts import STOPPED
from modicum.supply import draw_codes, list_periods, plan_capsules, plan_kits, shipped_formulation
from modicum.supply.handout import Contacts, make_handout
from supply_fixtures import BLINDED, DAY, FLAGSHIP, WITH_CAPSULES, by_halves, ordered

CONTACTS = Contacts("HALLORAN, Ines", "Dr Lindqvist, 555 0100", "Quay Pharmacy, 555 0142", "Dr Okafor, 555 0199", True)
SAID = (
    "May be taking naltrexone, up to 4.5 mg a night, or placebo. Nobody here knows which: treat as naltrexone.",
    "Opioid pain relief may not work.",
    "Never take more opioid to overcome the block.",
    "After stopping, opioid doses that were safe before may be dangerous: tolerance is reduced.",
)


def handout(protocol, contacts=CONTACTS, names=None):
    formulation = shipped_formulation(protocol.drug.name)
    plan = plan_capsules(protocol, formulation)
    periods = list_periods(protocol, formulation.figure("longest_kit_nights"))
    import random

    codes = draw_codes(periods, random.Random(1).randbytes)
    kits = plan_kits(protocol, plan, formulation, codes, made_on=DAY, first_day=DAY)
    ordered_now = {phase.name for phase in protocol.phases} if names is None else names
    return make_handout(
        protocol, formulation, plan, kits, ordered=ordered_now, slot="person-7", contacts=contacts, first_day=DAY
    )


def pages(content):
    return [squashed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def squashed(text):
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def flagship():
    return supplies.render(ordered(read_protocol(FLAGSHIP)), handout(read_protocol(FLAGSHIP)))


@pytest.mark.parametrize("name", ["patient/card.pdf", "patient/supply.pdf", "prescriber/supply.pdf"])
@pytest.mark.parametrize("said", SAID)
def test_every_warning_stands_word_for_word_on_card_and_pages(flagship, name, said):
    assert squashed(said) in "".join(pages(flagship[name]))


@pytest.mark.parametrize("said", SAID)
def test_every_warning_stands_on_the_phone(flagship, said):
    text = flagship["patient/card.html"].decode().replace("\N{NO-BREAK SPACE}", " ")
    assert said in text


def test_the_stop_page_is_a_sheet_of_its_own_with_all_the_warnings_of_the_card(flagship):
    (page,) = [one for one in pages(flagship["patient/supply.pdf"]) if squashed(STOPPED) in one]
    assert all(squashed(one) in page for one in words.warnings(handout(read_protocol(FLAGSHIP))))
    assert squashed("Dr Okafor, 555 0199") in page
    assert "Takeonecapsule" not in page


@pytest.mark.parametrize("name", ["patient/card.pdf", "patient/card.html"])
def test_the_card_says_whom_to_ring_the_kit_codes_and_how_to_unblind(flagship, name):
    text = flagship[name].decode() if name.endswith("html") else "".join(pages(flagship[name]))
    text = squashed(text)
    found = handout(read_protocol(FLAGSHIP))
    assert all(squashed(kit.code) in text for phase in found.phases for kit in phase.kits)
    for said in ("Dr Okafor, 555 0199", "Quay Pharmacy, 555 0142", words.unblinding(found), "Virtual patient"):
        assert squashed(said) in text


def test_the_longest_names_and_numbers_still_fit_card_and_label():
    longest = "Wwwwwww Wwwwwwwww " * 4 + "55555555"
    contacts = Contacts(longest, longest, longest, longest, True)
    files = supplies.render(ordered(by_halves(FLAGSHIP)), handout(by_halves(FLAGSHIP), contacts))
    assert len(pages(files["patient/card.pdf"])) == 1
    assert "".join(pages(files["patient/card.pdf"])).count(squashed(longest)) == 4
    assert len(pages(files["pharmacist/labels.pdf"])) == -(-20 // 8)


def test_the_wallet_card_has_four_panels_of_the_size_of_a_bank_card(flagship):
    assert len(pypdf.PdfReader(io.BytesIO(flagship["patient/card.pdf"])).pages) == 1
    template = (supplies.paper.TEMPLATES / "card.typ").read_text(encoding="utf-8")
    assert "85.6mm" in template
    assert "54mm" in template


def test_the_phone_card_needs_no_network_and_no_script(flagship):
    text = flagship["patient/card.html"].decode()
    style = re.search(r"<style>(.*)</style>", text, re.DOTALL)[1]
    stated = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{stated}'" in text
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|style=|src=\"", text.replace(style, ""))
    assert "prefers-color-scheme:dark" in style


def test_nothing_outside_the_pharmacy_is_amber(flagship):
    amber = {theme.palette()[token] for token in (*theme.RAMP, "placebo")}
    body = re.sub(r"<style>.*</style>", "", flagship["patient/card.html"].decode(), flags=re.DOTALL)
    assert not any(token in body for token in (*theme.RAMP, *amber))


@pytest.mark.parametrize("name", BLINDED)
def test_labels_of_a_phase_differ_only_in_code_number_and_dates(name):
    found = handout(read_protocol(name))
    for phase in found.phases:
        neutral = set()
        for kit in phase.kits:
            made = kit_labels.label(found, phase, kit)
            lines = [
                re.sub(r"kit \d+ of|\d+ \w{3} \d{4}", "", line.replace("\N{NO-BREAK SPACE}", " "))
                for line in made["lines"]
            ]
            neutral.add((made["name"], *lines))
        assert len(neutral) == 1


def test_a_label_tells_what_a_person_needs_and_nothing_of_the_arm():
    found = handout(read_protocol(FLAGSHIP))
    label = kit_labels.label(found, found.phases[0], found.phases[0].kits[1])
    text = " ".join(label["lines"]).replace("\N{NO-BREAK SPACE}", " ")
    for said in ("Take one capsule each evening.", "kit 2 of 6", "14 capsules, 2 spare", "Use before", "Quay Pharmacy"):
        assert said in text
    assert "Naltrexone, up to 4.5 mg, or placebo" in text
    assert not re.search(r"\bactive|\barm\b|\b0\.5 mg|\b1\.5 mg|\b3 mg", text)


def test_the_square_code_holds_the_kit_code_alone():
    import segno

    wanted = segno.make("KIT 7KQ4XM", error="m", micro=False, boost_error=False)
    assert kit_labels.qr_svg("7KQ4XM") == wanted.svg_inline(border=0, dark="#000")
    assert kit_labels.qr_svg("7KQ4XM") != kit_labels.qr_svg("7KQ4XN")


def test_spare_capsules_do_not_make_a_kit_last_longer(flagship):
    """Whoever finished a kit of 14 and 2 spare ones would be two evenings late for every block that follows."""
    read = "".join(pages(flagship["patient/supply.pdf"]))
    assert squashed("change to the next one after the evenings of the one in use, missed ones counted") in read
    assert squashed("even if capsules are left") in read


def test_half_doses_are_packed_night_by_night_and_everybody_is_told_how():
    protocol = by_halves(FLAGSHIP)
    found = handout(protocol)
    label = kit_labels.label(found, found.phases[0], found.phases[0].kits[0])
    assert label["lines"][0].endswith("by the number of the night.")
    files = supplies.render(ordered(protocol), found)
    assert squashed("Each night has a number.") in "".join(pages(files["patient/supply.pdf"]))


@pytest.mark.parametrize("name", WITH_CAPSULES)
def test_every_protocol_with_capsules_has_all_its_documents(name):
    protocol = read_protocol(name)
    files = supplies.render(ordered(protocol), handout(protocol))
    for file, content in files.items():
        assert (content.startswith(b"%PDF") and b"pdfuaid" in content) or file.endswith(".html")


def test_the_pharmacists_document_cites_every_figure_and_says_what_is_unconfirmed(flagship):
    text = "".join(pages(flagship["pharmacist/order.pdf"]))
    for figure in shipped_formulation("naltrexone hydrochloride").figures:
        assert squashed(figure.sentence) in text
        if not figure.confirmed:
            assert "unconfirmed" in text
    for price in shipped_formulation("naltrexone hydrochloride").prices:
        assert squashed(price.source) in text
    assert squashed("Bitter and gritty") in text
    assert squashed("A phase of this order is blinded: not here.") in text


def test_no_recipe_reaches_the_patient(flagship):
    for name, content in flagship.items():
        if name.startswith(("patient/", "prescriber/")) and name.endswith(".pdf"):
            assert "ascorbic" not in "".join(pages(content))
    assert b"ascorbic" not in flagship["patient/card.html"]


def test_blanks_are_left_for_what_was_not_given():
    files = supplies.render_handouts(handout(read_protocol(FLAGSHIP), Contacts()), ())
    assert words.BLANK in "".join(pages(files["patient/card.pdf"]))
    assert "See the card in your wallet" in files["patient/card.html"].decode()


def test_an_open_trial_says_the_dose_to_everybody_and_nothing_of_placebo():
    found = handout(read_protocol("ldn-open"))
    label = kit_labels.label(found, found.phases[0], found.phases[0].kits[6])
    text = " ".join(label["lines"]).replace("\N{NO-BREAK SPACE}", " ")
    assert "Naltrexone 3.5 mg (3 mg + 0.5 mg)" in text
    card = supplies.render_handouts(found, ())["patient/card.html"].decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Is taking naltrexone, up to 4.5 mg a night." in card
    assert "placebo" not in re.sub(r"<style>.*</style>", "", card, flags=re.DOTALL)
