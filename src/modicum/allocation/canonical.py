"""Documents as bytes: one document has exactly one form, so that its hash means something."""

import datetime as dt
import hashlib
import json
from typing import Annotated, Any, ClassVar, Self

import rfc8785
from pydantic import Field, StringConstraints, ValidationError

from modicum.protocol.record import Part

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Count = Annotated[int, Field(ge=1)]


class UnreadableError(ValueError):
    """Bytes that are not a document of the form expected; the text says why."""


def encode(value: Any) -> bytes:
    """A JSON value as its one canonical form.

    Args:
        value: of dictionaries with text keys, lists, text, finite numbers, booleans and None.

    Source:
        Rundgren A, Jordan B, Erdtman S 2020, RFC 8785, JSON Canonicalization Scheme.

    Example:
        >>> encode({"b": 3.0, "a": [0.5, None]})
        b'{"a":[0.5,null],"b":3}'
    """
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """SHA-256 of a JSON value in its canonical form, hexadecimal."""
    return hashlib.sha256(encode(value)).hexdigest()


def digest_bytes(content: bytes) -> str:
    """SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_moment(now: dt.datetime) -> str:
    """A time as documents hold it: UTC, to the second.

    Args:
        now: with its zone.

    Example:
        >>> write_moment(dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2))))
        '2026-03-01T10:00:00Z'
    """
    return now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Document(Part):
    """A document that is kept as a file; its bytes are canonical, so that no byte can change unnoticed."""

    SCHEMA: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """The document with its schema, ready for JSON."""
        return {"schema": self.SCHEMA, **self.model_dump(mode="json")}

    def to_bytes(self) -> bytes:
        """The document as it is kept."""
        return encode(self.to_dict())

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what :meth:`to_bytes` wrote, and nothing else.

        Args:
            content: of the file.

        Raises:
            UnreadableError: another byte stands anywhere than canonical JSON of this schema has.
        """
        try:
            data = json.loads(content)
            canonical = encode(data) == content
        except (ValueError, RecursionError) as error:
            raise UnreadableError("It is not JSON.") from error
        if not isinstance(data, dict) or data.get("schema") != cls.SCHEMA:
            raise UnreadableError(f"It is not a document of the form {cls.SCHEMA}.")
        if not canonical:
            raise UnreadableError("It is not in canonical form (RFC 8785).")
        return cls.from_dict(data)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Check a JSON value by the fields of this document.

        Args:
            data: with the field ``schema``, which is not looked at again.

        Raises:
            UnreadableError: a field is missing, unknown or of another form.
        """
        fields = {name: value for name, value in data.items() if name != "schema"}
        try:
            return cls.model_validate_json(json.dumps(fields))
        except ValidationError as error:
            places = [".".join(str(part) for part in found["loc"]) for found in error.errors(include_url=False)]
            raise UnreadableError(
                f"These fields are not as they must be: {', '.join(dict.fromkeys(places))}."
            ) from error


class Fingerprinted(Document):
    """A document that ends in the SHA-256 of everything else in it.

    Args:
        fingerprint: SHA-256 of the canonical form without this field, hexadecimal.
    """

    fingerprint: Digest

    @classmethod
    def complete(cls, **fields: Any) -> Self:
        """The document of these fields, with its fingerprint.

        Args:
            fields: all but the fingerprint, as JSON values or frozen parts.
        """
        plain = {"schema": cls.SCHEMA, **fields}
        data = json.loads(json.dumps(plain, default=lambda part: part.model_dump(mode="json")))
        return cls.from_dict({**data, "fingerprint": digest(data)})

    @property
    def true_fingerprint(self) -> str:
        """What the fingerprint must be, by the rest of the document."""
        return digest({name: value for name, value in self.to_dict().items() if name != "fingerprint"})
