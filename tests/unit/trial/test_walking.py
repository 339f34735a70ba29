"""Walking through shipped protocols with looks written by hand."""

import pytest

from modicum.protocol import read_protocol
from modicum.trial import Ending, Look, Roles, stand

FLAGSHIP = read_protocol("ldn-smallest-dose")
LADDER = FLAGSHIP.drug.ladder_mg
HIDDEN = (0.5, 0.0, 1.5, 3.0, 0.0, 4.5)
ROLES = Roles(
    {"titration": HIDDEN, "confirmation": (1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0)}, {"step-down": (3, 1, 4, 0, 2)}
)


def look(*p_mcid, taken=None, better=None, harm=(0.0,) * 4):
    """What is seen of four doses; taken are as many as are given unless said otherwise."""
    p = (*p_mcid, *(0.0,) * (4 - len(p_mcid)))
    tried = len(p_mcid) if taken is None else taken
    return Look(tuple(k < tried for k in range(4)), better or tuple(min(1.0, 2 * one) for one in p), p, harm)


def doses(state, phase):
    return [block.capsule_mg for block in state.blocks if block.phase == phase]


def test_a_trial_begins_with_its_run_in_and_the_first_drawn_block():
    state = stand(FLAGSHIP, ROLES, [])
    assert [(b.phase, b.capsule_mg, b.days, b.look) for b in state.blocks] == [
        ("run-in", 0.0, 14, ""),
        ("titration", 0.5, 14, "posterior"),
    ]
    assert state.ending is None


def test_nothing_is_looked_at_after_a_hidden_placebo_block():
    state = stand(FLAGSHIP, ROLES, [look(0.3), look(0.3, 0.3), look(0.3, 0.3, 0.3)])
    assert [(b.capsule_mg, b.look) for b in state.blocks[1:]] == [
        (dose, "posterior" if dose else "") for dose in HIDDEN
    ]


def test_the_climb_is_left_at_the_end_of_the_active_block_that_is_probably_enough():
    state = stand(FLAGSHIP, ROLES, [look(0.3), look(0.3, 0.81)])
    assert doses(state, "titration") == [0.5, 0.0, 1.5]
    assert doses(state, "confirmation") == [1.5, 0.0]
    assert state.blocks[4].why == "leave for confirmation"


def test_exactly_the_threshold_is_not_above_it():
    assert doses(stand(FLAGSHIP, ROLES, [look(0.8)]), "titration") == [0.5, 0.0, 1.5]


def test_a_climb_without_promise_is_futile_at_its_end():
    low = [look(*(0.05,) * tried) for tried in (1, 2, 3, 4)]
    assert stand(FLAGSHIP, ROLES, low).ending == Ending("futile")
    assert stand(FLAGSHIP, ROLES, low[:3]).ending is None


def test_a_climb_that_ends_in_placebo_is_looked_at_all_the_same():
    roles = Roles({**ROLES.sequences, "titration": (0.5, 0.0, 1.5, 3.0, 4.5, 0.0)}, ROLES.ranks)
    low = [look(*(0.05,) * tried) for tried in (1, 2, 3, 4, 4)]
    assert stand(FLAGSHIP, roles, low[:4]).ending is None
    assert stand(FLAGSHIP, roles, low).ending == Ending("futile")


def climbed(*p_mcid):
    """Looks of a whole climb, the last as given."""
    return [*(look(*(0.3,) * tried) for tried in (1, 2, 3)), look(*p_mcid)]


def test_the_candidate_is_the_lowest_dose_with_an_even_chance_else_the_likeliest():
    assert doses(stand(FLAGSHIP, ROLES, climbed(0.2, 0.55, 0.7, 0.6)), "confirmation") == [1.5, 0.0]
    assert doses(stand(FLAGSHIP, ROLES, climbed(0.2, 0.3, 0.45, 0.4)), "confirmation") == [3.0, 0.0]


def test_a_dose_works_at_the_second_pair_and_not_at_the_first():
    good = look(0.4, 0.9, 0.9, 0.9, better=(0.9, 0.99, 0.99, 0.99))
    begun = climbed(0.2, 0.6, 0.7, 0.7)
    first = stand(FLAGSHIP, ROLES, [*begun, good])
    assert first.ending is None
    assert doses(first, "confirmation") == [1.5, 0.0, 0.0, 1.5]
    second = stand(FLAGSHIP, ROLES, [*begun, good, good])
    assert second.ending == Ending("finished", 1.5)
    assert doses(second, "step-down") == [0.0, 0.5]


def test_the_last_days_of_a_step_down_are_still_to_be_spent_when_nothing_is_left_to_decide():
    good = look(0.4, 0.9, 0.9, 0.9, better=(0.9, 0.99, 0.99, 0.99))
    done = stand(FLAGSHIP, ROLES, [*climbed(0.2, 0.6, 0.7, 0.7), good, good])
    assert done.planned_days == 14 + 6 * 14 + 4 * 21 + 2 * 21


def test_a_step_down_tries_doses_in_doubt_in_the_order_of_their_ranks():
    good = look(0.4, 0.95, 0.5, 0.9, better=(0.9, 0.99, 0.99, 0.99))
    begun = climbed(0.1, 0.1, 0.1, 0.7)
    state = stand(FLAGSHIP, ROLES, [*begun, good, good])
    assert doses(state, "confirmation")[0] == 4.5
    assert doses(state, "step-down") == [0.0, 0.5, 3.0]  # ranks 2, 3 and 4; 1.5 mg is beyond doubt


def test_a_candidate_that_loses_its_promise_is_chosen_again_and_needs_two_pairs_of_its_own():
    begun = climbed(0.2, 0.6, 0.7, 0.7)
    weak = look(0.2, 0.3, 0.6, 0.7)
    good = look(0.2, 0.3, 0.9, 0.9, better=(0.9, 0.9, 0.99, 0.99))
    chosen = stand(FLAGSHIP, ROLES, [*begun, weak])
    assert doses(chosen, "confirmation") == [1.5, 0.0, 0.0, 3.0]
    assert chosen.blocks[-1].why == "continue"
    assert stand(FLAGSHIP, ROLES, [*begun, weak, good]).ending is None
    assert stand(FLAGSHIP, ROLES, [*begun, weak, good, good]).ending == Ending("finished", 3.0)


def test_where_all_that_was_tried_is_weak_one_rung_up_or_the_end():
    left_early = [look(0.81)]
    weak = look(0.1, taken=1)
    assert doses(stand(FLAGSHIP, ROLES, [*left_early, weak]), "confirmation") == [0.5, 0.0, 0.0, 1.5]
    assert stand(FLAGSHIP, ROLES, [*climbed(0.2, 0.6, 0.7, 0.7), look(0.1, 0.1, 0.1, 0.1)]).ending == Ending(
        "stopped-all"
    )


def test_a_confirmation_without_success_says_so():
    middling = look(0.4, 0.45, 0.45, 0.45)
    state = stand(FLAGSHIP, ROLES, [*climbed(0.2, 0.6, 0.7, 0.7), *[middling] * 4])
    assert state.ending == Ending("not-confirmed", 1.5)
    assert doses(state, "step-down") == []


def test_harm_stops_after_an_active_block_and_never_after_a_hidden_placebo():
    harmed = look(0.01, harm=(0.9, 0.0, 0.0, 0.0))
    assert stand(FLAGSHIP, ROLES, [harmed]).ending == Ending("harm", 0.5)
    roles = Roles({**ROLES.sequences, "titration": (0.5, 1.5, 3.0, 0.0, 4.5, 0.0)}, ROLES.ranks)
    calm = [look(*(0.3,) * tried) for tried in (1, 2, 3, 4)]
    last = look(0.3, 0.3, 0.3, 0.3, harm=(0.0, 0.0, 0.0, 0.9))
    assert stand(FLAGSHIP, roles, [*calm, last]).ending is None


def test_harm_by_the_candidate_stops_whichever_half_came_last():
    harmed = look(0.1, 0.1, 0.1, 0.1, harm=(0.0, 0.85, 0.0, 0.0))
    assert stand(FLAGSHIP, ROLES, [*climbed(0.2, 0.6, 0.7, 0.7), harmed]).ending == Ending("harm", 1.5)


@pytest.mark.parametrize(
    ("before", "lately", "ending"), [(6.0, 4.0, "responded"), (6.0, 4.3, None), (4.0, 2.8, "responded")]
)
def test_by_eye_a_response_is_two_points_or_three_tenths(before, lately, ending):
    protocol = read_protocol("ldn-open")
    state = stand(protocol, Roles(), [Look(before=before, lately=lately)])
    assert (state.ending.code if state.ending else None) == ending
    assert state.blocks[-1].capsule_mg == (0.5 if ending else 1.0)


def test_by_eye_a_week_without_entries_is_no_response():
    assert stand(read_protocol("ldn-open"), Roles(), [Look(before=None, lately=2.0)]).ending is None


def test_a_crossover_is_looked_at_once_after_its_last_pair():
    roles = Roles({"crossover": (1.0, 0.0) * 4})
    protocol = read_protocol("ldn-crossover")
    state = stand(protocol, roles, [])
    assert [b.look for b in state.blocks] == [""] * 8 + ["posterior"]
    good = Look((True,), (0.99,), (0.9,), (0.0,))
    assert stand(protocol, roles, [good]).ending == Ending("works", 4.5)
    assert stand(protocol, roles, [Look((True,), (0.9,), (0.5,), (0.0,))]).ending == Ending("finished")


def test_a_state_that_is_cut_keeps_the_days_before_and_looks_at_nothing():
    state = stand(FLAGSHIP, ROLES, []).cut(20, Ending("withdrawn"))
    assert [(b.days, b.look) for b in state.blocks] == [(14, ""), (6, "")]
    assert state.planned_days == 20
