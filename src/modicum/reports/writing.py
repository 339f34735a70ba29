"""Writing a report to a file, in the form that the end of its name says."""

from collections.abc import Callable
from pathlib import Path

from modicum.decision.answer import Answer


def _html(answer: Answer) -> bytes:
    """The report for the screen."""
    from modicum.reports.page import render

    return render(answer).encode()


def _pdf(answer: Answer) -> bytes:
    """The report for paper; only here is Typst loaded."""
    from modicum.reports.paper import render_pdf

    return render_pdf(answer)


FORMS: dict[str, Callable[[Answer], bytes]] = {".html": _html, ".htm": _html, ".pdf": _pdf}


def write_report(answer: Answer, path: str | Path) -> Path:
    """Write the report as one file: PDF where the name ends in .pdf, else HTML.

    Args:
        answer: what is shown.
        path: where to write; services check its name.

    Returns:
        The path written.

    Raises:
        OSError: nothing can be written there.
    """
    target = Path(path)
    target.write_bytes(FORMS.get(target.suffix.lower(), _html)(answer))
    return target
