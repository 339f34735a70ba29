"""Allocation: who gets what in which order, drawn once, sealed, and never drawn again.

It lists the orders that a protocol admits, draws one from two contributions, commits to every period and seals the arms
for three keys. It reads and writes no file, has no clock and no chance of its own, and knows nothing of what the order
did to anybody. Nothing here opens a seal but ``opening``, which only the service of unblinding may import.
"""

from modicum.allocation.arms import Arm
from modicum.allocation.binding import Binding
from modicum.allocation.course import Given, follow_course
from modicum.allocation.document import Allocation, Unblinding
from modicum.allocation.draws import Contributions, choose_index, draw_order
from modicum.allocation.orders import PhaseOrders, list_orders
from modicum.allocation.papers import Papers
from modicum.allocation.problems import PROBLEMS
from modicum.allocation.sealing import SealedAllocation, SealedBinding, seal_allocation, seal_binding

__all__ = [
    "PROBLEMS",
    "Allocation",
    "Arm",
    "Binding",
    "Contributions",
    "Given",
    "Papers",
    "PhaseOrders",
    "SealedAllocation",
    "SealedBinding",
    "Unblinding",
    "choose_index",
    "draw_order",
    "follow_course",
    "list_orders",
    "seal_allocation",
    "seal_binding",
]
