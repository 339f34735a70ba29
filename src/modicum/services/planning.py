"""What a prescriber does before a trial: see what a protocol would find for a person with this much noise."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from modicum.services.simulating import Like, Progress, simulate

if TYPE_CHECKING:
    from modicum.analysis.question import Question
    from modicum.protocol import Protocol

_DRAWS = 400  # people as noisy as the diary allows; more participants meet them again
_POINTS = 10.0  # of the scale on which populations are written
_LEAST_SD = 0.05  # points: nobody is without any noise


@dataclass(frozen=True)
class Plan:
    """What a protocol would find for people as noisy as one person.

    Args:
        document: of schema ``modicum.plan/1``.
    """

    document: dict[str, Any]

    def to_json(self) -> str:
        """The document as text."""
        return json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)

    @property
    def archetypes(self) -> list[dict[str, Any]]:
        """One part for each way in which the effect may depend on the dose."""
        return self.document["archetypes"]


def plan(
    protocol: "str | Path | Protocol",
    baseline: object,
    *,
    participants: int = 200,
    archetypes: Sequence[str] | None = None,
    effect_mcid: float = 1.5,
    population: str = "typical",
    seed: int = 1,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Say what a protocol would find for people as noisy as the writer of a diary.

    Level, sd, correlation and white share are drawn from their posterior given the diary, so that a short one leaves
    them as uncertain as they are; everything else is the population's.

    Args:
        protocol: of the trial.
        baseline: a diary, normally the run-in without capsules; a path, a frame or a Diary.
        participants: virtual people for each archetype.
        archetypes: how the effect depends on the dose; None for all.
        effect_mcid: the drug's full benefit, in MCIDs.
        population: for all that the diary does not tell; a shipped one by name, or a file.
        seed: the same numbers come again with the same seed.
        processes: how many; None for one a core.
        progress: called with the people done and all of them.

    Raises:
        InputError: every problem of diary, protocol and arguments.
    """
    from modicum.protocol import Protocol, read_protocol
    from modicum.services.analysing import analyse

    wanted = protocol if isinstance(protocol, Protocol) else read_protocol(protocol)
    read = analyse(baseline, protocol=wanted, outcome=wanted.primary)
    posterior = read.answer.posterior
    drawn = posterior.draws(_DRAWS, seed)
    found = simulate(
        wanted,
        participants=participants,
        archetypes=archetypes,
        effect_mcid=effect_mcid,
        population=population,
        seed=seed,
        processes=processes,
        progress=progress,
        like=_like(posterior.question, drawn),
    ).document
    noise = _noise(read.document, drawn)
    return Plan(_document(found, noise, wanted.primary, read.document["input_sha256"]))


def _document(found: dict[str, Any], noise: dict[str, Any], outcome: str, input_sha256: str) -> dict[str, Any]:
    by_model = next(part for part in found["protocols"] if part["judged_by"] == "modicum")
    return {
        "schema": "modicum.plan/1",
        "protocol": by_model["name"],
        "protocol_sha256": by_model["protocol_sha256"],
        "input_sha256": input_sha256,
        "outcome": outcome,
        "noise": noise,
        **{name: found[name] for name in ("effect_mcid", "population", "seed", "participants", "version")},
        "archetypes": by_model["archetypes"],
    }


def _like(question: "Question", drawn: dict[str, np.ndarray]) -> Like:
    """Draws of level and noise as parameters of a population, on its scale."""
    scale = (question.high - question.low) / _POINTS
    level = drawn["intercept"] - question.low if question.better == "lower" else question.high - drawn["intercept"]
    return tuple(
        (("level", at), ("residual_sd", sd), ("correlation", slow), ("white_share", white))
        for at, sd, slow, white in zip(
            np.clip(level / scale, 0.0, _POINTS).tolist(),
            np.maximum(drawn["sd"] / scale, _LEAST_SD).tolist(),
            _one_day(drawn).tolist(),
            drawn["white_share"].tolist(),
            strict=True,
        )
    )


def _one_day(drawn: dict[str, np.ndarray]) -> np.ndarray:
    """Correlation of the slow part from one day to the next."""
    return np.exp(-1.0 / np.maximum(drawn["correlation_days"], 1e-3))


def _noise(document: dict[str, Any], drawn: dict[str, np.ndarray]) -> dict[str, Any]:
    counts = {"n_observed": document["n_observed"], "n_days": document["n_days"]}
    quantities = {
        "level": drawn["intercept"],
        "sd": drawn["sd"],
        "one_day_correlation": _one_day(drawn),
        "white_share": drawn["white_share"],
    }
    return counts | {
        name: {"mean": float(value.mean()), "interval95": np.quantile(value, (0.025, 0.975)).tolist()}
        for name, value in quantities.items()
    }
