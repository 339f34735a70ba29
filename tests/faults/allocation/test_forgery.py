"""Whatever is changed in a sealed allocation is found, and the part is named."""

import json
import shutil
from dataclasses import replace

import pytest

from allocation_fixtures import NOW, PAIRS, chance, drawn, reveal
from modicum.allocation.canonical import digest, encode
from modicum.allocation.verification import verify
from modicum.services.allocating import verify_folder
from modicum.services.binding import bind
from modicum.services.folders import read_evidence

WHOLE = ("allocation.json", "revealed.json", "bindings/0001/binding.json", "openings/0001.json", "openings/0002.json")
BYTE_STEP = 13  # every 13th byte, two ways; with 1, every byte was tried once and found
SAMPLED = ("protocol.toml", "sealed/pharmacist.age", "sealed/emergency.age", "sealed/review.age")
SAMPLED += tuple(f"bindings/0002/sealed/{role}.age" for role in PAIRS)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Drawn, bound twice, opened for supply, revealed."""
    folder = drawn(tmp_path_factory.mktemp("original") / "p")
    bind(folder, "confirmation", [1.5], now=NOW, randomness=chance(5))
    bind(folder, "step-down", [0.5], now=NOW, randomness=chance(6))
    reveal(folder, "supply", "pharmacist")
    reveal(folder)
    assert verify_folder(folder)["result"] == "sound"
    return folder


@pytest.fixture
def copy(original, tmp_path):
    return shutil.copytree(original, tmp_path / "p")


def forged(folder, **options):
    return {check.part for check in verify(read_evidence(folder), **options) if check.result == "forged"}


def with_file(evidence, name, content):
    """The evidence with another content of one of its files."""
    if name == "allocation.json":
        return replace(evidence, document=content)
    if name == "revealed.json":
        return replace(evidence, papers=content)
    number = int(name.split("/")[1][:4]) - 1
    if name.startswith("openings"):
        return replace(evidence, records=changed_at(evidence.records, number, content))
    binding = replace(evidence.bindings[number], document=content)
    return replace(evidence, bindings=changed_at(evidence.bindings, number, binding))


def changed_at(values, index, value):
    return (*values[:index], value, *values[index + 1 :])


@pytest.mark.parametrize("name", WHOLE)
def test_any_changed_byte_of_a_document_is_found(original, name):
    evidence, content = read_evidence(original), (original / name).read_bytes()
    missed = []
    for place in range(0, len(content), BYTE_STEP):
        for flip in (0x01, 0x80):
            other = content[:place] + bytes([content[place] ^ flip]) + content[place + 1 :]
            checks = verify(with_file(evidence, name, other))
            if all(check.result != "forged" for check in checks):
                missed.append((place, flip))
    assert missed == []


@pytest.mark.parametrize("name", SAMPLED)
def test_any_changed_byte_of_a_protocol_or_a_seal_is_found(copy, name):
    file = copy / name
    content = file.read_bytes()
    missed = []
    for place in range(len(name), len(content), len(content) // 60):
        file.write_bytes(content[:place] + bytes([content[place] ^ 0x01]) + content[place + 1 :])
        if name not in forged(copy):
            missed.append(place)
    assert missed == []


@pytest.mark.parametrize("name", [*WHOLE, *SAMPLED])
def test_a_file_that_is_shortened_or_grows_is_found(copy, name):
    content = (copy / name).read_bytes()
    for other in (content[:-1], content + b"\n", b""):
        (copy / name).write_bytes(other)
        assert forged(copy)


@pytest.mark.parametrize("name", SAMPLED)
def test_a_file_that_is_gone_is_found_and_named(copy, name):
    (copy / name).unlink()
    assert name in forged(copy)


def leaves(value, path=()):
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*path, key))
    else:
        yield path


def changed(value):
    if isinstance(value, bool) or value is None:
        return "0" * 64
    if isinstance(value, int | float):
        return value + 1
    swapped = {"pharmacist": "review", "review": "emergency", "emergency": "pharmacist", "titration": "confirmation"}
    others = {"confirmation": "step-down", "step-down": "titration", "placebo": "dose", "dose": "candidate"}
    known = {**swapped, **others, "candidate": "placebo", "2026-03-01T12:00:00Z": "2026-03-01T12:00:01Z"}
    if value in known:
        return known[value]
    return value[:-1] + ("1" if value[-1:] != "1" else "2")


def put(document, path, value):
    here = document
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value


def read(path, document):
    for key in path:
        document = document[key]
    return document


def forge(folder, name, path):
    """Change one field and renew the fingerprint of its document, as a forger would who knows how."""
    file = folder / name
    document = json.loads(file.read_bytes())
    put(document, path, changed(read(path, document)))
    if "fingerprint" in document and path != ("fingerprint",):
        del document["fingerprint"]
        document["fingerprint"] = digest(document)
    file.write_bytes(encode(document))


@pytest.mark.parametrize("name", ["allocation.json", "revealed.json", "bindings/0001/binding.json"])
def test_a_forger_who_renews_the_fingerprint_is_found_in_every_field(original, tmp_path, name):
    document = json.loads((original / name).read_bytes())
    silent = []
    for number, path in enumerate(leaves(document)):
        folder = shutil.copytree(original, tmp_path / str(number))
        forge(folder, name, path)
        if not forged(folder):
            silent.append(path)
        shutil.rmtree(folder)
    assert silent == []


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (("head", "slot"), "head slot"),
        (("head", "drawn_at"), "head drawn_at"),
        (("head", "request_sha256"), "head request_sha256"),
        (("head", "protocol", "sha256"), "protocol.toml"),
        (("head", "protocol", "version"), "protocol.toml"),
        (("head", "system_sha256"), "head system_sha256"),
        (("head", "participant_sha256"), "head participant_sha256"),
        (("head", "phases", 0, "sequences"), "phases"),
        (("head", "recipients", 1, "public_key"), "head recipients"),
        (("head", "recipients", 1, "role"), "recipients"),
        (("commitments", 0, "sha256"), "commitment titration 1"),
        (("commitments", 7, "period"), "commitments"),
        (("sealed", 0, "sha256"), "sealed/pharmacist.age"),
        (("fingerprint",), "allocation.json"),
    ],
)
def test_the_forged_part_of_the_public_document_is_named(copy, path, part):
    forge(copy, "allocation.json", path)
    assert part in forged(copy)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (("allocation", "system"), "contribution of the system"),
        (("allocation", "participant"), "contribution of the participant"),
        (("allocation", "head", "slot"), "head slot"),
        (("allocation", "places", 6, "nonce"), "commitment confirmation 1"),
        (("allocation", "places", 6, "arm", "role"), "commitment confirmation 1"),
        (("allocation", "places", 0, "arm", "dose_mg"), "order titration"),
        (("allocation", "places", 0, "period"), "places"),
        (("allocation", "padding"), "padding"),
        (("bindings", 0, "doses_mg", 0), "bindings/0001 commitment"),
        (("bindings", 0, "doses_mg", 0), "bindings/0001 doses"),
        (("bindings", 1, "nonce"), "bindings/0002 commitment"),
        (("bindings", 1, "head", "phase"), "bindings/0002 head"),
        (("bindings", 1, "padding"), "bindings/0002 padding"),
    ],
)
def test_the_forged_part_of_the_papers_is_named(copy, path, part):
    forge(copy, "revealed.json", path)
    assert part in forged(copy)


def test_a_sound_looking_order_that_was_not_drawn_is_found(copy):
    """Two halves of a pair swapped in the papers, with all commitments made anew: only the draw gives it away."""
    from modicum.allocation.commitments import commit_place
    from modicum.allocation.papers import Papers

    papers = Papers.from_bytes((copy / "revealed.json").read_bytes())
    places = list(papers.allocation.places)
    places[6] = places[6].model_copy(update={"arm": places[7].arm})
    places[7] = places[7].model_copy(update={"arm": papers.allocation.places[6].arm})
    allocation = papers.allocation.model_copy(update={"places": tuple(places)})
    (copy / "revealed.json").write_bytes(papers.model_copy(update={"allocation": allocation}).to_bytes())
    document = json.loads((copy / "allocation.json").read_bytes())
    for place, commitment in zip(places, document["commitments"], strict=True):
        commitment["sha256"] = commit_place(allocation.head.sha256, place.phase, place.period, place.arm, place.nonce)
    noted = document.pop("fingerprint")
    document["fingerprint"] = digest(document)
    (copy / "allocation.json").write_bytes(encode(document))
    shutil.rmtree(copy / "bindings")
    shutil.rmtree(copy / "openings")
    assert "draw confirmation" in forged(copy)
    assert "order confirmation" not in forged(copy)
    assert f"noted fingerprint {noted[:12]}" in forged(copy, noted=[noted])


def test_an_allocation_that_was_replaced_as_a_whole_is_found_by_the_fingerprint_on_paper(original, tmp_path):
    noted = json.loads((original / "allocation.json").read_bytes())["fingerprint"]
    other = drawn(tmp_path / "p", seed=77)
    reveal(other)
    assert forged(other) == set()
    assert forged(other, noted=[noted]) == {f"noted fingerprint {noted[:12]}"}
    assert forged(original, noted=[noted.upper()]) == set()


def noted_of(folder, name):
    """The fingerprint of a part, as it is printed when the part is made."""
    return json.loads((folder / name).read_bytes())["fingerprint"]


def renew_records(folder, first, **fields):
    """Rewrite fields of a record and renew the whole chain from it on, as a forger would who knows how."""
    files = sorted((folder / "openings").glob("*.json"))
    previous = noted_of(folder, "allocation.json")
    for number, file in enumerate(files, 1):
        record = json.loads(file.read_bytes())
        changes = fields if number == first else {}
        plain = {name: value for name, value in {**record, **changes}.items() if name != "fingerprint"}
        plain["previous"] = previous
        previous = digest(plain)
        file.write_bytes(encode({**plain, "fingerprint": previous}))


@pytest.mark.parametrize("noted", ["openings/0001.json", "openings/0002.json"])
@pytest.mark.parametrize(
    "fields",
    [
        {"who": "Nobody"},
        {"why": "nothing"},
        {"path": "review"},
        {"key": "review"},
        {"opened_at": "2026-03-01T12:00:01Z"},
        {"path": "emergency", "key": "emergency", "who": "A. Nurse", "why": "an accident"},
    ],
)
def test_a_rewritten_record_with_a_new_chain_is_found_by_a_fingerprint_of_it_or_of_a_later_one(copy, fields, noted):
    known = noted_of(copy, noted)
    assert forged(copy, noted=[known]) == set()
    renew_records(copy, 1, **fields)
    assert forged(copy, noted=[noted_of(copy, "allocation.json")]) == set(), "the docs say that this is not found"
    assert forged(copy, noted=[known]) == {f"noted fingerprint {known[:12]}"}


def test_a_record_before_the_one_that_was_noted_is_covered_and_one_after_it_is_not(copy):
    first = noted_of(copy, "openings/0001.json")
    renew_records(copy, 2, who="Nobody")
    assert forged(copy, noted=[first]) == set()


def hide_all(folder):
    """The same trial before the reveal."""
    (folder / "revealed.json").unlink()
    (folder / "openings" / "0002.json").unlink()


def replace_bindings(folder, dose):
    """Other bindings in the place of those that were sealed: that takes public keys alone, and a folder to write to."""
    shutil.rmtree(folder / "bindings")
    bind(folder, "confirmation", [dose], now=NOW, randomness=chance(15))
    bind(folder, "step-down", [0.5], now=NOW, randomness=chance(16))


@pytest.mark.parametrize("noted", ["bindings/0001/binding.json", "bindings/0002/binding.json"])
def test_a_binding_that_was_replaced_before_the_reveal_is_found_by_a_fingerprint_of_it_or_of_a_later_one(copy, noted):
    hide_all(copy)
    drawn_as, known = noted_of(copy, "allocation.json"), noted_of(copy, noted)
    replace_bindings(copy, 4.5)
    assert {one.dose_mg for one in reveal(copy).course if one.phase == "confirmation"} == {0.0, 4.5}
    assert forged(copy, noted=[drawn_as]) == set(), "the docs say that this is not found"
    assert forged(copy, noted=[drawn_as, known]) == {f"noted fingerprint {known[:12]}"}


def test_a_binding_that_was_replaced_after_the_reveal_with_new_papers_is_found_by_its_fingerprint(copy):
    known = noted_of(copy, "bindings/0001/binding.json")
    hide_all(copy)
    replace_bindings(copy, 4.5)
    reveal(copy)
    assert forged(copy) == set(), "the docs say that this is not found"
    assert forged(copy, noted=[known]) == {f"noted fingerprint {known[:12]}"}


def test_the_last_binding_or_record_that_is_gone_is_found_by_its_fingerprint(copy):
    hide_all(copy)
    binding, record = noted_of(copy, "bindings/0002/binding.json"), noted_of(copy, "openings/0001.json")
    shutil.rmtree(copy / "bindings" / "0002")
    (copy / "openings" / "0001.json").unlink()
    assert forged(copy) == set(), "the docs say that this is not found"
    assert forged(copy, noted=[binding, record]) == {f"noted fingerprint {one[:12]}" for one in (binding, record)}


def test_a_noted_fingerprint_says_which_part_it_is_of(original):
    names = ("allocation.json", "bindings/0001/binding.json", "openings/0002.json")
    checks = verify(read_evidence(original), noted=[noted_of(original, name) for name in names])
    said = [check.message for check in checks if check.part.startswith("noted")]
    assert said == [
        "It is that of allocation.json.",
        "It is that of bindings/0001.",
        "It is that of openings/0002.json.",
    ]


def test_a_fingerprint_that_is_only_written_into_a_part_is_not_that_of_the_part(copy):
    known = noted_of(copy, "openings/0001.json")
    renew_records(copy, 1, who="Nobody")
    file = copy / "openings" / "0001.json"
    file.write_bytes(encode({**json.loads(file.read_bytes()), "fingerprint": known}))
    assert forged(copy, noted=[known]) >= {f"noted fingerprint {known[:12]}", "openings/0001.json"}


def test_records_of_openings_cannot_be_taken_out_of_the_middle_or_swapped(copy):
    first, second = (copy / "openings" / name for name in ("0001.json", "0002.json"))
    swapped = first.read_bytes(), second.read_bytes()
    first.write_bytes(swapped[1])
    second.write_bytes(swapped[0])
    assert forged(copy) == {"openings/0001.json place", "openings/0002.json place"}
    first.unlink()
    second.write_bytes(swapped[1])
    assert forged(copy) == {"openings/0001.json place"}


def test_a_binding_that_is_gone_is_found_by_the_papers(copy):
    shutil.rmtree(copy / "bindings" / "0002")
    assert forged(copy) == {"bindings"}


def test_a_changed_document_is_found_before_anything_is_revealed(original, tmp_path):
    folder = shutil.copytree(original, tmp_path / "p")
    (folder / "revealed.json").unlink()
    assert forged(folder) == set()
    forge(folder, "allocation.json", ("head", "phases", 1, "periods"))
    assert "phases" in forged(folder)


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 50_000, b"\xff\xfe", b'{"schema":"modicum.papers/1"}'])
@pytest.mark.parametrize("name", WHOLE)
def test_rubbish_is_a_finding_and_no_fault(copy, name, content):
    (copy / name).write_bytes(content)
    assert forged(copy)


def test_an_opening_of_a_forged_allocation_says_which_part(copy):
    forge(copy, "allocation.json", ("head", "drawn_at"))
    assert "head drawn_at" in reveal(copy, "emergency", "emergency").forged


def test_papers_that_were_changed_are_neither_written_over_nor_believed(copy):
    forge(copy, "revealed.json", ("allocation", "participant"))
    before = (copy / "revealed.json").read_bytes()
    assert reveal(copy).forged == ("revealed.json",)
    assert (copy / "revealed.json").read_bytes() == before
