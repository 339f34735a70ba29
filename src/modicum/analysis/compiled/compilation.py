"""Compilation: what is compiled, and where the result is kept."""

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from inspect import unwrap
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, NullCache, UserWideCacheLocator

from modicum.analysis.compiled.waiting import announce

_Function = TypeVar("_Function", bound=Callable[..., Any])
_MODE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}
_BROKEN = (  # all that unpickling a damaged file, or writing to a full or forbidden folder, has been seen to raise
    OSError,
    EOFError,
    ValueError,
    LookupError,
    AttributeError,
    ImportError,
    TypeError,
    RuntimeError,
    pickle.PickleError,
)


def compiled(function: _Function) -> _Function:
    """A part of a kernel, compiled into whatever calls it.

    Fused multiply-add is the one liberty taken: nothing is reordered, NaN stays NaN, and threads change no digit.
    """
    return cast(_Function, numba.njit(**_MODE)(unwrap(function)))


def entry(function: _Function) -> _Function:
    """A way into a kernel: compiled when first called, and kept on disk for the next process."""
    dispatcher: Any = numba.njit(**_MODE)(unwrap(function))
    try:
        dispatcher._cache = _KeptCode(dispatcher.py_func)
    except _BROKEN:  # no folder can be written to: compiled anew in every process
        dispatcher._cache = _NothingKept()
    return dispatcher


def cache_folder() -> Path:
    """Where compiled code is kept: the person's cache folder, or what MODICUM_CACHE or NUMBA_CACHE_DIR names."""
    named = os.environ.get("MODICUM_CACHE") or os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return Path(named) / "modicum" / _stamp().decode()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "modicum" / _stamp().decode()


def _stamp() -> bytes:
    """Changes with any line that may be compiled and with the compiler, so that nothing stale is ever loaded."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version_info[:2]}".encode())
    here = Path(__file__).parent
    for folder in (here, here.with_name("batch")):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16].encode()


class _Folder(UserWideCacheLocator):
    """Our own folder, keyed by all of the kernels' source and not by the one file that Numba would look at."""

    def __init__(self, py_func: Any, py_file: str):
        self._py_file = py_file
        self._lineno = py_func.__code__.co_firstlineno
        self._cache_path = str(cache_folder())

    def get_source_stamp(self) -> bytes:
        return _stamp()


class _Implementation(CompileResultCacheImpl):
    _locator_classes = [_Folder]  # noqa: RUF012 - the attribute that Numba reads


class _KeptCode(FunctionCache):
    """Numba's cache; a damaged, full or forbidden folder is no reason to fail, only to compile again."""

    _impl_class = _Implementation

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            found = super().load_overload(sig, target_context)
        except _BROKEN:
            found = None
        if found is None:
            announce()
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except _BROKEN:
            self._save_afresh(sig, data)

    def _save_afresh(self, sig: Any, data: Any) -> None:
        """Once more over a damaged index; then without."""
        try:
            self.flush()
            super().save_overload(sig, data)
        except _BROKEN:
            self.disable()


class _NothingKept(NullCache):
    """In the place of a cache where no folder can be written to."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        announce()
