"""The questions of a history and their answers, in words that can be translated; which there are says the screening."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from modicum.screening import Question, questions
from modicum.web.language import decimal

UNKNOWN = "unknown"
_NOT_ANSWERED = "not answered"  # as a screening says it of a question


def question_words(question: Question) -> str:
    """A question as the page asks it; one that has no translation is asked as the screening words it."""
    return _texts().get(question.key, question.text)


def answer_words(question: Question, answer: str) -> str:
    """An answer as the page offers it; what "earlier" means depends on the question."""
    return _own_answers().get((question.key, answer)) or _answers().get(answer, answer)


def choices_of(question: Question) -> list[tuple[str, str]]:
    """The answers to choose from, and that it is not known, which is asked again."""
    return [(one, answer_words(question, one)) for one in (*question.answers, UNKNOWN)]


def given_words(finding: Mapping[str, Any]) -> str | None:
    """The answer that a finding is about, as question and answer in words; None where it is about a line of the list.

    Args:
        finding: of a ``modicum.screen/1`` document, whose input may be "thyroid_replacement: yes".
    """
    key, _parted, answer = finding["input"].partition(": ")
    question = questions().get(key)
    if question is None or finding["matched"] != question.text:
        return None
    asked = question_words(question)
    said = _("Not answered") if answer == _NOT_ANSWERED else answer_words(question, answer)
    if question.kind == "years" and answer != _NOT_ANSWERED:
        said = decimal(f"{float(answer):g}")
    return f"{asked} {said}" if asked.endswith("?") else f"{asked}: {said}"


def _texts() -> dict[str, str]:
    return {
        "age": _("Age in years"),
        "specialist": _("Is a specialist for children in charge?"),
        "pregnancy": _("Pregnant, planning a pregnancy, or breastfeeding?"),
        "liver": _("Liver"),
        "kidney": _("Kidneys"),
        "allergy": _("Allergy to naltrexone, naloxone, or something else?"),
        "surgery": _("Is an operation planned?"),
        "opioid_use": _("Opioids, prescribed or not: never or long ago, in the last three months, now?"),
        "opioid_last_taken": _("When was the last opioid taken?"),
        "opioid_dependence": _("Dependence on opioids?"),
        "opioid_withdrawal": _("Signs of opioid withdrawal now?"),
        "naloxone_challenge": _("Naloxone challenge"),
        "urine_opioids": _("Opioids in urine"),
        "alcohol": _("Alcohol"),
        "transplant": _("Ever received an organ or bone marrow?"),
        "thyroid_replacement": _("Thyroid hormone?"),
        "psychosis": _("Psychosis, now or before?"),
        "suicidality": _("Thoughts of ending your life: never, earlier, in the last two weeks?"),
        "cancer": _("Cancer: never, treated, under treatment now?"),
        "anticoagulant": _("A medicine that thins the blood?"),
        "opioid_antagonist": _("Another medicine with naltrexone, nalmefene or samidorphan?"),
        "peripheral_antagonist": _(
            "A medicine against constipation from opioids (methylnaltrexone, naloxegol, naldemedine, alvimopan)?"
        ),
        "liver_test": _("A liver test (ALT, AST) before the start"),
    }


def _own_answers() -> dict[tuple[str, str], str]:
    return {
        ("opioid_use", "no"): _("Never, or long ago"),
        ("opioid_use", "past"): _("In the last three months"),
        ("suicidality", "no"): _("Never"),
        ("suicidality", "now"): _("In the last two weeks"),
        ("cancer", "no"): _("Never"),
        ("cancer", "past"): _("Treated"),
        ("psychosis", "no"): _("Never"),
    }


def _answers() -> dict[str, str]:
    return {
        "no": _("No"),
        "yes": _("Yes"),
        "now": _("Now"),
        "past": _("Earlier"),
        "pregnant": _("Pregnant"),
        "planning": _("Planning"),
        "breastfeeding": _("Breastfeeding"),
        "healthy": _("Healthy"),
        "impaired": _("Impaired"),
        "cirrhosis": _("Cirrhosis"),
        "acute-hepatitis": _("Acute hepatitis"),
        "failure": _("Failure"),
        "mild": _("Mild disease"),
        "severe": _("Severe disease"),
        "naltrexone": _("Naltrexone"),
        "naloxone": _("Naloxone"),
        "other": _("Something else"),
        "planned": _("Planned"),
        "not-done": _("Not done"),
        "passed": _("Passed"),
        "failed": _("Failed"),
        "negative": _("Negative"),
        "positive": _("Positive"),
        "moderate": _("Moderate"),
        "misuse": _("Misuse"),
        "active": _("Under treatment now"),
        "normal": _("Normal"),
        "raised": _("Raised"),
        UNKNOWN: _("Not known"),
    }
