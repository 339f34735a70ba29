"""From a protocol and options to the question that is asked of a diary."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from modicum.analysis.question import SAME_DOSE, Better, Kind, Onset, Priors, Question, default_priors
from modicum.foundation.errors import Problem
from modicum.records.diary import Diary
from modicum.services.covariates import FIELDS, choose_covariates
from modicum.services.kinds import UNITS, answers_without_drug, choose_kind, kind_problems, range_of, unlike_kinds
from modicum.services.options import Options

if TYPE_CHECKING:
    from modicum.protocol import Protocol
    from modicum.protocol.schema import Outcome

SMALLEST_MG, LARGEST_MG = 1e-6, 1e6  # 1 ng to 1 kg: a dose beyond is a slip of the unit
WIDE_LADDER = 200.0  # wider than titrations go, narrower than a mix of micrograms and milligrams (1,000)

OUTCOME_UNIT_PRIORS = frozenset(
    {
        "intercept_mean",
        "intercept_sd",
        "trend_sd",
        "ebb_sd",
        "covariate_sd",
        "expectation_mean",
        "expectation_sd",
        "top_dose_sd",
        "sd_median",
    }
)


@dataclass(frozen=True)
class Asked:
    """The deciding question first, those asked beside it after; none where there are problems. What was assumed."""

    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Scale:
    """One outcome as protocol and options together describe it."""

    better: Better
    low: float
    high: float
    mcid: float
    label: str
    unit: str
    mcid_source: str
    low_label: str = ""
    high_label: str = ""
    kind: Kind = "gaussian"


def ask(options: Options, protocol: "Protocol | None", diary: Diary | None) -> Asked:
    """Build the question from the protocol's fields, overridden by the options that were given.

    Args:
        options: what was given.
        protocol: the trial, or None.
        diary: as read; None where it could not be read, then only the problems are found.

    Returns:
        The questions, every problem of the options at once, and a warning for each assumption made.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    names = outcome_names(options, protocol, diary, problems)
    problems += [_field_of_diary(name) for name in names if name in FIELDS]
    ladder = () if diary is None else _ladder(protocol, diary, problems, warnings)
    described = names or (("the outcome",) if protocol is None else ())
    scales = [_scale(name, options, protocol, diary=diary, problems=problems, warnings=warnings) for name in described]
    covariates, wrong, left_out = choose_covariates(options, protocol, diary, names)
    problems += wrong
    warnings += left_out
    if problems or diary is None:
        return Asked((), tuple(problems), tuple(warnings))
    questions = [
        _question(name, scale, ladder, options, protocol, diary=diary, covariates=covariates, warnings=warnings)
        for name, scale in zip(names, scales, strict=True)
        if scale is not None
    ]
    return Asked(tuple(questions), (), tuple(warnings))


def outcome_names(
    options: Options, protocol: "Protocol | None", diary: Diary | None, problems: list[Problem]
) -> tuple[str, ...]:
    """The outcomes to estimate, the deciding one first; problems are added to the list given.

    Beside the deciding one stand those named, or the protocol's items that the diary holds.
    """
    named = tuple(dict.fromkeys(options.outcomes))
    primary = options.primary
    if primary is None and len(named) > 1:
        problems.append(
            Problem(
                "MOD-OPT-08",
                "--outcome",
                ", ".join(named),
                "Several outcomes are named, but only one can decide",
                f"Say which, for example --primary {named[0]}.",
            )
        )
        return ()
    if primary is None:
        primary = named[0] if named else (protocol.primary if protocol else None)
    if primary is None:
        problems.append(
            Problem(
                "MOD-OPT-02",
                "--outcome",
                "",
                "No outcome is named, and there is no protocol that names one",
                "Name the column that holds the outcome with --outcome, or give a --protocol.",
            )
        )
        return ()
    return tuple(dict.fromkeys((primary, *(named or _items(protocol, diary)))))


def _field_of_diary(name: str) -> Problem:
    return Problem(
        "MOD-OPT-19",
        "--outcome",
        name,
        "This name is a field of the diary, which says what was done or believed and cannot be an outcome",
        "Name the column that holds the answers; a column of this name with answers in it needs another name.",
    )


def _items(protocol: "Protocol | None", diary: Diary | None) -> Iterable[str]:
    if protocol is not None and diary is not None:
        yield from (item.name for item in protocol.outcomes if item.name in diary.scores)


def _item(name: str, protocol: "Protocol | None") -> "Outcome | None":
    return next((item for item in protocol.outcomes if item.name == name), None) if protocol else None


def _scale(
    name: str,
    options: Options,
    protocol: "Protocol | None",
    *,
    diary: Diary | None,
    problems: list[Problem],
    warnings: list[Problem],
) -> Scale | None:
    item = _item(name, protocol)
    described = options if item is None or _is_named(name, options, protocol) else Options()
    stated = described.kind or (item.kind if item else None)
    better = described.better or (item.better if item else None)
    unlike = item is not None and unlike_kinds(stated, item.kind)
    if item is not None and unlike and described.mcid is None:
        problems.append(_of_another_kind(name, stated, item.kind))
        return None
    low = described.low if described.low is not None else (item.low if item and not unlike else None)
    high = described.high if described.high is not None else (item.high if item and not unlike else None)
    scores = diary.scores.get(name, np.empty(0)) if diary is not None else np.empty(0)
    low, high = range_of(stated, scores) or (low, high) if low is None or high is None else (low, high)
    if better is None:
        problems.append(_missing_better(name, protocol))
    if low is None or high is None:
        problems.append(_missing_range(name, diary))
    if low is not None and high is not None:
        problems += kind_problems(stated, name, diary, low, high)
    if better is None or low is None or high is None:
        return None
    mcid = described.mcid if described.mcid is not None else (item.mcid if item else None)
    source = "given with the analysis" if described.mcid is not None else ""
    if item is not None and protocol is not None and described.mcid is None:
        source = protocol.cited(item.mcid_source)
    if mcid is None:
        mcid, of_what = _usual_mcid(stated, diary, scores, low, high)
        source = f"assumption: {of_what}"
        warnings.append(_assumed_mcid(name, mcid, of_what))
    if mcid >= high - low and stated != "count":
        problems.append(_mcid_too_wide(name, mcid, low, high))
        return None
    kind = _kind(stated, diary, name, (low, high), warnings)
    return Scale(
        better="higher" if better == "higher" else "lower",
        low=low,
        high=high,
        mcid=mcid,
        label=item.label if item else name,
        unit=item.unit if item and not unlike else UNITS.get(kind, "points"),
        mcid_source=source,
        low_label=item.low_label if item else "",
        high_label=item.high_label if item else "",
        kind=kind,
    )


def _kind(
    stated: str | None, diary: Diary | None, name: str, ends: tuple[float, float], warnings: list[Problem]
) -> Kind:
    """The kind that was stated, or that the answers show; said where they decided."""
    if diary is None or name not in diary.scores:
        return "gaussian"
    kind, share = choose_kind(stated, diary, name, *ends)
    if stated is None and kind == "ordinal":
        warnings.append(_piled_up(name, share))
    return kind


def _piled_up(name: str, share: float) -> Problem:
    return Problem(
        "MOD-ASSUME-03",
        f"--kind ({name})",
        "",
        f"{100 * share:.0f} % of the deciding answers sit on one end of the scale, so it was analysed as ordinal",
        "Say --kind ordinal to make this explicit, or --kind gaussian if you have reason to.",
    )


def _is_named(name: str, options: Options, protocol: "Protocol | None") -> bool:
    """Whether the options about the scale are meant for this outcome."""
    named = {*options.outcomes, *filter(None, [options.primary])}
    return name in named if named else protocol is None or name == protocol.primary


def _missing_better(name: str, protocol: "Protocol | None") -> Problem:
    reason = "Without a protocol" if protocol is None else f"The protocol has no item named {name}, so"
    return Problem(
        "MOD-OPT-03",
        f"--better ({name})",
        "",
        f"{reason} it must be said which direction is better",
        "Add --better lower (as for pain) or --better higher (as for mood).",
    )


def _missing_range(name: str, diary: Diary | None) -> Problem:
    scores = np.empty(0) if diary is None else diary.scores.get(name, np.empty(0))
    observed = scores[np.isfinite(scores)]
    seen = f" The diary has {name} from {observed.min():g} to {observed.max():g}." if observed.size else ""
    return Problem(
        "MOD-OPT-04",
        f"--range ({name})",
        "",
        "The range of the scale is not known",
        f"Add --range LOW HIGH, the two ends of the instrument, for example --range 0 10.{seen}",
    )


def _usual_mcid(
    stated: str | None, diary: Diary | None, scores: np.ndarray, low: float, high: float
) -> tuple[float, str]:
    """A smallest difference that matters where none was given, and what it is."""
    if stated != "count":
        return (high - low) / 10, "a tenth of the range"
    without = answers_without_drug(diary, scores) if diary is not None else np.empty(0)
    if without.size and without.mean() > 0:
        return float(without.mean()) / 4, "a quarter of the mean count without drug"
    known = scores[np.isfinite(scores)]
    return max(float(known.mean()) / 4, 0.05) if known.size else 1.0, "a quarter of the mean count"


def _assumed_mcid(name: str, mcid: float, of_what: str) -> Problem:
    return Problem(
        "MOD-ASSUME-01",
        f"--mcid ({name})",
        "",
        f"No smallest difference that matters was given, so {mcid:.4g}, {of_what}, was assumed",
        "Give the one that you would have fixed before the first dose with --mcid.",
    )


def _of_another_kind(name: str, stated: str | None, own: str) -> Problem:
    return Problem(
        "MOD-OPT-24",
        f"--kind ({name})",
        f"{stated}",
        f"In the protocol {name} is {own}: its smallest difference that matters means nothing for another kind",
        "Leave --kind away, or give --mcid in the units of the kind that you state.",
    )


def _mcid_too_wide(name: str, mcid: float, low: float, high: float) -> Problem:
    return Problem(
        "MOD-OPT-06",
        f"--mcid ({name})",
        f"{mcid:g}",
        f"The smallest difference that matters is not below the range of the scale, {low:g} to {high:g}",
        "Give --mcid and --range in the same units.",
    )


def _ladder(
    protocol: "Protocol | None", diary: Diary, problems: list[Problem], warnings: list[Problem]
) -> tuple[float, ...]:
    known = diary.dose_mg if diary.planned_mg is None else np.concatenate([diary.dose_mg, diary.planned_mg])
    listed = set(protocol.drug.ladder_mg) if protocol else set[float]()
    in_diary = _distinct(known[np.isfinite(known) & (known > 0)], listed)
    ladder = tuple(sorted(listed | in_diary))
    if not ladder:
        problems.append(
            Problem(
                "MOD-OPT-09",
                "dose_mg",
                "",
                "The diary holds no dose above zero, so there is no dose to ask about",
                "Name the column that holds the dose with --map dose_mg=COLUMN, or give a --protocol with a ladder.",
            )
        )
    _check_span(ladder, problems, warnings, with_protocol=protocol is not None)
    if protocol and in_diary - listed:
        extra = ", ".join(f"{dose:g}" for dose in sorted(in_diary - listed))
        warnings.append(
            Problem(
                "MOD-ASSUME-04",
                "dose_mg",
                extra,
                "These doses are not on the ladder of the protocol; they were added to the doses asked about",
                "Correct the diary if they were not taken.",
            )
        )
    return ladder


def _check_span(
    ladder: tuple[float, ...], problems: list[Problem], warnings: list[Problem], *, with_protocol: bool
) -> None:
    if not ladder:
        return
    low, high = ladder[0], ladder[-1]
    received = f"{low:g} to {high:g}"
    if low < SMALLEST_MG or high > LARGEST_MG or high / low > LARGEST_MG:
        message = (
            f"Doses above zero must lie from {SMALLEST_MG:g} to {LARGEST_MG:g}, and span no more than a million-fold"
        )
        fix = "Write every dose in one unit, and 0 where nothing was taken."
        problems.append(Problem("MOD-OPT-20", "dose_mg", received, message, fix))
    elif high / low > WIDE_LADDER and not with_protocol:
        message = f"The doses span more than {WIDE_LADDER:g}-fold, as where micrograms and milligrams are mixed"
        fix = "Write every dose in mg (100 micrograms are 0.1 mg), or give a --protocol with the ladder."
        warnings.append(Problem("MOD-ASSUME-13", "dose_mg", received, message, fix))


def _distinct(doses: np.ndarray, listed: set[float]) -> set[float]:
    """The doses, those that differ by rounding alone taken as one, and as the rung of the ladder where there is one."""
    found = set(listed)
    for dose in np.unique(doses):
        if not any(np.isclose(dose, other, rtol=SAME_DOSE) for other in found):
            found.add(float(dose))
    return found - {rung for rung in listed if not np.isclose(doses, rung, rtol=SAME_DOSE).any()}


def _question(
    name: str,
    scale: Scale,
    ladder: tuple[float, ...],
    options: Options,
    protocol: "Protocol | None",
    *,
    diary: Diary,
    covariates: tuple[str, ...],
    warnings: list[Problem],
) -> Question:
    return Question(
        outcome=name,
        label=scale.label,
        unit=scale.unit,
        better=scale.better,
        low=scale.low,
        high=scale.high,
        mcid=scale.mcid,
        ladder_mg=ladder,
        priors=_priors(name, scale, protocol, diary, warnings),
        onset=_onset(options, protocol),
        planned_days=protocol.planned_days if protocol else None,
        expectation=protocol is not None or diary.blinded is not None or diary.announced is not None,
        covariates=covariates,
        mcid_source=scale.mcid_source,
        dose_unit=_dose_unit(options, protocol, ladder),
        low_label=scale.low_label,
        high_label=scale.high_label,
        kind=scale.kind,
    )


def _dose_unit(options: Options, protocol: "Protocol | None", ladder: tuple[float, ...]) -> str:
    """The unit of doses: none for a treatment without a dose, which is a ladder of 0 and 1 (docs/diary-file.md)."""
    if protocol is not None:
        return protocol.drug.unit
    return "" if options.without_dose or ladder == (1.0,) else "mg"


def _onset(options: Options, protocol: "Protocol | None") -> Onset:
    if options.onset is not None:
        return options.onset
    if protocol is None:
        return Onset()
    return Onset(protocol.onset.kind, protocol.onset.median_days, protocol.onset.log_sd)


def _priors(name: str, scale: Scale, protocol: "Protocol | None", diary: Diary, warnings: list[Problem]) -> Priors:
    """Defaults for this scale, then the protocol's own; those in outcome units only for the scale they are for."""
    if scale.kind == "gaussian":
        priors = default_priors(scale.low, scale.high, scale.mcid, with_protocol=protocol is not None)
    else:
        from modicum.analysis.outcomes.link import link_priors

        usual = answers_without_drug(diary, diary.scores[name])
        priors = link_priors(scale.kind, scale.low, scale.high, scale.mcid, usual)
    if protocol is None:
        return priors
    stated = {
        key.name: float(value)
        for key in fields(Priors)
        if (value := getattr(protocol.priors, key.name, None)) is not None
    }
    own = protocol.primary_outcome
    same = (
        scale.kind == "gaussian"
        and name == protocol.primary
        and (scale.low, scale.high, scale.better) == (own.low, own.high, own.better)
    )
    foreign = set() if same else OUTCOME_UNIT_PRIORS & stated.keys()
    if foreign and name == protocol.primary:
        warnings.append(
            Problem(
                "MOD-ASSUME-05",
                "--range",
                ", ".join(sorted(foreign)),
                "The scale is not the protocol's, so its priors in units of that scale were replaced by the defaults",
                "Leave the scale to the protocol, or state the priors in a protocol of your own.",
            )
        )
    return replace(priors, **{key: value for key, value in stated.items() if key not in foreign})
