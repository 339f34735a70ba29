"""Amounts of drug: whole micrograms, so that nothing is lost in a sum."""

from decimal import Decimal

UG_PER_MG = 1000


def micrograms(dose_mg: float, parts: int = 1) -> int | None:
    """A dose, or an equal part of it, in micrograms; None where that is not a whole number.

    Args:
        dose_mg: as a protocol writes it, mg.
        parts: how many parts the dose is cut into, from 1.

    Example:
        >>> micrograms(4.5), micrograms(0.5, parts=2), micrograms(0.0005)
        (4500, 250, None)
    """
    exact = Decimal(repr(dose_mg)) * UG_PER_MG / parts
    return int(exact) if exact == exact.to_integral_value() else None


def say_mg(amount_ug: int, unit: str = "mg") -> str:
    """An amount in mg, exactly, thousands marked.

    Args:
        amount_ug: micrograms.
        unit: word behind the number; "" for none.

    Example:
        >>> say_mg(4500), say_mg(1_234_500), say_mg(0)
        ('4.5 mg', '1,234.5 mg', '0 mg')
    """
    whole, rest = divmod(amount_ug, UG_PER_MG)
    digits = f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")
    return f"{digits} {unit}".rstrip()


def say_strength(amount_ug: int) -> str:
    """The content of one capsule in words: "4.5 mg", or "filler" where it holds no drug."""
    return say_mg(amount_ug) if amount_ug else "filler"
