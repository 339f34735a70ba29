"""An answer as a view: everything that a report says, once, for the screen and for paper."""

from modicum.decision.answer import Answer
from modicum.foundation.version import version
from modicum.reports import patient, prescriber, sections
from modicum.reports.blocks import Fact, PrescriberPage, View

FOOT = "Modicum supports a prescriber\N{RIGHT SINGLE QUOTATION MARK}s decision. It does not prescribe."


def view(answer: Answer) -> View:
    """Both pages of a report, as the templates of every form lay them out."""
    page = prescriber_page(answer)
    return View(
        title=f"{page.sentence.rstrip('.')} - Modicum",
        description=page.sentence,
        tag=tag(answer),
        version=version(),
        prescriber=page,
        patient=patient.page(answer, page.kicker),
    )


def tag(answer: Answer) -> str:
    """The mark of a virtual patient, or ""."""
    return "Virtual patient" if answer.diary.virtual else ""


def prescriber_page(answer: Answer) -> PrescriberPage:
    """The prescriber's page."""
    verdict = answer.verdict
    facts = tuple(Fact(label, value, (context,)) for label, value, context in prescriber.summary(answer))
    facts += (Fact("Decided by", "", tuple(verdict.reasons)),) if verdict.reasons else ()
    tell = verdict.what_would_tell if not answer.uninformative else ""
    return PrescriberPage(
        name="For the prescriber",
        kicker=prescriber.kicker(answer),
        sentence=verdict.sentence,
        lead=prescriber.lead(answer),
        tell=("What would tell:", tell) if tell else (),
        note=prescriber.note(answer),
        sections=sections.sections(answer),
        aside="In short",
        facts=facts,
        foot=FOOT,
    )
