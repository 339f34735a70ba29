"""A page that the source or a test names is in the repository, with the section that is named beside it."""

import re
from pathlib import Path

import pytest

from architecture.tree import ROOT, relative, tracked

NAMED = re.compile(r"(?<![\w*<{])((?:docs/)?(?:decisions/)?[\w-]+\.md)\b")
SECTION = re.compile(r"(docs/[\w/-]+\.md), ([A-Z][\w' ]+?)(?=[).:;,]|\n|$)")
EXEMPT = {"tests/architecture/test_named_pages.py"}
MADE_BY_TESTS = {"page.md"}


def pages() -> set[str]:
    """Every page, by its name and by its place."""
    return {name for path in tracked() if path.suffix == ".md" for name in (path.name, relative(path))}


def headings(page: Path) -> set[str]:
    """What a page calls its sections, and the words in bold that begin its paragraphs."""
    text = page.read_text(encoding="utf-8")
    return {one.strip() for one in re.findall(r"^#+ (.+)$", text, re.MULTILINE)} | {
        one.rstrip(".?") for one in re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE)
    }


def missing(text: str) -> list[str]:
    """Pages that a text names and that are not there, and sections that their pages do not have."""
    known = pages() | MADE_BY_TESTS
    lost = [name for name in NAMED.findall(text) if name not in known]
    return lost + [
        f"{page}, {section}"
        for page, section in SECTION.findall(text)
        if page in known and not any(one.startswith(section) for one in headings(ROOT / page))
    ]


def test_every_page_and_section_that_is_named_is_there():
    sources = [path for path in tracked() if path.suffix in (".py", ".toml") and relative(path) not in EXEMPT]
    found = {relative(path): lost for path in sources if (lost := missing(path.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize("bad", ["see MODEL.md 1", "docs/models.md", "(docs/model.md, What is hoped)"])
def test_a_page_or_a_section_that_is_not_there_is_found(bad):
    assert missing(bad)
