import datetime as dt

from modicum.services.backups import Manifest, due, keep

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
QUARTER = dt.timedelta(minutes=15)


def backup(ago, count=10, result="whole"):
    made = NOW - ago
    name = f"modicum-{made:%Y%m%dT%H%M%S}.sqlite3"
    return Manifest(made.isoformat(), "sqlite", name, 1, "0" * 64, result, count, "0" * 64, "", "0")


def every_quarter(days):
    return [backup(number * QUARTER, count=100_000 - number) for number in range(days * 96)]


def test_a_backup_is_due_after_a_quarter_of_an_hour_and_when_the_clock_went_back():
    assert due(NOW, None)
    assert not due(NOW, NOW)
    assert not due(NOW, NOW - QUARTER + dt.timedelta(seconds=1))
    assert due(NOW, NOW - QUARTER)
    assert due(NOW, NOW + dt.timedelta(hours=1))


def test_all_of_the_last_day_are_kept_then_one_a_day_then_one_a_month():
    made = every_quarter(days=800)
    kept = sorted(keep(made, NOW), key=lambda one: one.made)
    ages = [(NOW - one.made).total_seconds() / 86400 for one in kept]
    assert sum(age < 1 for age in ages) == 96
    days = [one.made.date() for one in kept if 1 <= (NOW - one.made).total_seconds() / 86400 < 29]
    assert len(days) == len(set(days)) == 28
    months = {(one.made.year, one.made.month) for one in kept}
    assert {(2026, month) for month in range(1, 12)} | {(2025, month) for month in range(1, 13)} <= months
    assert max(ages) < 731
    assert len(kept) < 96 + 31 + 25


def test_what_is_kept_of_a_day_is_its_last():
    kept = keep([*every_quarter(1), backup(dt.timedelta(days=5, hours=2)), backup(dt.timedelta(days=5, hours=9))], NOW)
    assert backup(dt.timedelta(days=5, hours=2)) in kept
    assert backup(dt.timedelta(days=5, hours=9)) not in kept


def test_pruning_again_and_again_keeps_what_pruning_once_keeps():
    left = made = [backup(number * dt.timedelta(hours=3), count=10_000 - number) for number in range(60 * 8)]
    for hours in range(24 * 7, -1, -12):
        now = NOW - dt.timedelta(hours=hours)
        kept = keep([one for one in left if one.made <= now], now)
        left = [one for one in left if one.made > now or one in kept]
    assert keep(made, NOW) <= set(left)


def test_the_longest_chain_outlives_every_newer_one_that_lacks_its_end():
    longest = backup(dt.timedelta(days=1000), count=500)
    cut_off = [backup(number * QUARTER, count=40) for number in range(96 * 3)]
    assert longest in keep([*cut_off, longest], NOW)


def test_a_backup_of_a_changed_store_never_stands_for_its_day():
    whole, changed = backup(dt.timedelta(days=3, hours=5)), backup(dt.timedelta(days=3, hours=1), result="changed")
    assert keep([whole, changed, backup(QUARTER)], NOW) == {whole, backup(QUARTER)}


def test_the_only_whole_backup_is_kept_however_old_it_is():
    old = backup(dt.timedelta(days=3000), count=1)
    assert old in keep([old, backup(QUARTER, count=900, result="changed")], NOW)
