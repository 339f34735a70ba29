"""One trial, real or virtual: a protocol walked through block by block, its state a fold over what was recorded.

``walking`` says what comes next by the protocol's rules, ``state`` where a trial stands, ``diary`` what was known of it
at a moment, ``running`` takes entries and spends days. None of it knows whether the participant exists, and it does not
know the truth.
"""

from modicum.trial.block import Block, Ending, Look, Roles
from modicum.trial.state import State, stand

__all__ = ["Block", "Ending", "Look", "Roles", "State", "stand"]
