"""A contradiction inside a protocol whose fields are each valid, before it has a line number."""

from dataclasses import dataclass

from modicum.protocol.positions import Path


@dataclass(frozen=True)
class Finding:
    """One contradiction.

    Args:
        code: see ``problems.py``.
        path: the field to change.
        value: the value received, as text.
        message: what is wrong, one sentence.
        fix: what to do, one sentence.
        needs: other fields that the finding rests on; it is dropped where one of them is itself invalid.
    """

    code: str
    path: Path
    value: str
    message: str
    fix: str
    needs: tuple[Path, ...] = ()
