"""Supply: what a pharmacist makes for a trial, in whole micrograms, and what everybody else may see of it.

From a protocol, and the doses that an opened allocation gives, it works out capsules, kits, batches, quantities of
drug and cost. It opens no seal, reads no allocation and has no clock and no chance of its own. Whatever the prescriber
and the patient see is made from values that hold no arm, so that it cannot differ between arms.
"""

from modicum.supply.capsules import CapsulePlan, plan_capsules
from modicum.supply.codes import KitCode, check_code, draw_codes
from modicum.supply.formulation import Formulation, read_formulation, shipped_formulation
from modicum.supply.kits import Kit, plan_kits
from modicum.supply.ledger import Ledger
from modicum.supply.order import Order, make_order
from modicum.supply.periods import Given, Period, list_periods
from modicum.supply.problems import PROBLEMS
from modicum.supply.strengths import Choice, choose_strengths

__all__ = [
    "PROBLEMS",
    "CapsulePlan",
    "Choice",
    "Formulation",
    "Given",
    "Kit",
    "KitCode",
    "Ledger",
    "Order",
    "Period",
    "check_code",
    "choose_strengths",
    "draw_codes",
    "list_periods",
    "make_order",
    "plan_capsules",
    "plan_kits",
    "read_formulation",
    "shipped_formulation",
]
