"""The replay test: a trial lived, replayed from its journal, or fed entry by entry, decides alike on the same days.

Every shipped protocol is tested; the count is small in ``make test``.
"""

import io

import pytest

from modicum.protocol import library
from modicum.records import read_diary
from modicum.records.writing import diary_csv
from modicum.simulation.posterior import posteriors
from modicum.trial.reviewing import look_of
from verification.counts import count
from verification.replaying import alike, lived, run_replay, scenario


@pytest.mark.parametrize("seed", range(count("replay")))
@pytest.mark.parametrize("name", library())
def test_lived_replayed_and_fed_entry_by_entry_a_trial_decides_the_same_on_the_same_days(name, seed):
    assert alike(name, seed)


def test_the_trials_that_are_replayed_hold_late_and_corrected_entries_and_people_who_leave():
    told = [lived("ldn-open-fast", seed).trial for seed in range(30)]
    entries = [entry for trial in told for entry in trial.entries]
    assert sum(entry.corrects is not None for entry in entries) >= 20
    assert sum(entry.received_at > entry.happened_at for entry in entries) >= 200
    assert any(trial.state.ending.code == "withdrawn" for trial in told)


def test_a_review_that_saw_what_had_not_arrived_yet_is_found(monkeypatch):
    """The sabotage twin: a journal whose entries all claim to have arrived at once is another trial."""
    from verification import replaying

    honest = replaying.write_journal

    def on_time(entries):
        return honest(
            type(entry)(**{**vars(entry), "received_at": entry.happened_at}) if entry.corrects is None else entry
            for entry in entries
        )

    monkeypatch.setattr(replaying, "write_journal", on_time)
    assert not run_replay(2).passed


@pytest.mark.parametrize("name", library())
def test_an_exported_diary_reads_back_to_the_same_posterior(name):
    whole = scenario(name)
    diary = lived(name, 1).trial.everything()
    again = read_diary(io.BytesIO(diary_csv(diary).encode()), protocol=whole.protocol)
    ours, theirs = posteriors(whole.question, [diary, again], threads=1)
    assert look_of(ours) == look_of(theirs)
