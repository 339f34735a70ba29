"""The version of this installation."""

from functools import cache


@cache
def version() -> str:
    """The installed version of Modicum, for example "0.1.0"; "0" where it is used without being installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("modicum")
    except PackageNotFoundError:
        return "0"
