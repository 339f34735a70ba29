"""One virtual patient, drawn at random, goes through the whole of a shipped protocol: the diary that Modicum bundles.

The person does not exist. The truth below is made up, so that one can see what the answer makes of it. Every look is
taken by the protocol's own rules and the analysis that a real diary gets, on what had been received by then.

    python examples/virtual_patient.py --seed 1 > diary.csv
"""

import argparse
import csv
import io
import math
import sys
from dataclasses import dataclass, field

import numpy as np

import modicum
from modicum.protocol import list_sequences

PROTOCOL = "ldn-smallest-dose"
# What the protocol's version 1.0 had otherwise; the diary was lived under it (docs/decisions/0015).
PHASES_THEN = {"confirmation": {"max_days": 168.0, "pairs": 4, "looks": (2, 3, 4), "sequences": 16}}
RULES_THEN = {
    "titration": {"p_leave": 0.8},
    "confirmation": {"p_early": None, "p_candidate": 0.5},
    "step_down": {"p_low": 0.3, "p_high": 0.9},
}
SEED = 1  # the first that one would take; no other was tried

# The truth. Assumptions all, but for the placebo response: its size (placebo arms of two trials fell by 0.6 to 0.9 of
# 10 points) and its onset (0.106 a day) are those that the protocol cites.
TRUE_EFFECT, THRESHOLD_MG = -1.5, 1.5  # points of pain; nothing below the threshold
RESIDUAL_SD, ONE_DAY_CORRELATION, WHITE_SHARE = 1.5, 0.5, 0.3
ONSET_MEDIAN_DAYS, ONSET_LOG_SD = 5.0, 0.4
EXPECTATION_ONSET_DAYS = 9.4
MISSED_DAYS, MISSED_CAPSULES, LATE_ENTRIES = 0.12, 0.035, 0.06
PRONE = 0.25  # share of people whose dreams tell them what the capsule holds
DREAMS_PRONE, DREAMS_ELSE, OTHER_COMPLAINTS, TROUBLESOME = 0.3, 0.03, 0.02, 0.2
# Other items: level, points that go with one point of pain, own noise (sd).
OTHER_ITEMS = {
    "fatigue": (6.0, 0.6, 1.2),
    "sleep": (5.0, -0.4, 1.3),
    "mood": (6.0, -0.3, 1.1),
    "activity": (5.0, 0.6, 1.2),
}
STREAMS = ("person", "days", "allocation", "adherence", "complaints", "items")


@dataclass(frozen=True)
class Person:
    """What is true of one virtual person."""

    level: float
    drift: float
    hope: float
    onset_days: float
    prone: bool

    @classmethod
    def draw(cls, rng: np.random.Generator) -> "Person":
        """One person of the typical population; lower pain is better, so that hope is negative."""
        level = float(np.clip(rng.normal(6.0, 0.7), 4.5, 8.0))
        drift = float(rng.normal(0.0, 0.5))
        hope = -max(0.0, float(rng.normal(0.8, 0.6)))
        onset_days = float(rng.lognormal(math.log(ONSET_MEDIAN_DAYS), ONSET_LOG_SD))
        return cls(level, drift, hope, onset_days, bool(rng.random() < PRONE))


@dataclass
class Days:
    """What chance brings on every day, drawn beforehand, so that no decision changes it."""

    residual: np.ndarray
    answers: np.ndarray
    takes: np.ndarray
    delay: np.ndarray
    complaint: np.ndarray
    severity: np.ndarray
    noise: np.ndarray

    @classmethod
    def draw(cls, rng: dict[str, np.random.Generator], count: int, complaints: int) -> "Days":
        """Chance for a number of days."""
        adherence, body = rng["adherence"], rng["complaints"]
        return cls(
            residual=_residual(rng["days"], count),
            answers=adherence.random(count) >= MISSED_DAYS,
            takes=adherence.random(count) >= MISSED_CAPSULES,
            delay=np.where(adherence.random(count) < LATE_ENTRIES, adherence.integers(1, 4, count), 0),
            complaint=body.random((count, complaints)),
            severity=body.random((count, complaints)),
            noise=rng["items"].standard_normal((count, len(OTHER_ITEMS))),
        )


def _residual(rng: np.random.Generator, count: int) -> np.ndarray:
    """Ornstein-Uhlenbeck plus white noise at one entry a day."""
    slow_sd, white_sd = RESIDUAL_SD * math.sqrt(1 - WHITE_SHARE), RESIDUAL_SD * math.sqrt(WHITE_SHARE)
    kick = math.sqrt(1 - ONE_DAY_CORRELATION**2)
    slow = np.empty(count)
    state = rng.normal()
    for day in range(count):
        slow[day] = slow_sd * state
        state = ONE_DAY_CORRELATION * state + kick * rng.normal()
    return slow + rng.normal(0.0, white_sd, count)


@dataclass
class Trial:
    """The trial of one person, day after day: what was given, what it did, what was written."""

    protocol: modicum.Protocol
    person: Person
    days: Days
    drug: float = 0.0  # share of the steady effect that has come on
    hope: float = 0.0  # likewise of expectation, times what is believed
    dreamt: bool = False
    guess_due: bool = False
    rows: list[dict[str, object]] = field(default_factory=list)
    today: int = 0

    def live(self, phase_name: str, planned_mg: float, length: float) -> None:
        """Spend one block: one planned dose, the guess asked from its middle on."""
        phase = self.protocol.phase(phase_name)
        self.guess_due = phase.blinded
        for place in range(int(length)):
            self._spend(phase_name, phase.announced, planned_mg, asks=place >= length // 2)

    def _spend(self, phase: str, announced: float, planned_mg: float, *, asks: bool) -> None:
        day = self.today
        dose = planned_mg if self.days.takes[day] else 0.0
        belief = self._belief(announced, dose)
        at_22_hours = [
            _towards(self.drug, float(dose >= THRESHOLD_MG), self.person.onset_days, 22 / 24),
            _towards(self.hope, belief, EXPECTATION_ONSET_DAYS, 22 / 24),
        ]
        self.drug = _towards(self.drug, float(dose >= THRESHOLD_MG), self.person.onset_days, 1.0)
        self.hope = _towards(self.hope, belief, EXPECTATION_ONSET_DAYS, 1.0)
        complaints = self._complaints(dose)
        if self.days.answers[day]:
            row: dict[str, object] = {"day": day, "phase": phase, "planned_mg": f"{planned_mg:g}"}
            row |= {"dose_mg": f"{dose:g}", "announced": f"{announced:g}", **self._scores(*at_22_hours), **complaints}
            row |= self._guess(belief) if asks and self.guess_due else {"guess": "", "guess_reason": ""}
            self.rows.append(row | {"received_at": day + int(self.days.delay[day]), "virtual": "true"})
        self.today += 1

    def _belief(self, announced: float, dose: float) -> float:
        """What is announced, until dreams have given the capsule away (prone people only)."""
        if announced in (0.0, 1.0) or not self.dreamt:
            return announced
        return 1.0 if dose >= THRESHOLD_MG else 0.2

    def _complaints(self, dose: float) -> dict[str, object]:
        out: dict[str, object] = {}
        for place, item in enumerate(self.protocol.side_effects):
            dreams = item.name == "vivid_dreams"
            told = dreams and self.person.prone and dose >= THRESHOLD_MG
            chance = DREAMS_PRONE if told else DREAMS_ELSE if dreams else OTHER_COMPLAINTS
            event = self.days.complaint[self.today, place] < chance
            self.dreamt |= bool(event and told)
            mild = self.days.severity[self.today, place] >= TROUBLESOME
            out[f"side_effect:{item.name}"] = 0 if not event else 1 if mild else 2
        return out

    def _scores(self, drug: float, hope: float) -> dict[str, object]:
        person, day = self.person, self.today
        change = person.drift * day / self.protocol.planned_days + TRUE_EFFECT * drug + person.hope * hope
        change += self.days.residual[day]
        scores: dict[str, object] = {"pain": _whole(person.level + change)}
        for (name, (level, with_pain, sd)), noise in zip(OTHER_ITEMS.items(), self.days.noise[day], strict=True):
            scores[name] = _whole(level + with_pain * change + sd * noise)
        return scores

    def _guess(self, belief: float) -> dict[str, object]:
        self.guess_due = False
        reason = "side-effect" if self.dreamt and self.person.prone else "none"
        return {"guess": f"{belief:g}", "guess_reason": reason}

    def csv(self, received_by: float = math.inf) -> str:
        """The diary as far as it had been received."""
        out = io.StringIO()
        writer = csv.DictWriter(out, fieldnames=list(self.rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in self.rows if int(str(row["received_at"])) <= received_by)
        return out.getvalue()

    def look(self) -> dict[float, tuple[float, float]]:
        """P(benefit > 0) and P(benefit >= MCID) of every dose tried, on the morning after a block."""
        text = io.BytesIO(self.csv(received_by=self.today - 1).encode())
        diary, primary = modicum.read_diary(text, protocol=self.protocol), self.protocol.primary
        answer = modicum.analyse(diary, protocol=self.protocol, outcome=primary).answer
        return {dose.dose_mg: (dose.p_better, dose.p_mcid_given_effect) for dose in answer.doses if dose.taken}


def _towards(now: float, target: float, tau_days: float, days: float) -> float:
    return target + (now - target) * math.exp(-days / tau_days)


def _whole(value: float) -> int:
    return int(np.clip(round(value), 0, 10))


def titration(trial: Trial, rng: np.random.Generator) -> dict[float, tuple[float, float]]:
    """Climb with hidden placebo, and leave as soon as the rule says so after an active block."""
    phase, rules = trial.protocol.phase("titration"), trial.protocol.rules.titration
    sequences = list_sequences(phase, trial.protocol.drug.ladder_mg)
    for dose in sequences[int(rng.integers(len(sequences)))]:
        trial.live("titration", dose, phase.block_days)
        seen = trial.look() if dose else {}
        if any(p_mcid > rules.p_leave for _, p_mcid in seen.values()):
            return seen
    return trial.look()


def confirmation(trial: Trial, rng: np.random.Generator, candidate: float) -> dict[float, tuple[float, float]] | None:
    """Pairs of the candidate and placebo; the last look if it works, else None."""
    phase, rules = trial.protocol.phase("confirmation"), trial.protocol.rules.confirmation
    for pair in range(1, phase.pairs + 1):
        for dose in (candidate, 0.0) if rng.random() < 0.5 else (0.0, candidate):
            trial.live("confirmation", dose, phase.half_days)
        seen = trial.look()
        p_better, p_mcid = seen[candidate]
        if pair in phase.looks and p_better > rules.p_better and p_mcid > rules.p_mcid:
            return seen
        if pair < phase.pairs and p_mcid < rules.p_choose_again:
            sys.exit("This person needs another candidate, which this script does not know how to pick.")
    return None


def step_down(trial: Trial, rng: np.random.Generator, candidate: float, seen: dict[float, tuple[float, float]]) -> None:
    """One block of each lower dose in doubt and one of placebo, in random order."""
    phase, rules = trial.protocol.phase("step-down"), trial.protocol.rules.step_down
    doubtful = [dose for dose, (_, p) in seen.items() if dose < candidate and rules.p_low < p < rules.p_high]
    if doubtful:
        for dose in rng.permutation([*doubtful, *[0.0] * phase.placebo_blocks]).tolist():
            trial.live("step-down", dose, phase.block_days)


def lived_under() -> modicum.Protocol:
    """The protocol as it was when the diary was made."""
    now = modicum.read_protocol(PROTOCOL)
    phases = tuple(phase.model_copy(update=PHASES_THEN.get(phase.name, {})) for phase in now.phases)
    rules = {name: getattr(now.rules, name).model_copy(update=then) for name, then in RULES_THEN.items()}
    return now.model_copy(update={"phases": phases, "rules": now.rules.model_copy(update=rules)})


def virtual_diary(seed: int = SEED) -> str:
    """The diary of one virtual person as CSV; the same seed gives the same person and the same days."""
    protocol = lived_under()
    rng = {name: np.random.default_rng([seed, place]) for place, name in enumerate(STREAMS)}
    days = Days.draw(rng, int(protocol.planned_days), len(protocol.side_effects))
    trial = Trial(protocol, Person.draw(rng["person"]), days)
    trial.live("run-in", 0.0, protocol.phase("run-in").max_days)
    seen = titration(trial, rng["allocation"])
    if max(p_mcid for _, p_mcid in seen.values()) < protocol.rules.titration.p_futile:
        return trial.csv()
    likely = [dose for dose, (_, p) in sorted(seen.items()) if p >= protocol.rules.confirmation.p_candidate]
    candidate = likely[0] if likely else max(seen, key=lambda dose: seen[dose][1])
    confirmed = confirmation(trial, rng["allocation"], candidate)
    if confirmed is not None:
        step_down(trial, rng["allocation"], candidate, confirmed)
    return trial.csv()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The diary of one virtual patient, on standard output.")
    parser.add_argument("--seed", type=int, default=SEED)
    sys.stdout.write(virtual_diary(parser.parse_args().seed))
