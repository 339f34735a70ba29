import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "benchmarks" / "store.py"


@pytest.fixture(scope="module")
def store():
    spec = importlib.util.spec_from_file_location("store_benchmark", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["store_benchmark"] = module
    spec.loader.exec_module(module)
    return module


def test_what_is_measured_is_entries_that_were_acknowledged_and_are_there(store):
    taken = store.taken(1, seconds=0.5)
    assert taken.entries >= store.CLIENTS
    assert taken.rate == taken.entries / taken.seconds
    assert 0 < taken.p50 <= taken.p99 < 5
    assert taken.cpu_seconds > 0


def test_an_entry_that_is_not_taken_is_no_speed(store, monkeypatch):
    bad = b"POST /entries HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}"
    monkeypatch.setattr(store, "_request", lambda *_: bad)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    with pytest.raises(SystemExit, match="No entry"):
        store.taken(1, seconds=0.3)


def test_phones_are_measured_through_the_whole_of_the_clinic(store):
    handed_in = store.handed_in(1, seconds=0.5)
    assert handed_in.entries >= store.CLIENTS
    assert 0 < handed_in.p50 <= handed_in.p99 < 5
