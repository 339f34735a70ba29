"""Modicum finds the smallest dose of a drug that works for one person, and says honestly when none does.

Example:
    >>> import modicum
    >>> modicum.read_protocol("ldn-smallest-dose").drug.ladder_mg
    (0.5, 1.5, 3.0, 4.5)

The names below are loaded when first used, so that importing the package costs next to nothing. It may not know
anything that a room below does not say: it only opens doors.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

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
    from modicum.services.clinicians import Clinicians, clinicians
    from modicum.services.explaining import explain
    from modicum.services.factorial import factorial
    from modicum.services.instruments import Instruments, instruments
    from modicum.services.pharmacology import Pharmacology, pharmacology
    from modicum.services.planning import Plan, plan
    from modicum.services.population import Population
    from modicum.services.result import Result
    from modicum.services.screening import Screened, screen
    from modicum.services.simulating import Simulation, simulate
    from modicum.services.two_by_two import TwoByTwo

    __version__: str

__all__ = [
    "Clinicians",
    "Diary",
    "DiaryError",
    "InputError",
    "Instruments",
    "InternalError",
    "ModicumError",
    "OptionsError",
    "Pharmacology",
    "Plan",
    "Population",
    "Problem",
    "Protocol",
    "ProtocolError",
    "Result",
    "Screened",
    "Simulation",
    "TwoByTwo",
    "__version__",
    "analyse",
    "analyse_many",
    "clinicians",
    "explain",
    "factorial",
    "instruments",
    "pharmacology",
    "plan",
    "read_diary",
    "read_protocol",
    "screen",
    "simulate",
    "write_diary",
]

_ERRORS = "modicum.foundation.errors"
_HOMES = {
    "Clinicians": "modicum.services.clinicians",
    "Diary": "modicum.records",
    "DiaryError": _ERRORS,
    "InputError": _ERRORS,
    "Instruments": "modicum.services.instruments",
    "InternalError": _ERRORS,
    "ModicumError": _ERRORS,
    "OptionsError": _ERRORS,
    "Pharmacology": "modicum.services.pharmacology",
    "Plan": "modicum.services.planning",
    "Population": "modicum.services.population",
    "Problem": _ERRORS,
    "Protocol": "modicum.protocol",
    "ProtocolError": _ERRORS,
    "Result": "modicum.services.result",
    "Screened": "modicum.services.screening",
    "Simulation": "modicum.services.simulating",
    "TwoByTwo": "modicum.services.two_by_two",
    "analyse": "modicum.services.analysing",
    "analyse_many": "modicum.services.analysing_many",
    "clinicians": "modicum.services.clinicians",
    "explain": "modicum.services.explaining",
    "factorial": "modicum.services.factorial",
    "instruments": "modicum.services.instruments",
    "pharmacology": "modicum.services.pharmacology",
    "plan": "modicum.services.planning",
    "read_diary": "modicum.records",
    "read_protocol": "modicum.protocol",
    "screen": "modicum.services.screening",
    "simulate": "modicum.services.simulating",
    "write_diary": "modicum.records",
}


_ROOMS = {"pharmacology"}  # packages that bear the name of what they do


class _Room(ModuleType):
    """A package that can be called: it opens the door of the same name."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        name = self.__name__.removeprefix(f"{__name__}.")
        return getattr(import_module(_HOMES[name]), name)(*args, **options)


class _House(ModuleType):
    """This package. Importing a room below puts it here under its name; the door of that name must not be lost."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _ROOMS and isinstance(value, ModuleType):
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _House


def __getattr__(name: str) -> object:
    if name == "__version__":
        from modicum.foundation.version import version

        return version()
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'modicum' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
