"""Virtual diaries and what is judged of them, on a small grid."""

from dataclasses import replace

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.axes import Counts
from modicum.analysis.fitting import fit
from modicum.analysis.schedule import schedule_of
from modicum.decision.finding import facts_of
from modicum.decision.judging import judge
from virtual_diaries import Truth, question

SMALL = Counts().scaled(0.6)


def judged(kept, asked=None, protocol=None, **change):
    """The judgement of a diary, and the posterior that it rests on."""
    asked = asked or question()
    posterior = fit(asked, kept, schedule_of(kept), Assumptions(expectation=asked.expectation), SMALL)
    return judge(posterior, replace(facts_of(posterior, kept, protocol), **change)), posterior


def quiet(effect, **change):
    """A person whose days hardly differ but for the drug."""
    return Truth(effect, sd=0.9, correlation_days=1.0, onset_days=3.0, **change)
