"""A commented protocol to start from, and the JSON Schema by which an editor checks it."""

from importlib import resources
from typing import Any

from modicum.protocol.notes import TABLES, field_notes
from modicum.protocol.reading import read_protocol
from modicum.protocol.schema import Protocol

NAME_MARK = "my-protocol"


def new_protocol(name: str = NAME_MARK) -> str:
    """A commented TOML text of a small crossover, to be changed into a protocol of one's own.

    Args:
        name: of the new protocol: small letters, digits, dot, hyphen, underscore.

    Returns:
        The text; it passes the check as it stands.

    Raises:
        ProtocolError: the name cannot be the name of a protocol.

    Example:
        >>> read_protocol(new_protocol("magnesium").encode()).name
        'magnesium'
    """
    text = (resources.files("modicum.protocol") / "template.toml").read_text(encoding="utf-8")
    quoted = "".join(
        f"\\u{ord(mark):04x}" if mark in '"\\' or ord(mark) < 32 or ord(mark) == 127 else mark for mark in name
    )
    text = text.replace(f'name = "{NAME_MARK}"', f'name = "{quoted}"', 1)
    read_protocol(text.encode("utf-8", "replace"))
    return text


def json_schema() -> dict[str, Any]:
    """The JSON Schema of ``modicum.protocol/1``, for editors; every field has its note.

    Example:
        >>> json_schema()["properties"]["drug"]["$ref"]
        '#/$defs/Drug'
    """
    schema = Protocol.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    for model in TABLES.values():
        part = schema if model is Protocol else definitions[model.__name__]
        part["description"] = (model.__doc__ or "").partition("\n")[0]
        for name, note in field_notes(model).items():
            written = model.model_fields[name].alias or name
            part["properties"][written]["description"] = note
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
