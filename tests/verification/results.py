"""Stored results of rows: one JSON file each, with date, commit and a hash of the code that it depends on."""

import hashlib
import json
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modicum.foundation.sources import without_words
from verification.finding import Finding
from verification.rows import ROWS, Row

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "verification"
TABLE = ROOT / "docs" / "verification.md"
_SOURCE = ROOT / "src" / "modicum"
_METHOD = Path(__file__).parent
_OF_PHASES = ("kind", "announced", "max_days", "pairs", "half_days", "looks", "block_days", "placebo_blocks", "order")
_OF_PARAMETERS = ("value", "sd", "log_sd", "low", "high")
_BEGIN, _END = "<!-- table: begin -->", "<!-- table: end -->"


def code_hash(row: Row) -> str:
    """SHA-256 of the code a row depends on: syntax trees without docstrings, so that wording makes nothing stale."""
    digest = hashlib.sha256()
    tested = {file for name in row.depends for file in _files(_SOURCE / name)}
    for path in (*sorted(tested), *(_METHOD / name for name in row.method)):
        text = path.read_text(encoding="utf-8")
        digest.update(path.name.encode())
        digest.update((without_words(text) if path.suffix == ".py" else _rules(text)).encode())
    return digest.hexdigest()[:16]


def store(row: Row, finding: Finding, seconds: float, code: str) -> None:
    """Keep the result of a row; ``code`` is the hash of what it depends on, taken before it ran."""
    FOLDER.mkdir(exist_ok=True)
    document = {
        "schema": "modicum.verification-row/1",
        "row": row.name,
        "shows": row.shows,
        "passed": bool(finding.passed),
        "bound": finding.bound,
        "summary": finding.summary,
        "count": row.full_count,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "commit": _commit(),
        "code": code,
        "seconds": round(seconds),
        "figures": finding.figures,
    }
    (FOLDER / f"{row.name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def load(row: Row) -> dict[str, Any] | None:
    """The stored result of a row, or None."""
    path = FOLDER / f"{row.name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def state(row: Row) -> str:
    """ "holds", "fails", "stale" (the code or the count has changed since) or "not run"."""
    stored = load(row)
    if stored is None:
        return "not run"
    if stored["code"] != code_hash(row) or stored["count"] != row.full_count:
        return "stale"
    return "holds" if stored["passed"] else "fails"


def table() -> list[tuple[str, str, str, str, str, str]]:
    """Name, what it shows, bound, result, state and date of every row."""
    out = []
    for row in ROWS.values():
        stored = load(row) or {"bound": "", "summary": "", "date": "", "commit": "", "passed": True}
        now = state(row)
        if now == "stale" and not stored["passed"]:
            now = "stale, failed"
        out.append((row.name, row.shows, stored["bound"], stored["summary"], now, stored["date"]))
    return out


def write_table() -> None:
    """Put the table into the page of the docs that shows it."""
    lines = ["| row | shows | bound | result | state | date |", "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in table()]
    page = TABLE.read_text(encoding="utf-8")
    head, tail = page.split(_BEGIN)[0], page.split(_END)[1]
    TABLE.write_text(f"{head}{_BEGIN}\n\n" + "\n".join(lines) + f"\n\n{_END}{tail}", encoding="utf-8")


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _rules(text: str) -> str:
    """What a protocol decides and assumes, or what a population is, without its words."""
    document = tomllib.loads(text)
    if "parameters" in document:
        people = {name: [p.get(key) for key in _OF_PARAMETERS] for name, p in document["parameters"].items()}
        return json.dumps(people, sort_keys=True)
    phases = [{key: phase.get(key) for key in _OF_PHASES} for phase in document["phases"]]
    return json.dumps([document[part] for part in ("rules", "onset", "priors")] + phases, sort_keys=True)


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip()
