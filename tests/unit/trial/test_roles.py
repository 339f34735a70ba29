"""Roles: uniformly drawn over what a protocol admits."""

from collections import Counter

import numpy as np
from scipy import stats

from modicum.foundation.streams import stream
from modicum.protocol import list_sequences, read_protocol
from modicum.trial.roles import draw_roles
from modicum.trial.state import stand

FLAGSHIP = read_protocol("ldn-smallest-dose")
PAIRS = FLAGSHIP.phase("confirmation").pairs
FALSE_ALARM = 1e-4


def drawn(count=2000):
    return [draw_roles(FLAGSHIP, stream(1, "roles", person)) for person in range(count)]


def evenness(found, kinds):
    counts = Counter(found)
    assert len(counts) == kinds
    return stats.chisquare(list(counts.values())).pvalue


def test_every_admissible_sequence_comes_equally_often():
    roles = drawn()
    titration = [r.sequences["titration"] for r in roles]
    assert set(titration) == set(list_sequences(FLAGSHIP.phase("titration"), FLAGSHIP.drug.ladder_mg))
    assert evenness(titration, 10) > FALSE_ALARM
    assert evenness([r.sequences["confirmation"] for r in roles], 2**PAIRS) > FALSE_ALARM


def test_every_order_of_a_step_down_comes_equally_often():
    orders = [tuple(np.argsort([r.ranks["step-down"][place] for place in (0, 2, 4)])) for r in drawn()]
    assert evenness(orders, 6) > FALSE_ALARM


def test_a_draw_that_never_randomises_the_first_pair_is_found():
    lame = [(1.0, 0.0, *r.sequences["confirmation"][2:]) for r in drawn()]
    assert len(set(lame)) == 2 ** (PAIRS - 1)


def test_the_roles_of_one_person_do_not_depend_on_who_else_is_drawn():
    assert draw_roles(FLAGSHIP, stream(1, "roles", 5)) == drawn(6)[5]


def test_a_ladder_in_any_order_is_walked_in_the_order_drawn():
    plan = read_protocol("ldn-crossover")
    doses = {"pairs": 0, "half_days": None, "looks": (), "doses_mg": "ladder", "order": "any order", "block_days": 14}
    phases = tuple(
        phase.model_copy(update={**doses, "placebo_blocks": 1, "max_days": 70}) if phase.pairs else phase
        for phase in plan.phases
    )
    drug = plan.drug.model_copy(update={"ladder_mg": FLAGSHIP.drug.ladder_mg})
    shuffled = plan.model_copy(update={"phases": phases, "drug": drug})
    name = next(phase.name for phase in phases if phase.order == "any order")
    walked = set()
    for person in range(40):
        roles = draw_roles(shuffled, stream(1, "roles", person))
        blocks = [block.capsule_mg for block in stand(shuffled, roles, ()).blocks if block.phase == name]
        assert sorted(blocks) == [0.0, *FLAGSHIP.drug.ladder_mg]
        walked.add(tuple(blocks))
    assert len(walked) > 20
