"""Everything that Modicum raises on purpose, in one tree.

    ModicumError
    ├── InputError            what was given cannot be used; carries every problem at once; exit code 2
    │   ├── ProtocolError     a protocol file
    │   ├── DiaryError        a diary file or frame
    │   ├── AllocationError   a draw, a seal or a key
    │   ├── SupplyError       an order of capsules
    │   └── OptionsError      options of a command or arguments of a function
    └── InternalError         a promise of Modicum's own was broken; exit code 3

A problem says what is wrong, the value received, where, and what to do (STYLE 8).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, or worth saying about it.

    Args:
        code: stable code, listed in the docs, for example ``MOD-DIARY-07``.
        where: file and line, column, option or field.
        value: the value received, as text; empty where there is none.
        message: what is wrong, one sentence.
        fix: what to do, one sentence.
    """

    code: str
    where: str
    value: str
    message: str
    fix: str

    def __str__(self) -> str:
        received = f" (received {self.value!r})" if self.value else ""
        return f"{self.where}: {self.message.rstrip('.')}{received}. {self.fix} [{self.code}]"

    def to_dict(self) -> dict[str, str]:
        """The problem as the ``modicum.error/1`` document lists it."""
        return asdict(self)


def problem(code: str, where: str, value: object, message: str, fix: str) -> Problem:
    """One problem, its value cut to what a person can read.

    Args:
        code: of the catalogue of the room that it is found in.
        where: option, file or field.
        value: the value received; "" where there is none.
        message: what is wrong, one sentence.
        fix: what to do, one sentence.
    """
    text = str(value)
    return Problem(code, where, text if len(text) <= 80 else text[:77] + "...", message, fix)


class ModicumError(Exception):
    """Base of all errors that Modicum raises on purpose."""


class InputError(ModicumError):
    """What was given cannot be used. ``problems`` holds all that is wrong with it, in the order of the input."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def to_document(self) -> dict[str, object]:
        """The ``modicum.error/1`` document."""
        return {"schema": "modicum.error/1", "problems": [problem.to_dict() for problem in self.problems]}


class ProtocolError(InputError):
    """A protocol that cannot be used."""


class DiaryError(InputError):
    """A diary that cannot be used."""


class AllocationError(InputError):
    """A draw, a sealed allocation or a key that cannot be used."""


class SupplyError(InputError):
    """An order of capsules that cannot be made up."""


class OptionsError(InputError):
    """Options or arguments that cannot be used together, or at all."""


class InternalError(ModicumError):
    """A promise that Modicum makes about itself was broken. Please report it with the command that led here."""
