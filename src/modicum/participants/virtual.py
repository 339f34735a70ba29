"""Virtual participants: a truth, and a body that takes what is in the capsule and writes a diary about it.

Everything inside is in points of a 0-10 scale on which more is worse; it is turned into the instrument's own scale when
it is written down. The person does not exist.
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from modicum.foundation.streams import stream
from modicum.participants.archetypes import share, stretch_of
from modicum.participants.chance import Chance
from modicum.participants.population import Parameters, Population
from modicum.participants.task import Task
from modicum.protocol.schema import Protocol
from modicum.records.events import Entry

POINTS = 10.0  # of the scale on which populations are written
_EVENING = 22.0 / 24.0  # days from the capsule (22:00) to the entry (20:00)
_STEP_FADES_DAYS = 4.0
_MOST_LOG_ODDS = 30.0


@dataclass(frozen=True)
class Truth:
    """What is true of one person and the drug; no analysis sees it.

    Args:
        archetype: how the effect depends on the dose.
        full_benefit: of the drug, points.
        level, drift, hope, onset_days, flare: see the population.
        prone: whether dreams can tell what the capsule holds.
        cycle: how much worse the worst days of a monthly cycle are, points; 0 where there is none.
        cycle_phase: of a cycle, at which the worst day is, 0 to 1.
    """

    archetype: str
    full_benefit: float
    level: float
    drift: float
    hope: float
    onset_days: float
    flare: float
    prone: bool
    cycle: float = 0.0
    cycle_phase: float = 0.0

    @classmethod
    def draw(cls, seed: int, person: int, parameters: Parameters, archetype: str, full_benefit: float) -> "Truth":
        """One person; who it is depends neither on the archetype nor on the protocol."""
        rng = stream(seed, "person", person)
        level, drift, hope, onset = (
            parameters.level.of_person(rng),
            parameters.drift.of_person(rng),
            parameters.hope.of_person(rng),
            parameters.onset.of_person(rng),
        )
        in_flare, prone = rng.random(2)
        has_cycle, phase = stream(seed, "cycle", person).random(2)
        return cls(
            archetype=archetype,
            full_benefit=full_benefit,
            level=level,
            drift=drift,
            hope=hope,
            onset_days=onset,
            flare=parameters.flare.value if in_flare < parameters.flare_share.value else 0.0,
            prone=bool(prone < parameters.prone.value),
            cycle=parameters.cycle.value if has_cycle < parameters.cycle_share.value else 0.0,
            cycle_phase=float(phase),
        )


class Virtual:
    """One virtual person in one trial. Evenings must come in order; the body remembers.

    Args:
        truth: of the person.
        chance: of every day.
        parameters: of the population.
        protocol: whose primary outcome and side effects the diary asks about.
    """

    def __init__(self, truth: Truth, chance: Chance, parameters: Parameters, protocol: Protocol):
        self.truth, self._luck, self._p = truth, chance.by_day(), parameters
        self._outcome = protocol.primary_outcome
        self._items = tuple(item.name for item in protocol.side_effects)
        self._dreams = next((k for k, name in enumerate(self._items) if "dream" in name), -1)
        self._planned_days = protocol.planned_days
        self._stretch = stretch_of(protocol)
        self._drug = self._harm = self._hope = 0.0
        self._dreamt = False
        self._left = False
        self._last: Entry | None = None
        self._capsule, self._stepped = 0.0, -math.inf

    @classmethod
    def of(
        cls,
        protocol: Protocol,
        population: Population,
        *,
        seed: int,
        person: int,
        archetype: str = "none",
        effect_in_mcid: float = 1.5,
    ) -> "Virtual":
        """A person drawn from a population.

        Args:
            protocol: of the trial.
            population: see there.
            seed: of the whole run.
            person: number; the same number is the same person in every protocol and archetype.
            archetype: see :mod:`modicum.participants.archetypes`.
            effect_in_mcid: full benefit, in MCIDs of the primary outcome.
        """
        outcome = protocol.primary_outcome
        benefit = effect_in_mcid * outcome.mcid * POINTS / (outcome.high - outcome.low)
        days, p = math.ceil(protocol.planned_days) + 1, population.parameters
        names = [item.name for item in protocol.side_effects]
        chance = Chance.draw(seed, person, p, days, names)
        return cls(Truth.draw(seed, person, p, archetype, benefit), chance, p, protocol)

    def answer(self, task: Task) -> Entry | None:
        """Live one day, and write about it or not."""
        if self._left:
            return None
        took = self._takes(task)
        dose = task.capsule_mg * self._stretch if took else 0.0
        if task.capsule_mg != self._capsule:
            self._capsule, self._stepped = task.capsule_mg, task.day
        belief = self._belief(task.announced, dose)
        truth = self.truth
        target = truth.full_benefit * share(truth.archetype, dose)
        drug, self._drug = _towards(self._drug, target, truth.onset_days)
        harm, self._harm = _towards(self._harm, self._p.harm.value * dose, truth.onset_days)
        hope, self._hope = _towards(self._hope, truth.hope * belief, self._p.hope_onset.value)
        complaints = self._complaints(task.day, dose)
        bad = self._bad(task.day, drug - harm, hope)
        self._left = self._leaves(task.day, bad)
        if not self._left and self._misses(task.day):
            return self._correction(task)
        self._last = self._write(task, bad, belief, took, complaints)
        return self._last

    def _takes(self, task: Task) -> bool:
        before = self._luck[max(task.day - 1, 0)].residual / self._p.residual_sd.value
        chance = _shifted(self._p.missed_capsules.value, self._p.skips_on_bad_days.value * before)
        return self._luck[task.day].capsule >= chance

    def _misses(self, day: int) -> bool:
        now = self._luck[day].residual / self._p.residual_sd.value
        chance = _shifted(self._p.missed_entries.value, self._p.missed_on_bad_days.value * now)
        return self._luck[day].entry < chance

    def _leaves(self, day: int, bad: float) -> bool:
        hazard = -math.log1p(-self._p.leaves.value) / 7.0
        worse = self._p.leaves_when_worse.value * (bad - self.truth.level)
        return self._luck[day].leaving < -math.expm1(-hazard * math.exp(min(worse, _MOST_LOG_ODDS)))

    def _belief(self, announced: float, dose: float) -> float:
        """What is announced, until dreams have given the capsule away (prone people only)."""
        if announced in (0.0, 1.0) or not self._dreamt:
            return announced
        return 1.0 if dose >= self._p.telling.value else self._p.believes_placebo.value

    def _complaints(self, day: int, dose: float) -> Mapping[str, int]:
        p, out = self._p, dict[str, int]()
        stepped = p.after_step.value * math.exp(-(day - self._stepped) / _STEP_FADES_DAYS)
        luck = self._luck[day]
        for place, name in enumerate(self._items):
            tells = place == self._dreams and self.truth.prone and dose >= p.telling.value
            usual = p.dreams_else.value if place == self._dreams else p.other_complaints.value
            event = luck.complaint[place] < (p.dreams_prone.value if tells else usual) + stepped
            self._dreamt |= bool(event and tells)
            out[name] = 0 if not event else 2 if luck.severity[place] < p.troublesome.value else 1
        return out

    def _bad(self, day: int, drug: float, hope: float) -> float:
        """How bad the evening is, points; what is written down is cut to the scale and whole."""
        truth = self.truth
        ebb = truth.flare * math.exp(-(day + _EVENING) / self._p.flare_fades.value)
        drift = truth.drift * (day / self._planned_days)
        return truth.level + drift + (ebb + self._cycle(day)) - drug - hope + self._luck[day].residual

    def _cycle(self, day: int) -> float:
        """What a monthly cycle adds on an evening, points: one harmonic, as much better as it is worse."""
        truth = self.truth
        turns = (day + _EVENING) / self._p.cycle_days.value - truth.cycle_phase
        return truth.cycle * math.cos(2 * math.pi * turns) if truth.cycle else 0.0

    def _write(self, task: Task, bad: float, belief: float, took: bool, complaints: Mapping[str, int]) -> Entry:
        reason = "side-effect" if self._dreamt else "none"
        return Entry(
            id=f"evening-{task.day}",
            happened_at=task.due,
            received_at=task.due + dt.timedelta(days=self._luck[task.day].delay_days),
            scores={self._outcome.name: self._score(min(max(round(bad), 0), int(POINTS)))},
            guess=belief if task.guess else None,
            guess_reason=reason if task.guess else "",
            took=took,
            side_effects=complaints,
            stops=self._left,
        )

    def _correction(self, task: Task) -> Entry | None:
        """On an evening without an entry, sometimes the last one put right by a point."""
        last = self._last
        if last is None or last.corrects or self._luck[task.day].correction >= self._p.corrected.value:
            return None
        points = self._points(last.scores[self._outcome.name])
        other = points - 1 if points > 0 else points + 1
        self._last = Entry(
            id=f"{last.id}-corrected",
            corrects=last.id,
            happened_at=last.happened_at,
            received_at=max(task.due, last.received_at),
            scores={self._outcome.name: self._score(other)},
            guess=last.guess,
            guess_reason=last.guess_reason,
            took=last.took,
            side_effects=last.side_effects,
        )
        return self._last

    def _score(self, points: int) -> float:
        low, high = self._outcome.low, self._outcome.high
        at = points * (high - low) / POINTS
        return low + at if self._outcome.better == "lower" else high - at

    def _points(self, score: float) -> int:
        low, high = self._outcome.low, self._outcome.high
        at = score - low if self._outcome.better == "lower" else high - score
        return round(at * POINTS / (high - low))


def _towards(now: float, target: float, tau_days: float) -> tuple[float, float]:
    """After the evening's share of a day, and after the whole of it."""
    apart = now - target
    return target + apart * math.exp(-_EVENING / tau_days), target + apart * math.exp(-1.0 / tau_days)


def _shifted(chance: float, log_odds: float) -> float:
    """A chance moved by log odds."""
    if log_odds == 0.0 or chance in (0.0, 1.0):
        return chance
    odds = chance / (1.0 - chance) * math.exp(min(max(log_odds, -_MOST_LOG_ODDS), _MOST_LOG_ODDS))
    return odds / (1.0 + odds)
