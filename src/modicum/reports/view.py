"""An answer as a view: everything that a report says, once, for the screen and for paper."""

from collections.abc import Iterator

from modicum.decision.answer import Answer
from modicum.foundation.version import version
from modicum.reports import patient, prescriber, sections
from modicum.reports.blocks import Fact, PatientPage, PrescriberPage, View
from modicum.reports.tongue import ENGLISH, Line, Tongue

FOOT = "Modicum supports a prescriber\N{RIGHT SINGLE QUOTATION MARK}s decision. It does not prescribe."


def view(answer: Answer) -> View:
    """Both pages of a report, as the templates of every form lay them out."""
    return view_of(answer, ENGLISH, patient.page(answer, prescriber.kicker(answer)))


def view_of(answer: Answer, tongue: Tongue, patient_page: PatientPage) -> View:
    """The same in a language.

    Args:
        answer: with its words in that language.
        tongue: of the prescriber's page.
        patient_page: in that language too.
    """
    page = prescriber_page(answer, tongue)
    return View(
        title=f"{page.sentence.rstrip('.')} - Modicum",
        description=page.sentence,
        tag=tag(answer, tongue),
        version=version(),
        prescriber=page,
        patient=patient_page,
        language=tongue.language,
    )


def tag(answer: Answer, tongue: Tongue = ENGLISH) -> str:
    """The mark of a virtual patient, or ""."""
    return tongue.say("Virtual patient") if answer.diary.virtual else ""


def prescriber_page(answer: Answer, tongue: Tongue = ENGLISH) -> PrescriberPage:
    """The prescriber's page.

    Args:
        answer: with its words in the language of the tongue.
        tongue: of the page.
    """
    decided = tongue.decided(answer)
    facts = tuple(Fact(label, value, (context,)) for label, value, context in prescriber.summary(answer, tongue))
    tell = decided.tell if not answer.uninformative else Line("")
    return PrescriberPage(
        name=tongue.say("For the prescriber"),
        kicker=prescriber.kicker(answer, tongue),
        sentence=decided.sentence.text,
        lead=prescriber.lead(answer, tongue),
        tell=(tongue.say("What would tell:"), tell.text) if tell.text else (),
        note=prescriber.note(answer, tongue),
        sections=sections.sections(answer, tongue),
        aside=tongue.say("In short"),
        facts=(*facts, *_reasons(decided.reasons, tongue)),
        foot=tongue.say(FOOT),
        sentence_language=decided.sentence.language,
        tell_language=tell.language,
    )


def _reasons(lines: tuple[Line, ...], tongue: Tongue) -> Iterator[Fact]:
    """The rule that decided: in one language, and marked where that is not the language of the page."""
    if lines:
        language = next((line.language for line in lines if line.language), "")
        yield Fact(tongue.say("Decided by"), "", tuple(line.text for line in lines), language)
