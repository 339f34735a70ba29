import ast
import re

from architecture.tree import SOURCE, modules, relative, syntax

EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc", "core"}


def empty_names(path: str) -> set[str]:
    return EMPTY_NAMES & {word for part in path.removesuffix(".py").split("/") for word in part.split("_")}


def test_modules_are_nouns_of_the_field():
    assert [relative(m) for m in modules() if empty_names(relative(m).removeprefix("src/modicum/"))] == []


def test_a_module_named_after_nothing_is_found():
    assert empty_names("records/date_utils.py") == {"utils"}


def test_every_room_says_what_it_is_for_and_what_it_may_not_know():
    silent = []
    for module in modules():
        if module.name == "__init__.py" and len(module.relative_to(SOURCE).parts) <= 2:
            text = ast.get_docstring(syntax(module)) or ""
            sentences = re.findall(r"[.:](?:\s|$)", text)
            restraint = re.search(r"\b(not|no|nothing|never)\b", text)
            if len(sentences) < 2 or not restraint:
                silent.append(relative(module))
    assert silent == []


def test_every_module_has_a_docstring():
    assert [relative(m) for m in modules() if not ast.get_docstring(syntax(m))] == []
