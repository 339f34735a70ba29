"""What is written to the log: what failed and where in the code, and nothing of a person.

A path may hold the token of an invitation, and the message of an error may hold a value of a row; neither is written.
"""

import logging
import traceback


class PlainFormatter(logging.Formatter):
    """One line for each record, and for an error its kind and the places in the code that led to it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        kept = logging.makeLogRecord(record.__dict__)
        if hasattr(record, "request"):
            kept.msg, kept.args = f"{getattr(record, 'status_code', '')} {_view(record)}".strip(), ()
        kept.exc_text = None
        return super().format(kept)

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name that logging calls
        """The kind of an error, and where it arose; never what it says."""
        kind, _, trace = ei if isinstance(ei, tuple) else (None, None, None)
        places = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([*places, f"  {getattr(kind, '__name__', kind)}"])


def _view(record: logging.LogRecord) -> str:
    """The route that a request took, with the places of its values instead of the values."""
    match = getattr(record.__dict__["request"], "resolver_match", None)
    return f"/{match.route}" if match else "no such page"


def logging_settings() -> dict[str, object]:
    """The setting LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": "modicum.web.logs.PlainFormatter"}},
        "handlers": {
            "error_stream": {"class": "logging.StreamHandler", "formatter": "plain"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["error_stream"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["error_stream"], "level": "WARNING", "propagate": False},
            "django.request": {"handlers": ["error_stream"], "level": "ERROR", "propagate": False},
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        },
    }
