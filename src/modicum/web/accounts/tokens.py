"""Tokens of invitations and devices: chosen at random, handed out once, and known here by their hash alone.

A token is looked up by the hash of it in a unique index, so how long the look-up takes says nothing about it.
"""

import hashlib
import secrets

_BYTES = 32
LONGEST = 64  # characters; nothing longer is worth a hash


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(_BYTES)


def fingerprint(token: str) -> str:
    """The SHA-256 of a token, in hexadecimal digits.

    Example:
        >>> fingerprint("a")[:8]
        'ca978112'
    """
    return hashlib.sha256(token[: LONGEST + 1].encode("utf-8", "surrogatepass")).hexdigest()
