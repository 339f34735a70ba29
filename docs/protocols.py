"""Write the field reference of docs/protocols.md from the schema's own notes; run by ``make docs``."""

from pathlib import Path

from pydantic import BaseModel

from modicum.protocol.notes import TABLES, field_notes

PAGE = Path(__file__).resolve().parent / "protocols.md"
START = "<!-- fields: written by docs/protocols.py -->"
END = "<!-- end of fields -->"
LISTED = {"phases", "outcomes", "side_effects", "sources"}


def default_of(model: type[BaseModel], name: str) -> str:
    """What a field is where it is left out, as it would be written."""
    field = model.model_fields[name]
    if field.is_required():
        return "required"
    value = field.default
    if value is None or isinstance(value, BaseModel):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f'`"{value}"`'
    return "`[]`" if value == () else f"`{value:g}`"


def reference() -> str:
    """One table of fields for each table of a protocol file."""
    escaped_bar = "\\|"
    parts = [START]
    for table, model in TABLES.items():
        title = f"[[{table}]]" if table in LISTED else f"[{table}]" if table else "Head of the file"
        notes = field_notes(model)
        rows = [
            f"| `{field.alias or name}` | {default_of(model, name)} | {notes[name].replace('|', escaped_bar)} |"
            for name, field in model.model_fields.items()
        ]
        head = (model.__doc__ or "").partition("\n")[0]
        parts.append(
            "\n".join([f"### {title}\n\n{head}\n", "| field | left out | meaning |", "| --- | --- | --- |", *rows])
        )
    return "\n\n".join([*parts, END])


def page() -> str:
    """The whole page, its reference renewed."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    return before + reference() + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
