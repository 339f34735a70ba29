import pytest

from allocation_fixtures import FLAGSHIP, NOW, RECIPIENTS, chance, opened, sealed
from modicum.allocation import Papers, follow_course
from modicum.allocation.binding import BindingHead
from modicum.allocation.binding_rules import check_binding
from modicum.allocation.canonical import write_moment
from modicum.allocation.papers import BindingPapers
from modicum.allocation.sealing import seal_binding
from modicum.protocol import read_protocol

PROTOCOL = read_protocol(FLAGSHIP)
PAPERS = opened(sealed(3))
LAST_PAIR = 2 * PROTOCOL.phase("confirmation").pairs - 1  # its first period


def head(phase, number=1, from_period=1):
    return BindingHead(
        number=number,
        phase=phase,
        from_period=from_period,
        bound_at=write_moment(NOW),
        allocation="0" * 64,
        previous="0" * 64,
        request_sha256=None,
    )


def bound(phase, *doses_mg, from_period=1):
    return BindingPapers(head=head(phase, from_period=from_period), doses_mg=doses_mg, nonce="0" * 64)


def given(*bindings, phase):
    course = follow_course(PROTOCOL, Papers(allocation=PAPERS, bindings=bindings))
    return [one.dose_mg for one in course if one.phase == phase]


def drawn(phase):
    return [place.arm.dose_mg for place in PAPERS.places if place.phase == phase]


def test_known_doses_are_given_as_drawn():
    assert given(phase="titration") == drawn("titration")


@pytest.mark.parametrize("phase", ["confirmation", "step-down"])
def test_nothing_is_given_in_a_phase_before_its_doses_are_bound(phase):
    assert given(phase=phase) == []


def test_the_candidate_takes_the_places_that_were_drawn_for_it():
    expected = [1.5 if dose is None else 0.0 for dose in drawn("confirmation")]
    assert given(bound("confirmation", 1.5), phase="confirmation") == expected


def test_a_new_candidate_takes_the_later_places_and_changes_no_earlier_one():
    course = given(bound("confirmation", 1.5), bound("confirmation", 3.0, from_period=5), phase="confirmation")
    expected = [
        (1.5 if place < 4 else 3.0) if dose is None else 0.0 for place, dose in enumerate(drawn("confirmation"))
    ]
    assert course == expected


@pytest.mark.parametrize("chosen", [(0.5,), (1.5,), (3.0,), (0.5, 3.0), (0.5, 1.5, 3.0)])
def test_the_step_down_keeps_the_drawn_order_of_what_was_chosen(chosen):
    expected = [dose for dose in drawn("step-down") if dose == 0 or dose in chosen]
    assert given(bound("step-down", *chosen), phase="step-down") == expected


def codes(phase, doses_mg, from_period=1, earlier=()):
    return [one.code for one in check_binding(PROTOCOL, phase, doses_mg, from_period, earlier)]


@pytest.mark.parametrize(
    ("phase", "doses_mg", "from_period", "earlier", "expected"),
    [
        ("confirmation", (1.5,), 1, (), []),
        ("confirmation", (3.0,), 5, (head("confirmation"),), []),
        ("confirmation", (3.0,), LAST_PAIR, (head("confirmation"),), []),
        ("step-down", (0.5, 3.0), 1, (head("confirmation"),), []),
        ("nowhere", (1.5,), 1, (), ["MOD-ALLOC-16"]),
        ("titration", (1.5,), 1, (), ["MOD-ALLOC-16"]),
        ("confirmation", (2.0,), 1, (), ["MOD-ALLOC-17"]),
        ("confirmation", (1.5, 3.0), 1, (), ["MOD-ALLOC-17"]),
        ("confirmation", (), 1, (), ["MOD-ALLOC-17"]),
        ("step-down", (4.5,), 1, (), ["MOD-ALLOC-17"]),
        ("step-down", (), 1, (), ["MOD-ALLOC-17"]),
        ("step-down", (3.0, 0.5), 1, (), ["MOD-ALLOC-17"]),
        ("step-down", (0.5, 0.5), 1, (), ["MOD-ALLOC-17"]),
        ("step-down", (float("nan"),), 1, (), ["MOD-ALLOC-17"]),
        ("confirmation", (1.5,), 3, (), ["MOD-ALLOC-18"]),
        ("confirmation", (1.5,), 1, (head("confirmation"),), ["MOD-ALLOC-18"]),
        ("confirmation", (1.5,), 4, (head("confirmation"),), ["MOD-ALLOC-18"]),
        ("confirmation", (1.5,), LAST_PAIR + 2, (head("confirmation"),), ["MOD-ALLOC-18"]),
        ("step-down", (1.5,), 2, (head("step-down"),), ["MOD-ALLOC-18"]),
        ("confirmation", (2.0,), 0, (), ["MOD-ALLOC-17", "MOD-ALLOC-18"]),
    ],
)
def test_a_binding_that_does_not_fit_is_refused_with_all_that_is_wrong(phase, doses_mg, from_period, earlier, expected):
    assert codes(phase, doses_mg, from_period, earlier) == expected


def test_a_sealed_binding_says_nothing_of_its_dose():
    found = seal_binding(head("confirmation"), (1.5,), recipients=RECIPIENTS, randomness=chance(1))
    text = found.document.to_bytes()
    assert b"1.5" not in text
    assert b"dose" not in text
