"""Re-entry: how a dose is taken up again after placebo."""

from modicum.foundation.streams import stream
from modicum.participants.population import read_population
from modicum.protocol import read_protocol
from modicum.simulation.people import virtual_life
from modicum.trial.roles import draw_roles
from modicum.trial.running import Trial

FLAGSHIP = read_protocol("ldn-smallest-dose")
GENTLY = FLAGSHIP.model_copy(
    update={"supply": FLAGSHIP.supply.model_copy(update={"reentry": "half dose for 3 nights"})}
)


def capsules(protocol, person=0):
    """A trial, and what its capsules hold night by night; the last night is asked about by nobody."""
    life = virtual_life(protocol, read_population("typical"), seed=5, person=person)
    life.to_next_look()
    trial = life.trial
    return trial, [trial.task(day).capsule_mg for day in range(1, trial.days)]


def test_at_once_every_night_of_a_block_has_the_whole_dose():
    trial, nights = capsules(FLAGSHIP)
    assert nights == [block.capsule_mg for block in trial.state.blocks for _ in range(block.days)][:-1]


def test_half_a_dose_comes_first_after_nights_without_drug_and_only_there():
    for person in range(6):
        trial, nights = capsules(GENTLY, person)
        at, before = 0, 0.0
        for block in trial.state.blocks:
            first = block.capsule_mg / 2 if before == 0.0 else block.capsule_mg
            planned = [first] * 3 + [block.capsule_mg] * (block.days - 3)
            assert nights[at : at + block.days] == planned[: len(nights) - at]
            at, before = at + block.days, block.capsule_mg


def test_the_diary_has_the_dose_that_was_assigned():
    trial, _ = capsules(GENTLY)
    assert set(trial.known().planned_mg) <= {0.0, *FLAGSHIP.drug.ladder_mg}


def test_the_order_of_a_second_look_is_drawn_with_the_rest_by_a_fair_coin():
    drawn = [draw_roles(FLAGSHIP, stream(1, "roles", person)).sequences["re-challenge"] for person in range(400)]
    assert set(drawn) == {(1.0, 0.0), (0.0, 1.0)}
    assert 150 < drawn.count((1.0, 0.0)) < 250
    assert "re-challenge" not in draw_roles(read_protocol("ldn-crossover"), stream(1, "roles", 0)).sequences


def test_a_trial_knows_its_roles():
    roles = draw_roles(FLAGSHIP, stream(1, "roles", 0))
    assert Trial(FLAGSHIP, roles, capsules(FLAGSHIP)[0].start).roles == roles
