"""Command line: parse, call a service, print.

One file per command. No rule and no number is made here: it may know services and what they return, and nothing else
may know it.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command ``modicum`` and leave with its exit code (0 done, 1 a finding, 2 bad input, 3 a fault)."""
    from modicum.cli.application import run

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
