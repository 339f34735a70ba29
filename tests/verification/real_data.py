"""Real diaries of others beside what their authors, or a peer's software, found in them.

The files are not shipped: they are read from the folder named by ``MODICUM_REFERENCE_DATA``. Every comparison is of the
effect of the treatment (level 1 against level 0), with the figures that explain a difference beside it: the same diary
without the trend, without autocorrelation, and with a prior ten times as wide.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modicum.analysis.question import Question
from modicum.records import read_diary
from modicum.records.diary import Diary
from modicum.services.asking import ask
from modicum.services.options import check_options
from verification.agreement import fitted
from verification.finding import Finding

Peer = tuple[float, float]  # estimate and standard error
_WIDE = 10.0


@dataclass(frozen=True)
class Comparison:
    """One diary: the engine's mean and sd, what a peer found, and the engine under single changes.

    ``shrunken`` is what the peer's estimate becomes under the engine's own prior of the effect, N(0, prior_sd^2).
    """

    name: str
    entries: int
    mean: float
    sd: float
    peer: Peer
    prior_sd: float
    changed: dict[str, Peer]

    @property
    def shrunken(self) -> float:
        """The peer's estimate times prior variance over prior variance plus squared standard error."""
        estimate, error = self.peer
        return estimate * self.prior_sd**2 / (self.prior_sd**2 + error**2)

    @property
    def apart(self) -> float:
        """Distance to the shrunken peer, in the peer's standard errors."""
        return abs(self.mean - self.shrunken) / self.peer[1]

    def figures(self) -> dict[str, object]:
        """For the stored result."""
        return {
            "entries": self.entries,
            "mean": round(self.mean, 3),
            "sd": round(self.sd, 3),
            "peer": self.peer,
            "peer_under_our_prior": round(self.shrunken, 3),
            "apart_in_peer_se": round(self.apart, 3),
            "changed": {name: [round(v, 3) for v in pair] for name, pair in self.changed.items()},
        }


def folder() -> Path | None:
    """Where the reference data are, or None."""
    named = os.environ.get("MODICUM_REFERENCE_DATA")
    return Path(named) if named else None


def melatonin() -> Comparison:
    """Seventy nights of melatonin or none, by chance; mood 0-100. Peer: the authors' lagged regression."""
    published = _reference("nof1_melatonin")["published"]
    diary = read_diary(
        _file("nof1_melatonin_daily"), mapping={"day": "study_day", "dose_mg": "melatonin"}, outcomes=("mood",)
    )
    estimate, low, high = published["M1_melatonin"]
    question = _question(diary, "mood", (0.0, 100.0), 5.0, "higher")
    return _compared("melatonin", question, diary, (estimate, (high - low) / (2 * 2.0)))


def classroom() -> list[Comparison]:
    """Ten trials of one student each; sleep quality 1-10. Peer: regression with AR(1) errors, fitted fully."""
    out = []
    for number, (key, peer) in enumerate(_reference("nof1_classroom")["per_participant"].items(), 1):
        trial, person = key.split("|")
        diary = _student(trial, person, peer["levels"])
        question = _question(diary, "sleep_quality", (1.0, 10.0), 1.0, "higher")
        estimate, error, _ = peer["glsar_iterative"]
        out.append(_compared(f"{trial} ({number})", question, diary, (estimate, error)))
    return out


def abab() -> list[Comparison]:
    """The ABAB example of a peer package: its regressions with and without autocorrelated errors."""
    peer = _reference("nof1_package")["readme_example"]
    diary = read_diary(
        _file("nof1ins_readme_example"),
        mapping={"day": "Day", "dose_mg": "Treat"},
        levels={"1": 0.0, "2": 1.0},
        outcomes=("Y",),
    )
    question = _question(diary, "Y", (0.0, 10.0), 1.0, "lower")
    with_ar, without = peer["gls_car1"]["coef"][1], peer["lm"]["coef"][1]
    return [
        _compared("with autocorrelation", question, diary, (with_ar["Value"], with_ar["Std.Error"])),
        _compared(
            "without autocorrelation",
            question,
            diary,
            (without["Estimate"], without["Std. Error"]),
            autocorrelation=False,
        ),
    ]


def run_melatonin(_count: int) -> Finding:
    """The published interval, and a difference below one of its standard errors."""
    found = melatonin()
    return _finding([found], "within 1 published standard error")


def run_classroom(count: int) -> Finding:
    """Every trial within one of the peer's standard errors, after the engine's own shrinkage."""
    return _finding(classroom()[:count], "each within 1 standard error of the peer")


def run_abab(_count: int) -> Finding:
    """Both analyses within one standard error, and autocorrelation halves the effect as it does for the peer."""
    return _finding(abab(), "each within 1 standard error of the peer")


RUNS = {"melatonin": run_melatonin, "classroom": run_classroom, "abab": run_abab}


def _finding(found: list[Comparison], bound: str) -> Finding:
    worst = max(found, key=lambda c: c.apart)
    shown = found if len(found) < 4 else [worst]
    summary = "; ".join(f"{c.name}: {c.mean:.2f} ({c.sd:.2f}), peer {c.peer[0]:.2f} ({c.peer[1]:.2f})" for c in shown)
    return Finding(
        passed=all(c.apart <= 1.0 for c in found),
        bound=bound,
        summary=summary if len(found) < 4 else f"{len(found)} trials; furthest {summary}",
        figures={c.name: c.figures() for c in found},
    )


def _compared(name: str, question: Question, diary: Diary, peer: Peer, **change: object) -> Comparison:
    mean, sd = _effect(question, diary, **change)
    changes: dict[str, dict[str, object]] = {
        "without trend": {"trend": False},
        "without autocorrelation": {"autocorrelation": False},
        "prior ten times as wide": {"prior_scale": _WIDE},
    }
    return Comparison(
        name=name,
        entries=int(np.isfinite(diary.scores[question.outcome]).sum()),
        mean=mean,
        sd=sd,
        peer=peer,
        prior_sd=question.priors.top_dose_sd,
        changed={label: _effect(question, diary, **change | one) for label, one in changes.items()},
    )


def _effect(question: Question, diary: Diary, **change: object) -> Peer:
    effect = fitted(question, diary, **change).doses[0].effect
    return effect.mean, effect.sd


def _question(diary: Diary, outcome: str, scale: tuple[float, float], mcid: float, better: str) -> Question:
    options = check_options(
        outcome=outcome, scale=scale, mcid=mcid, better=better, onset="immediate", without_dose=True
    )
    return ask(options, None, diary).questions[0]


def _student(trial: str, person: str, levels: list[str]) -> Diary:
    import polars

    rows = polars.read_csv(_file("nof1_classroom_sleep"))
    mine = rows.filter((polars.col("trial") == trial) & polars.col("participant_id").str.starts_with(person))
    return read_diary(
        mine.sort("day").drop("participant_id", "measurement_time", "row_in_file", "trial"),
        mapping={"dose_mg": "intervention"},
        levels={levels[0]: 0.0, levels[1]: 1.0},
        outcomes=("sleep_quality",),
    )


def _file(name: str) -> Path:
    found = folder()
    assert found is not None, "MODICUM_REFERENCE_DATA is not set"
    return found / f"{name}.csv"


def _reference(name: str) -> dict[str, dict]:
    return json.loads((_file(name).parent / "refs" / f"{name}.json").read_text(encoding="utf-8"))
