"""Without a key nobody learns an arm: not by trying all orders, not from a length, not from the public document."""

import hashlib
import itertools

import pytest

from allocation_fixtures import FLAGSHIP, NOW, RECIPIENTS, chance, drawn, opened, sealed
from modicum.allocation import draws, list_orders, sealing
from modicum.allocation.binding import BindingHead
from modicum.allocation.canonical import encode
from modicum.allocation.commitments import commit_doses, commit_place
from modicum.protocol import library, read_protocol
from modicum.services.binding import bind

ORDERS = list_orders(read_protocol(FLAGSHIP))
PERIODS = sum(found.periods for found in ORDERS)
DRAWN = [name for name in library() if not name.startswith("ldn-open")]


def guesses(document):
    """Numbers that a person without a key could take for a nonce."""
    head = document.head
    public = [head.sha256, head.system_sha256, head.participant_sha256, head.protocol.sha256, document.fingerprint]
    public += [one.sha256 for one in document.sealed] + [one.sha256 for one in document.commitments]
    hashed = [hashlib.sha256(bytes.fromhex(one)).hexdigest() for one in public]
    return ["", "00" * 32, "ff" * 32, *public, *hashed, hashlib.sha256(b"").hexdigest()]


def try_all_orders(document):
    """Places of which trying every admissible order tells the arm."""
    stated = {(one.phase, one.period): one.sha256 for one in document.commitments}
    nonces = guesses(document)
    return {
        (found.phase, period)
        for found in ORDERS
        for order in found.orders
        for period, arm in enumerate(order, 1)
        for nonce in nonces
        if commit_place(document.head.sha256, found.phase, period, arm, nonce) == stated[found.phase, period]
    }


def test_trying_every_order_tells_nothing_without_the_nonces():
    assert try_all_orders(sealed(1).document) == set()


def with_nonces(document, papers, nonce):
    """The public document as it would be had every place this nonce."""
    commitments = tuple(
        one.model_copy(update={"sha256": commit_place(document.head.sha256, one.phase, one.period, place.arm, nonce)})
        for one, place in zip(document.commitments, papers.places, strict=True)
    )
    return document.model_copy(update={"commitments": commitments})


@pytest.mark.parametrize("nonce", ["", "00" * 32])
def test_trying_every_order_tells_every_arm_where_the_nonces_are_empty(nonce):
    found = sealed(1)
    assert len(try_all_orders(with_nonces(found.document, opened(found), nonce))) == PERIODS


def test_every_nonce_has_32_bytes_and_occurs_once():
    nonces = [place.nonce for seed in range(20) for place in opened(sealed(seed)).places]
    assert len(set(nonces)) == len(nonces) == 20 * PERIODS
    assert {len(nonce) for nonce in nonces} == {64}


def test_the_contributions_that_are_public_do_not_tell_the_draw():
    document = sealed(1).document
    text = document.to_bytes()
    papers = opened(sealed(1))
    assert papers.system.encode() not in text
    assert b'"role":"placebo"' not in text
    assert b"dose_mg" not in text
    assert b'"role":"candidate"' not in text


def payload(content):
    """A file of age without its header, whose length is drawn by age itself and tells nothing."""
    return content.split(b"\n--- ", 1)[1].split(b"\n", 1)[1]


def seeds_of_every_order():
    """For each order of each phase, a seed that draws it."""
    wanted = {(found.phase, order) for found in ORDERS for order in found.orders}
    found = {}
    protocol = read_protocol(FLAGSHIP)
    for seed in itertools.count():
        contributions = draws.Contributions(chance(seed)(32), "3 6 1 1 5")
        for phase in ORDERS:
            order = draws.draw_order(phase, contributions, protocol.sha256, "person-7")
            found.setdefault((phase.phase, order), seed)
        if wanted <= set(found):
            return sorted(set(found.values()))
    return []


def test_no_length_differs_between_any_two_orders():
    allocations = [sealed(seed) for seed in seeds_of_every_order()]
    orders = {tuple(place.arm for place in opened(one).places if place.phase == "confirmation") for one in allocations}
    assert len(orders) == 32
    assert len({len(one.document.to_bytes()) for one in allocations}) == 1
    assert len({len(payload(content)) for one in allocations for content in one.files.values()}) == 1


@pytest.mark.parametrize("name", DRAWN)
def test_no_length_differs_for_any_protocol(name):
    allocations = [sealed(seed, name) for seed in range(12)]
    assert len({len(payload(content)) for one in allocations for content in one.files.values()}) == 1
    assert len({len(one.document.to_bytes()) for one in allocations}) == 1


def test_the_contribution_of_the_participant_does_not_show_in_a_length():
    lengths = {len(payload(sealed(1, participant=text).files["review"])) for text in ("", "3 6", "\U0001f3b2" * 200)}
    assert len(lengths) == 1


def choices():
    lower = (0.5, 1.5, 3.0)
    subsets = [chosen for size in (1, 2, 3) for chosen in itertools.combinations(lower, size)]
    return [("confirmation", (dose,)) for dose in (*lower, 4.5)], [("step-down", chosen) for chosen in subsets]


@pytest.mark.parametrize("alike", choices(), ids=["candidate", "below candidate"])
def test_no_length_differs_between_any_two_bindings(alike):
    head = {"number": 1, "from_period": 1, "bound_at": "2026-03-01T12:00:00Z", "request_sha256": None}
    found = [
        sealing.seal_binding(
            BindingHead(**head, phase=phase, allocation="0" * 64, previous="0" * 64),
            doses,
            recipients=RECIPIENTS,
            randomness=chance(3),
        )
        for phase, doses in alike
    ]
    assert len({len(payload(content)) for one in found for content in one.files.values()}) == 1
    assert len({len(one.document.to_bytes()) for one in found}) == 1


def test_lengths_would_differ_without_padding(monkeypatch):
    monkeypatch.setattr(sealing, "pad", lambda papers: papers)
    with pytest.raises(AssertionError):
        test_no_length_differs_between_any_two_bindings(choices()[1])


def test_trying_every_dose_tells_nothing_of_a_binding(tmp_path):
    folder = drawn(tmp_path / "p")
    binding = bind(folder, "confirmation", [1.5], now=NOW, randomness=chance(5)).document
    tried = {
        commit_doses(binding.head.sha256, (dose,), nonce)
        for dose in (0.5, 1.5, 3.0, 4.5)
        for nonce in ("", "00" * 32, binding.head.sha256, binding.fingerprint)
    }
    assert binding.commitment not in tried


def test_two_worlds_with_the_arms_swapped_show_the_same_but_for_hashes():
    """The public document but for its hashes is the same whatever was drawn."""

    def skeleton(seed):
        data = sealed(seed).document.to_dict()
        data["head"]["system_sha256"] = data["fingerprint"] = ""
        for one in (*data["commitments"], *data["sealed"]):
            one["sha256"] = ""
        return encode(data)

    assert len({skeleton(seed) for seed in range(20)}) == 1
