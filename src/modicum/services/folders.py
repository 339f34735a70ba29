"""An allocation in a folder: written whole or not at all, and nothing in it ever written over."""

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from modicum.allocation import Allocation
from modicum.allocation.canonical import digest_bytes
from modicum.allocation.evidence import BindingEvidence, Evidence
from modicum.allocation.keys import ROLES
from modicum.allocation.verification import verify
from modicum.foundation.errors import AllocationError, Problem, problem

DOCUMENT, PROTOCOL, PAPERS, FACTORS = "allocation.json", "protocol.toml", "revealed.json", "factors.json"
BINDINGS, RECORDS, KEYS = "bindings", "openings", "keys"
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY)


def read_evidence(folder: Path) -> Evidence:
    """Everything that an allocation's folder holds, but the keys.

    Args:
        folder: of one allocation.

    Raises:
        AllocationError: there is no allocation, or it cannot be read.
    """
    try:
        bindings = tuple(
            BindingEvidence(_content(one / "binding.json"), _sealed(one))
            for one in sorted((folder / BINDINGS).glob("[0-9]*"))
        )
        return Evidence(
            document=(folder / DOCUMENT).read_bytes(),
            protocol=_content(folder / PROTOCOL),
            sealed=_sealed(folder),
            bindings=bindings,
            records=read_records(folder),
            papers=_content(folder / PAPERS) if (folder / PAPERS).exists() else None,
            factors=_content(folder / FACTORS),
        )
    except OSError as error:
        fix = "Give the folder that modicum randomise made."
        message = f"The folder holds no allocation that can be read: {error.strerror or error}"
        raise AllocationError([problem("MOD-ALLOC-09", "--dir", folder, message, fix)]) from error


def read_records(folder: Path) -> tuple[bytes, ...]:
    """The record of each opening, in order.

    Args:
        folder: of one allocation.
    """
    return tuple(one.read_bytes() for one in sorted((folder / RECORDS).glob("[0-9]*.json")))


def read_allocation(folder: Path) -> tuple[Allocation, Evidence]:
    """The public document in a folder and all the rest, after a look at every part that can be checked.

    Args:
        folder: of one allocation.

    Raises:
        AllocationError: there is none, or a part was changed.
    """
    evidence = read_evidence(folder)
    forged = [check.part for check in verify(evidence) if check.result == "forged"]
    if forged:
        message = f"Parts of the allocation are not as they were sealed: {', '.join(forged)}"
        fix = "Take the folder from a copy; modicum verify says more."
        raise AllocationError([problem("MOD-ALLOC-09", "--dir", folder, message, fix)])
    return Allocation.from_bytes(evidence.document), evidence


def hash_request(request: str) -> str | None:
    """What is kept of the name of a request, which may hold an address; None where it has none.

    Args:
        request: any text.
    """
    return digest_bytes(request.encode("utf-8", errors="replace")) if request else None


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def _sealed(folder: Path) -> dict[str, bytes]:
    files = {role: folder / "sealed" / f"{role}.age" for role in ROLES}
    return {role: file.read_bytes() for role, file in files.items() if file.exists()}


def find_obstacle(folder: Path) -> Problem | None:
    """What keeps a new folder from being made there; an allocation that is there already is not looked at.

    Args:
        folder: of one allocation, not made yet.
    """
    fix = "Name a new or an empty folder, inside one that is there."
    try:
        if folder.exists() and not folder.is_dir():
            return problem("MOD-ALLOC-08", "--out", folder, "There is a file of this name", fix)
        if folder.is_dir() and any(folder.iterdir()):
            return problem("MOD-ALLOC-08", "--out", folder, "The folder holds other files", fix)
        if not folder.parent.is_dir():
            return problem("MOD-ALLOC-08", "--out", folder, "The folder above is not there", fix)
    except OSError as error:
        return problem("MOD-ALLOC-08", "--out", folder, f"The folder cannot be looked at: {error.strerror}", fix)
    return None


def write_whole(folder: Path, files: Mapping[str, bytes], token: str, private: str = KEYS) -> bool:
    """Make a folder with all its files, or none: a crash at any moment, or another process, changes nothing of that.

    The files are written beside it and forced to the disk, then the folder takes its name in one step, which fails
    where the name is taken. What a crash leaves beside it, ``.NAME.TOKEN.partial``, belongs to no allocation and can be
    deleted. What is private can be read by its owner only.

    Args:
        folder: not there, or empty.
        files: content by name within the folder.
        token: random text that makes the name of the partial folder the caller's own.
        private: folder inside it of what is private: secret keys, or what tells an arm.

    Returns:
        False where the folder was taken.

    Raises:
        AllocationError: the disk or the rights do not allow it; nothing is left.
    """
    partial = folder.with_name(f".{folder.name}.{token}.partial")
    try:
        folder.parent.mkdir(exist_ok=True)
        partial.mkdir()
        for name, content in files.items():
            (partial / name).parent.mkdir(exist_ok=True)
            _write(partial / name, content, private=name.startswith(f"{private}/"))
        for inner in (*(one for one in partial.iterdir() if one.is_dir()), partial):
            _force(inner)
        written = _take_name(partial, folder)
        _force(folder.parent)
    except OSError as error:
        message = f"The folder cannot be written: {error.strerror or error}"
        fix = "Name another place, or make room; nothing was changed."
        raise AllocationError([problem("MOD-ALLOC-08", "--out", folder, message, fix)]) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return written


def _take_name(partial: Path, folder: Path) -> bool:
    """Give a finished folder its name, in one step; False where the name is taken."""
    try:
        partial.rename(folder)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True


def add_file(file: Path, content: bytes, token: str, *, private: bool = False) -> bool:
    """Add one file, whole or not at all, and never over another.

    Args:
        file: not there; the folder above it is made.
        content: of the file.
        token: random text that makes the name of the partial file the caller's own.
        private: whether its owner alone may read it.

    Returns:
        False where the name was taken.

    Raises:
        OSError: the disk or the rights do not allow it; nothing is left.
    """
    file.parent.mkdir(exist_ok=True)
    partial = file.with_name(f".{file.name}.{token}.partial")
    try:
        _write(partial, content, private=private)
        os.link(partial, file)
    except FileExistsError:
        return False
    finally:
        partial.unlink(missing_ok=True)
    _force(file.parent)
    return True


def put_file(file: Path, content: bytes, token: str) -> None:
    """Write one file, whole or not at all; one that is there is replaced. For what nothing refers to yet.

    Args:
        file: the folder above it is there.
        content: of the file.
        token: random text that makes the name of the partial file the caller's own.

    Raises:
        OSError: the disk or the rights do not allow it; what was there is still there.
    """
    partial = file.with_name(f".{file.name}.{token}.partial")
    try:
        _write(partial, content, private=False)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    _force(file.parent)


def _write(file: Path, content: bytes, *, private: bool) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _force(folder: Path) -> None:
    """Force the names in a folder to the disk; Windows knows no such thing for folders."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
