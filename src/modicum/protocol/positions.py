"""Where each field of a TOML text stands: path of keys and indices to line number."""

import re
from bisect import bisect_right

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_SCALAR = re.compile(r"[^,\]}\n#]+")
_QUOTES = (
    ('"""', re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL)),
    ("'''", re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)),
    ('"', re.compile(r'"(?:\\.|[^"\\\n])*"')),
    ("'", re.compile(r"'[^'\n]*'")),
)


class _Scan:
    """A walk over text that a TOML parser has accepted already; it need not judge, only find."""

    def __init__(self, text: str):
        self.text = text
        self.at = 0
        self.breaks = [found.start() for found in re.finditer("\n", text)]
        self.lines: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}

    def mark(self, path: Path) -> None:
        self.lines.setdefault(path, bisect_right(self.breaks, self.at - 1) + 1)

    def skip(self, pattern: re.Pattern[str] = _BLANK) -> str:
        found = pattern.match(self.text, self.at)
        if not found:
            return ""
        self.at = found.end()
        return found.group()

    def peek(self, word: str) -> bool:
        return self.text.startswith(word, self.at)

    def quoted(self) -> str:
        return next((self.skip(pattern) for mark, pattern in _QUOTES if self.peek(mark)), "")

    def key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self.skip()
            parts.append(self.quoted()[1:-1] if self.text[self.at] in "\"'" else self.skip(_BARE))
            self.skip()
            if not self.peek("."):
                return parts
            self.at += 1

    def header(self) -> Path:
        listed = self.peek("[[")
        self.at += 2 if listed else 1
        path: Path = ()
        keys = self.key()
        for index, part in enumerate(keys):
            path = (*path, part)
            if listed and index == len(keys) - 1:
                self.tables[path] = self.tables.get(path, -1) + 1
                self.mark(path)
            if path in self.tables:
                path = (*path, self.tables[path])
        self.mark(path)
        self.at += 2 if listed else 1
        return path

    def pair(self, table: Path) -> None:
        start = self.at
        path = table
        for part in self.key():
            path = (*path, part)
            self.lines.setdefault(path, bisect_right(self.breaks, start - 1) + 1)
        self.at += 1
        self.skip()
        self.value(path)

    def value(self, path: Path) -> None:
        self.mark(path)
        if self.peek("["):
            self.members(path, "]")
        elif self.peek("{"):
            self.members(path, "}")
        elif not self.quoted():
            self.skip(_SCALAR)

    def members(self, path: Path, end: str) -> None:
        self.at += 1
        self.skip()
        index = 0
        while not self.peek(end):
            if end == "]":
                self.value((*path, index))
            else:
                self.pair(path)
            index += 1
            self.skip()
            self.at += self.peek(",")
            self.skip()
        self.at += 1


def find_positions(text: str) -> dict[Path, int]:
    r"""Line number of every table, field and list element of a TOML text.

    Args:
        text: valid TOML.

    Returns:
        Path of keys and indices to line number, counted from 1.

    Example:
        >>> find_positions('name = "x"\n[[phases]]\ndoses_mg = [\n  0.5,\n]')[("phases", 0, "doses_mg", 0)]
        4
    """
    scan = _Scan(text)
    table: Path = ()
    scan.skip()
    while scan.at < len(text):
        if scan.peek("["):
            table = scan.header()
        else:
            scan.pair(table)
        scan.skip()
    return scan.lines


def find_line(positions: dict[Path, int], path: Path) -> int:
    """Line of the field at ``path``, or of the nearest table around it; 1 where there is none."""
    while path and path not in positions:
        path = path[:-1]
    return positions.get(path, 1)
