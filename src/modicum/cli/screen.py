"""``modicum screen``: whether a person may start, by medication list and history."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modicum.cli import terminal
from modicum.cli.summary import NOT_A_PRESCRIPTION

if TYPE_CHECKING:
    from rich.console import Console

    from modicum.services.screening import Screened

EXAMPLE = 'Example: modicum screen --medications "Tylenol #3 prn, sertraline 50"'
DONE, FINDING = 0, 1
_TITLES = {"stop": ("Stop", "bold red"), "ask": ("Ask first", "bold yellow"), "note": ("Worth knowing", "bold")}

Medications = Annotated[
    str | None,
    typer.Option(metavar="TEXT|FILE", help="Split at newline, semicolon and comma; a file that is there is read."),
]
HistoryFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Answers about the person, as TOML or JSON; see --questions.")
]
Day = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Day of screening, such as 2026-11-23; otherwise today.")
]
Reader = Annotated[str, typer.Option(metavar="WHO", help="prescriber, or patient: without figures of a low grade.")]
Questions = Annotated[bool, typer.Option("--questions", help="List what a history is asked, and leave.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the document, and nothing else.")]


def screen(
    medications: Medications = None,
    history: HistoryFile = None,
    day: Day = None,
    reader: Reader = "prescriber",
    questions: Questions = False,
    as_json: AsJson = False,
) -> int:
    """Say whether a person may start: stop, ask first, or nothing that stands against it. Stop and ask exit with 1."""
    from modicum.services import screening

    if questions:
        _print_questions(screening.asked_questions(), as_json=as_json)
        return DONE
    found = screening.carry_out(medications, history, day, reader)
    if as_json:
        terminal.print_document(found.document)
    else:
        _print(found)
    return DONE if found.result == "may-start" else FINDING


def _print(found: "Screened") -> None:
    console = terminal.people()
    document = found.document
    for sentence in document["sentences"]:
        console.print(sentence, markup=False, soft_wrap=True)
    for line in document["not_recognised"]:
        console.print(f"\nNot recognised: {line}", style="bold yellow", markup=False, soft_wrap=True)
        console.print("  Read it by hand; a name that is not known clears nobody.", markup=False, soft_wrap=True)
    for finding in document["findings"]:
        _print_finding(console, finding)
    console.print(f"\n{NOT_A_PRESCRIPTION}", markup=False, soft_wrap=True)


def _print_finding(console: "Console", finding: dict[str, Any]) -> None:
    title, style = _TITLES[finding["severity"]]
    console.print()
    console.print(f"{title}: {finding['input'] or 'the list is empty'}", style=style, markup=False, soft_wrap=True)
    lines = [f"Read as: {finding['matched']}"] if finding["matched"] else []
    lines += [finding["reason"], *_wait(finding), f"Source: {finding['source']} ({finding['grade']})"]
    lines += [f"Unconfirmed ({one['grade']}): {one['text']} ({one['source']})" for one in finding["unconfirmed"]]
    for line in lines:
        console.print(f"  {line}", markup=False, soft_wrap=True)


def _wait(finding: dict[str, Any]) -> list[str]:
    """What is said of the opioid-free time."""
    if finding["rule"] == "opioid-washed-out" and finding["wait_source"]:
        return [f"Last taken {finding['last_taken']}; {_passed(finding)} ({finding['wait_source']})"]
    if finding["rule"] not in ("opioid", "opioid-remedy", "opioid-like", "opioid-use"):
        return []
    days, basis = finding["washout_days"], f"({finding['wait_source']})"
    if finding["wait_days"] is not None:
        return [f"Last taken {finding['last_taken']}: {days} days opioid-free are asked for. {basis}"]
    if days is not None and finding["last_taken"] is None:
        return [f"{days} days opioid-free are asked for; when the last dose was is not known. {basis}"]
    return ["How long to be opioid-free: the prescriber decides."]


def _passed(finding: dict[str, Any]) -> str:
    days = finding["washout_days"]
    return f"{days} days opioid-free were asked for." if days is not None else "there is no figure for its form."


def _print_questions(questions: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        terminal.print_document({"schema": "modicum.screening-questions/1", "questions": questions})
        return
    console = terminal.people()
    for one in questions:
        answers = " | ".join(one["answers"]) or {"years": "a number", "date": "a date, 2026-11-01"}[one["kind"]]
        console.print(f"{one['key']} = {answers}", style="bold", markup=False, soft_wrap=True)
        console.print(f"  {one['text']}{' (optional)' if one['optional'] else ''}", markup=False, soft_wrap=True)
