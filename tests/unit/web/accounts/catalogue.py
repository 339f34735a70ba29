"""The strings of the web: as its source has them, as the file for translators has them, and as it is read."""

import ast
import gettext
import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[4] / "src" / "modicum" / "web"
GERMAN = WEB / "locale" / "de" / "LC_MESSAGES"
_ONE = {"gettext", "gettext_lazy", "gettext_noop", "_"}
_MANY = {"ngettext", "ngettext_lazy"}
_TRANSLATE = re.compile(r"""\{%\s*translate\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_IN_FILTER = re.compile(r'_\("([^"]*)"\)')
_BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.DOTALL)
_PLURAL = re.compile(r"\{%\s*plural\s*%\}")


def in_source() -> set[tuple[str, ...]]:
    """What the source asks to have translated: singular, or singular and plural."""
    found: set[tuple[str, ...]] = set()
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= _called(node)
    for path in WEB.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {(one or other,) for one, other in _TRANSLATE.findall(text)}
        found |= {(one,) for one in _IN_FILTER.findall(text)}
        found |= {tuple(_placed(part) for part in _PLURAL.split(block)) for block in _BLOCK.findall(text)}
    return found


def in_file(path: Path = GERMAN / "django.po") -> dict[tuple[str, ...], tuple[str, ...]]:
    """What the file for translators says."""
    found = {}
    for entry in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        parts = re.findall(r'^(msg\w+(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\s*)+)', entry, flags=re.MULTILINE)
        said = {name: "".join(_unquoted(text)) for name, text in parts}
        key = tuple(said[name] for name in ("msgid", "msgid_plural") if name in said)
        found[key] = tuple(said[name] for name in ("msgstr", "msgstr[0]", "msgstr[1]") if name in said)
    return found


def as_read(path: Path = GERMAN / "django.mo") -> dict[str, list[str]]:
    """What the file that is read at run time says, by the singular."""
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # the only way to see all of it
    found: dict[str, list[str]] = {}
    for key, text in sorted(catalogue.items(), key=str):
        found.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)
    return found


def places(text: str) -> set[str]:
    """The values that a string has places for."""
    return set(re.findall(r"%\((\w+)\)s", text))


def _called(node: ast.AST) -> set[tuple[str, ...]]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return set()
    words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if node.func.id in _ONE and words:
        return {(words[0],)}
    return {(words[0], words[1])} if node.func.id in _MANY and len(words) > 1 else set()


def _placed(text: str) -> str:
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", text)


def _unquoted(text: str) -> list[str]:
    return [ast.literal_eval(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', text)]
