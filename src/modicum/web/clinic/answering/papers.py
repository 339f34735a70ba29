"""Papers: what is handed over after the reveal. The report, the patient's page, and all that a proof needs."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from modicum.services.revealing import public_files
from modicum.web.accounts.models import Person, Role
from modicum.web.accounts.selectors import found_or_missing, participants_visible_to
from modicum.web.clinic.answering.standing import Standing, standing_of
from modicum.web.clinic.asking import asked_by
from modicum.web.language import language
from modicum.web.own_style import page_with_own_style
from modicum.web.trials import allocation_of, page_of, report_of

_WHEN = (1980, 1, 1, 0, 0, 0)  # the same papers are the same file, whenever they are asked for
_README = """What was sealed, what was written and what was found, so that anybody can repeat it.

allocation/   the sealed order of the capsules, its openings on record, and the papers that show every period
diary.csv     the diary with what was taken, as it was analysed
result.json   the answer that was signed

Nothing here holds a name. With Modicum {version} installed, in this folder:

{commands}
"""


@require_safe
@asked_by(Role.PRESCRIBER)
def report(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """The report in full, in the language of who reads it; in English where an earlier version wrote no other."""

    def place_of(trial: str) -> Path:
        own = report_of(trial, language())
        return own if own.exists() else report_of(trial)

    return _own(_standing(person, participant), place_of)


@require_safe
@asked_by(Role.PRESCRIBER)
def patient_page(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """The patient's page, as her phone shows it."""
    return _own(_standing(person, participant), page_of)


@require_safe
@asked_by(Role.PRESCRIBER)
def papers(request: HttpRequest, person: Person, participant: uuid.UUID) -> HttpResponseBase:
    """Everything that a proof needs, as one file."""
    standing = _standing(person, participant)
    if standing.opened is None:
        return _back(standing)
    name = f"modicum-{standing.participant.label}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in _files(standing):
            archive.writestr(zipfile.ZipInfo(f"{name}/{place}", _WHEN), content, zipfile.ZIP_DEFLATED)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def commands_of(standing: Standing) -> list[list[str]]:
    """What to type to check everything, word by word."""
    order = standing.begun.allocation
    verified = ["modicum", "verify", "--dir", "allocation", "--fingerprint", order]
    protocol = "allocation/protocol.toml" if order else "protocol.toml"
    analysed = ["modicum", "analyse", "diary.csv", "--protocol", protocol, "--json"]
    return [verified, analysed] if order else [analysed]


def _files(standing: Standing) -> Iterator[tuple[str, bytes]]:
    if standing.opened is None:
        return
    result = standing.closing.result
    readme = _README.format(version=result["version"], commands="\n".join(map(" ".join, commands_of(standing))))
    yield "README.txt", readme.encode()
    yield "diary.csv", standing.opened.diary.encode()
    yield "result.json", json.dumps(result, indent=1, ensure_ascii=False).encode()
    if standing.begun.allocation:
        yield from ((f"allocation/{name}", content) for name, content in public_files(allocation_of(standing.trial)))
    else:
        yield "protocol.toml", standing.begun.protocol_text.encode()


def _standing(person: Person, participant: uuid.UUID) -> Standing:
    return standing_of(found_or_missing(participants_visible_to(person), participant))


def _own(standing: Standing, place_of: Callable[[str], Path]) -> HttpResponseBase:
    """A page of its own, once the order is open; before, and where it is lost, the way back."""
    place = place_of(standing.trial)
    if standing.opened is None or not place.exists():
        return _back(standing)
    return page_with_own_style(place.read_bytes())


def _back(standing: Standing) -> HttpResponseBase:
    return HttpResponseRedirect(reverse("clinic:answer", args=[standing.participant.pk]))
