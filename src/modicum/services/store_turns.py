"""Whose turn it is to write a store: one process at a time for a SQLite file, one transaction for a PostgreSQL.

A lock of its own stands beside the SQLite file, since SQLite itself makes writers poll for their turn and knows nothing
of checkpoints and restores. It goes with the process that holds it, so that a kill leaves nothing locked.
"""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager

from modicum.foundation.errors import OptionsError, problem

PATIENCE_SECONDS = 20.0
POSTGRESQL_LOCK = 0x6D6F6469  # any number, the same for all writers of the chain
_POLLED_SECONDS = 0.002


@contextmanager
def file_turn(database: str, patience: float = PATIENCE_SECONDS) -> Generator[None]:
    """The turn of this process among all that write a SQLite file.

    Args:
        database: path of the file; its lock is the file beside it that ends in ``.lock``.
        patience: seconds to wait for another process.

    Raises:
        OptionsError: another process held its turn for all that time.
    """
    handle = os.open(f"{os.path.realpath(database)}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + patience
        while not _locked(handle):
            if time.monotonic() > until:
                message = f"Another process has been writing this store for more than {patience:g} s"
                fix = f"Stop it, or use PostgreSQL; it is the one that holds {os.path.basename(database)}.lock open."
                raise OptionsError([problem("MOD-STORE-02", "--database", database, message, fix)])
            time.sleep(_POLLED_SECONDS)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    import fcntl  # there is none on Windows, where stores are read but not written

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
