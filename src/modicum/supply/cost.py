"""Cost: of the capsules that are really needed, by every price at hand, each with its source."""

from dataclasses import dataclass

from modicum.supply.formulation import Price


@dataclass(frozen=True)
class Cost:
    """What capsules cost by one price.

    Args:
        price: as it was found.
        capsules: that are paid for.
        cents: in proportion, rounded up, in hundredths of the price's currency.
        packs: whole packs of the price.
        packs_cents: what those cost.
    """

    price: Price
    capsules: int
    cents: int
    packs: int
    packs_cents: int


def cost_of(capsules: int, price: Price) -> Cost:
    """What capsules cost.

    That placebo costs what the drug costs is assumed: filling is the work.

    Args:
        capsules: number of them, >= 0.
        price: for a pack.

    Example:
        >>> stated = {"currency": "USD", "dated": "undated", "source": "b", "grade": "recalled"}
        >>> pack = Price(seller="a", cents=3500, capsules=30, **stated)
        >>> cost_of(100, pack).cents, cost_of(100, pack).packs_cents
        (11667, 14000)
    """
    packs = -(-capsules // price.capsules)
    return Cost(price, capsules, -(-capsules * price.cents // price.capsules), packs, packs * price.cents)


def say_cents(cents: int, currency: str) -> str:
    """An amount of money in words.

    Example:
        >>> say_cents(1_234_500, "USD")
        'USD 12,345'
    """
    whole, rest = divmod(cents, 100)
    return f"{currency} {whole:,}" + (f".{rest:02d}" if rest else "")
