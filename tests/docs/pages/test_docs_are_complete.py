import importlib.util
import re

import pytest
import typer

import modicum
from modicum.cli.application import application
from modicum.services.documents import KINDS
from page_blocks import PAGES, ROOT

COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
PYTHON = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def commands(group, path="modicum"):
    for name, command in group.commands.items():
        here = f"{path} {name}"
        if hasattr(command, "commands"):
            yield from commands(command, here)
        else:
            yield here, command


def every_option():
    for path, command in commands(typer.main.get_command(application)):
        for parameter in command.params:
            for word in parameter.opts:
                if word.startswith("--") and word != "--help":
                    yield path, word


@pytest.mark.parametrize("path", [path for path, _ in commands(typer.main.get_command(application))])
def test_every_command_has_a_section(path):
    assert f"## `{path}" in COMMAND_LINE


@pytest.mark.parametrize(("path", "option"), list(every_option()))
def test_every_option_is_in_the_section_of_its_command(path, option):
    section = COMMAND_LINE.split(f"## `{path}", 1)[1].split("\n## ", 1)[0]
    assert re.search(rf"`{re.escape(option)}\b", section)


def test_no_section_describes_an_option_that_does_not_exist():
    known = {option for _, option in every_option()} | {"--version", "--help"}
    assert set(re.findall(r"`(--[a-z-]+)", COMMAND_LINE)) - known == set()


@pytest.mark.parametrize("name", modicum.__all__)
def test_every_public_name_is_described(name):
    assert f"`{name}" in PYTHON


@pytest.mark.parametrize("kind", KINDS)
def test_every_document_is_named(kind):
    assert f"modicum.{kind}/1" in COMMAND_LINE


def test_the_page_of_codes_is_current():
    path = ROOT / "docs" / "errors.py"
    specification = importlib.util.spec_from_file_location("errors_page", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    assert (ROOT / "docs" / "errors.md").read_text(encoding="utf-8") == module.page(), "run: python docs/errors.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text) + re.findall(r'(?:src|srcset|href)="([^"#]+)"', text)
    lost = [t for t in targets if not re.match(r"[a-z]+:", t) and not (page.parent / t).exists()]
    assert lost == []


def test_every_picture_is_shown_on_a_page():
    told = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = sorted(path.name for path in (ROOT / "docs" / "images").iterdir())
    assert [name for name in pictures if f"images/{name}" not in told] == []
