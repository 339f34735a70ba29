"""An answer in a notebook: the verdict and the doses, in the notebook's own colours."""

from modicum.decision.answer import Answer
from modicum.reports import prescriber, tables
from modicum.reports.page import template


def notebook_html(answer: Answer) -> str:
    """A small self-contained piece of HTML: the sentence, how sure, and a table of doses where they are known."""
    return template("notebook.html.j2").render(
        sentence=answer.verdict.sentence,
        lead=prescriber.lead(answer),
        effects=tables.effects(answer),
        known=not answer.uninformative,
        virtual=answer.diary.virtual,
    )
