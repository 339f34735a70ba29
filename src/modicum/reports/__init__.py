"""Reports: an answer, or what was found in virtual people, to charts and pages.

Charts, the prescriber's page, the patient's page, one self-contained file in HTML or PDF. No statistics and no Django:
every number on a page is a field of the answer or the document, or a mean of such.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modicum.reports.notebook import notebook_html
    from modicum.reports.page import render, render_patient
    from modicum.reports.paper import render_pdf
    from modicum.reports.simulation import render_simulation, simulation_html
    from modicum.reports.writing import write_report, write_simulation

__all__ = [
    "notebook_html",
    "render",
    "render_patient",
    "render_pdf",
    "render_simulation",
    "simulation_html",
    "write_report",
    "write_simulation",
]

_HOMES = {
    "notebook_html": "notebook",
    "render": "page",
    "render_patient": "page",
    "render_pdf": "paper",
    "render_simulation": "simulation",
    "simulation_html": "simulation",
    "write_report": "writing",
    "write_simulation": "writing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
