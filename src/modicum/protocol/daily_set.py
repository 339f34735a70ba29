"""A daily set as text: the items of a condition in the form in which a protocol file holds them."""

from modicum.protocol.conditions import find_condition, read_catalogue
from modicum.protocol.items import Citation, Outcome
from modicum.protocol.writing import value_toml

_FIELDS = (
    *("name", "label", "question", "unit", "kind", "low", "high", "low_label", "high_label"),
    *("better", "recall", "mcid", "mcid_source", "mcid_grade"),
)
_USUAL = {"unit": "points", "kind": "gaussian"}


def daily_toml(condition: str) -> str:
    """The daily set of a condition as TOML, to be put in place of the items of a protocol file.

    Args:
        condition: key, title or code, as :func:`~modicum.protocol.conditions.find_condition` takes it.

    Returns:
        The line ``primary``, one table ``[[outcomes]]`` an item, and the ``[[sources]]`` that they name.

    Raises:
        ProtocolError: there is no such condition.

    Example:
        >>> daily_toml("lupus").splitlines()[0]
        'primary = "hand_pain"'
    """
    catalogue, key = read_catalogue(), find_condition(condition)
    items = catalogue.daily(key)
    cited = {item.mcid_source for item in items}
    sources = [source for source in catalogue.sources if source.id in cited]
    parts = [f"primary = {value_toml(items[0].name)}", *map(_outcome, items), *map(_source, sources)]
    return "\n\n".join(parts) + "\n"


def _outcome(item: Outcome) -> str:
    values = {name: getattr(item, name) for name in _FIELDS}
    return "[[outcomes]]\n" + "\n".join(
        f"{name} = {value_toml(value)}" for name, value in values.items() if _USUAL.get(name) != value
    )


def _source(source: Citation) -> str:
    return "[[sources]]\n" + "\n".join(f"{name} = {value_toml(value)}" for name, value in source.model_dump().items())
