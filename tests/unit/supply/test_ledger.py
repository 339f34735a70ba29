import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modicum.foundation.errors import SupplyError
from modicum.protocol import read_protocol
from modicum.supply.ledger import ACCOUNTS, MOVES, Ledger
from supply_fixtures import FLAGSHIP, by_halves, ordered

ORDERS = {"plain": ordered(read_protocol(FLAGSHIP)), "halves": ordered(by_halves(FLAGSHIP))}
CONTENTS = (0, 250, 500, 1500, 4500)
AMOUNTS = st.dictionaries(st.sampled_from(CONTENTS), st.integers(0, 400), min_size=1)
STEPS = st.lists(st.tuples(st.sampled_from(CONTENTS), st.integers(-2, 300), st.sampled_from(MOVES)), max_size=40)


def balance(ledger):
    accounts = sum(ledger.capsules(one) for one in ACCOUNTS), sum(ledger.amount_ug(one) for one in ACCOUNTS)
    assert all(count >= 0 for found in ledger.counts.values() for count in found.values())
    return accounts


@given(AMOUNTS, STEPS)
def test_ordered_is_dispensed_retained_returned_destroyed_and_overage_whatever_is_done(made, steps):
    ledger = Ledger.of_made(made)
    wanted = sum(made.values()), sum(content * count for content, count in made.items())
    for content, count, (source, target) in steps:
        if 0 <= count <= ledger.counts.get(content, {}).get(source, 0):
            ledger = ledger.move(content, count, source, target)
        else:
            with pytest.raises(SupplyError):
                ledger.move(content, count, source, target)
        assert balance(ledger) == wanted == (ledger.ordered, ledger.ordered_ug)


@settings(max_examples=40)
@given(st.sampled_from(sorted(ORDERS)), st.data())
def test_kits_go_out_and_come_back_and_nothing_is_lost(name, data):
    order = ORDERS[name]
    ledger = Ledger.of_made({line: sum(found.values()) for line, found in order.ledger.counts.items()})
    wanted = ledger.ordered, ledger.ordered_ug
    for filled in order.kits:
        if not data.draw(st.booleans()):
            continue
        ledger = ledger.hand_out(filled)
        out = filled.count(spare=False)
        spare = filled.count(spare=True)
        left = {one: data.draw(st.integers(0, out[one] + spare.get(one, 0))) for one in out}
        before = ledger.capsules("returned")
        ledger = ledger.take_back(filled, left)
        assert ledger.capsules("returned") - before == sum(left.values())
        assert balance(ledger) == wanted
    for content, found in ledger.counts.items():
        ledger = ledger.move(content, found["returned"], "returned", "destroyed")
    assert balance(ledger) == wanted


@pytest.mark.parametrize("name", sorted(ORDERS))
def test_the_plan_of_an_order_is_what_its_batches_make(name):
    order = ORDERS[name]
    assert order.ledger.ordered == order.capsules
    assert order.ledger.ordered_ug == order.drug_ug
    nights = sum(one.kit.nights for one in order.kits) * order.plan.choice.a_night
    assert order.ledger.capsules("dispensed") == nights
    assert order.ledger.capsules("returned") == order.ledger.capsules("destroyed") == 0


def test_a_spare_capsule_that_does_not_come_back_was_used():
    order = ORDERS["plain"]
    filled = next(one for one in order.kits if one.dose_ug == 1500)
    before = order.ledger
    after = before.take_back(filled, {1500: 1})
    assert after.capsules("returned") == 1
    assert after.capsules("dispensed") == before.capsules("dispensed") + filled.count(spare=True)[1500] - 1
    assert after.capsules("overage") == before.capsules("overage") - filled.count(spare=True)[1500]


def test_more_cannot_come_back_than_went_out():
    filled = ORDERS["plain"].kits[0]
    with pytest.raises(SupplyError) as caught:
        ORDERS["plain"].ledger.take_back(filled, {filled.dose_ug: 1000})
    assert [one.code for one in caught.value.problems] == ["MOD-SUPPLY-18"]


@pytest.mark.parametrize("way", [("destroyed", "dispensed"), ("returned", "dispensed"), ("dispensed", "destroyed")])
def test_a_capsule_that_came_back_is_never_handed_out_again(way):
    ledger = Ledger.of_made({500: 10}).move(500, 10, "overage", "dispensed").move(500, 5, "dispensed", "returned")
    with pytest.raises(SupplyError) as caught:
        ledger.move(500, 1, *way)
    assert caught.value.problems[0].code == "MOD-SUPPLY-18"
