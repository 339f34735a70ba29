"""Looking into a PDF as a reader or a screen reader would: its tags, their texts, its words and its boxes."""

import io
import re
from dataclasses import dataclass, field

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject

RUNNING = re.compile(r"^ ?Modicum For the (prescriber|patient)\n|Modicum \S+ \d+ / \d+$")


@dataclass(frozen=True)
class Tag:
    """An element of the structure tree."""

    kind: str
    alternative: str | None
    title: str
    box: tuple[float, ...]
    scope: str
    kids: list["Tag"] = field(default_factory=list)


def opened(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document))


def catalogue(document: bytes) -> DictionaryObject:
    return opened(document).trailer["/Root"]


def metadata(document: bytes) -> str:
    """The XMP metadata as text."""
    return catalogue(document)["/Metadata"].get_object().get_data().decode()


def tags(document: bytes) -> list[Tag]:
    """The roots of the structure tree."""
    return _tags(catalogue(document)["/StructTreeRoot"]["/K"])


def _tags(found) -> list[Tag]:
    found = found.get_object()
    if isinstance(found, ArrayObject):
        return [tag for item in found for tag in _tags(item)]
    if not isinstance(found, DictionaryObject) or "/S" not in found:
        return []
    details = found.get("/A", ArrayObject())
    details = details if isinstance(details, ArrayObject) else ArrayObject([details])
    facts = {key: value for item in details for key, value in item.get_object().items()}
    tag = Tag(
        kind=found["/S"][1:],
        alternative=found.get("/Alt"),
        title=found.get("/T", ""),
        box=tuple(float(x) for x in facts.get("/BBox", ())),
        scope=facts.get("/Scope", ""),
    )
    tag.kids.extend(_tags(found["/K"]) if "/K" in found else [])
    return [tag]


def every(roots: list[Tag], kind: str = "") -> list[Tag]:
    """All elements of a kind, in the order of reading; of any kind where none is named."""
    out = []
    for tag in roots:
        out += [tag] if not kind or re.fullmatch(kind, tag.kind) else []
        out += every(tag.kids, kind)
    return out


def sheets(document: bytes) -> list[str]:
    """The words of each sheet, without those at its head and foot."""
    return [RUNNING.sub("", page.extract_text()) for page in opened(document).pages]


def squashed(text: str) -> str:
    """Text without any space, so that it does not matter where a line ends."""
    return re.sub(r"\s", "", text)
