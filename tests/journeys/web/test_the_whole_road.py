"""From a name to an opened order in a real browser, on SQLite and on PostgreSQL: the answer is that of the command.

Here the trial is the crossover of one dose as it ships, eighteen weeks. Its evenings but one are handed in as the
phone hands them in, without its page; the first with a capsule is written on the page. The flagship with every evening
on the page is the row ``clinic-road`` of ``make verify``.
"""

from dataclasses import replace

import pytest

import databases
from verification.clinic_roads import Road, apart_of, served

FIRST_CAPSULE = 14


@pytest.fixture(params=["sqlite", "postgresql"])
def clinic(request, tmp_path):
    if request.param == "sqlite":
        with served(tmp_path / "clinic", "") as found:
            yield found
        return
    with databases.postgresql() as address, served(tmp_path / "clinic", address) as found:
        yield found


def test_from_a_name_to_an_opened_order(browser, clinic, tmp_path):
    found = Road(browser, *clinic, tmp_path, lambda day: day == FIRST_CAPSULE).walk("ldn-crossover", seed=1)
    assert apart_of(found) == []
    assert len(found.answered.trial.entries) >= 60
    # The sabotage twin: each of what is compared can be found apart.
    other = replace(
        found, sentence="It works.", page="", proof="Not everything is as it was sealed.", kinds=frozenset()
    )
    assert apart_of(other) == ["sentence", "numbers", "proof", "record"]
