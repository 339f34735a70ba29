"""Writing a report to a file, in the form that the end of its name says."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from modicum.decision.answer import Answer
from modicum.reports.sides import Rows


def write_report(answer: Answer, path: str | Path, language: str = "en", say: Callable[[str], str] = str) -> Path:
    """Write the report as one file: PDF where the name ends in .pdf, else HTML.

    Args:
        answer: what is shown.
        path: where to write; services check its name.
        language: of both pages, "en" or "de"; English where it is another.
        say: words of a protocol to that language, or to themselves where nobody translated them.

    Returns:
        The path written.

    Raises:
        OSError: nothing can be written there.
    """

    def pdf() -> bytes:
        from modicum.reports.paper import render_pdf

        return render_pdf(answer, language, say)

    def html() -> str:
        from modicum.reports.page import render

        return render(answer, language, say)

    return _write(path, html, pdf)


def write_simulation(document: Mapping[str, Any], rows: Rows, path: str | Path) -> Path:
    """The same of a simulation or a plan.

    Args:
        document: of either.
        rows: its protocols.
        path: where to write; services check its name.

    Returns:
        The path written.

    Raises:
        OSError: nothing can be written there.
    """
    from modicum.reports import simulation

    return _write(
        path, lambda: simulation.render_simulation(document, rows), lambda: simulation.print_simulation(document, rows)
    )


def _write(path: str | Path, html: Callable[[], str], pdf: Callable[[], bytes]) -> Path:
    """One file in one of both forms; Typst is loaded only where it sets one."""
    target = Path(path)
    target.write_bytes(pdf() if target.suffix.lower() == ".pdf" else html().encode())
    return target
