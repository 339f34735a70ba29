"""The emergency card: for the wallet, folded from one sheet, and for the phone, one page without network or script.

Strangers read it in a hurry: one in another language than English has the same in English behind it.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from modicum.reports import page, paper, theme, wording
from modicum.reports import supply_words as words
from modicum.supply.handout import Handout

TITLE = "Emergency card"


@dataclass(frozen=True)
class Words:
    """The words of the card in one language.

    Args:
        language: of them.
        heading: of the card.
        virtual: the mark of a virtual patient.
        unprinted: what is said where a character has no shape.
        before: heading of the warnings on the phone.
        ring: heading of the telephone numbers.
        people: who stands there, in the order emergency, prescriber, pharmacy.
        codes: heading of the kit codes.
        find_out: heading of how to find out what a kit holds, on the phone.
        trial: whose trial it is, with a place for it.
        since: what it is for, with places for the protocol and the first day.
        wallet: where a number stands that the phone does not know.
        elsewhere: that the same stands there in this language, for a card in another one: on paper, on the phone.
        advice: beside the card on paper: how it is cut, folded and carried.
        warnings: the warnings, in order.
        unblinding: how to find out what a kit holds.
        day: a date.
    """

    language: str
    heading: str
    virtual: str
    unprinted: str
    before: str
    ring: str
    people: tuple[str, str, str]
    codes: str
    find_out: str
    trial: str
    since: str
    wallet: str
    elsewhere: tuple[str, str]
    advice: tuple[str, ...]
    warnings: Callable[[Handout], tuple[str, ...]]
    unblinding: Callable[[Handout], str]
    day: Callable[[dt.date], str]


ENGLISH = Words(
    language="en",
    heading=TITLE,
    virtual="Virtual patient",
    unprinted="Some characters have no shape in the fonts of this file.",
    before="Before any pain medicine",
    ring="Whom to ring",
    people=("Emergency, day and night", "Prescriber", "Pharmacy"),
    codes="Kit codes",
    find_out="How to find out what it is",
    trial="Trial {}",
    since="{}, from {}",
    wallet="See the card in your wallet",
    elsewhere=("In English on the back", "In English"),
    advice=(
        "Cut along the solid line, and fold along the dashed ones, to and fro, so that the first panel lies outside.",
        "Carry it with your cards. Show it to everyone who treats you, a dentist too, before any pain medicine.",
        "The same card is a page for the phone: card.html.",
    ),
    warnings=words.warnings,
    unblinding=words.unblinding,
    day=words.day,
)


def render_card(handout: Handout, language: str = "en", say: Callable[[str], str] = str) -> bytes:
    """The wallet card as a PDF: four panels, one under the other, to be folded like a concertina.

    Args:
        handout: what anybody may see.
        language: of the card, "en" or "de"; English where it is another. In German the English panels lie behind.
        say: words of a protocol or a formulation to that language, or to themselves where nobody translated them.
    """
    sides = _sides(handout, language, say)
    first = sides[0]
    data = {
        "title": first["title"],
        "language": first["language"],
        "first": first["first"],
        "advice": first["advice"],
        "unprinted": first["unprinted"],
        "sides": sides,
        "colours": dict(theme.palette()),
    }
    return paper.compiled("card.typ", paper.clean(data))[0]


def render_phone_card(handout: Handout, language: str = "en", say: Callable[[str], str] = str) -> str:
    """The same for the phone: self-contained HTML, light and dark.

    Args:
        handout: what anybody may see.
        language: of the card, "en" or "de"; English where it is another. In German the English one stands below.
        say: words of a protocol or a formulation to that language, or to themselves where nobody translated them.
    """
    from markupsafe import Markup

    css = page.style_sheet() + _PHONE
    text = page.template("card.html.j2").render(
        css=Markup(css),  # noqa: S704  (the package's own)
        style_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        sides=_sides(handout, language, say),
    )
    return wording.legible(text)


_PHONE = (
    ".card{width:100%;max-width:34rem;margin-inline:auto;padding:var(--s-5) var(--s-4) var(--s-7)}"
    ".card h1{margin-top:var(--s-2)}.card .sec{margin-top:var(--s-6)}"
    ".never{border-left:4px solid var(--stop);padding-left:var(--s-3);color:var(--stop);font-weight:600}"
    ".call{display:flex;min-height:var(--target);align-items:center;font-weight:600}"
    ".codes{columns:2;font-variant-numeric:tabular-nums}.warn li+li{margin-top:var(--s-3)}"
)


def _sides(handout: Handout, language: str, say: Callable[[str], str]) -> list[dict[str, Any]]:
    """The card in its language and, where that is not English, in English."""
    if language != "de":
        return [_side(handout, ENGLISH, None)]
    from modicum.reports.german import card, supply

    return [_side(supply.translated(handout, say), card.WORDS, ENGLISH), _side(handout, ENGLISH, card.WORDS)]


def _side(handout: Handout, said: Words, other: Words | None) -> dict[str, Any]:
    contacts = handout.contacts
    shown = list(zip(said.warnings(handout), (one.never for one in handout.warnings), strict=True))
    return {
        "language": said.language,
        "title": f"{said.heading} - {handout.drug}",
        "heading": said.heading,
        "unprinted": said.unprinted,
        "name": contacts.patient or handout.slot,
        "trial": said.trial.format(handout.slot) if contacts.patient not in ("", handout.slot) else "",
        "virtual": said.virtual if contacts.virtual else "",
        "elsewhere": {"language": other.language, "paper": other.elsewhere[0], "phone": other.elsewhere[1]}
        if other
        else None,
        "first": shown[0][0],
        "before": said.before,
        "warnings": [{"text": text, "never": never} for text, never in shown[1:]],
        "blank": words.BLANK * 2,
        "ring": said.ring,
        "contacts": [
            {"label": label, "text": text}
            for label, text in zip(said.people, (contacts.on_call, contacts.prescriber, contacts.pharmacy), strict=True)
        ],
        "wallet": said.wallet,
        "find_out": said.find_out,
        "unblind": said.unblinding(handout),
        "codes": said.codes,
        "phases": [
            {"title": words.title(found), "codes": [words.kit_name(kit) for kit in found.kits]}
            for found in handout.phases
        ],
        "until": said.since.format(handout.protocol.name, said.day(handout.first_day)),
        "advice": said.advice,
    }
