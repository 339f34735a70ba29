"""Every verdict of docs/model.md, from diaries that call for it, and the order in which they are tried."""

from dataclasses import replace

import numpy as np
import pytest

from judged_diaries import SMALL, judged, quiet
from modicum.analysis.assumptions import Assumptions
from modicum.analysis.fitting import fit
from modicum.analysis.preposterior import Outlook
from modicum.analysis.schedule import schedule_of
from modicum.decision.finding import agreeing, facts_of, room_to_improve
from modicum.decision.judging import agrees, judge, passes
from modicum.protocol import read_protocol
from modicum.trial import Ending, Look, Roles, stand
from virtual_diaries import CROSSOVER, LADDER, TITRATION, Truth, diary, question

STRONG = {1.5: -2.5, 3.0: -2.5, 4.5: -2.5}


def test_a_strong_effect_in_a_blinded_crossover_works():
    found, posterior = judged(diary(quiet({4.5: -2.5}), CROSSOVER, seed=1), question((4.5,)))
    assert (found.code, found.dose, found.strength) == ("works", 0, "clear")
    assert passes(posterior.doses[0], 0.975, 0.5)


def test_the_lowest_dose_that_passes_is_named():
    blocks = (0, 0.5, 0, 1.5, 0, 3.0, 0, 0.5, 1.5)
    found, _ = judged(diary(quiet({1.5: -2.5, 3.0: -2.5}), blocks, seed=2), question((0.5, 1.5, 3.0)))
    assert (found.code, found.dose) == ("works", 1)


def test_a_last_dose_no_better_than_a_smaller_one_says_so():
    blocks = (0, 1.5, 0, 4.5, 0, 1.5, 0, 4.5)
    found, posterior = judged(diary(quiet(STRONG), blocks, seed=3))
    assert found.code == "works-smaller-too"
    assert posterior.question.ladder_mg[found.dose] == 1.5
    assert posterior.question.ladder_mg[found.compared] == 4.5


def test_nothing_that_matters_needs_the_top_dose_to_have_been_reached():
    truth = quiet({})
    reached, _ = judged(diary(truth, CROSSOVER, seed=4), question((4.5,)))
    assert reached.code == "nothing-that-matters"
    short, _ = judged(diary(truth, CROSSOVER, seed=4), question((4.5, 6.0)))
    assert short.code == "cannot-tell"


@pytest.mark.parametrize(("room", "code"), [(0.99, "cannot-tell"), (1.0, "nothing-that-matters")])
def test_nothing_that_matters_needs_as_much_to_gain_as_matters(room, code):
    assert judged(diary(quiet({}), CROSSOVER, seed=4), question((4.5,)), room=room)[0].code == code


def test_what_works_works_and_what_harms_stops_however_little_there_is_to_gain():
    works, _ = judged(diary(quiet({4.5: -2.5}), CROSSOVER, seed=1), question((4.5,)), room=0.5)
    harms, _ = judged(diary(quiet({4.5: 3.0}, level=4.0), CROSSOVER, seed=5), question((4.5,)), room=0.5)
    assert (works.code, harms.code) == ("works", "harm")


@pytest.mark.parametrize(
    ("kind", "better", "level", "room"),
    [
        ("gaussian", "lower", 2.5, 1.5),
        ("gaussian", "higher", 2.5, 7.5),
        ("ordinal", "higher", 11.0, 0.0),
        ("poisson", "lower", 2.5, 2.5),
        ("negative-binomial", "higher", 2.5, np.inf),
    ],
)
def test_the_room_to_improve_ends_where_the_scale_does(kind, better, level, room):
    assert room_to_improve(question(kind=kind, better=better, low=1.0), level) == pytest.approx(room)


def test_a_dose_tried_for_less_than_a_week_says_nothing_of_it():
    kept = diary(quiet({}), CROSSOVER, seed=4, block_days=1, missing=0.0)
    found, posterior = judged(kept, question((4.5,)))
    assert posterior.days[0] == 4
    assert found.code == "cannot-tell"


def test_a_dose_that_makes_worse_stops_for_harm():
    found, posterior = judged(diary(quiet({4.5: 3.0}, level=4.0), CROSSOVER, seed=5), question((4.5,)))
    assert found.code == "harm"
    assert posterior.doses[0].p_harm >= 0.8


@pytest.mark.parametrize("severity", [3.0, 2.0])
def test_a_severe_side_effect_stops_whatever_the_effect_and_a_moderate_one_does_not(severity):
    kept = diary(quiet({4.5: -2.5}), CROSSOVER, seed=6)
    dreams = np.zeros(len(kept))
    dreams[20] = severity
    found, _ = judged(replace(kept, side_effects={"vivid_dreams": dreams}), question((4.5,)))
    assert found.code == ("harm" if severity == 3 else "works")


def test_a_severe_side_effect_before_any_drug_is_not_the_drugs():
    kept = diary(quiet({4.5: -2.5}), CROSSOVER, seed=6)
    dreams = np.zeros(len(kept))
    dreams[2] = 3.0
    found, _ = judged(replace(kept, side_effects={"vivid_dreams": dreams}), question((4.5,)))
    assert found.code == "works"


@pytest.mark.parametrize("entry", [0, -1])
def test_a_red_flag_stops_on_any_day(entry):
    kept = diary(quiet({}), CROSSOVER, seed=7)
    flags = np.zeros(len(kept))
    flags[entry] = 1.0
    assert judged(replace(kept, red_flag=flags), question((4.5,)))[0].code == "harm"


def test_an_open_diary_is_never_called_works_however_strong():
    kept = diary(quiet({4.5: -4.0}), CROSSOVER, seed=8, blinded=False)
    for expectation in (True, False):
        found, _ = judged(kept, question((4.5,), expectation=expectation))
        assert (found.code, found.dose) == ("open-label", None)


def test_a_single_open_step_is_uncertain():
    kept = diary(Truth({4.5: -1.5}), (0, 4.5), seed=9, blinded=False)
    assert judged(kept, question((4.5,)))[0].code == "cannot-tell"


def test_a_noisy_short_diary_cannot_tell():
    found, _ = judged(diary(Truth({4.5: -1.0}), CROSSOVER[:3], seed=10), question((4.5,)))
    assert found.code == "cannot-tell"


def test_a_constant_diary_cannot_tell_though_nothing_changes():
    kept = diary(quiet({}), CROSSOVER, seed=11)
    found, posterior = judged(replace(kept, scores={"pain": np.full(len(kept), 5.0)}), question((4.5,)))
    assert found.code == "cannot-tell"
    assert posterior.p_no_effect() > 0.5


def test_a_diary_without_scores_cannot_tell():
    kept = diary(quiet({}), CROSSOVER, seed=12)
    found, posterior = judged(replace(kept, scores={"pain": np.full(len(kept), np.nan)}), question((4.5,)))
    assert found.code == "cannot-tell"
    assert posterior.p_no_effect() == pytest.approx(0.5, abs=1e-6)


def with_phases(kept, names, block_days=14):
    days = np.floor(kept.time_days).astype(int) // block_days
    return replace(kept, phase=tuple(names[d] for d in days))


HALVES = (1.5, 0, 0, 1.5, 1.5, 0, 0, 1.5, 1.5, 0)


def flagship(effect, seed, halves=4, after=(), **noise):
    """The flagship with its titration of 14-day blocks drawn out to 21 days, so that all blocks are of one length.

    After are the blocks of a step-down.
    """
    protocol = read_protocol("ldn-smallest-dose")
    named = {phase.kind: phase.name for phase in protocol.phases}
    kinds = ["run-in", *["titration"] * 6, *["confirmation"] * halves, *["step-down"] * len(after)]
    blocks = (*TITRATION[:7], *HALVES[:halves], *after)
    kept = diary(replace(quiet(effect), **noise), blocks, seed=seed, block_days=21)
    return with_phases(kept, [named[kind] for kind in kinds], 21), protocol


def test_with_a_confirmation_phase_only_its_candidate_is_tested():
    kept, protocol = flagship(STRONG, seed=13)
    found, posterior = judged(kept, protocol=protocol)
    assert found.code == "works"
    assert posterior.question.ladder_mg[found.dose] == 1.5
    none, _ = judged(kept, protocol=protocol, candidate=None)
    assert none.code != "works"


def test_a_confirmation_is_judged_at_its_looks_and_not_between_them():
    first, protocol = flagship(STRONG, seed=13, halves=2)
    assert judged(first, protocol=protocol)[0].code == "cannot-tell"
    between, _ = flagship(STRONG, seed=13, halves=3)
    assert judged(between, protocol=protocol)[0].code == "cannot-tell"
    second, _ = flagship(STRONG, seed=13, halves=4)
    assert judged(second, protocol=protocol)[0].code == "works"


MODEST = {1.5: -1.7, 3.0: -1.7, 4.5: -1.7}


def modest(pairs, after=()):
    """A posterior that is fairly sure of 1.5 mg, the diary, and the flagship."""
    kept, protocol = flagship(MODEST, seed=14, halves=2 * pairs, after=after, sd=2.0)
    asked = question()
    posterior = fit(asked, kept, schedule_of(kept), Assumptions(), SMALL)
    assert 0.9 < posterior.doses[1].p_better < 1 - 1e-9
    return posterior, kept, protocol


def asking(protocol, p_better, p_early):
    """The protocol with these thresholds of its confirmation."""
    own = protocol.rules.confirmation.model_copy(update={"p_better": p_better, "p_early": p_early})
    return protocol.model_copy(update={"rules": protocol.rules.model_copy(update={"confirmation": own})})


def around(posterior):
    """A threshold that 1.5 mg passes, and one that it does not."""
    p = posterior.doses[1].p_better
    return p - (1 - p) / 2, p + (1 - p) / 2


@pytest.mark.parametrize(
    ("pairs", "after", "early"),
    [
        (2, (), True),
        (3, (), True),
        (4, (), True),
        (5, (), False),
        (2, (0.5,), False),
        (4, (0, 0.5), False),
        (5, (0.5,), False),
    ],
)
def test_an_early_look_needs_more_and_after_the_confirmation_the_final_threshold_counts(pairs, after, early):
    posterior, kept, protocol = modest(pairs, after)
    less, more = around(posterior)

    def code(p_better, p_early):
        return judge(posterior, facts_of(posterior, kept, asking(protocol, p_better, p_early))).code

    assert code(less, more) == ("cannot-tell" if early else "works")
    assert code(less, less) == code(less, None) == "works"
    assert code(more, more) == code(more, None) == "cannot-tell"


@pytest.mark.parametrize("missing", [0, 3])
def test_the_last_look_is_the_last_though_evenings_are_missing_before_it(missing):
    posterior, kept, protocol = modest(5)
    ended = kept.dosing_day < 17 * 21 - missing
    kept = replace(
        kept,
        **{name: getattr(kept, name)[ended] for name in ("time_days", "received_days", "dosing_day", "blinded")},
        dose_mg=kept.dose_mg[ended],
        scores={"pain": kept.scores["pain"][ended]},
        phase=tuple(name for name, at in zip(kept.phase, ended, strict=True) if at),
    )
    posterior = fit(posterior.question, kept, schedule_of(kept), Assumptions(), SMALL)
    less, more = around(posterior)
    facts = facts_of(posterior, kept, asking(protocol, less, more))
    assert facts.look_due
    assert judge(posterior, facts).code == "works"


CLIMB = [
    Look((True, False, False, False), (0.6, 0.0, 0.0, 0.0), (0.1, 0.0, 0.0, 0.0), (0.0,) * 4),
    Look((True, True, False, False), (0.6, 0.95, 0.0, 0.0), (0.1, 0.9, 0.0, 0.0), (0.0,) * 4),
]
UNSURE = Look((True,) * 4, (0.6, 0.9, 0.9, 0.9), (0.1, 0.5, 0.5, 0.5), (0.0,) * 4)
ROLES = Roles({"titration": TITRATION[1:7], "confirmation": (1.0, 0.0) * 5}, {"step-down": (0, 1, 2, 3, 4)})


def seen(posterior):
    """What a review of a trial would see of a posterior."""
    pairs = [(dose.p_better, dose.p_mcid_given_effect, dose.p_harm) for dose in posterior.doses]
    return Look(tuple(map(bool, posterior.taken)), *zip(*pairs, strict=True))


@pytest.mark.parametrize("pairs", [1, 2, 3, 4, 5])
def test_the_walk_and_the_judge_say_works_at_the_same_looks(pairs):
    """A walk that is confirmed goes on to its step-down, or is over."""
    posterior, kept, protocol = modest(pairs)
    less, more = around(posterior)
    for p_better, p_early in ((less, less), (less, more), (more, more), (less, None), (more, None)):
        changed = asking(protocol, p_better, p_early)
        judged_so = judge(posterior, facts_of(posterior, kept, changed)).code == "works"
        state = stand(changed, ROLES, [*CLIMB, *[UNSURE] * (pairs - 1), seen(posterior)])
        stepped_down = any(block.phase == "step-down" for block in state.blocks)
        assert judged_so == (stepped_down or state.ending == Ending("finished", 1.5))
        passed = p_better == less and (pairs == 5 or p_early != more)
        assert judged_so == (passed and pairs > 1)


def crossover(pairs):
    """The shipped crossover after some of its pairs, with a strong effect; the diary names no phases."""
    kept = diary(quiet({4.5: -2.5}), CROSSOVER[: 1 + 2 * pairs], seed=1)
    return kept, read_protocol("ldn-crossover")


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(("pairs", "code"), [(2, "cannot-tell"), (3, "cannot-tell"), (4, "works")])
def test_a_crossover_is_called_working_at_its_looks_only(pairs, code, named):
    kept, protocol = crossover(pairs)
    if named:
        kept = with_phases(kept, ["run-in"] + ["crossover"] * 2 * pairs)
    assert judged(kept, question((4.5,)), protocol)[0].code == code
    assert judged(kept, question((4.5,)))[0].code == "works"


@pytest.mark.parametrize(("days", "code"), [(122, "cannot-tell"), (123, "works"), (126, "works"), (140, "works")])
def test_a_crossover_that_is_over_is_at_its_last_look_though_entries_are_missing(days, code):
    protocol, made = read_protocol("ldn-crossover"), np.r_[0:60, 75:122, days - 1]
    ended = diary(quiet({4.5: -2.5}), (*CROSSOVER, 0), seed=1, missing=0.0)
    kept = replace(
        ended,
        **{name: getattr(ended, name)[made] for name in ("time_days", "received_days", "dosing_day", "blinded")},
        dose_mg=ended.dose_mg[made],
        scores={"pain": ended.scores["pain"][made]},
    )
    assert judged(kept, question((4.5,)), protocol)[0].code == code


def test_a_crossover_in_which_no_look_is_planned_is_looked_at_on_any_day():
    kept, protocol = crossover(3)
    phases = tuple(phase.model_copy(update={"looks": ()}) for phase in protocol.phases)
    assert judged(kept, question((4.5,)), protocol.model_copy(update={"phases": phases}))[0].code == "works"


def test_harm_stops_a_crossover_before_its_look():
    kept = diary(quiet({4.5: 3.0}, level=4.0), CROSSOVER[:4], seed=5)
    assert judged(kept, question((4.5,)), read_protocol("ldn-crossover"))[0].code == "harm"


def test_nothing_that_matters_may_be_said_before_the_look():
    kept = diary(quiet({}), CROSSOVER[:7], seed=4)
    assert judged(kept, question((4.5,)), read_protocol("ldn-crossover"))[0].code == "nothing-that-matters"


def test_a_crossover_left_for_the_phase_after_it_is_over_and_one_not_begun_is_not():
    kept, protocol = crossover(3)
    after = protocol.phases[1].model_copy(update={"name": "after", "kind": "maintenance", "looks": (), "pairs": 0})
    protocol = protocol.model_copy(update={"phases": (*protocol.phases, after)})
    over = with_phases(kept, ["run-in", *["crossover"] * 5, "after"])
    assert judged(over, question((4.5,)), protocol)[0].code == "works"
    unbegun = with_phases(kept, ["run-in"] * 7)
    assert judged(unbegun, question((4.5,)), protocol)[0].code == "cannot-tell"


def test_a_candidate_chosen_again_needs_pairs_of_its_own():
    protocol = read_protocol("ldn-smallest-dose")
    named = {phase.kind: phase.name for phase in protocol.phases}
    blocks = (0, 0.5, 0, 1.5, 3.0, 0, 4.5, 4.5, 0, 1.5, 0, 1.5, 0)
    kinds = ["run-in", *["titration"] * 6, *["confirmation"] * 6]
    for halves, code in ((4, "cannot-tell"), (6, "works")):
        kept = diary(quiet(STRONG), blocks[: 7 + halves], seed=17, block_days=21)
        found, _ = judged(with_phases(kept, [named[k] for k in kinds[: 7 + halves]], 21), protocol=protocol)
        assert found.code == code


def test_in_a_titration_nothing_is_futile_before_its_end():
    protocol = read_protocol("ldn-smallest-dose")
    named = {phase.kind: phase.name for phase in protocol.phases}
    kept = with_phases(diary(quiet({}), (0, 0.5, 0), seed=18), [named["run-in"], *[named["titration"]] * 2])
    asked = question()
    posterior = fit(asked, kept, schedule_of(kept), Assumptions(), SMALL)
    hopeless = Outlook(dose_mg=0.5, pairs=4, half_days=21, p_works=0.0, p_nothing=0.0)
    assert judge(posterior, facts_of(posterior, kept, protocol), hopeless).code == "cannot-tell"


def test_one_blinded_day_is_no_blinded_comparison():
    open_label = diary(quiet({4.5: -3.0}), (0, 4.5, 4.5, 4.5), seed=19, blinded=False, missing=0.0)
    dose, blinded = open_label.dose_mg.copy(), np.zeros(len(open_label))
    dose[30], blinded[30] = 0.0, 1.0
    found, _ = judged(replace(open_label, dose_mg=dose, blinded=blinded), question((4.5,)))
    assert found.code == "open-label"


def test_days_of_unknown_dose_are_no_blinded_comparison():
    kept = replace(diary(quiet({4.5: -3.0}), (0, 0, 4.5, 4.5), seed=20, missing=0.0))
    kept = replace(kept, blinded=np.ones(len(kept)))
    unknown = replace(kept, dose_mg=np.where(kept.dose_mg > 0, kept.dose_mg, np.nan), blinded=np.ones(len(kept)))
    assert judged(kept, question((4.5,)))[0].code == "works"
    assert judged(unknown, question((4.5,)))[0].code in ("open-label", "cannot-tell")


@pytest.mark.parametrize(("halves", "field"), [(4, "p_early"), (10, "p_better")])
def test_the_threshold_of_the_confirmation_is_the_protocols_own(halves, field):
    kept, protocol = flagship(STRONG, seed=13, halves=halves, sd=2.0)
    assert protocol.rules.confirmation is not None
    assert judged(kept, protocol=protocol)[0].code == "works"
    rules = protocol.rules.model_copy(
        update={"confirmation": protocol.rules.confirmation.model_copy(update={field: 1.0})}
    )
    assert judged(kept, protocol=protocol, rules=rules)[0].code != "works"


def test_after_titration_with_no_dose_in_sight_going_on_is_futile():
    protocol = read_protocol("ldn-smallest-dose")
    kept = diary(quiet({}, level=6.0), (0, 0.5, 0, 1.5, 3.0, 0, 4.5), seed=14)
    named = {phase.kind: phase.name for phase in protocol.phases}
    kept = with_phases(kept, [named["run-in"], *[named["titration"]] * 6])
    found, posterior = judged(kept, protocol=protocol, rules=protocol.rules.model_copy(update={"p_nothing": 1.0}))
    assert max(dose.p_mcid_given_effect for dose in posterior.doses) < 0.1
    assert found.code == "futile"


def test_a_named_dose_with_less_than_even_averaged_chance_is_only_probable():
    priors = replace(question().priors, odds_no_effect=1e6)
    found, posterior = judged(diary(quiet({4.5: -1.6}), CROSSOVER[:5], seed=15), question((4.5,), priors=priors))
    assert found.code == "works"
    assert posterior.doses[0].p_mcid < 0.5
    assert found.strength == "probable"


def test_only_taken_doses_are_ever_chosen():
    found, posterior = judged(diary(quiet({4.5: -3.0}), CROSSOVER, seed=16), question(LADDER))
    assert posterior.question.ladder_mg[found.dose] == 4.5


def test_the_belief_adjusted_analysis_is_asked_another_p_better_and_nothing_else():
    kept, protocol = flagship(STRONG, seed=13)
    _, posterior = judged(kept, protocol=protocol)
    facts = facts_of(posterior, kept, protocol)
    enough = protocol.rules.p_agree
    assert enough < min(protocol.rules.p_better, protocol.rules.confirmation.p_better)
    own = protocol.rules.confirmation.model_copy(update={"p_better": enough, "p_early": enough})
    asked = agreeing(facts)
    assert asked.rules == protocol.rules.model_copy(update={"p_better": enough, "confirmation": own})
    assert replace(asked, rules=facts.rules) == facts


def test_where_a_protocol_says_nothing_of_agreeing_both_analyses_are_asked_the_same():
    kept, protocol = crossover(4)
    _, posterior = judged(kept, question((4.5,)), protocol)
    facts = facts_of(posterior, kept, protocol)
    assert facts.rules.p_agree is None
    assert agreeing(facts) == facts


@pytest.mark.parametrize(
    ("again", "named", "said"),
    [(3.0, 3.0, True), (1.5, 3.0, True), (4.5, 3.0, False), (None, 3.0, False), (1.5, None, False)],
)
def test_agreeing_wants_the_same_dose_or_a_smaller_one(again, named, said):
    assert agrees(again, named) is said
