"""The sealed paper sheet: what opens the order of one person when the server does not answer.

It holds the file that is sealed for the emergency key, whole, as codes for the camera of any phone. Nobody can read an
arm off it, not by holding it against the light either: that takes the emergency key, which is kept elsewhere. It takes
no server and nothing of Modicum: ``age``, a program that anybody can have, opens it.
"""

import base64
import hashlib
from dataclasses import dataclass

import segno
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from modicum.services import folders
from modicum.web.clinic.following.again import folder_of
from modicum.web.clinic.following.emergency import holder
from modicum.web.clinic.following.opened import Followed, of_trial
from modicum.web.clock import now
from modicum.web.trials import allocation_of

CODE_CHARACTERS = 1400  # of a code that a phone still reads from paper, at the second level of correction


@dataclass(frozen=True)
class Code:
    """One code of the sheet.

    Args:
        number: of it.
        drawing: inline SVG.
    """

    number: int
    drawing: str


@dataclass(frozen=True)
class SealedFile:
    """One sealed file, as codes.

    Args:
        name: that its text is to be put into.
        codes: in order.
        digest: first half of its SHA-256, in groups, to compare.
    """

    name: str
    codes: tuple[Code, ...]
    digest: str


@require_safe
@of_trial
def page(request: HttpRequest, followed: Followed) -> HttpResponseBase:
    """The sheet, to be printed when a trial begins, when doses were bound, and when a re-challenge was accepted."""
    begun = followed.story.begun
    evidence = folders.read_evidence(allocation_of(followed.participant.trial)) if begun and begun.allocation else None
    files = list[SealedFile]()
    if evidence is not None:
        files.append(sealed_file("order", evidence.sealed["emergency"]))
        files += [
            sealed_file(f"doses-{number}", one.sealed["emergency"]) for number, one in enumerate(evidence.bindings, 1)
        ]
    for number in range(1, len(followed.story.rechallenges) + 1):
        again = folders.read_evidence(folder_of(followed.participant.trial, number))
        files.append(sealed_file(f"re-challenge-{number}", again.sealed["emergency"]))
    context = {
        "participant": followed.participant,
        "files": files,
        "printed": now(),
        "holder": holder(followed),
        "protocol": begun.protocol if begun else None,
    }
    return render(request, "clinic/following/sheet.html", context)


def parts_of(content: bytes) -> list[str]:
    """A file as texts that each fit a code; put together in their order they are the file in base 64.

    Args:
        content: of the file.
    """
    text = base64.b64encode(content).decode()
    return [text[at : at + CODE_CHARACTERS] for at in range(0, len(text), CODE_CHARACTERS)]


def sealed_file(name: str, content: bytes) -> SealedFile:
    """A sealed file as codes.

    Args:
        name: of it on the sheet.
        content: as it is sealed.
    """
    digest = hashlib.sha256(content).hexdigest()[:32]
    codes = tuple(Code(number, _drawn(part)) for number, part in enumerate(parts_of(content), 1))
    return SealedFile(f"{name}.txt", codes, " ".join(digest[at : at + 4] for at in range(0, 32, 4)))


def _drawn(text: str) -> str:
    """A code, black on white. Which mask is best for it is not tried out: the text looks like chance under any."""
    return segno.make(text, error="m", boost_error=False, micro=False, mask=0).svg_inline(
        scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
