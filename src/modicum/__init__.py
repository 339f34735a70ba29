"""Modicum finds the smallest dose of a drug that works for one person, and says honestly when none does.

Example:
    >>> import modicum
    >>> modicum.read_protocol("ldn-smallest-dose").drug.ladder_mg
    (0.5, 1.5, 3.0, 4.5)

The names below are loaded when first used, so that importing the package costs next to nothing. It may not know
anything that a room below does not say: it only opens doors.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modicum.foundation.errors import (
        DiaryError,
        InputError,
        InternalError,
        ModicumError,
        OptionsError,
        Problem,
        ProtocolError,
    )
    from modicum.protocol import Protocol, read_protocol
    from modicum.records import Diary, read_diary, write_diary
    from modicum.services.analysing import analyse
    from modicum.services.analysing_many import analyse_many
    from modicum.services.explaining import explain
    from modicum.services.population import Population
    from modicum.services.result import Result

    __version__: str

__all__ = [
    "Diary",
    "DiaryError",
    "InputError",
    "InternalError",
    "ModicumError",
    "OptionsError",
    "Population",
    "Problem",
    "Protocol",
    "ProtocolError",
    "Result",
    "__version__",
    "analyse",
    "analyse_many",
    "explain",
    "read_diary",
    "read_protocol",
    "write_diary",
]

_ERRORS = "modicum.foundation.errors"
_HOMES = {
    "Diary": "modicum.records",
    "DiaryError": _ERRORS,
    "InputError": _ERRORS,
    "InternalError": _ERRORS,
    "ModicumError": _ERRORS,
    "OptionsError": _ERRORS,
    "Population": "modicum.services.population",
    "Problem": _ERRORS,
    "Protocol": "modicum.protocol",
    "ProtocolError": _ERRORS,
    "Result": "modicum.services.result",
    "analyse": "modicum.services.analysing",
    "analyse_many": "modicum.services.analysing_many",
    "explain": "modicum.services.explaining",
    "read_diary": "modicum.records",
    "read_protocol": "modicum.protocol",
    "write_diary": "modicum.records",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from modicum.foundation.version import version

        return version()
    if name not in _HOMES:
        raise AttributeError(f"module 'modicum' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
