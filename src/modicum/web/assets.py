"""Style, script and fonts under an address that changes when any of them does: a browser may keep them for ever.

One fingerprint over all files stands in the path, before their names. So what a style sheet or a module of script names
relative to itself is of the same age as itself, and no folder has to be built or kept beside the package.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware

_LETTERS = 12


def address(name: str) -> str:
    """The path of a file of style, script or font, as a page names it.

    Args:
        name: within the folders of static files, for example ``look/tokens.css``.
    """
    return f"{prefix()}{name}"


def prefix() -> str:
    """The path that all of them are under, with its fingerprint and a slash at its end."""
    return f"/static/{fingerprint()}/"


@cache
def fingerprint() -> str:
    """The first letters of one hash over the names and contents of all files."""
    whole = hashlib.sha256()
    for name, path in sorted(files().items()):
        whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return whole.hexdigest()[:_LETTERS]


@cache
def files() -> dict[str, Path]:
    """Every file by its name; the first folder that has a name has its file."""
    found: dict[str, Path] = {}
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            before = (getattr(storage, "prefix", None) or "").strip("/")
            name = f"{before}/{path}" if before else path
            found.setdefault(name, Path(storage.path(path)))
    return found


class FingerprintedStorage(StaticFilesStorage):
    """What the template tag ``static`` asks for an address."""

    def url(self, name: str | None) -> str:
        """The path of a file.

        Raises:
            ValueError: there is no such file.
        """
        if name not in files():
            raise ValueError(f"There is no file {name!r} among the static ones.")
        return address(name)


class ServingMiddleware(WhiteNoiseMiddleware):
    """Serves them, each as never to change."""

    def add_files_from_finders(self) -> None:
        """Take every file up, under the fingerprint."""
        for name, path in files().items():
            self.add_file_to_dictionary(address(name), str(path))

    def immutable_file_test(self, path: str, url: str) -> bool:
        """All of them are."""
        return url.startswith(prefix())
