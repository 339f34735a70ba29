"""Real diaries of others beside what their authors, or a peer's software, found in them.

The files are not shipped: they are read from the folder named by ``MODICUM_REFERENCE_DATA``. Every comparison is of the
effect of the treatment (level 1 against level 0), with the figures that explain a difference beside it: the same diary
without the trend, without autocorrelation, and with a prior ten times as wide.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from modicum.analysis.assumptions import Assumptions
from modicum.analysis.estimate import Summary
from modicum.analysis.outcomes.fitting import fit_points
from modicum.analysis.outcomes.link_posterior import LinkPosterior
from modicum.analysis.question import Question
from modicum.analysis.schedule import schedule_of
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


def afib() -> tuple[Comparison, float, float]:
    """Forty-two nights, a trigger or none: an episode or none. Peer: a logit model of two rates in JAGS.

    The peer has neither residual nor trend, and its nights have no order (first all without, then all with), so that
    the engine is compared without both, on the link scale. Its prior of the effect is the narrower one, which the
    distance allows for; the chance is compared under a prior ten times as wide, since the peer's rates are free. With
    residual and trend (the primary analysis) a trend competes with the trigger.

    Returns:
        The comparison, and P(more often with the trigger): the engine's, and the peer's.
    """
    peer = _reference("nof1_package")["afib_sample"]["rerun"]
    rate = {row["term"]: row for row in peer["params"]}
    diary = read_diary(
        _file("nof1_afib_sample"),
        mapping={"dose_mg": "treatment"},
        levels={"control": 0.0, "trigger": 1.0},
        day_from_row=True,
        outcomes=("afib_episode",),
    )
    question = _question(diary, "afib_episode", (0.0, 1.0), 0.1, "lower", kind="binary")
    difference = rate["beta_trigger"]["mean"] - rate["beta_control"]["mean"]
    error = float(np.hypot(rate["beta_trigger"]["sd"], rate["beta_control"]["sd"]))
    plain = _on_link_scale(question, diary, autocorrelation=False, trend=False, prior_scale=_WIDE)
    found = _beside(question, diary, (difference, error), _link_effect, question.priors.top_dose_sd)
    return found, 1.0 - plain.p_benefit(0.0, 0), peer["p_trigger_gt_control"]


def laughter() -> Comparison:
    """Eighteen days, laughter or the usual routine; a score of 1-11. Peer: difference of means with its t-test.

    The t-test has neither residual nor trend, so that the engine is compared without both, in mean score. Twice the
    MCID, 2 points, is about the engine's prior sd of that.
    """
    peer = _reference("nof1_package")["laughter"]
    diary = read_diary(
        _file("nof1_laughter"),
        mapping={"day": "obs", "dose_mg": "treat"},
        levels={"Usual Routine": 0.0, "Laughter": 1.0},
        outcomes=("y",),
    )
    question = _question(diary, "y", (1.0, 11.0), 1.0, "lower", kind="ordinal")
    difference = peer["means"]["Laughter"] - peer["means"]["Usual Routine"]
    error = difference / peer["t"]["t"]
    return _beside(question, diary, (difference, error), _reported_effect, 2.0 * question.mcid)


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


def run_afib(_count: int) -> Finding:
    """The difference of log odds within a standard error of the peer's, and the chance that the trigger does harm."""
    found, chance, theirs = afib()
    beside = _finding([found], "within 1 standard error of the peer, and its chance within 0.05")
    return replace(
        beside,
        passed=beside.passed and abs(chance - theirs) <= 0.05,
        summary=f"{beside.summary}; P(more often with the trigger) {chance:.2f}, peer {theirs:.2f}",
        figures=beside.figures | {"p_more_often": chance, "peer_p_more_often": theirs},
    )


def run_laughter(_count: int) -> Finding:
    """The difference of mean scores within a standard error of the peer's."""
    return _finding([laughter()], "within 1 standard error of the peer")


RUNS = {
    "melatonin": run_melatonin,
    "classroom": run_classroom,
    "abab": run_abab,
    "afib": run_afib,
    "laughter": run_laughter,
}
ON_A_LINK_SCALE = ("afib", "laughter")


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


def _beside(
    question: Question, diary: Diary, peer: Peer, effect: Callable[[LinkPosterior], Summary], prior_sd: float
) -> Comparison:
    """An outcome that is not Gaussian, without residual and trend, and with either, beside a peer that has none."""

    def at(**change: object) -> Peer:
        found = effect(_on_link_scale(question, diary, **change))
        return found.mean, found.sd

    mean, sd = at(autocorrelation=False, trend=False)
    return Comparison(
        name=question.kind,
        entries=int(np.isfinite(diary.scores[question.outcome]).sum()),
        mean=mean,
        sd=sd,
        peer=peer,
        prior_sd=prior_sd,
        changed={"with residual and trend": at(), "with trend": at(autocorrelation=False)},
    )


def _on_link_scale(question: Question, diary: Diary, **change: object) -> LinkPosterior:
    return fit_points(
        question, diary, schedule_of(diary), Assumptions(expectation=question.expectation).but(**change), 2048
    )


def _link_effect(found: LinkPosterior) -> Summary:
    effect = found.link_effect(0)
    assert effect is not None
    return effect


def _reported_effect(found: LinkPosterior) -> Summary:
    return found.effect(0)


def _question(
    diary: Diary, outcome: str, scale: tuple[float, float], mcid: float, better: str, *, kind: str = "gaussian"
) -> Question:
    options = check_options(
        outcome=outcome, scale=scale, mcid=mcid, better=better, onset="immediate", without_dose=True, kind=kind
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
