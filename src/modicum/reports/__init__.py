"""Reports: an answer to charts and pages.

Charts, the prescriber's page, the patient's page, one self-contained file in HTML or PDF. No statistics and no Django:
every number on a page is a field of the answer.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modicum.reports.notebook import notebook_html
    from modicum.reports.page import render
    from modicum.reports.paper import render_pdf
    from modicum.reports.writing import write_report

__all__ = ["notebook_html", "render", "render_pdf", "write_report"]

_HOMES = {"notebook_html": "notebook", "render": "page", "render_pdf": "paper", "write_report": "writing"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
