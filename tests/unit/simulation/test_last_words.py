"""The last word of a virtual trial is on the grid that a person's own answer has; reviews may be on a coarser one."""

from modicum.participants.population import read_population
from modicum.simulation.people import simulate_people, virtual_life
from modicum.simulation.posterior import ONE_PERSON, posteriors
from modicum.simulation.scenario import Scenario
from modicum.trial.reviewing import look_of
from modicum.trial.running import run
from verification.flagship import FLAGSHIP, asked

SEED, PERSON = 5, 3


def test_a_verdict_is_on_the_grid_of_one_persons_answer():
    protocol, question = asked(FLAGSHIP)
    people = read_population("typical")
    found = simulate_people(Scenario(protocol, question, people, "none", 1.5), SEED, [PERSON], threads=1)[0]
    life = virtual_life(protocol, people, seed=SEED, person=PERSON, archetype="none")
    trial = run(life, lambda diary, _: look_of(posteriors(question, [diary], threads=1)[0]))
    fine, coarse = (
        posteriors(question, [trial.everything()], threads=1, **on)[0] for on in ({"counts": ONE_PERSON}, {})
    )
    assert found.p_no_effect == fine.p_no_effect() != coarse.p_no_effect()
