"""A re-challenge: the dose that was kept, looked at again, as a protocol of its own that is drawn and sealed."""

from textwrap import fill

from modicum.foundation.errors import Problem, ProtocolError
from modicum.protocol.factors import FACTOR
from modicum.protocol.reading import read_protocol
from modicum.protocol.schema import Calibration, Maintenance, Phase, Protocol
from modicum.protocol.writing import protocol_toml

ENDING = "-re-challenge"
PHASE = "re-challenge"
_WIDTH = 118

_SHOWN_BY = fill(
    "Not simulated: one pair tells little, and how little depends on the person's noise. What it can tell is printed by"
    ' "modicum plan" for a diary, and by "modicum simulate" for virtual people.',
    _WIDTH,
)
_NOT_COVERED = (
    "what is left of the open dose when placebo comes first: simulated people begin without drug",
    "that a dose which is looked at again was found to work before: the prior is that of the trial",
)


def rechallenge_toml(protocol: Protocol, dose_mg: float) -> str:
    """The protocol of a re-challenge: one blinded pair of the dose that was kept and placebo, in an order by a coin.

    Drug, items, side effects, sources, screening, supply, priors and thresholds are those of the trial. The ladder is
    the one dose: with doses on it that nobody takes, "nothing that matters" could never be said.

    Args:
        protocol: of the trial, with maintenance.
        dose_mg: that was kept, one of its ladder.

    Returns:
        The text of a protocol file; it passes the check. The same for the same protocol and dose.

    Raises:
        ProtocolError: the protocol keeps no dose, the dose is not on its ladder, or its name leaves no room.

    Example:
        >>> again = read_protocol(rechallenge_toml(read_protocol("ldn-smallest-dose"), 1.5).encode())
        >>> again.name, again.planned_days, again.drug.ladder_mg
        ('ldn-smallest-dose-re-challenge', 28.0, (1.5,))
    """
    kept, ladder = protocol.maintenance, protocol.drug.ladder_mg
    problems = list[Problem]()
    if kept is None:
        message = "This protocol has no maintenance: it keeps no dose that could be looked at again"
        fix = "Add [maintenance], as in ldn-smallest-dose."
        problems.append(Problem("MOD-PROTO-36", f"{protocol.name} (maintenance)", "", message, fix))
    if dose_mg not in ladder:
        fix = f"Give the dose that was kept, one of {', '.join(f'{rung:g}' for rung in ladder)}."
        problems.append(Problem("MOD-PROTO-20", "dose", f"{dose_mg:g}", "This dose is not on the ladder", fix))
    if kept is None or problems:
        raise ProtocolError(problems)
    text = protocol_toml(_rewritten(protocol, dose_mg, kept))
    read_protocol(text.encode())
    return text


def _rewritten(protocol: Protocol, dose_mg: float, kept: Maintenance) -> Protocol:
    drug = protocol.drug
    what = f"{drug.name} {dose_mg:g} {drug.unit}".rstrip() if drug.unit else drug.name
    summary = fill(
        f"A second look at {what}, which {protocol.name} found to work and which was kept since: "
        f"{kept.half_days:g} days of it and as many of placebo, blinded, in an order that nobody knows.",
        _WIDTH,
    )
    without = {"response": None, "titration": None, "confirmation": None, "step_down": None}
    return protocol.model_copy(
        update={
            "name": f"{protocol.name}{ENDING}",
            "title": f"Does it still work? A second look at {what}",
            "summary": summary,
            "drug": drug.model_copy(update={"ladder_mg": (dose_mg,)}),
            "phases": (_pair(dose_mg, kept.half_days),),
            "covariates": tuple(name for name in protocol.covariates if not name.startswith(FACTOR)),
            "rules": protocol.rules.model_copy(update=without),
            "maintenance": None,
            "calibration": Calibration(shown_by=_SHOWN_BY, not_covered=_NOT_COVERED),
        }
    )


def _pair(dose_mg: float, half_days: float) -> Phase:
    return Phase(
        name=PHASE,
        kind="crossover",
        title="One blinded pair of the dose that was kept and placebo",
        blinded=True,
        announced=0.5,
        max_days=2 * half_days,
        doses_mg=(dose_mg,),
        pairs=1,
        half_days=half_days,
        order="fair coin per pair",
        sequences=2,
        looks=(1,),
        note="No washout. The dose is taken openly until the evening before; when placebo comes first, what "
        "is left of it is not in an analysis of this pair alone.",
    )
