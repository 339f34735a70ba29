"""What is shown in a notebook: the sentence, how sure, and a table, in the notebook's own colours."""

from modicum.decision.answer import Answer
from modicum.reports import prescriber, tables
from modicum.reports.page import template
from modicum.reports.tables import Table
from modicum.reports.view import tag


def notebook_html(answer: Answer) -> str:
    """A small self-contained piece of HTML: the sentence, how sure, and a table of doses where they are known."""
    doses = None if answer.uninformative else tables.effects(answer)
    return piece(answer.verdict.sentence, prescriber.lead(answer), doses, tag(answer))


def piece(sentence: str, lead: str, table: Table | None, tag: str) -> str:
    """A sentence, its lead, a table or none, and the mark of virtual people or "", as a small piece of HTML."""
    return template("notebook.html.j2").render(sentence=sentence, lead=lead, table=table, tag=tag)
