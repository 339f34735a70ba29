"""Staff who stop trials of a drug that does nothing, when what they can see tempts them to: what the answers say then.

They see the diary and no arm, so whatever they do follows from the scores of the evenings that are in. A stop is what
it is in a clinic: an entry, received at that moment, by which the trial ends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import fmean

from scipy import stats

from modicum.analysis.inference import Inference
from modicum.decision.finding import agreeing, facts_of
from modicum.decision.judging import WORKING, agrees, judge, works
from modicum.foundation.streams import stream
from modicum.participants.population import Population, read_population
from modicum.participants.task import Participant, Task
from modicum.participants.virtual import Virtual
from modicum.records.diary import Diary
from modicum.records.events import Entry
from modicum.simulation.people import START
from modicum.simulation.posterior import EVERYTHING, ONE_PERSON, posteriors
from modicum.trial.reviewing import look_of
from modicum.trial.roles import draw_roles
from modicum.trial.running import Life, Trial
from verification.finding import Finding
from verification.flagship import ALONE, FLAGSHIP, SEED, asked
from verification.useless_drug import FALSE_ALARM, MOST

MOST_UPPER = 0.056  # as for trials that follow their rules
FORTNIGHT, FEWEST = 14, 5  # days that are looked back on, and evenings among them
FIRST, CONFIRMING, LAST = 28, 100, 200  # days: a fortnight on capsules, most confirmations under way, most trials over
WHO = {
    "typical": read_population("typical"),
    "hard": read_population("hard"),
    "hard and slow": read_population("hard").but(correlation=0.9, white_share=0.0, residual_sd=2.0),
}
Progress = Callable[[int, int], None]
Temptation = Callable[["Seen", int, int], bool]


@dataclass
class Seen:
    """What staff see of a diary: the scores that have come in, by day."""

    scores: dict[int, float] = field(default_factory=dict)

    def better_by(self, day: int) -> float:
        """How much lower the last fortnight is than the first; 0 where too few evenings are in."""
        before = [score for one, score in self.scores.items() if one < FORTNIGHT]
        last = [score for one, score in self.scores.items() if day - FORTNIGHT <= one < day]
        return fmean(before) - fmean(last) if before and len(last) >= FEWEST else 0.0


def stops_when_well(seen: Seen, day: int, _lot: int) -> bool:
    """As soon as she is better by an MCID than before the capsules."""
    return day >= FIRST and seen.better_by(day) >= _mcid()


def stops_late_when_well(seen: Seen, day: int, _lot: int) -> bool:
    """The same, once there are capsules enough to say something."""
    return day >= CONFIRMING and seen.better_by(day) >= _mcid()


def stops_when_worse(seen: Seen, day: int, _lot: int) -> bool:
    """As soon as she is worse by an MCID."""
    return day >= FIRST and seen.better_by(day) <= -_mcid()


def stops_any_day(_seen: Seen, day: int, lot: int) -> bool:
    """On a day that has nothing to do with her."""
    return day >= lot


TEMPTATIONS: Mapping[str, Temptation] = {
    "when she is well": stops_when_well,
    "late, when she is well": stops_late_when_well,
    "when she is worse": stops_when_worse,
    "on any day": stops_any_day,
}


class Watched:
    """A participant whose trial staff stop.

    Args:
        body: who answers.
        tempted: whether they stop it now.
        lot: a day for those who need nothing else.
    """

    def __init__(self, body: Participant, tempted: Temptation, lot: int):
        self._body, self._tempted, self._lot = body, tempted, lot
        self._written: list[tuple[int, Entry]] = []
        self.stopped = False

    def answer(self, task: Task) -> Entry | None:
        """Her entry; or, on the evening on which they stop it, theirs."""
        outcome = asked(FLAGSHIP)[0].primary
        come = [(day, entry) for day, entry in self._written if entry.received_at <= task.due]
        seen = Seen({day: entry.scores[outcome] for day, entry in come if outcome in entry.scores})
        if self._tempted(seen, task.day, self._lot):
            self.stopped = True
            return Entry(id=f"stopped-{task.day}", happened_at=task.due, received_at=task.due, stops=True)
        entry = self._body.answer(task)
        if entry is not None:
            self._written.append((task.day, entry))
        return entry


def run_staff_stops(count: int, progress: Progress | None = None) -> Finding:
    """P(declared without qualification | it does nothing, and staff stop the trial), by who and why."""
    found: dict[str, dict[str, int]] = {}
    for who, people in WHO.items():
        for why, tempted in TEMPTATIONS.items():
            found[f"{who}, {why}"] = stopped(people, tempted, count)
            if progress:
                progress(len(found), len(WHO) * len(TEMPTATIONS))
    return weigh(found, count)


def weigh(found: dict[str, dict[str, int]], count: int) -> Finding:
    """Whether every kind of stop errs as seldom as promised: how often each did, of so many people."""
    worst, most = max(((name, one["unqualified"]) for name, one in found.items()), key=lambda pair: pair[1])
    upper = float(stats.beta.ppf(0.99, most + 1, count - most)) if most < count else 1.0
    surprise = float(stats.binom.sf(most - 1, count, MOST))
    total = sum(one["stopped"] for one in found.values())
    return Finding(
        passed=most <= MOST * count and upper <= MOST_UPPER if count >= 1000 else surprise >= FALSE_ALARM,
        bound="in at most 5 %, 99 % upper limit 5.6 %",
        summary=f"{count} each: at most {100 * most / count:.1f} % ({worst}; upper limit {100 * upper:.1f} %);"
        f" {total} of {count * len(found)} were stopped",
        figures={"people": count, "found": found},
    )


def stopped(people: Population, tempted: Temptation, count: int) -> dict[str, int]:
    """How many useless drugs were declared to work where staff stop trials so, with and without qualification."""
    told = {"stopped": 0, "declared": 0, "unqualified": 0}
    for first in range(0, count, ALONE):
        lives = [_life(people, tempted, number) for number in range(first, min(first + ALONE, count))]
        declared, unqualified = _answers(_to_the_end([life for life, _ in lives]))
        told["stopped"] += sum(watched.stopped for _, watched in lives)
        told["declared"] += declared
        told["unqualified"] += unqualified
    return told


def _life(people: Population, tempted: Temptation, number: int) -> tuple[Life, Watched]:
    plan = asked(FLAGSHIP)[0]
    body = Virtual.of(plan, people, seed=SEED, person=number, archetype="none", effect_in_mcid=1.5)
    lot = int(stream(SEED, "staff stop", number).integers(FIRST, LAST))
    watched = Watched(body, tempted, lot)
    roles = draw_roles(plan, stream(SEED, "roles", plan.name, number))
    return Life(Trial(plan, roles, START, virtual=True), watched), watched


def _to_the_end(lives: list[Life]) -> list[Diary]:
    """Their diaries when all is over, each reviewed as it goes."""
    question = asked(FLAGSHIP)[1]
    waiting = [life for life in lives if life.to_next_look()]
    while waiting:
        for life, found in zip(waiting, posteriors(question, [one.trial.known() for one in waiting]), strict=True):
            life.trial.review(look_of(found))
        waiting = [life for life in waiting if life.to_next_look()]
    return [life.trial.everything() for life in lives]


def _answers(diaries: list[Diary]) -> tuple[int, int]:
    """How many are declared to work, and how many of these without qualification."""
    plan, question = asked(FLAGSHIP)
    first = posteriors(question, diaries, counts=ONE_PERSON, wanted=EVERYTHING)
    facts = [facts_of(one, diary, plan) for one, diary in zip(first, diaries, strict=True)]
    judged = [judge(one, told) for one, told in zip(first, facts, strict=True)]
    declared = [place for place, one in enumerate(judged) if one.code in WORKING]
    again: list[Inference] = []
    if declared:
        again += posteriors(question, [diaries[at] for at in declared], counts=ONE_PERSON, belief_adjusted=True)
    agreed = 0
    for at, adjusted in zip(declared, again, strict=True):
        also = works(adjusted, agreeing(facts[at]))
        agreed += also is not None and also.code in WORKING and agrees(also.dose, judged[at].dose)
    return len(declared), agreed


def _mcid() -> float:
    return asked(FLAGSHIP)[0].primary_outcome.mcid
