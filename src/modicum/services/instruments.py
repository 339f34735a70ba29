"""What can be asked in a condition: the verb behind ``modicum instruments`` and :func:`modicum.instruments`."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modicum.foundation.version import version

if TYPE_CHECKING:
    from modicum.protocol.instruments import Catalogue, Instrument
    from modicum.protocol.items import Outcome

_ASKED = ("name", "label", "question", "kind", "unit", "low", "high", "low_label", "high_label", "recall")


@dataclass(frozen=True, repr=False)
class Instruments:
    """What can be asked in one condition, or in all.

    Args:
        catalogue: the whole of it, with the words of our own items.
        conditions: keys of the conditions that were asked about.
    """

    catalogue: "Catalogue"
    conditions: tuple[str, ...]

    def daily(self, condition: str | None = None) -> "tuple[Outcome, ...]":
        """The daily set of a condition, the primary item first, as a protocol holds it.

        Args:
            condition: a key of ``conditions``; the first of them where left out.
        """
        return self.catalogue.daily(self.conditions[0] if condition is None else condition)

    def of_others(self, condition: str | None = None) -> "tuple[Instrument, ...]":
        """The instruments of others in a condition.

        Args:
            condition: a key of ``conditions``; the first of them where left out.
        """
        return self.catalogue.used_in(self.conditions[0] if condition is None else condition)

    @property
    def document(self) -> dict[str, Any]:
        """The ``modicum.instruments/1`` document."""
        named = dict.fromkeys(name for key in self.conditions for name in self.catalogue.conditions[key].daily)
        return {
            "schema": "modicum.instruments/1",
            "language": self.catalogue.language,
            "conditions": [self._condition(key) for key in self.conditions],
            "items": [self._item(self.catalogue.items[name]) for name in named],
            "diet": [{name: getattr(item, name) for name in _ASKED} for item in self.catalogue.diet.values()],
            "sources": [source.model_dump() for source in self.catalogue.sources],
            "version": version(),
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """The document as JSON text."""
        return json.dumps(self.document, indent=indent, ensure_ascii=False, allow_nan=False)

    def _condition(self, key: str) -> dict[str, Any]:
        row = self.catalogue.conditions[key]
        return {
            "condition": key,
            "title": row.title,
            "icd10": list(row.icd10),
            "icd10_cm": list(row.icd10_cm),
            "note": row.note,
            "primary": row.primary,
            "daily": list(row.daily),
            "instruments": [self._instrument(one) for one in self.catalogue.used_in(key)],
        }

    def _instrument(self, one: "Instrument") -> dict[str, Any]:
        same = ("items", "low", "high", "better", "recall", "rated_by", "own", "note")
        return {
            "instrument": one.name,
            **{name: getattr(one, name) for name in same},
            "mcid": self._mcid(one),
            "licence": {**one.licence.model_dump(), "verified": False},
        }

    def _mcid(self, one: "Instrument") -> dict[str, Any] | None:
        if one.mcid is None:
            return None
        source = self.catalogue.source(one.mcid.sources[0])
        doi = f", doi:{source.doi}" if source.doi else ""
        return {
            "says": one.mcid.says,
            "value": one.mcid.value,
            "unit": one.mcid.unit,
            "source": f"{source.citation}{doi}",
            "grade": source.grade,
            "verified": source.verified,
        }

    def _item(self, item: "Outcome") -> dict[str, Any]:
        cited = {source.id: source for source in self.catalogue.sources}.get(item.mcid_source)
        return {
            **{name: getattr(item, name) for name in (*_ASKED, "better", "mcid")},
            "mcid_source": item.mcid_source if cited is None else f"{cited.citation}, doi:{cited.doi}",
            "mcid_grade": item.mcid_grade,
        }

    def __repr__(self) -> str:
        return f"<Instruments {', '.join(self.conditions)}>"


def instruments(condition: str | None = None) -> Instruments:
    """Look up what can be asked: our own plain items, and instruments of others by name, with their terms.

    Args:
        condition: key, title or ICD code; all conditions where left out.

    Returns:
        The daily set of at most eight items, one of them primary, and the instruments of others. None of their wording
        is shipped; each says where it is obtained.

    Raises:
        ProtocolError: there is no such condition.

    Example:
        >>> instruments("L40").daily()[0].name
        'itch'
    """
    from modicum.protocol.conditions import find_condition, read_catalogue

    catalogue = read_catalogue()
    return Instruments(catalogue, tuple(catalogue.conditions) if condition is None else (find_condition(condition),))
