"""All files of an order, a folder for each reader: pharmacist, prescriber, patient. Hand over one folder, never all."""

import json
from collections.abc import Mapping
from typing import Any

from modicum.reports import emergency_card, kit_labels, paper, pharmacist, supply_handouts
from modicum.reports.blocks import View
from modicum.supply.formulation import Price
from modicum.supply.handout import Handout
from modicum.supply.order import Order


def render(order: Order, handout: Handout) -> dict[str, bytes]:
    """The files by name.

    Args:
        order: for the pharmacist alone.
        handout: what anybody may see.
    """
    codes = frozenset(one.kit.code for one in order.kits)
    return {
        "pharmacist/order.pdf": _printed(pharmacist.view(order, handout)),
        "pharmacist/labels.pdf": kit_labels.render_labels(handout, codes),
        **render_handouts(handout, order.formulation.prices),
    }


def render_handouts(handout: Handout, prices: tuple[Price, ...]) -> dict[str, bytes]:
    """What the prescriber and the patient get. No argument of it knows an arm.

    Args:
        handout: what anybody may see.
        prices: of the formulation.
    """
    return {
        "prescriber/supply.pdf": _printed(supply_handouts.prescriber_view(handout, prices)),
        "patient/supply.pdf": _printed(supply_handouts.patient_view(handout)),
        "patient/card.pdf": emergency_card.render_card(handout),
        "patient/card.html": emergency_card.render_phone_card(handout).encode(),
    }


def _printed(view: View) -> bytes:
    return paper.printed(view, {}, kit_labels.UNPRINTED)[0]


def encode(document: Mapping[str, Any]) -> bytes:
    """A document as a file.

    Args:
        document: of JSON.
    """
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
