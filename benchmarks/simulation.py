"""Virtual people living the whole flagship, all reviews in batches; and the same trials reviewed one at a time.

``benchmarks/run.py`` takes the rows of its table from here, and a test holds both to each other.
"""

from functools import cache

from modicum.analysis.batch.fitting import cores
from modicum.participants.population import read_population
from modicum.protocol import read_protocol
from modicum.services.living import question_of
from modicum.simulation.people import simulate_people, virtual_life
from modicum.simulation.scenario import Scenario
from modicum.simulation.sweep import sweep
from modicum.simulation.tally import Tally
from modicum.trial.reviewing import reviewer_of
from modicum.trial.running import Trial, run

ALL, SECONDS = 20_000, 480.0  # people, and the time in which all of them should have lived the flagship
PEOPLE, FEW = 400, 4
FASTER = 4.0  # times, in seconds of the processor a person
SEED = 1


@cache
def scenario() -> Scenario:
    """The flagship, and a drug that works from 1.5 mg."""
    plan, people = read_protocol("ldn-smallest-dose"), read_population("typical")
    return Scenario(plan, question_of(plan, people), people, "threshold-1.5")


def many(count: int = PEOPLE) -> Tally:
    """So many people, on every core."""
    return sweep([scenario()], count, SEED, processes=cores())[0]


def in_batches(count: int = FEW) -> list[tuple[tuple[str, str, int], ...]]:
    """What was visible of a few trials whose reviews were batches."""
    return [outcome.decisions for outcome in simulate_people(scenario(), SEED, range(count))]


def one_at_a_time(count: int = FEW) -> list[tuple[tuple[str, str, int], ...]]:
    """What was visible of the same trials, each reviewed by the readable form."""
    return [_visible(_alone(person)) for person in range(count)]


def _alone(person: int) -> Trial:
    one = scenario()
    life = virtual_life(one.protocol, one.population, seed=SEED, person=person, archetype=one.archetype)
    return run(life, reviewer_of(one.protocol, one.question))


def _visible(trial: Trial) -> tuple[tuple[str, str, int], ...]:
    return tuple((block.phase, block.why, block.days) for block in trial.state.blocks)
