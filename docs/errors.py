"""Write docs/errors.md from the catalogues of codes in the source; run by ``make docs``."""

from enum import EnumType
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TITLES = {
    "allocation": "A draw, a sealed allocation or a key",
    "participants": "A virtual population",
    "pharmacology": "A question about pharmacology",
    "protocol": "A protocol file",
    "records": "A diary",
    "screening": "What is screened",
    "services": "Options, assumptions and faults",
    "supply": "An order of capsules",
    "web": "What a phone asks the clinic",
}
HEAD = """# What can be wrong, by code

Every problem has a stable code. Modicum lists all problems of an input at once, each with the place, the value received
and what to do. On the command line problems end with exit code 2; with `--json` they are printed as a
`modicum.error/1` document. Warnings use the same codes and stop nothing.
"""


def catalogue(room: str) -> dict[str, str]:
    """Code to meaning for one room of the source."""
    for value in vars(import_module(f"modicum.{room}.problems")).values():
        if isinstance(value, dict) and value and all(str(key).startswith("MOD-") for key in value):
            return {str(key): str(meaning) for key, meaning in value.items()}
        if isinstance(value, EnumType) and list(value) and all(str(m.value).startswith("MOD-") for m in value):
            return {str(member.value): str(getattr(member, "sentence", "")) for member in value}
    raise LookupError(room)


def page() -> str:
    """The whole page."""
    rooms = sorted(path.parent.name for path in (ROOT / "src" / "modicum").glob("*/problems.py"))
    parts = [HEAD]
    for room in rooms:
        rows = [f"| {code} | {meaning} |" for code, meaning in catalogue(room).items()]
        parts.append(
            "\n".join([f"## {TITLES.get(room, room.capitalize())}\n", "| code | meaning |", "| --- | --- |", *rows])
        )
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "errors.md").write_text(page(), encoding="utf-8")
