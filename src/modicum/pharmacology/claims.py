"""Claims: what is said of how low-dose naltrexone works, who says it, and what was measured."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Claim:
    """One claim.

    Args:
        claim: in a sentence.
        said_by: who says so.
        measured: what was measured, in whom, and by whom.
        grade: of the best that there is, in the words of a protocol's sources; "assumption" where there is nothing.
        finding: what that comes to, in a few words.
    """

    claim: str
    said_by: str
    measured: str
    grade: str
    finding: str


def _read() -> tuple[Claim, ...]:
    text = files("modicum.pharmacology").joinpath("claims.toml").read_text(encoding="utf-8")
    return tuple(Claim(**row) for row in tomllib.loads(text)["claim"])


CLAIMS = _read()
