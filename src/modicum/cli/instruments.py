"""``modicum instruments``: what can be asked in a condition."""

from typing import TYPE_CHECKING, Annotated

import typer

from modicum.cli import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from modicum.protocol.instruments import Instrument
    from modicum.services.instruments import Instruments

EXAMPLE = "Example: modicum instruments --condition lupus"
NOT_CHECKED = "No licence was checked: ask the owner. No wording of others is shipped."

_BETTER = {
    "lower": "lower is better",
    "higher": "higher is better",
    "mixed": "in some parts lower, in some higher is better",
    None: "direction not found",
}

Condition = Annotated[str | None, typer.Option(metavar="C", help="One condition, by name, title or ICD code.")]
AsToml = Annotated[bool, typer.Option("--toml", help="Print the daily set of the condition for a protocol file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, and nothing else.")]


def instruments(condition: Condition = None, as_toml: AsToml = False, as_json: AsJson = False) -> None:
    """Show what can be asked in a condition: our own items, and instruments of others with their terms."""
    from modicum.services.instruments import instruments as look_up

    found = look_up(condition)
    if as_json:
        terminal.print_document(found.document)
    elif as_toml:
        _print_toml(condition)
    elif condition is None:
        _print_list(terminal.people(), found)
    else:
        _print_condition(terminal.people(), found)


def _print_toml(condition: str | None) -> None:
    from modicum.foundation.errors import OptionsError, Problem
    from modicum.protocol.daily_set import daily_toml

    if condition is None:
        message, fix = "The daily set of which condition is not said", "Add --condition, for example --condition lupus."
        raise OptionsError([Problem("MOD-OPT-29", "--toml", "", message, fix)])
    typer.echo(daily_toml(condition), nl=False)


def _print_list(console: "Console", found: "Instruments") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Condition", "What it is", "ICD-10", "Decides", "Instruments"):
        table.add_column(heading, no_wrap=heading == "Condition", overflow="fold")
    for key in found.conditions:
        row = found.catalogue.conditions[key]
        decides = found.daily(key)[0].label.split(",")[0]
        table.add_row(key, Text(row.title), ", ".join(row.icd10), decides, f"{len(found.of_others(key))}")
    console.print(table)


def _print_condition(console: "Console", found: "Instruments") -> None:
    from rich.padding import Padding
    from rich.text import Text

    from modicum.protocol.timetable import say_points

    row = found.catalogue.conditions[found.conditions[0]]
    codes = "; ".join(
        f"{name} {', '.join(codes)}" for name, codes in (("ICD-10", row.icd10), ("ICD-10-CM", row.icd10_cm)) if codes
    )
    console.print(Text(row.title, style="bold"))
    for line in filter(None, (codes, row.note)):
        console.print(Padding(Text(line), (0, 0, 0, 2)))
    console.print(Text("\nOur own items, once an evening (the first decides):"))
    for item in found.daily():
        assumed = " (assumption)" if item.mcid_grade == "assumption" else ""
        line = (
            f"{item.name}: {item.question} {item.low:g} ({item.low_label}) to {item.high:g} ({item.high_label}), "
            f"{item.better} is better. What matters: {say_points(item, item.mcid)}{assumed}."
        )
        console.print(Padding(Text(line), (0, 0, 0, 2)))
    if found.of_others():
        console.print(Text("\nInstruments of others:"))
    for one in found.of_others():
        console.print(Padding(Text(_line(found, one)), (0, 0, 0, 2)))
    console.print(Text(NOT_CHECKED, style="dim"))


def _line(found: "Instruments", one: "Instrument") -> str:
    """One instrument in sentences, all of which say what was not found or not confirmed."""
    ends = ["?" if end is None else f"{end:g}" for end in (one.low, one.high)]
    better = _BETTER[one.better]
    scale = f"{one.items or '?'} item{'' if one.items == '1' else 's'}, {ends[0]} to {ends[1]}, {better}"
    recall = f", over {one.recall}" if one.recall else ""
    rated = "" if one.rated_by == "the person" else f", rated by: {one.rated_by}"
    matters = "not found"
    if one.mcid is not None:
        source = found.catalogue.source(one.mcid.sources[0])
        matters = f"{one.mcid.says} ({source.citation}{'' if source.verified else '; unconfirmed'})"
    obtain = f"; obtain from: {one.licence.obtain}" if one.licence.obtain else ""
    own = f" Our own item: {one.own}." if one.own else ""
    note = f" {one.note}" if one.note else ""
    said = one.licence.says if one.licence.state in one.licence.says else f"{one.licence.state}, {one.licence.says}"
    terms = f"Licence: {said} (unconfirmed){obtain}."
    return f"{one.name}: {scale}{recall}{rated}. What matters: {matters}. {terms}{own}{note}"
