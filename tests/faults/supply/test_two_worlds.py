"""Two trials that differ only in arms: prescriber and patient get the same bytes, metadata included."""

import hashlib
import random
import re

import pypdf
import pytest

from allocation_fixtures import NOW, PUBLIC, chance, key_file
from modicum.allocation import Contributions
from modicum.protocol import read_protocol
from modicum.reports import supplies
from modicum.services.allocating import randomise
from modicum.services.binding import bind
from modicum.services.order_options import Asked
from modicum.services.ordering import order
from modicum.supply.handout import Contacts
from supply_fixtures import FLAGSHIP, files

CONTACTS = Contacts("HALLORAN, Ines", "Dr Lindqvist, 555 0100", "Quay Pharmacy, 555 0142", "Dr Okafor, 555 0199", True)
ASKED = Asked(made="2026-11-23", start="2026-11-30", contacts=CONTACTS)
WORLDS = ((1, 0.5, (0.5,)), (2, 4.5, (0.5, 1.5, 3.0)), (3, 3.0, (1.5, 3.0)))


def world(folder, seed, name=FLAGSHIP, bound=()):
    """A trial whose order follows from the seed, with the doses that its reviews chose, and its order."""
    folder.mkdir()
    source = chance(seed)
    allocation = folder / "person-7"
    randomise(name, allocation, Contributions(source(32), "3 6"), public_keys=PUBLIC, now=NOW, randomness=source)
    for phase, doses in bound:
        bind(allocation, phase, doses, now=NOW, randomness=source)
    key = key_file(folder, "pharmacist")
    out = folder / "order"
    done = order(name, out, ASKED, folder=allocation, key=key, who="A. Pharmacist", now=NOW, randomness=chance("codes"))
    return done, files(out)


def outside(found):
    return {name: content for name, content in found.items() if not name.startswith("pharmacist/")}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    top = tmp_path_factory.mktemp("worlds")
    bound = [[("confirmation", (dose,)), ("step-down", below)] for _, dose, below in WORLDS]
    return [world(top / str(seed), seed, bound=one) for (seed, _, _), one in zip(WORLDS, bound, strict=True)]


def test_the_worlds_do_differ_in_what_is_given(worlds):
    given = {tuple((kit["phase"], kit["dose_ug"]) for kit in done.document["kits"]) for done, _ in worlds}
    assert len(given) == len(WORLDS)
    assert len({found["pharmacist/order.pdf"] for _, found in worlds}) == len(WORLDS)


def test_prescriber_and_patient_get_the_same_bytes_in_every_world(worlds):
    first, *others = [outside(found) for _, found in worlds]
    assert set(first) == {"prescriber/supply.pdf", "patient/supply.pdf", "patient/card.pdf", "patient/card.html"}
    for other in others:
        assert {name: hashlib.sha256(one).hexdigest() for name, one in other.items()} == {
            name: hashlib.sha256(one).hexdigest() for name, one in first.items()
        }


def test_metadata_holds_no_date_and_no_identity_of_its_own(worlds):
    for name, content in worlds[0][1].items():
        if name.endswith(".pdf"):
            assert not re.search(rb"/(CreationDate|ModDate)", content), name
            assert b"CreateDate" not in content


def test_labels_of_a_phase_are_the_same_in_every_world(tmp_path):
    found = [world(tmp_path / str(seed), seed)[1]["pharmacist/labels.pdf"] for seed in (1, 2)]
    assert found[0] == found[1]


def test_a_crossover_tells_nothing_either(tmp_path):
    found = [world(tmp_path / str(seed), seed, "ldn-crossover") for seed in (1, 2, 4)]
    assert len({str(done.document["kits"]) for done, _ in found}) > 1
    assert len({str(sorted(outside(one).items())) for _, one in found}) == 1


def test_a_document_that_is_told_a_dose_would_be_found(worlds):
    """The sabotage twin: were a kit's content to reach the handout, the bytes would differ."""
    told = []
    for done, _ in worlds:
        doses = " ".join(str(one.dose_ug) for one in done.order.kits)
        warned = (done.handout.warnings[0].model_copy(update={"text": doses}), *done.handout.warnings[1:])
        leaking = type(done.handout)(**{**vars(done.handout), "warnings": warned})
        told.append(supplies.render_handouts(leaking, ())["patient/card.html"])
    assert len(set(told)) == len(WORLDS)


@pytest.mark.parametrize("name", ["prescriber/supply.pdf", "patient/supply.pdf", "patient/card.pdf"])
def test_no_dose_but_the_highest_is_said_outside_the_pharmacy(worlds, name):
    import io

    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(worlds[0][1][name])).pages)
    doses = {float(one) for one in re.findall(r"(\d+(?:\.\d+)?)\s?mg", text)}
    assert doses <= {max(read_protocol(FLAGSHIP).drug.ladder_mg), 50.0}  # 50 mg: how long the block lasts


def test_codes_do_not_follow_the_arms_over_many_trials(tmp_path):
    """Whether a code begins with a figure has nothing to do with whether its kit holds placebo."""
    from modicum.supply import draw_codes, list_periods

    periods = list_periods(read_protocol("ldn-crossover"), 91)
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    chance_of_arms = random.Random(7)
    for seed in range(1000):
        arms = [chance_of_arms.random() < 0.5 for _ in periods]
        for one, placebo in zip(draw_codes(periods, random.Random(seed).randbytes), arms, strict=True):
            counts[one.code[0].isdigit(), placebo] += 1
    total = sum(counts.values())
    figure = (counts[True, True] + counts[True, False]) / total
    expected = {key: total * (figure if key[0] else 1 - figure) / 2 for key in counts}
    chi2 = sum((counts[key] - expected[key]) ** 2 / expected[key] for key in counts)
    assert chi2 < 13.8  # 2 degrees of freedom: false alarm once in 1000; the seeds are fixed
