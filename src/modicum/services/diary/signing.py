"""Signing receipts: a phone forgets an entry only for a receipt that the clinic, and nobody on the way, has signed."""

import base64
import hashlib
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from modicum.allocation.draws import Randomness
from modicum.foundation.errors import InputError, problem
from modicum.records.chain import canonical
from modicum.services.folders import add_file

_BYTES = 32


class Signer:
    """The clinic's key for receipts.

    Args:
        key: Ed25519.
    """

    def __init__(self, key: Ed25519PrivateKey):
        self._key = key
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public, self.id = base64.b64encode(raw).decode(), hashlib.sha256(raw).hexdigest()[:16]

    @classmethod
    def kept_in(cls, path: Path, randomness: Randomness) -> Self:
        """The key in a file, made there for its owner alone where there is none; two that make it at once keep one.

        Args:
            path: of the file.
            randomness: number of bytes to that many bytes of chance.

        Raises:
            InputError: the file holds no such key, or cannot be read or made.
        """
        try:
            if not path.exists():
                add_file(path, base64.b64encode(randomness(_BYTES)), randomness(8).hex(), private=True)
            return cls(Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes(), validate=True)))
        except (OSError, ValueError) as error:
            fix = "Put the file back from a copy: phones know receipts by this key."
            message = f"The key for receipts cannot be used ({error})"
            raise InputError([problem("MOD-PHONE-01", str(path), "", message, fix)]) from error

    def sign(self, receipt: dict[str, Any]) -> dict[str, str]:
        """A receipt in its canonical form, with its signature."""
        payload = canonical(receipt)
        signature = base64.b64encode(self._key.sign(payload.encode())).decode()
        return {"payload": payload, "signature": signature, "key": self.id}


def is_signed(signed: dict[str, str], public: str) -> bool:
    """Whether a receipt is the one that was signed by the holder of the key to this public one."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
    try:
        key.verify(base64.b64decode(signed["signature"]), signed["payload"].encode())
    except InvalidSignature:
        return False
    return True
