"""Where a report is written: looked at before any work is done, and written to at the end."""

import os
from collections.abc import Callable
from pathlib import Path

from modicum.foundation.errors import OptionsError, Problem

REPORT_FORMS = (".html", ".htm", ".pdf")


def report_problems(path: Path) -> list[Problem]:
    """What keeps a report from being written to this place, before any work is done.

    Example:
        >>> report_problems(Path("report.pdf"))
        []
        >>> report_problems(Path("report.docx"))[0].fix
        'Write report.html or report.pdf.'
    """
    if path.suffix.lower() not in REPORT_FORMS:
        name = path.stem if path.stem and path.name.lower() not in REPORT_FORMS else "report"
        message, fix = "A report is written as HTML or as PDF", f"Write {name}.html or {name}.pdf."
    elif "\0" in str(path) or os.path.isdir(path):
        message, fix = "This is not the name of a file", "Give the file a name of its own, for example report.html."
    elif not os.path.isdir(path.parent):
        message, fix = "There is no such folder", "Make the folder first, or name one that is there."
    elif not os.access(path if os.path.exists(path) else path.parent, os.W_OK):
        message, fix = "This place may not be written to", "Choose a folder, or a name, that you may write to."
    else:
        return []
    return [Problem("MOD-OPT-11", "--report", str(path), message, fix)]


def write_at(path: str | Path, write: Callable[[Path], object]) -> Path:
    """Write a report to a place.

    Args:
        path: the place.
        write: writes it there.

    Raises:
        OptionsError: when the name does not end in .html or .pdf, or nothing can be written there.
    """
    target = Path(path)
    if problems := report_problems(target):
        raise OptionsError(problems)
    try:
        write(target)
    except OSError as error:
        message = f"The file cannot be written: {error.strerror or error}"
        fix = "Choose a folder that exists and that you may write to."
        raise OptionsError([Problem("MOD-OPT-16", "--report", str(target), message, fix)]) from error
    return target
