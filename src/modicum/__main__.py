"""``python -m modicum``: the same as the command ``modicum``."""

from modicum.cli import main

main()
