"""Places: where a report or a chart is written, looked at before any work is done and written to at the end."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from modicum.foundation.errors import OptionsError, Problem


@dataclass(frozen=True)
class Place:
    """A kind of file that is written where a person says.

    Args:
        option: that names the file.
        name: of a file of this kind, without its end.
        only: what is said of another end.
        forms: ends that are offered.
        also: ends that are understood too.
        code: of a place where it cannot be written.
        unwritten: code of one where writing failed.
    """

    option: str
    name: str
    only: str
    forms: tuple[str, ...]
    also: tuple[str, ...]
    code: str
    unwritten: str

    def problems(self, path: Path) -> list[Problem]:
        """What keeps it from being written to this place.

        Example:
            >>> REPORT.problems(Path("report.pdf"))
            []
            >>> REPORT.problems(Path("report.docx"))[0].fix
            'Write report.html or report.pdf.'
        """
        if path.suffix.lower() not in (*self.forms, *self.also):
            message, fix = self.only, f"Write {self._offered(path)}."
        elif "\0" in str(path) or os.path.isdir(path):
            example = f"{self.name}{self.forms[0]}"
            message, fix = "This is not the name of a file", f"Give the file a name of its own, for example {example}."
        elif not os.path.isdir(path.parent):
            message, fix = "There is no such folder", "Make the folder first, or name one that is there."
        elif not os.access(path if os.path.exists(path) else path.parent, os.W_OK):
            message, fix = "This place may not be written to", "Choose a folder, or a name, that you may write to."
        else:
            return []
        return [Problem(self.code, self.option, str(path), message, fix)]

    def write(self, path: str | Path, write: Callable[[Path], object]) -> Path:
        """Write it.

        Args:
            path: the place.
            write: writes it there.

        Raises:
            OptionsError: the place is none for it, or nothing can be written there.
        """
        target = Path(path)
        if problems := self.problems(target):
            raise OptionsError(problems)
        try:
            write(target)
        except OSError as error:
            message = f"The file cannot be written: {error.strerror or error}"
            fix = "Choose a folder that exists and that you may write to."
            raise OptionsError([Problem(self.unwritten, self.option, str(target), message, fix)]) from error
        return target

    def _offered(self, path: Path) -> str:
        """The same name with every end that is offered."""
        stem = path.stem if path.stem and path.name.lower() not in (*self.forms, *self.also) else self.name
        *names, last = (f"{stem}{form}" for form in self.forms)
        return f"{', '.join(names)} or {last}"


def chart_place(code: str) -> Place:
    """Of a chart; commands have codes of their own.

    Example:
        >>> chart_place("MOD-PHARM-10").problems(Path("chart.gif"))[0].fix
        'Write chart.svg, chart.png, chart.html or chart.pdf.'
    """
    forms = (".svg", ".png", ".html", ".pdf")
    return Place("--plot", "chart", "A chart has another format", forms, (), code, code)


REPORT = Place(
    "--report",
    "report",
    "A report is written as HTML or as PDF",
    (".html", ".pdf"),
    (".htm",),
    "MOD-OPT-11",
    "MOD-OPT-16",
)
