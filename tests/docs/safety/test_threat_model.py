"""The threat model names tests: each is there, and each role has one."""

import re

from page_blocks import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_test_that_is_named_is_there():
    named = NAMED.findall(PAGE)
    assert len(named) > 20
    missing = [(path, name) for path, name in named if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")]
    assert missing == []


def test_every_role_says_what_it_sees_and_is_shown_by_a_test():
    parts = [part for part in PAGE.split("\n## ")[1:] if not part.startswith("Not covered")]
    assert len(parts) == 9
    for part in parts:
        title = part.partition("\n")[0]
        assert "| sees |" in part, title
        assert "| what stops it |" in part, title
        assert NAMED.search(part), title
