"""Labels: one for each kit that is made, with the same words whatever the kit holds."""

from collections.abc import Iterator
from typing import Any

from modicum.reports import paper, theme, wording
from modicum.reports import supply_words as words
from modicum.supply.handout import Handout, HandoutPhase
from modicum.supply.kits import Kit

UNPRINTED = "Some characters have no shape in the fonts of this file."


def render_labels(handout: Handout, codes: frozenset[str]) -> bytes:
    """The labels on A4, eight to a sheet, as a PDF.

    Args:
        handout: what anybody may see.
        codes: of the kits that are made.
    """
    return paper.compiled("labels.typ", label_data(handout, codes))[0]


def label_data(handout: Handout, codes: frozenset[str]) -> dict[str, Any]:
    """All that the labels say.

    Args:
        handout: what anybody may see.
        codes: of the kits that are made.
    """
    labels = [
        label(handout, found, kit)
        for found in handout.phases
        for kit in found.kits
        if found.ordered and kit.code in codes
    ]
    data = {
        "title": f"Labels for {handout.slot} - Modicum",
        "labels": labels,
        "colours": dict(theme.palette()),
        "unprinted": UNPRINTED,
    }
    return paper.clean(data)


def label(handout: Handout, found: HandoutPhase, kit: Kit) -> dict[str, Any]:
    """One label.

    Args:
        handout: what anybody may see.
        found: its phase.
        kit: that it is for.
    """
    return {
        "code": words.kit_name(kit),
        "qr": qr_svg(kit.code),
        "alt": f"QR code of kit {kit.code}",
        "name": handout.contacts.patient or handout.slot,
        "virtual": handout.contacts.virtual,
        "lines": list(_lines(handout, found, kit)),
    }


def _lines(handout: Handout, found: HandoutPhase, kit: Kit) -> Iterator[str]:
    night = ", by the number of the night" if handout.numbered else ""
    yield f"Take {words.nightly(handout, found, kit)} each evening{night}."
    yield f"{words.title(found)}, kit {words.number(kit, found.kits)}; from {words.day(kit.first_evening)}"
    if handout.alike:
        capsules = wording.plural(kit.nights * handout.a_night, "capsule")
        yield f"{capsules}, {kit.spare * handout.a_night} spare"
    else:
        yield f"{wording.plural(kit.nights, 'night')}, {kit.spare} spare"
    yield words.holds(handout, found, kit)
    yield f"Use before {words.day(kit.use_before)}"
    yield "Room temperature, dry, dark. Keep from children."
    yield handout.contacts.pharmacy or f"Pharmacy: {words.BLANK * 2}"


def qr_svg(code: str) -> str:
    """The code of a kit as a QR code, SVG.

    Example:
        >>> qr_svg("7KQ4XM").startswith("<svg")
        True
    """
    import segno

    return segno.make(f"KIT {code}", error="m", micro=False, boost_error=False).svg_inline(border=0, dark="#000")
