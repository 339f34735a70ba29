import re
from enum import EnumType
from importlib import import_module
from pathlib import Path
from types import ModuleType

from architecture.tree import ROOT, SOURCE, modules

CODE = re.compile(r"\bMOD-[A-Z]+-\d{2}\b")


def listed() -> dict[str, str]:
    codes: dict[str, str] = {}
    for path in SOURCE.glob("*/problems.py"):
        module = import_module(f"modicum.{path.parent.name}.problems")
        for name, meaning in catalogue(module).items():
            assert name not in codes, f"{name} is listed twice"
            codes[name] = meaning
    return codes


def catalogue(module: ModuleType) -> dict[str, str]:
    """The codes of a room: a mapping of code to sentence, or an enumeration whose members have one."""
    for value in vars(module).values():
        if isinstance(value, dict) and value and all(CODE.fullmatch(str(key)) for key in value):
            return {str(key): str(meaning) for key, meaning in value.items()}
        if isinstance(value, EnumType) and all(CODE.fullmatch(str(member.value)) for member in value) and list(value):
            return {str(member.value): member.sentence for member in value}
    raise AssertionError(f"{module.__name__} lists no codes")


def used(paths: tuple[Path, ...]) -> set[str]:
    return {code for path in paths for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_in_the_source_is_listed_with_its_meaning():
    examples = used((SOURCE / "foundation" / "errors.py",))
    assert sorted(used(modules()) - set(listed()) - examples) == []


def test_every_listed_code_says_something():
    assert [code for code, meaning in listed().items() if len(meaning.split()) < 4] == []


def test_every_listed_code_is_in_the_docs_with_its_meaning():
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert [code for code, meaning in listed().items() if f"| {code} | {meaning} |" not in text] == []


def test_the_docs_list_no_code_that_does_not_exist():
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert sorted(set(CODE.findall(text)) - set(listed())) == []


def test_every_code_of_a_service_is_used():
    rest = tuple(path for path in modules() if path.name != "problems.py")
    own = {code for code in listed() if code.startswith(("MOD-OPT", "MOD-ASSUME", "MOD-INTERNAL"))}
    assert sorted(own - used(rest)) == []
