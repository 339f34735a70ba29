"""Walking through shipped protocols with looks written by hand."""

import pytest

from modicum.protocol import read_protocol
from modicum.trial import Ending, Look, Roles, stand

FLAGSHIP = read_protocol("ldn-smallest-dose")
LADDER = FLAGSHIP.drug.ladder_mg
RULES, PAIRS = FLAGSHIP.rules, FLAGSHIP.phase("confirmation").pairs
LEAVE, CANDIDATE = RULES.titration.p_leave, RULES.confirmation.p_candidate
EARLY, LAST = RULES.confirmation.p_early, RULES.confirmation.p_better
HIDDEN = (0.5, 0.0, 1.5, 3.0, 0.0, 4.5)
ROLES = Roles(
    {"titration": HIDDEN, "confirmation": (1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0)},
    {"step-down": (3, 1, 4, 0, 2)},
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
    state = stand(FLAGSHIP, ROLES, [look(0.3), look(0.3, LEAVE + 0.01)])
    assert doses(state, "titration") == [0.5, 0.0, 1.5]
    assert doses(state, "confirmation") == [1.5, 0.0]
    assert state.blocks[4].why == "leave for confirmation"


def test_exactly_the_threshold_is_not_above_it():
    assert doses(stand(FLAGSHIP, ROLES, [look(LEAVE)]), "titration") == [0.5, 0.0, 1.5]


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


def candidate(*p_mcid):
    """The dose that is confirmed after a climb that ended so."""
    return max(doses(stand(FLAGSHIP, ROLES, climbed(*p_mcid)), "confirmation"))


def test_the_candidate_is_the_lowest_dose_that_reaches_the_threshold_else_the_likeliest():
    assert candidate(0.2, CANDIDATE, 0.9, 0.8) == 1.5
    assert candidate(0.2, CANDIDATE - 0.01, 0.9, 0.8) == 3.0
    assert candidate(0.2, 0.3, CANDIDATE - 0.01, 0.4) == 3.0


BEGUN = climbed(0.2, 0.7, 0.75, 0.75)  # 1.5 mg is the candidate


def of_candidate(better):
    """A look at a candidate of 1.5 mg that is better than nothing with this probability, and 0.5 mg in doubt."""
    return look(0.5, 0.9, 0.9, 0.9, better=(0.9, better, 0.99, 0.99))


def test_a_dose_works_at_the_second_pair_and_not_at_the_first():
    good = of_candidate(0.995)
    first = stand(FLAGSHIP, ROLES, [*BEGUN, good])
    assert first.ending is None
    assert doses(first, "confirmation") == [1.5, 0.0, 0.0, 1.5]
    second = stand(FLAGSHIP, ROLES, [*BEGUN, good, good])
    assert second.ending == Ending("finished", 1.5)
    assert doses(second, "step-down") == [0.0, 0.5]


def test_an_early_look_needs_more_than_the_last_one():
    nearly = of_candidate((LAST + EARLY) / 2)
    for pairs in range(1, PAIRS):
        early = stand(FLAGSHIP, ROLES, [*BEGUN, *[nearly] * pairs])
        assert early.ending is None
        assert len(doses(early, "confirmation")) == 2 * (pairs + 1)
    assert stand(FLAGSHIP, ROLES, [*BEGUN, *[nearly] * PAIRS]).ending == Ending("finished", 1.5)


def test_exactly_what_a_look_asks_is_enough_and_less_is_not():
    below = 1e-9
    early = [stand(FLAGSHIP, ROLES, [*BEGUN, *[of_candidate(p)] * 2]).ending for p in (EARLY, EARLY - below)]
    assert early == [Ending("finished", 1.5), None]
    last = [stand(FLAGSHIP, ROLES, [*BEGUN, *[of_candidate(p)] * PAIRS]).ending for p in (LAST, LAST - below)]
    assert last == [Ending("finished", 1.5), Ending("not-confirmed", 1.5)]


def test_where_a_protocol_says_nothing_of_early_looks_all_ask_the_same():
    alike = RULES.confirmation.model_copy(update={"p_early": None})
    protocol = FLAGSHIP.model_copy(update={"rules": RULES.model_copy(update={"confirmation": alike})})
    ended = [stand(protocol, ROLES, [*BEGUN, *[of_candidate(p)] * 2]).ending for p in (LAST, LAST - 1e-9)]
    assert ended == [Ending("finished", 1.5), None]


def test_the_last_days_of_a_step_down_are_still_to_be_spent_when_nothing_is_left_to_decide():
    done = stand(FLAGSHIP, ROLES, [*BEGUN, *[of_candidate(0.995)] * 2])
    assert done.planned_days == 14 + 6 * 14 + 4 * 21 + 2 * 21


def test_a_step_down_tries_doses_in_doubt_in_the_order_of_their_ranks():
    good = look(0.5, 0.95, 0.5, 0.9, better=(0.9, 0.99, 0.99, 0.995))
    begun = climbed(0.1, 0.1, 0.1, 0.7)
    state = stand(FLAGSHIP, ROLES, [*begun, good, good])
    assert doses(state, "confirmation")[0] == 4.5
    assert doses(state, "step-down") == [0.0, 0.5, 3.0]  # ranks 2, 3 and 4; 1.5 mg is beyond doubt


def test_a_dose_on_either_edge_of_doubt_is_not_tried_again():
    begun = climbed(0.1, 0.1, 0.1, 0.7)
    low, high = RULES.step_down.p_low, RULES.step_down.p_high

    def tried(*lower):
        good = look(*lower, 0.9, better=(0.99, 0.99, 0.99, 0.995))
        return doses(stand(FLAGSHIP, ROLES, [*begun, good, good]), "step-down")

    assert tried(low, high, high) == []
    assert tried(low + 0.01, high, high - 0.01) == [0.0, 0.5, 3.0]


def test_a_candidate_that_loses_its_promise_is_chosen_again_and_needs_two_pairs_of_its_own():
    weak = look(0.2, 0.3, 0.7, 0.75)
    good = look(0.2, 0.3, 0.9, 0.9, better=(0.9, 0.9, 0.995, 0.995))
    chosen = stand(FLAGSHIP, ROLES, [*BEGUN, weak])
    assert doses(chosen, "confirmation") == [1.5, 0.0, 0.0, 3.0]
    assert chosen.blocks[-1].why == "continue"
    assert stand(FLAGSHIP, ROLES, [*BEGUN, weak, good]).ending is None
    assert stand(FLAGSHIP, ROLES, [*BEGUN, weak, good, good]).ending == Ending("finished", 3.0)


def test_where_all_that_was_tried_is_weak_one_rung_up_or_the_end():
    left_early = [look(LEAVE + 0.01)]
    weak = look(0.1, taken=1)
    assert doses(stand(FLAGSHIP, ROLES, [*left_early, weak]), "confirmation") == [0.5, 0.0, 0.0, 1.5]
    assert stand(FLAGSHIP, ROLES, [*BEGUN, look(0.1, 0.1, 0.1, 0.1)]).ending == Ending("stopped-all")


def test_a_confirmation_without_success_says_so():
    middling = look(0.4, 0.45, 0.45, 0.45)
    assert stand(FLAGSHIP, ROLES, [*BEGUN, *[middling] * (PAIRS - 1)]).ending is None
    state = stand(FLAGSHIP, ROLES, [*BEGUN, *[middling] * PAIRS])
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
    assert stand(FLAGSHIP, ROLES, [*BEGUN, harmed]).ending == Ending("harm", 1.5)


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


@pytest.mark.parametrize(
    ("mcid", "lately", "ending"), [(1.0, 4.0, "responded"), (1.0, 4.3, None), (0.5, 5.0, "responded")]
)
def test_by_eye_an_open_climb_without_a_rule_of_its_own_is_judged_as_usual_practice_does(mcid, lately, ending):
    """Two MCIDs, or three tenths of the level before."""
    protocol = read_protocol("ldn-open")
    outcomes = tuple(
        one.model_copy(update={"mcid": mcid}) if one.name == protocol.primary else one for one in protocol.outcomes
    )
    rules = protocol.rules.model_copy(update={"response": None})
    plain = protocol.model_copy(update={"rules": rules, "outcomes": outcomes})
    state = stand(plain, Roles(), [Look(before=6.0, lately=lately)])
    assert (state.ending.code if state.ending else None) == ending
