"""How long to wait after an opioid: by form, by the date of the last dose, and never shorter for want of knowledge."""

import datetime as dt

import pytest

from modicum.screening import clear, read_answers
from modicum.screening.dates import last_taken
from modicum.screening.history import findings_of
from screening_corpus import TODAY


def only(line):
    found = clear(line, TODAY).findings
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("codeine linctus, last dose 2026-11-20", 10),
        ("tramadol drops stopped 2026-11-20", 10),
        ("Ultracet stopped 2026-11-20", 10),
        ("Vicodin, stopped 3 days ago", 10),
        ("OxyNorm last taken 20 Nov 2026", 10),
        ("Abstral, last used 22.11.2026", 10),
        ("tramadol SR stopped 2026-11-20", 14),
        ("OxyContin, last taken yesterday", 14),
        ("methadone stopped 10 days ago", 14),
        ("Subutex stopped 13 days ago", 14),
        ("Perduretas stopped 11 days ago", 14),
        ("Tussionex, last dose 12 days ago", 14),
        ("Tridural stopped 11 days ago", 14),
        ("Ketodur, last dose 11 days ago", 14),
    ],
)
def test_within_the_time_it_is_a_stop_and_the_wait_is_the_upper_end_of_its_range(line, days):
    finding = only(line)
    assert (finding.severity, finding.wait_days) == ("stop", days)


@pytest.mark.parametrize(
    "line",
    [
        "fentanyl patch stopped 3 days ago",
        "BuTrans stopped 30 days ago",
        "Sublocade, last dose 2026-10-01",
        "morphine stopped 5 days ago",
        "oxycodone stopped 5 days ago",
        "tramadol 100 mg stopped 2026-11-10",
        "Tramal stopped 2026-11-10",
        "hydrocodone stopped 2026-11-10",
        "dihydrocodeine stopped 2026-11-10",
        "oxycodone and eye drops stopped 2026-11-10",
        "oxycodone, at most 6 in 24h, stopped 2026-11-01",
        "pholcodine linctus stopped 2026-11-10",
        "co-proxamol stopped 2026-11-10",
        "heroin, last used 20 days ago",
        "kratom stopped 20 days ago",
        "codeine",
        "codeine since 2026-01-01",
        "codeine stopped 11/12/2026",
        "methadone, started 3 weeks ago",
        "codeine stopped 2026-12-24",
    ],
)
def test_a_patch_a_depot_and_a_form_or_date_that_is_not_known_leave_the_wait_to_the_prescriber(line):
    finding = only(line)
    assert (finding.severity, finding.wait_days) == ("stop", None)


@pytest.mark.parametrize(
    "line",
    [
        "codeine stopped 10 days ago",
        "tramadol drops, last dose 2026-11-13",
        "methadone stopped 14 days ago",
        "heroin, last used 2 years ago",
        "fentanyl patch stopped 90 days ago",
    ],
)
def test_a_time_that_has_passed_turns_the_stop_into_a_question_and_never_into_a_start(line):
    finding = only(line)
    assert (finding.rule, finding.severity, finding.wait_days) == ("opioid-washed-out", "ask", None)
    assert clear(line, TODAY).result == "ask"


@pytest.mark.parametrize("days", [9, 10])
def test_the_time_has_passed_on_its_last_day_and_not_a_day_before(days):
    line = f"codeine stopped {days} days ago"
    assert only(line).severity == ("stop" if days < 10 else "ask")


def test_what_is_not_said_without_doubt_is_no_date():
    for line in ("codeine 2026-11-01", "codeine stopped", "codeine stopped 31.02.2026", "codeine since 3 weeks ago"):
        assert last_taken(line, TODAY) is None
    assert last_taken("stopped 2026-10-01, started again and stopped 2026-11-01", TODAY) == dt.date(2026, 11, 1)


@pytest.mark.parametrize(
    "line",
    [
        "oxycodone, prescribed 2 years ago",
        "oxycodone prescribed 2 years ago, stopped",
        "codeine, got it from the dentist a year ago",
        "stopped codeine 2026-08-01, restarted last week",
        "stopped codeine 2026-01-01, started again 2026-10-01",
        "stopped codeine 2 years ago but back on it now",
        "took tramadol 3 months ago, still take it",
        "codeine stopped 1.5 years ago",
        "codeine stopped 1-2 weeks ago",
        "codeine, last dose less than 2 weeks ago",
        "codeine, last taken about 11 days ago",
        "codeine stopped 2 weeks ago?",
        "codeine not stopped, 3 months ago",
        "codeine stopped 2026-11-01, again from 2026-12-24",
    ],
)
def test_a_day_on_which_it_began_or_that_is_only_nearly_known_ends_nothing(line):
    assert last_taken(line, TODAY) is None
    assert clear(line, TODAY).result == "stop"


def test_of_several_days_the_latest_counts():
    line = "codeine, first taken 3 years ago, last dose 2 days ago"
    assert last_taken(line, TODAY) == TODAY - dt.timedelta(days=2)
    assert last_taken("prescribed 2 years ago, stopped yesterday", TODAY) == TODAY - dt.timedelta(days=1)
    assert last_taken("stopped 2 years ago, took one yesterday", TODAY) == TODAY - dt.timedelta(days=1)


@pytest.mark.parametrize("line", ["Sublocade, last dose 100 days ago", "Probuphine implant, last used 2 years ago"])
def test_a_depot_goes_on_releasing_and_its_time_is_never_counted_as_over(line):
    assert (only(line).severity, only(line).wait_days) == ("stop", None)


def test_months_and_years_are_counted_so_that_never_more_has_passed():
    assert last_taken("stopped a month ago", TODAY) == TODAY - dt.timedelta(days=28)
    assert last_taken("stopped 2 years ago", TODAY) == TODAY - dt.timedelta(days=730)


def test_a_wait_without_a_figure_of_its_own_says_what_it_counted_as_over_by():
    assert "INNOVA" in only("heroin, last used 2 years ago").wait_source
    assert only("heroin, last used 20 days ago").wait_source == ""
    assert "no low-dose data" in only("codeine stopped 3 days ago").wait_source


@pytest.mark.parametrize(
    ("use", "days", "rule", "severity"),
    [
        ("past", 91, "opioid-use-washed-out", "ask"),
        ("no", 20, "opioid-use", "stop"),
        ("no", 400, "opioid-use-washed-out", "ask"),
        ("past", 89, "opioid-use", "stop"),
        ("now", 91, "opioid-use", "stop"),
    ],
)
def test_past_use_of_an_opioid_nobody_knows_the_form_of_becomes_a_question_after_the_longest_of_a_trial(
    use, days, rule, severity
):
    answers = {"opioid_use": use, "opioid_last_taken": TODAY - dt.timedelta(days=days)}
    met = [one for one in findings_of(read_answers(answers, TODAY), TODAY) if one.rule.startswith("opioid-use")]
    assert [(one.rule, one.severity) for one in met] == [(rule, severity)]
    assert ("INNOVA" in met[0].source) == (rule == "opioid-use-washed-out")
