"""Looking into a page as text: its words, and what has to hold for every page that leaves the house."""

import base64
import hashlib
import html
import re
from itertools import pairwise


def words(text):
    """The words of a page as they are read, with plain spaces."""
    bare = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    bare = html.unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", bare)


def assert_needs_nothing(text):
    """No network, no script."""
    assert "<script" not in text
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r'(?:src|href)="(?!#|data:)', text)
    assert not re.search(r"url\((?!data:)", text)
    assert "@import" not in text


def assert_policy_holds(text):
    """The policy names the one style sheet, and nothing else has style."""
    (css,) = re.findall(r"<style>(.*?)</style>", text, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; img-src data:"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in text
    assert " style=" not in text
    assert text.index("Content-Security-Policy") < text.index("<style>")


def assert_colours_are_known(text):
    """Every class of a drawing has its colour."""
    used = {c for names in re.findall(r'class="([^"]*)"', text) for c in names.split() if re.match(r"[fs]-", c)}
    assert all(f".{c}{{" in text for c in used)


def assert_headings_have_no_gap(text):
    levels = [int(level) for level in re.findall(r"<h(\d)", text)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
