import threading
import time

import pytest

from modicum.foundation.errors import InternalError
from modicum.web.store.groups import Groups

WRITERS = 12


def together(groups, said):
    """Submit from a thread each, all while nobody may write, so that they are one group; and what became of each."""
    outcomes = {}

    def submit(one):
        try:
            outcomes[one] = groups.submit(one)
        except Exception as error:
            outcomes[one] = error

    threads = [threading.Thread(target=submit, args=(one,)) for one in said]

    def start_and_wait():
        for thread in threads:
            thread.start()
        until = time.monotonic() + 10
        while len(groups._waiting) < len(threads):
            assert time.monotonic() < until
            time.sleep(0.001)

    groups.alone(start_and_wait)
    for thread in threads:
        thread.join(10)
    return outcomes


def test_all_who_wait_are_written_at_once_and_each_gets_its_own_outcome():
    written = []

    def write(group):
        written.append(list(group))
        return [one * 10 for one in group]

    outcomes = together(Groups(write), range(WRITERS))
    assert outcomes == {one: one * 10 for one in range(WRITERS)}
    assert [sorted(group) for group in written] == [list(range(WRITERS))]


def test_one_that_fails_fails_alone():
    groups = Groups(lambda group: [ValueError(one) if one == 3 else one for one in group])
    outcomes = together(groups, range(WRITERS))
    assert isinstance(outcomes.pop(3), ValueError)
    assert outcomes == {one: one for one in range(WRITERS) if one != 3}


def test_a_writer_that_is_stopped_leaves_nobody_waiting_and_the_next_may_write():
    stop = [True]

    def write(group):
        if stop.pop():
            raise MemoryError
        return list(group)

    groups = Groups(write)
    stop.insert(0, False)
    outcomes = together(groups, range(WRITERS))
    kinds = [type(outcome) for outcome in outcomes.values()]
    assert (kinds.count(MemoryError), kinds.count(InternalError)) == (1, WRITERS - 1)
    assert groups.submit(1) == 1


def test_one_who_comes_alone_waits_for_nobody():
    began = time.monotonic()
    assert Groups(list).submit(1) == 1
    assert time.monotonic() - began < 0.5


def test_nobody_writes_while_something_is_done_alone():
    groups, seen = Groups(list), []

    def act():
        late.start()
        time.sleep(0.05)
        seen.append("done")

    late = threading.Thread(target=lambda: seen.append(groups.submit("written")))
    groups.alone(act)
    late.join(10)
    assert seen == ["done", "written"]


@pytest.mark.parametrize("clients", [1, 6])
def test_under_load_groups_never_overlap_and_keep_the_order_of_each_client(clients):
    writing, log = threading.Lock(), []

    def write(group):
        assert writing.acquire(blocking=False)
        time.sleep(0.001)
        log.extend(group)
        writing.release()
        return list(group)

    groups = Groups(write)

    def client(number):
        for entry in range(30):
            groups.submit((number, entry))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(log) == 30 * clients
    for number in range(clients):
        assert [entry for one, entry in log if one == number] == list(range(30))
