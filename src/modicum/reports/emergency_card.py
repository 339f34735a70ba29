"""The emergency card: for the wallet, folded from one sheet, and for the phone, one page without network or script."""

import base64
import hashlib
from typing import Any

from modicum.reports import page, paper, theme, wording
from modicum.reports import supply_words as words
from modicum.supply.handout import Handout

TITLE = "Emergency card"


def render_card(handout: Handout) -> bytes:
    """The wallet card as a PDF: four panels, one under the other, to be folded like a concertina.

    Args:
        handout: what anybody may see.
    """
    return paper.compiled("card.typ", paper.clean({**_data(handout), "colours": dict(theme.palette())}))[0]


def render_phone_card(handout: Handout) -> str:
    """The same for the phone: self-contained HTML, light and dark.

    Args:
        handout: what anybody may see.
    """
    from markupsafe import Markup

    css = page.style_sheet() + _PHONE
    text = page.template("card.html.j2").render(
        css=Markup(css),  # noqa: S704  (the package's own)
        style_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        card=_data(handout),
    )
    return wording.legible(text)


_PHONE = (
    ".card{width:100%;max-width:34rem;margin-inline:auto;padding:var(--s-5) var(--s-4) var(--s-7)}"
    ".card h1{margin-top:var(--s-2)}.card .sec{margin-top:var(--s-6)}"
    ".never{border-left:4px solid var(--stop);padding-left:var(--s-3);color:var(--stop);font-weight:600}"
    ".call{display:flex;min-height:var(--target);align-items:center;font-weight:600}"
    ".codes{columns:2;font-variant-numeric:tabular-nums}.warn li+li{margin-top:var(--s-3)}"
)


def _data(handout: Handout) -> dict[str, Any]:
    contacts = handout.contacts
    shown = list(zip(words.warnings(handout), (one.never for one in handout.warnings), strict=True))
    return {
        "title": f"{TITLE} - {handout.drug}",
        "heading": TITLE,
        "unprinted": "Some characters have no shape in the fonts of this file.",
        "name": contacts.patient or handout.slot,
        "slot": handout.slot,
        "virtual": contacts.virtual,
        "blinded": handout.alike,
        "first": shown[0][0],
        "warnings": [{"text": text, "never": never} for text, never in shown[1:]],
        "blank": words.BLANK * 2,
        "contacts": [
            {"label": "Emergency, day and night", "text": contacts.on_call},
            {"label": "Prescriber", "text": contacts.prescriber},
            {"label": "Pharmacy", "text": contacts.pharmacy},
        ],
        "unblind": words.unblinding(handout),
        "phases": [
            {"title": words.title(found), "codes": [words.kit_name(kit) for kit in found.kits]}
            for found in handout.phases
        ],
        "until": f"{handout.protocol.name}, from {words.day(handout.first_day)}",
    }
