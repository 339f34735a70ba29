"""The replay test: a trial lived, replayed from its journal, or fed entry by entry, decides alike on the same days.

Every shipped protocol is tested; the count is small in ``make test``.
"""

import io
from functools import cache

import pytest

from modicum.foundation.streams import stream
from modicum.participants.population import read_population
from modicum.participants.recorded import Recorded
from modicum.protocol import library, read_protocol
from modicum.records import read_diary
from modicum.records.journal import read_journal, write_journal
from modicum.records.writing import diary_csv
from modicum.services.asking import ask
from modicum.services.options import Options
from modicum.simulation.people import START, virtual_life
from modicum.simulation.posterior import posteriors
from modicum.simulation.scenario import Scenario
from modicum.trial.reviewing import look_by_eye, look_of
from modicum.trial.roles import draw_roles
from modicum.trial.running import Life, Trial, replay, run
from verification.counts import count

SEEDS = range(count("replay"))
HARD = read_population("hard").but(late_entries=0.3, corrected=0.5, missed_entries=0.2)


@cache
def scenario(name):
    protocol = read_protocol(name)
    life = begun(protocol, 1)
    life.to_next_look()
    asked = ask(Options(outcomes=(protocol.primary,)), protocol, life.trial.known()).questions[0]
    return Scenario(protocol, asked, HARD, "threshold-1.5", 2.0)


def begun(protocol, seed):
    return virtual_life(protocol, HARD, seed=seed, person=0, archetype="threshold-1.5", effect_in_mcid=2.0)


def reviewer(name, seen):
    """A reviewer that writes down the day and what was known on it."""
    whole = scenario(name)

    def review(diary, kind):
        seen.append((round(float(diary.time_days.max())), diary_csv(diary)))
        if kind == "eye":
            return look_by_eye(diary, whole.protocol)
        return look_of(posteriors(whole.question, [diary], threads=1)[0])

    return review


def fresh(name, seed):
    whole = scenario(name)
    return Trial(whole.protocol, draw_roles(whole.protocol, stream(seed, "roles", name, 0)), START, virtual=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", library())
def test_lived_replayed_and_fed_entry_by_entry_a_trial_decides_the_same_on_the_same_days(name, seed):
    lived_seen, replayed_seen, fed_seen = [], [], []
    lived = run(begun(read_protocol(name), seed), reviewer(name, lived_seen))
    journal = read_journal(write_journal(lived.entries))
    assert journal == lived.entries

    replayed = run(Life(fresh(name, seed), Recorded(journal)), reviewer(name, replayed_seen))
    fed = replay(fresh(name, seed), reversed(journal), reviewer(name, fed_seen))

    assert lived_seen == replayed_seen == fed_seen
    assert lived.state == replayed.state == fed.state
    assert lived.looks == replayed.looks == fed.looks
    assert diary_csv(lived.everything()) == diary_csv(replayed.everything()) == diary_csv(fed.everything())


def test_the_trials_that_are_replayed_hold_late_and_corrected_entries_and_people_who_leave():
    lived = [run(begun(read_protocol("ldn-open-fast"), seed), reviewer("ldn-open-fast", [])) for seed in range(8)]
    entries = [entry for trial in lived for entry in trial.entries]
    assert sum(entry.corrects is not None for entry in entries) >= 5
    assert sum(entry.received_at > entry.happened_at for entry in entries) >= 50


def test_a_review_that_saw_what_had_not_arrived_yet_is_found():
    """The sabotage twin: with all that was ever written, some review would have known more."""
    found = 0
    for seed in range(8):
        seen = []
        lived = run(begun(read_protocol("ldn-open-fast"), seed), reviewer("ldn-open-fast", seen))
        whole = diary_csv(lived.everything()).splitlines()
        found += any(known.splitlines() != whole[: len(known.splitlines())] for _, known in seen)
    assert found >= 1


@pytest.mark.parametrize("name", library())
def test_an_exported_diary_reads_back_to_the_same_posterior(name):
    lived = run(begun(read_protocol(name), 1), reviewer(name, []))
    whole = scenario(name)
    diary = lived.everything()
    text = diary_csv(diary).encode()
    again = read_diary(io.BytesIO(text), protocol=whole.protocol)
    ours, theirs = posteriors(whole.question, [diary, again], threads=1)
    assert look_of(ours) == look_of(theirs)
