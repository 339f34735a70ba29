"""A worker of a real cluster is killed in the middle of a sweep, and the numbers are the same."""

import os
import signal

import pytest
from distributed import LocalCluster

import modicum
from modicum.foundation.errors import OptionsError
from modicum.simulation import sweep as sweeping

ASKED = {"participants": 40, "archetypes": ["threshold-0.5"], "seed": 5}


def test_a_killed_worker_changes_no_number(monkeypatch, tmp_path):
    monkeypatch.setattr(sweeping, "CHUNK", 2)
    alone = modicum.simulate("ldn-open-fast", **ASKED, processes=1)
    killed = []
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(**options, local_directory=str(tmp_path)) as cluster:

        def kill_one(done, total):
            if not killed and done < total / 2:
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
                killed.append(done)

        spread = modicum.simulate("ldn-open-fast", **ASKED, scheduler=cluster.scheduler_address, progress=kill_one)
    assert killed, "nobody was killed while there was still work to do"
    assert spread.document == alone.document


def test_a_cluster_that_is_not_there_is_a_problem_of_the_input(monkeypatch):
    monkeypatch.setattr(sweeping, "PATIENCE_SECONDS", 1)
    with pytest.raises(OptionsError, match="MOD-OPT-27"):
        modicum.simulate("ldn-open-fast", **ASKED, scheduler="tcp://127.0.0.1:9")
