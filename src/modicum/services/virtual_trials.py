"""What ``simulate`` and ``plan`` hand back: the document, and the forms in which it can be looked at, kept or sent."""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modicum.services.places import REPORT

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, repr=False)
class VirtualTrials(ABC):
    """What protocols found in virtual people.

    Args:
        document: text, numbers, null, lists and objects.
    """

    document: dict[str, Any]

    @property
    @abstractmethod
    def protocols(self) -> list[dict[str, Any]]:
        """One part a protocol and judge."""

    def to_json(self) -> str:
        """The document as text."""
        return json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)

    def chart(self) -> "altair.VConcatChart":
        """Who is said to be helped, at which dose, how long it takes and how it ends, as one Altair chart."""
        from modicum.reports.charts.simulation import chart

        return chart(self.protocols)

    def report(self, path: str | Path) -> Path:
        """Write the report, all protocols side by side in one HTML or PDF file without network.

        Raises:
            OptionsError: when the name does not end in .html or .pdf, or nothing can be written there.
        """
        from modicum.reports import write_simulation

        return REPORT.write(path, lambda place: write_simulation(self.document, self.protocols, place))

    def _repr_html_(self) -> str:
        from modicum.reports import simulation_html

        return simulation_html(self.document, self.protocols)

    def __repr__(self) -> str:
        named = ", ".join(dict.fromkeys(row["name"] for row in self.protocols))
        return f"<{type(self).__name__} of {named}, {self.document['participants']:,} virtual people for each line>"
