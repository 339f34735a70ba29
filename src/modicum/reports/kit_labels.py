"""Labels: one for each kit that is made, with the same words whatever the kit holds, in the patient's language."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from modicum.reports import paper, theme, wording
from modicum.reports import supply_words as words
from modicum.supply.handout import Handout, HandoutPhase
from modicum.supply.kits import Kit

UNPRINTED = "Some characters have no shape in the fonts of this file."


@dataclass(frozen=True)
class Words:
    """The words of labels in one language.

    Args:
        language: of them.
        title: of the file, with a place for whose labels they are.
        alternative: of the square code, with a place for the code.
        virtual: the mark of a virtual patient.
        unprinted: what is said where a character has no shape.
        lines: what a label says below its code, line by line.
    """

    language: str
    title: str
    alternative: str
    virtual: str
    unprinted: str
    lines: Callable[[Handout, HandoutPhase, Kit], Iterable[str]]


def lines(handout: Handout, found: HandoutPhase, kit: Kit) -> Iterator[str]:
    """What a label says in English.

    Args:
        handout: what anybody may see.
        found: its phase.
        kit: that it is for.
    """
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


ENGLISH = Words("en", "Labels for {} - Modicum", "QR code of kit {}", "Virtual patient", UNPRINTED, lines)


def render_labels(
    handout: Handout, codes: frozenset[str], language: str = "en", say: Callable[[str], str] = str
) -> bytes:
    """The labels on A4, eight to a sheet, as a PDF.

    Args:
        handout: what anybody may see.
        codes: of the kits that are made.
        language: of the labels, "en" or "de"; English where it is another.
        say: words of a protocol or a formulation to that language, or to themselves where nobody translated them.
    """
    said = words_in(language)
    if said is not ENGLISH:
        from modicum.reports.german import supply

        handout = supply.translated(handout, say)
    return paper.compiled("labels.typ", label_data(handout, codes, said))[0]


def words_in(language: str) -> Words:
    """The words of labels in a language.

    Args:
        language: "en" or "de"; English where it is another.
    """
    if language != "de":
        return ENGLISH
    from modicum.reports.german import labels

    return labels.WORDS


def label_data(handout: Handout, codes: frozenset[str], said: Words = ENGLISH) -> dict[str, Any]:
    """All that the labels say.

    Args:
        handout: what anybody may see.
        codes: of the kits that are made.
        said: the words around it.
    """
    labels = [
        label(handout, found, kit, said)
        for found in handout.phases
        for kit in found.kits
        if found.ordered and kit.code in codes
    ]
    data = {
        "title": said.title.format(handout.slot),
        "language": said.language,
        "virtual": said.virtual,
        "labels": labels,
        "colours": dict(theme.palette()),
        "unprinted": said.unprinted,
    }
    return paper.clean(data)


def label(handout: Handout, found: HandoutPhase, kit: Kit, said: Words = ENGLISH) -> dict[str, Any]:
    """One label.

    Args:
        handout: what anybody may see.
        found: its phase.
        kit: that it is for.
        said: the words around it.
    """
    return {
        "code": words.kit_name(kit),
        "qr": qr_svg(kit.code),
        "alt": said.alternative.format(kit.code),
        "name": handout.contacts.patient or handout.slot,
        "virtual": handout.contacts.virtual,
        "lines": list(said.lines(handout, found, kit)),
    }


def qr_svg(code: str) -> str:
    """The code of a kit as a QR code, SVG.

    Example:
        >>> qr_svg("7KQ4XM").startswith("<svg")
        True
    """
    import segno

    return segno.make(f"KIT {code}", error="m", micro=False, boost_error=False).svg_inline(border=0, dark="#000")
