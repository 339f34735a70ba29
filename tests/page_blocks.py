"""The fenced blocks of the README and the docs, and how each kind is carried out."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = tuple(path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if path.is_file())
FENCE = re.compile(r"^```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^```\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, the line it begins on, its language and its text."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Step:
    """One command of a console block, and what the page shows of its output."""

    command: str
    shown: tuple[str, ...]


def blocks(page: Path, *languages: str) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, match.start()) + 1, match["language"], match["text"])
        for match in FENCE.finditer(text)
        if match["language"] in languages
    ]


def steps(text: str) -> list[Step]:
    """The commands of a console block: lines after ``$``, continued after a backslash, each with its output."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1] = (f"{found[-1][0][:-1]} {line.strip()}", [])
        elif found:
            found[-1][1].append(line.rstrip())
    return [Step(command, tuple(shown)) for command, shown in found]


def agrees(shown: tuple[str, ...], output: str) -> bool:
    """Whether the lines shown occur in the output in this order, next to each other; ``...`` stands for any lines."""
    wanted = [line for line in shown if line.strip()]
    printed = [line.rstrip() for line in output.splitlines() if line.strip()]
    at, free = 0, False
    for line in wanted:
        if line.strip() == "...":
            free = True
            continue
        if free:
            while at < len(printed) and printed[at] != line:
                at += 1
        if at >= len(printed) or printed[at] != line:
            return False
        at, free = at + 1, False
    return free or at == len(printed) or not wanted
