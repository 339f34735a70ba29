"""All files of an order, a folder for each reader: pharmacist, prescriber, patient. Hand over one folder, never all.

What the patient reads, her labels too, is in her language; what the pharmacist or the prescriber reads is in English.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from modicum.reports import emergency_card, kit_labels, paper, pharmacist, supply_handouts
from modicum.reports.blocks import View
from modicum.supply.formulation import Price
from modicum.supply.handout import Handout
from modicum.supply.order import Order


def render(order: Order, handout: Handout, language: str = "en", say: Callable[[str], str] = str) -> dict[str, bytes]:
    """The files by name.

    Args:
        order: for the pharmacist alone.
        handout: what anybody may see.
        language: of what the patient reads, "en" or "de"; English where it is another.
        say: words of a protocol or a formulation to that language, or to themselves where nobody translated them.
    """
    codes = frozenset(one.kit.code for one in order.kits)
    return {
        "pharmacist/order.pdf": _printed(pharmacist.view(order, handout)),
        "pharmacist/labels.pdf": kit_labels.render_labels(handout, codes, language, say),
        **render_handouts(handout, order.formulation.prices, language, say),
    }


def render_handouts(
    handout: Handout, prices: tuple[Price, ...], language: str = "en", say: Callable[[str], str] = str
) -> dict[str, bytes]:
    """What the prescriber and the patient get. No argument of it knows an arm.

    Args:
        handout: what anybody may see.
        prices: of the formulation.
        language: of what the patient reads, "en" or "de"; English where it is another.
        say: words of a protocol or a formulation to that language, or to themselves where nobody translated them.
    """
    return {
        "prescriber/supply.pdf": _printed(supply_handouts.prescriber_view(handout, prices)),
        "patient/supply.pdf": _printed(supply_handouts.patient_view(handout, language, say)),
        "patient/card.pdf": emergency_card.render_card(handout, language, say),
        "patient/card.html": emergency_card.render_phone_card(handout, language, say).encode(),
    }


def _printed(view: View) -> bytes:
    return paper.printed(view, {}, kit_labels.words_in(view.language).unprinted)[0]


def encode(document: Mapping[str, Any]) -> bytes:
    """A document as a file.

    Args:
        document: of JSON.
    """
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
