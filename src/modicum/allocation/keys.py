"""Keys: three people or machines who may open a sealed allocation, each by a path of their own."""

from collections.abc import Mapping
from typing import Literal

import pyrage

from modicum.foundation.errors import AllocationError, Problem, problem
from modicum.protocol.record import Part

KeyRole = Literal["pharmacist", "emergency", "review"]
ROLES: tuple[KeyRole, ...] = ("pharmacist", "emergency", "review")
KEEPERS: Mapping[KeyRole, str] = {
    "pharmacist": "whoever makes up the capsules",
    "emergency": "whoever is on call, and does not treat this person",
    "review": "the process that computes the reviews, and nobody else",
}


class Recipient(Part):
    """Whom the allocation is sealed for.

    Args:
        role: "pharmacist", "emergency" or "review".
        public_key: of age, X25519, "age1...".
    """

    role: KeyRole
    public_key: str


def generate_key(role: KeyRole) -> tuple[Recipient, bytes]:
    """A new pair of keys; its chance is that of age itself, from the operating system.

    Args:
        role: who is to hold the secret one.

    Returns:
        The recipient, and the content of the secret key's file.
    """
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    text = f"# Modicum: secret key of the role {role}, for {KEEPERS[role]}\n# public key: {public}\n{identity}\n"
    return Recipient(role=role, public_key=public), text.encode()


def check_recipients(public_keys: Mapping[KeyRole, str]) -> list[Problem]:
    """All that is wrong with public keys that were given.

    Args:
        public_keys: public key by role; a role may be missing.
    """
    problems: list[Problem] = []
    holder: dict[str, KeyRole] = {}
    for role, key in public_keys.items():
        try:
            pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError:
            fix = "Give the line that begins with age1, as age-keygen prints it."
            problems.append(problem("MOD-ALLOC-05", f"--{role}", key, "This is not a public key of age", fix))
        if key in holder:
            message = f"The keys of {holder[key]} and {role} are the same"
            fix = "Give each of the three a key of their own: they open by different paths."
            problems.append(problem("MOD-ALLOC-06", f"--{role}", key, message, fix))
        holder.setdefault(key, role)
    return problems


def read_public_key(content: bytes, where: str) -> str:
    """The public key that belongs to the secret one in a key file.

    Args:
        content: of the key file: lines with # and one secret key.
        where: name of the file, for the problem.

    Raises:
        AllocationError: the file holds no secret key, or several.
    """
    return str(read_identity(content, where).to_public())


def read_identity(content: bytes, where: str) -> pyrage.x25519.Identity:
    """The secret key in a key file.

    Args:
        content: of the key file.
        where: name of the file, for the problem.

    Raises:
        AllocationError: the file holds no secret key, or several.
    """
    text = content.decode("utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        (secret,) = lines
        return pyrage.x25519.Identity.from_str(secret)
    except (ValueError, pyrage.IdentityError):
        fix = "Give the file with the line that begins with AGE-SECRET-KEY-1."
        message = "This file does not hold one secret key of age"
        raise AllocationError([problem("MOD-ALLOC-10", where, "", message, fix)]) from None
