"""Virtual people: the same person, and the same luck, whatever is tried on them."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from modicum.foundation.errors import OptionsError
from modicum.foundation.streams import stream
from modicum.participants.archetypes import ARCHETYPES, right_dose, share
from modicum.participants.chance import Chance, residual
from modicum.participants.population import read_population, shipped
from modicum.participants.recorded import Recorded
from modicum.participants.task import Task
from modicum.participants.virtual import Virtual
from modicum.protocol import read_protocol

START = dt.datetime(2001, 1, 1, 20, tzinfo=dt.UTC)
TYPICAL = read_population("typical")
LADDER = (0.5, 1.5, 3.0, 4.5)


def task(day, dose=0.0, announced=0.5, **change):
    return replace(Task(day, START + dt.timedelta(days=day), "titration", announced, dose), **change)


def person(number=0, protocol="ldn-smallest-dose", population=TYPICAL, **change):
    return Virtual.of(read_protocol(protocol), population, seed=1, person=number, **change)


def lived(body, days, dose=0.0, announced=0.5):
    return [body.answer(task(day, dose, announced)) for day in range(days)]


def pain(entries):
    return np.array([np.nan if e is None else e.scores["pain"] for e in entries])


def test_a_stream_has_a_name_and_no_neighbours():
    first = stream(1, "person", 3).random(5)
    stream(1, "person", 2).random(1000)
    assert np.array_equal(first, stream(1, "person", 3).random(5))
    assert not np.array_equal(first, stream(1, "person", "3").random(5))
    assert not np.array_equal(first, stream(2, "person", 3).random(5))


def test_who_a_person_is_depends_neither_on_protocol_nor_on_archetype():
    truths = [person(7, p, archetype=a).truth for p in ("ldn-open", "ldn-smallest-dose") for a in ("none", "emax")]
    assert len({replace(truth, archetype="none") for truth in truths}) == 1
    assert person(8).truth.level != truths[0].level


def test_a_longer_trial_begins_with_the_luck_of_a_shorter_one():
    short, long = (Chance.draw(1, 4, TYPICAL.parameters, days, ("dreams", "headache")) for days in (50, 300))
    for name in ("residual", "entry", "capsule", "leaving", "delay_days", "complaint", "severity"):
        assert np.array_equal(getattr(short, name), getattr(long, name)[:50]), name


def test_a_side_effect_more_or_in_another_place_changes_the_luck_of_no_other():
    few = Chance.draw(1, 4, TYPICAL.parameters, 50, ("dreams", "headache"))
    more = Chance.draw(1, 4, TYPICAL.parameters, 50, ("nausea", "headache", "dreams"))
    for name in ("complaint", "severity"):
        assert np.array_equal(getattr(few, name), getattr(more, name)[:, [2, 1]]), name
    assert Chance.draw(1, 4, TYPICAL.parameters, 50, ()).by_day()[0].complaint == []


def test_another_dose_changes_pain_by_its_effect_and_nothing_else():
    without = lived(person(3, archetype="none"), 60, dose=0.5)
    withdrug = lived(person(3, archetype="threshold-0.5", effect_in_mcid=2.0), 60, dose=0.5)
    assert [e is None for e in without] == [e is None for e in withdrug]
    change = np.nanmean(pain(withdrug)[40:] - pain(without)[40:])
    assert change == pytest.approx(-2.0, abs=0.4)
    assert [dict(e.side_effects) for e in without if e] == [dict(e.side_effects) for e in withdrug if e]


def test_what_nothing_explains_has_the_sd_and_the_correlation_that_the_population_states():
    p = TYPICAL.parameters
    found = residual(np.random.default_rng(1), 200_000, p)
    assert found.std() == pytest.approx(p.residual_sd.value, rel=0.02)
    expected = (1 - p.white_share.value) * p.correlation.value
    assert np.corrcoef(found[:-1], found[1:])[0, 1] == pytest.approx(expected, abs=0.01)


def test_hope_follows_what_is_announced_and_not_what_is_in_the_capsule():
    population = TYPICAL.but(hope=3.0, prone=0.0)
    sure, doubtful = (lived(person(5, population=population), 80, announced=a) for a in (1.0, 0.0))
    assert np.nanmean(pain(sure)[50:] - pain(doubtful)[50:]) < -1.5


def test_the_prone_know_an_active_capsule_once_they_have_dreamt():
    body = person(2, population=TYPICAL.but(prone=1.0, dreams_prone=1.0, missed_entries=0.0))
    assert body.answer(task(0, 4.5, guess=True)).guess == 0.5
    told = body.answer(task(1, 4.5, guess=True))
    assert (told.guess, told.guess_reason) == (1.0, "side-effect")
    assert body.answer(task(2, 0.0, guess=True)).guess == TYPICAL.parameters.believes_placebo.value


def test_nobody_is_asked_for_a_guess_who_gives_one():
    assert all(e.guess is None for e in lived(person(1), 30) if e)


def test_more_capsules_are_skipped_after_bad_days_where_the_population_says_so():
    population = TYPICAL.but(skips_on_bad_days=2.0, missed_capsules=0.3, missed_entries=0.0)
    body = person(6, population=population)
    took = np.array([e.took for e in lived(body, 300)], bool)
    worse = np.array([luck.residual for luck in body._luck[:299]]) > 0
    assert took[1:][worse].mean() < took[1:][~worse].mean() - 0.2


def test_more_entries_are_missing_on_bad_days_where_the_population_says_so():
    body = person(6, population=TYPICAL.but(missed_on_bad_days=2.0, missed_entries=0.3, corrected=0.0))
    missing = np.isnan(pain(lived(body, 300)))
    worse = np.array([luck.residual for luck in body._luck[:300]]) > 0
    assert missing[worse].mean() > missing[~worse].mean() + 0.2


def test_who_is_worse_leaves_sooner_where_the_population_says_so():
    def stay(**change):
        people = [person(k, population=TYPICAL.but(leaves=0.1, drift=0.0, hope=0.0, **change)) for k in range(20)]
        return [sum(e is not None and not e.corrects for e in lived(one, 60)) for one in people]

    calm, in_a_flare = (stay(leaves_when_worse=0.6, flare_share=share) for share in (0.0, 1.0))
    alike, also_in_a_flare = (stay(leaves_when_worse=0.0, flare_share=share) for share in (0.0, 1.0))
    assert all(flare <= calm for calm, flare in zip(calm, in_a_flare, strict=True))
    assert np.mean(in_a_flare) < np.mean(calm) - 3
    assert alike == also_in_a_flare


def test_a_flare_is_there_on_the_first_day_and_ebbs():
    calm, flare = (pain(lived(person(4, population=TYPICAL.but(flare_share=s, flare=3.0)), 90)) for s in (0.0, 1.0))
    apart = flare - calm
    assert np.nanmean(apart[:5]) == pytest.approx(3.0 * np.exp(-3 / 14), abs=0.5)
    assert np.nanmean(np.abs(apart[75:])) < 0.2


def test_a_new_dose_brings_complaints_that_fade_where_the_population_says_so():
    population = TYPICAL.but(after_step=0.5, missed_entries=0.0)
    told = [lived(person(k, population=population), 40, dose=0.5) for k in range(40)]
    share_of = [np.mean([e.side_effects["headache"] > 0 for e in night]) for night in zip(*told, strict=True)]
    assert np.mean(share_of[:2]) > 0.3
    assert np.mean(share_of[20:]) < 0.08


def test_late_entries_come_one_to_three_days_late_and_as_often_as_the_population_says():
    told = [e for k in range(20) for e in lived(person(k), 200) if e is not None and e.corrects is None]
    days = [(e.received_at - e.happened_at).days for e in told]
    assert set(days) == {0, 1, 2, 3}
    assert np.mean(np.array(days) > 0) == pytest.approx(TYPICAL.parameters.late_entries.value, abs=0.015)


def test_a_person_who_leaves_says_so_once_and_is_silent_after():
    body = person(9, population=TYPICAL.but(leaves=0.5))
    entries = lived(body, 200)
    last = next(i for i, e in enumerate(entries) if e is not None and e.stops)
    assert not any(e.stops for e in entries[:last] if e)
    assert all(e is None for e in entries[last + 1 :])


def test_a_correction_points_at_the_entry_that_it_puts_right():
    entries = lived(person(11, population=TYPICAL.but(corrected=1.0)), 60)
    corrections = [e for e in entries if e is not None and e.corrects]
    assert corrections
    by_id = {e.id: e for e in entries if e is not None}
    assert all(c.happened_at == by_id[c.corrects].happened_at and c.received_at > c.happened_at for c in corrections)


def test_a_recorded_participant_answers_what_was_written():
    entries = lived(person(12), 60)
    again = Recorded([e for e in entries if e is not None])
    assert [again.answer(task(day)) for day in range(60)] == entries


def test_scores_are_written_on_the_scale_of_the_instrument():
    scores = pain(lived(person(1), 200))
    seen = scores[np.isfinite(scores)]
    assert seen.min() >= 0
    assert seen.max() <= 10
    assert np.array_equal(seen, seen.round())


@pytest.mark.parametrize("archetype", ARCHETYPES)
def test_the_share_of_an_effect_lies_between_nothing_and_all(archetype):
    shares = [share(archetype, dose) for dose in (0.0, *LADDER)]
    assert shares[0] == 0.0
    assert all(0.0 <= s <= 1.0 for s in shares)
    assert (max(shares) == 1.0) is (archetype != "none")


def test_the_right_dose_is_the_lowest_that_reaches_the_mcid():
    found = {a: right_dose(a, LADDER, 1.5) for a in ARCHETYPES}
    assert found == {
        "none": None,
        "threshold-0.5": 0.5,
        "threshold-1.5": 1.5,
        "threshold-3": 3.0,
        "threshold-4.5": 4.5,
        "emax": 1.5,
        "inverted-u-1.5": 1.5,
        "inverted-u-3": 1.5,
    }


@pytest.mark.parametrize("name", shipped())
def test_every_number_of_a_population_says_what_it_means_and_where_it_comes_from(name):
    for field, one in read_population(name).parameters:
        assert one.says, field
        assert one.source, field
        assert ("doi:" in one.source) or one.grade == "assumption", field


def test_all_that_is_wrong_with_a_population_is_said_at_once(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'schema = "modicum.population/1"\nname = "Mine!"\ntitle = ""\n[parameters]\nlevel = {value = "six"}\n'
    )
    with pytest.raises(OptionsError) as wrong:
        read_population(str(path))
    where = " ".join(problem.where for problem in wrong.value.problems)
    assert all(part in where for part in ("name", "title", "level", "residual_sd"))
    with pytest.raises(OptionsError, match="no such population"):
        read_population(str(tmp_path / "absent.toml"))
