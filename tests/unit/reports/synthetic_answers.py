"""Answers made for tests: plausible numbers in the right shapes, for every verdict. The people are virtual."""

from dataclasses import MISSING, fields, replace
from datetime import date
from statistics import NormalDist

import numpy as np

from modicum.analysis.estimate import Course, DoseBlock, DoseEffect, Noise, Summary
from modicum.analysis.question import Onset, Question, default_priors
from modicum.decision.answer import Answer, Secondary, SensitivityRow, SideEffect, SmallestDose, Verdict
from modicum.foundation.errors import Problem
from modicum.records.diary import Diary

NORMAL = NormalDist()
LADDER = (0.5, 1.5, 3.0, 4.5)
FLAGSHIP = (
    ("run-in", 14, 0.0, 0.0),
    ("titration", 14, 0.5, 0.5),
    ("titration", 14, 0.0, 0.5),
    ("titration", 14, 1.5, 0.5),
    ("titration", 14, 3.0, 0.5),
    ("confirmation", 21, 1.5, 0.5),
    ("confirmation", 21, 0.0, 0.5),
    ("confirmation", 21, 0.0, 0.5),
    ("confirmation", 21, 1.5, 0.5),
    ("step-down", 21, 0.5, 0.5),
)
OPEN = (
    ("before", 14, 0.0, 0.0),
    ("open", 14, 0.5, 1.0),
    ("open", 14, 1.5, 1.0),
    ("open", 14, 3.0, 1.0),
    ("open", 28, 4.5, 1.0),
)
CHANGES = (
    "dose as taken",
    "belief adjusted",
    "no autocorrelation",
    "no white noise",
    "no trend",
    "no carry-over",
    "no expectation",
    "prior half",
    "prior double",
    "odds 1:3",
    "odds 3:1",
)
SENTENCES = {
    "works": ("1.5 mg is the smallest dose that works.", "1.5 mg is the smallest dose that works for you."),
    "works-smaller-too": ("1.5 mg works, and 3 mg did no better.", "1.5 mg works for you, and 3 mg did no better."),
    "nothing-that-matters": ("No dose does anything that matters.", "No dose did anything that matters to you."),
    "harm": ("Stop: 3 mg makes pain worse.", "3 mg made your pain worse."),
    "futile": ("Going on would not find a dose that works.", "Going on would not find a dose that works for you."),
    "open-label": (
        "Pain was lower on 4.5 mg; that cannot be told from hope.",
        "Your pain was lower on 4.5 mg. That could be the drug, or the hope of it.",
    ),
    "cannot-tell": ("This diary cannot tell yet.", "Your diary cannot tell yet."),
}


def summary(mean, sd):
    def interval(level):
        z = NORMAL.inv_cdf(0.5 + level / 2)
        return (mean - z * sd, mean + z * sd)

    return Summary(mean=mean, sd=sd, interval95=interval(0.95), interval80=interval(0.8), interval50=interval(0.5))


def question(ladder=LADDER, low=0.0, high=10.0, mcid=1.0, better="lower", **changes):
    low, high, mcid = float(low), float(high), float(mcid)
    base = {
        "outcome": "pain",
        "label": "Pain, last 24 hours",
        "unit": "points",
        "better": better,
        "low": low,
        "high": high,
        "mcid": mcid,
        "ladder_mg": tuple(ladder),
        "priors": default_priors(low, high, mcid),
        "onset": Onset(),
        "planned_days": None,
        "mcid_source": "test protocol",
    }
    return Question(**{**base, **changes})


def schedule_blocks(schedule, first=0.0):
    out, start = [], first
    for phase, days, dose, announced in schedule:
        out.append(
            DoseBlock(
                start_days=start - 2 / 24,
                end_days=start + days - 2 / 24,
                dose_mg=dose,
                announced=announced,
                phase=phase,
            )
        )
        start += days
    return tuple(out)


def dose_effects(asked, effects, sd, *, p_no_effect, taken, days, hope):
    scale = asked.mcid
    out = []
    for dose in asked.ladder_mg:
        mean = effects.get(dose, 0.0)
        spread = sd if dose in taken else 2 * sd
        benefit = asked.sign * mean
        reach = 1 - NORMAL.cdf((scale - benefit) / spread)
        together = summary(mean + asked.sign * hope, 0.8 * sd) if hope is not None else None
        with_hope = benefit + (hope or 0.0)
        out.append(
            DoseEffect(
                dose_mg=dose,
                taken=dose in taken,
                days=days.get(dose, 0),
                effect=summary(mean, spread),
                with_expectation=together,
                p_better=1 - NORMAL.cdf(-benefit / spread),
                p_mcid_given_effect=reach,
                p_mcid=(1 - p_no_effect) * reach,
                p_harm=NORMAL.cdf((-scale - benefit) / spread),
                p_better_with_expectation=1 - NORMAL.cdf(-with_hope / (0.8 * sd)),
                p_mcid_with_expectation=1 - NORMAL.cdf((scale - with_hope) / (0.8 * sd)),
            )
        )
    return tuple(out)


def in_view(doses, code, dose_mg):
    """The dose that everything speaks of: the verdict's, else the most promising one taken."""
    taken = [d for d in doses if d.taken]
    if dose_mg is not None or not taken:
        return dose_mg
    chance = "p_mcid_with_expectation" if code == "open-label" else "p_mcid_given_effect"
    return max(taken, key=lambda d: getattr(d, chance)).dose_mg


def smallest(doses, p_no_effect, dose_mg):
    left, out = 1.0, {}
    for effect in doses:
        if effect.taken:
            out[repr(float(effect.dose_mg))] = (1 - p_no_effect) * left * effect.p_mcid_given_effect
            left *= 1 - effect.p_mcid_given_effect
    return SmallestDose(dose_mg=dose_mg, probabilities={"none": p_no_effect + (1 - p_no_effect) * left, **out})


def course_of(blocks, effects, times, *, level, sd):
    grid = np.arange(np.floor(times[0]), np.ceil(times[-1]) + 1) if len(times) else np.array([])
    exposure, state = np.zeros(len(grid)), 0.0
    for k, day in enumerate(grid):
        now = next((effects.get(b.dose_mg, 0.0) for b in blocks if b.start_days <= day < b.end_days), 0.0)
        state += (now - state) * (1 - np.exp(-1 / 4))
        exposure[k] = state
    base = level + 0.0 * grid
    wide = np.full(len(grid), 0.5 * sd)
    mean = base + exposure
    return Course(
        time_days=grid,
        mean=mean,
        low95=mean - 1.96 * wide,
        high95=mean + 1.96 * wide,
        low50=mean - 0.67 * wide,
        high50=mean + 0.67 * wide,
        without_drug=base,
    )


def whole(**given):
    """An answer; a field that no report shows, and that has no default, is None."""
    unseen = {f.name: None for f in fields(Answer) if f.default is MISSING and f.default_factory is MISSING}
    return Answer(**{**unseen, **given})


def build(
    code="works",
    *,
    asked=None,
    schedule=FLAGSHIP,
    effects=None,
    sd=0.45,
    p_no_effect=0.03,
    dose_mg="auto",
    hope=0.4,
    first_day=0,
    every=1,
    per_day=1,
    virtual=True,
    level=None,
    noise_sd=None,
    sensitivity=CHANGES,
    **changes,
):
    asked = asked or question()
    span = asked.high - asked.low
    level = asked.low + 0.6 * span if level is None else level
    effects = {0.5: -0.3, 1.5: -1.7, 3.0: -1.6, 4.5: -1.5} if effects is None else effects
    noise_sd = 0.12 * span if noise_sd is None else noise_sd
    blocks = schedule_blocks(schedule, first_day)
    n_days = sum(days for _, days, _, _ in schedule)
    day_numbers = np.repeat(np.arange(first_day, first_day + n_days, every), per_day)
    times = day_numbers + 20 / 24 + np.tile(np.linspace(-0.4, 0.0, per_day), len(day_numbers) // per_day)
    course = course_of(blocks, effects, times, level=level, sd=sd)
    rng = np.random.default_rng(7)
    steps = max(span / 10, 1e-9)
    raw = np.interp(times, course.time_days, course.mean) + rng.normal(0, noise_sd, len(times))
    scores = np.clip(np.round(raw / steps) * steps, asked.low, asked.high)
    if len(scores) > 20:
        scores[rng.random(len(scores)) < 0.08] = np.nan
    doses_now = np.array([next((b.dose_mg for b in blocks if b.start_days <= t < b.end_days), 0.0) for t in times])
    days = {d: sum(n for _, n, dose, _ in schedule if dose == d) for d in asked.ladder_mg}
    doses = dose_effects(
        asked, effects, sd, p_no_effect=p_no_effect, taken={d for d in days if days[d]}, days=days, hope=hope
    )
    if dose_mg == "auto":
        dose_mg = {"works": 1.5, "works-smaller-too": 1.5, "harm": 3.0, "open-label": 4.5}.get(code)
    sentence, patient_sentence = SENTENCES[code]
    verdict = Verdict(
        code=code,
        dose_mg=dose_mg,
        strength="clear",
        qualified=False,
        sentence=sentence,
        patient_sentence=patient_sentence,
        reasons=(
            "P(benefit > 0) is 0.998, at least 0.975 was asked.",
            "P(benefit of 1 point or more) is 0.92, at least 0.5 was asked.",
        ),
        what_would_tell="Four more weeks of 1.5 mg against placebo would tell, with about 8 chances in 10."
        if code == "cannot-tell"
        else "",
    )
    found = smallest(doses, p_no_effect, dose_mg if code.startswith("works") else None)
    diary = Diary(
        time_days=times,
        received_days=times,
        dosing_day=day_numbers.astype(int),
        dose_mg=doses_now,
        scores={"pain": scores},
        start=date(2026, 5, 4),
        rows_read=len(times) + 1,
        virtual=virtual,
        source="example/diary.csv",
        sha256="5f" * 32,
        refused=(
            Problem(
                "MOD-DIARY-07",
                "row 12, column pain",
                "lots",
                "the score is not a number",
                "Give a number from 0 to 10.",
            ),
        ),
    )
    answer = whole(
        title="Smallest-dose trial of low-dose naltrexone",
        question=asked,
        diary=diary,
        protocol_name="ldn-smallest-dose 1.0",
        protocol_sha256="a1" * 32,
        n_observed=int(np.isfinite(scores).sum()),
        n_days=n_days,
        n_dose_unknown=2,
        n_censored=0,
        p_no_effect=p_no_effect,
        blinded_drug_free=code != "open-label",
        doses=doses,
        smallest_dose=found,
        verdict=verdict,
        noise=Noise(
            onset_days=summary(4.2, 0.9),
            correlation_days=summary(2.4, 0.8),
            white_share=summary(0.45, 0.1),
            sd=summary(noise_sd, noise_sd / 10),
        ),
        expectation=None if hope is None else summary(-0.4, 0.9),
        level_without_drug=summary(level, 0.2 * sd),
        course=course,
        blocks=blocks,
        side_effects=(
            SideEffect("dreams", "Vivid dreams", 150, 11, 2, ((0.0, 60, 1), (0.5, 30, 2), (1.5, 50, 6), (3.0, 10, 2))),
            SideEffect("headache", "Headache", 150, 0, 0, ((0.0, 60, 0), (0.5, 30, 0), (1.5, 50, 0), (3.0, 10, 0))),
        ),
        secondary=(
            Secondary(
                "sleep",
                "Sleep quality",
                "points",
                "higher",
                1.0,
                149,
                0.3,
                dose_effects(
                    question(asked.ladder_mg, better="higher"),
                    dict.fromkeys(asked.ladder_mg, 0.6),
                    0.5,
                    p_no_effect=0.3,
                    taken={d for d in days if days[d]},
                    days=days,
                    hope=None,
                ),
            ),
        ),
        sensitivity=tuple(
            SensitivityRow(
                change=name,
                p_no_effect=min(1.0, p_no_effect * (1 + k / 5)),
                smallest_dose=found,
                doses=dose_effects(
                    asked,
                    {d: e * (1 - k / 25) for d, e in effects.items()},
                    sd * (1 + k / 20),
                    p_no_effect=p_no_effect,
                    taken={d for d in days if days[d]},
                    days=days,
                    hope=hope,
                ),
                verdict_code=code if k != 2 else "cannot-tell",
            )
            for k, name in enumerate(sensitivity)
        ),
        likelihood={},
        numerical_error=(0.004, 0.006),
        citations=("Roychoudhury S, Scheuer N, Neuenschwander B. Beyond p-values. Clin Trials 2018;15:452-461.",),
        warnings=(
            Problem(
                "MOD-ANALYSIS-03",
                "dose_mg",
                "",
                "the dose of 2 days is not known",
                "Fill them in if they can be found.",
            ),
        ),
        uninformative=False,
        focus_mg=in_view(doses, code, dose_mg),
        candidate_mg=1.5 if code.startswith("works") else None,
        outcomes_looked_at=2,
    )
    return replace(answer, **changes)


def flat(**effects):
    return {d: effects.get("mean", 0.0) for d in LADDER}


def one_row():
    return build(
        "cannot-tell", schedule=(("", 1, 0.5, 1.0),), sd=2.0, p_no_effect=0.5, effects={0.5: -0.1}, sensitivity=()
    )


def ten_years():
    schedule = tuple((f"year {k // 26 + 1}", 14, (0.0, 1.5, 0.0, 3.0)[k % 4], 0.5) for k in range(260))
    return build("works", schedule=schedule, sd=0.12)


def empty():
    answer = build("cannot-tell", schedule=(("", 1, 0.0, 0.0),), p_no_effect=0.5, sensitivity=(), effects={})
    nothing = replace(answer.diary, scores={"pain": np.array([np.nan])})
    return replace(answer, diary=nothing, n_observed=0, uninformative=True, side_effects=(), secondary=())


def constant():
    """Every answer is the same: nothing is known, whatever the fit says (docs/decisions/0004)."""
    answer = build("cannot-tell", p_no_effect=0.99)
    same = np.where(np.isfinite(answer.diary.scores["pain"]), 5.0, np.nan)
    return replace(answer, diary=replace(answer.diary, scores={"pain": same}), uninformative=True)


def gallery():
    """One answer for every verdict, and the shapes that have surprised charts before."""
    twelve = tuple(float(d) for d in range(1, 13))
    staircase = (("run-in", 7, 0.0, 0.0), *(("titration", 7, d, 0.5) for d in twelve), ("placebo", 7, 0.0, 0.5))
    night = question((1.0,), 0, 100, 5, "higher", outcome="pain", label="Mood in the morning", unit="", dose_unit="")
    share = question(
        LADDER,
        0,
        1,
        0.1,
        "higher",
        label="Share of the night asleep (actigraphy)",
        unit="",
        low_label="none",
        high_label="all",
    )
    works = build("works")
    return {
        "works": works,
        "works-probable": replace(
            works,
            p_no_effect=0.31,
            verdict=replace(
                works.verdict,
                strength="probable",
                qualified=True,
                sentence="1.5 mg probably works, perhaps through having noticed the drug.",
                patient_sentence="1.5 mg probably works for you, perhaps through having noticed the drug.",
            ),
            smallest_dose=SmallestDose(1.5, {"none": 0.46, "0.5": 0.05, "1.5": 0.42, "3.0": 0.07}),
        ),
        "works-smaller-too": build("works-smaller-too"),
        "nothing-that-matters": build("nothing-that-matters", effects=flat(mean=0.05), sd=0.35, p_no_effect=0.82),
        "harm": build("harm", effects={0.5: 0.4, 1.5: 0.9, 3.0: 1.9}, p_no_effect=0.02),
        "futile": build("futile", effects=flat(mean=-0.2), sd=0.5, p_no_effect=0.6),
        "open-label": build(
            "open-label", schedule=OPEN, effects={0.5: -0.2, 1.5: -0.9, 3.0: -1.2, 4.5: -1.5}, sd=0.9, hope=0.7
        ),
        "open-label-no-term": build(
            "open-label", schedule=OPEN, effects={0.5: -0.2, 1.5: -0.9, 3.0: -1.5, 4.5: -2.2}, hope=None
        ),
        "cannot-tell": build("cannot-tell", effects={0.5: -0.2, 1.5: -0.7, 3.0: -0.9}, sd=0.9, p_no_effect=0.38),
        "twelve-doses": build(
            "works",
            asked=question(twelve),
            schedule=staircase,
            effects={d: -0.25 * d for d in twelve},
            sd=0.6,
            dose_mg=6.0,
        ),
        "no-dose-unit": build(
            "cannot-tell",
            asked=night,
            schedule=tuple(("", 1, float(k % 3 == 0), 0.0) for k in range(70)),
            effects={1.0: 0.9},
            sd=2.2,
            p_no_effect=0.55,
            hope=None,
        ),
        "zero-to-one": build("works", asked=share, effects={0.5: 0.02, 1.5: 0.18, 3.0: 0.2, 4.5: 0.1}, sd=0.04),
        "negative-days": build("works", first_day=-30),
        "one-row": one_row(),
        "ten-years": ten_years(),
        "empty": empty(),
        "constant": constant(),
        "open-cannot-tell": replace(
            build("cannot-tell", effects={0.5: -0.2, 1.5: -0.7, 3.0: -0.9}, sd=0.9, p_no_effect=0.38),
            blinded_drug_free=False,
        ),
        "open-cannot-tell-no-term": replace(
            build("cannot-tell", effects={0.5: -0.2, 1.5: -0.7, 3.0: -0.9}, sd=0.9, p_no_effect=0.38, hope=None),
            blinded_drug_free=False,
        ),
        "open-harm-no-term": replace(
            build("harm", effects={0.5: 0.4, 1.5: 0.9, 3.0: 1.9}, p_no_effect=0.3, hope=None),
            blinded_drug_free=False,
        ),
    }
