"""A formulation: how capsules of one drug are filled, kept, priced and warned of; every figure with its source."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import Field, ValidationError

from modicum.foundation.errors import Problem, SupplyError, problem
from modicum.protocol.items import Grade
from modicum.protocol.record import Name, Part, Prose, Words

Whole = Annotated[int, Field(ge=0, le=10**12)]
_SHIPPED = ("naltrexone", "general")


class Figure(Part):
    """One number that an order rests on.

    Args:
        name: what it is called.
        value: a whole number.
        unit: of the value.
        sentence: what it says.
        source: where it is from; "" for an assumption.
        grade: how good that source is.
        confirmed: whether the figure was read at its source; else documents say "unconfirmed".
    """

    name: Name
    value: Whole
    unit: Prose
    sentence: Words
    source: Prose = ""
    grade: Grade
    confirmed: bool


class Price(Part):
    """What somebody asks for capsules.

    Args:
        seller: who asks it.
        cents: for ``capsules`` capsules of any strength, in hundredths of ``currency``.
        capsules: that the price is for.
        currency: for example "USD".
        dated: the year of the price, or "undated".
        source: where it was read.
        grade: how good that source is.
    """

    seller: Words
    cents: Whole
    capsules: Annotated[int, Field(ge=1)]
    currency: Words
    dated: Words
    source: Words
    grade: Grade


class Liquid(Part):
    """A liquid as an alternative to capsules.

    Args:
        ug_per_ml: strength.
        batch_ml: what one batch yields.
        formula: its ingredients; for the pharmacist alone.
        days: it keeps.
        keeping: how it keeps so long.
        warning: why it does not belong into a blinded phase.
        source: of all this.
        grade: how good that source is.
        confirmed: whether it was read there.
    """

    ug_per_ml: Annotated[int, Field(ge=1)]
    batch_ml: Annotated[int, Field(ge=1)]
    formula: Words
    days: Annotated[int, Field(ge=1)]
    keeping: Words
    warning: Words
    source: Words
    grade: Grade
    confirmed: bool


class Warned(Part):
    """A warning of the emergency card and of the page on stopping.

    Args:
        text: as it stands there; ``{drug}`` and ``{most}`` are the drug and its highest dose.
        open: as it stands where nothing is blinded; the same where empty.
        never: whether it forbids something, so that it is set apart.
        source: what it rests on.
        grade: how good that source is.
    """

    text: Words
    open: Prose = ""
    never: bool = False
    source: Words
    grade: Grade


class Formulation(Part):
    """How capsules of a drug are made up.

    Args:
        drug: its name, as in a protocol; "" for any drug.
        short: its name on labels and cards; the protocol's where empty.
        capsule_size: size of the capsule.
        filler: where the protocol names none.
        contradictions: what sources disagree about.
        sold_ug: strengths that are commonly made, micrograms.
        figures: every number.
        prices: what capsules cost, and who says so.
        liquid: an alternative, or None.
        warnings: for card and stop page.
    """

    drug: Prose
    short: Prose = ""
    capsule_size: Words
    filler: Words
    contradictions: Prose = ""
    sold_ug: tuple[Whole, ...] = ()
    figures: tuple[Figure, ...]
    prices: tuple[Price, ...] = ()
    liquid: Liquid | None = None
    warnings: Annotated[tuple[Warned, ...], Field(min_length=1)]

    def figure(self, name: str) -> int:
        """The value of a figure.

        Args:
            name: one of ``NEEDED``.
        """
        return next(one.value for one in self.figures if one.name == name)


NEEDED = ("fill_ug", "beyond_use_days", "retained_capsules", "least_weighed_ug", "longest_kit_nights")


def read_formulation(text: str, where: str) -> Formulation:
    """A formulation from the text of its file.

    Args:
        text: TOML.
        where: name of the file, for the problems.

    Raises:
        SupplyError: with every problem at once.
    """
    fix = "Start from a shipped one: modicum/supply/library/naltrexone.toml."
    try:
        found = Formulation.model_validate(_tuples(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise SupplyError([problem("MOD-SUPPLY-10", where, "", f"This is not TOML: {error}", fix)]) from error
    except ValidationError as error:
        raise SupplyError([_field(dict(one), where, fix) for one in error.errors(include_url=False)]) from error
    given = {one.name for one in found.figures}
    missing = [name for name in NEEDED if name not in given]
    if missing:
        message = f"These figures are missing: {', '.join(missing)}"
        raise SupplyError([problem("MOD-SUPPLY-10", where, "", message, fix)])
    low = [name for name in ("fill_ug", "beyond_use_days", "longest_kit_nights") if found.figure(name) < 1]
    if low:
        message = f"These figures must be above 0: {', '.join(low)}"
        raise SupplyError([problem("MOD-SUPPLY-10", where, "0", message, fix)])
    return found


def _field(error: Mapping[str, Any], where: str, fix: str) -> Problem:
    place = ".".join(str(part) for part in error["loc"])
    value = "" if isinstance(error["input"], dict | list | tuple) else error["input"]
    return problem("MOD-SUPPLY-10", f"{where}: {place}", value, str(error["msg"]), fix)


def _tuples(value: Any) -> Any:
    """TOML with tuples for lists, as strict fields want them."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


@cache
def shipped_formulation(drug: str) -> Formulation:
    """The formulation that is shipped for a drug, or the general one.

    Args:
        drug: as a protocol names it.

    Example:
        >>> shipped_formulation("naltrexone hydrochloride").figure("fill_ug")
        225000
        >>> shipped_formulation("another drug").drug
        ''
    """
    for name in _SHIPPED:
        text = files("modicum.supply").joinpath("library", f"{name}.toml").read_text(encoding="utf-8")
        found = read_formulation(text, f"{name}.toml")
        if found.drug.lower() == drug.strip().lower() or not found.drug:
            return found
    raise AssertionError  # the last one is for any drug
