"""The verdict in German. What it says is read off the sentence that was decided, form by form; nothing is added to it.

A sentence of no known form is shown as it was decided, and marked as English.
"""

import re
from collections.abc import Iterator

from modicum.decision.answer import Answer
from modicum.reports import wording
from modicum.reports.german.forms import DOSE, DRUGS, amount_said, chance_said, dose_said

_DOSE = f"(?P<{{}}>{DOSE})"
_FIRST, _SECOND = _DOSE.format("dose"), _DOSE.format("other")
_PROBABLY = "(?P<probably>probably )?"
_WORSE = r"may make you worse \(by (?P<small>.+?) or more: (?P<chance>.+?)\)"
_FORMS: dict[str, str] = {
    "Going on would not show that it helps": "Weiterzumachen würde nicht zeigen, dass es hilft",
    "You were better in those weeks, but nobody can tell whether that was the (?P<drug>drug|treatment) or hope": (
        "Es ging Ihnen in diesen Wochen besser, aber niemand kann sagen, ob es {drug} war oder die Hoffnung"
    ),
    "Your diary cannot tell yet": "Ihr Tagebuch kann es noch nicht sagen",
    "Your diary cannot tell: there is less to gain than the smallest difference that matters": (
        "Ihr Tagebuch kann es nicht sagen: Es ist weniger zu gewinnen als der kleinste Unterschied, auf den es ankommt"
    ),
    "Stop and talk: red flag": "Hören Sie auf, und sprechen Sie darüber: Warnzeichen",
    "Stop and talk: (?P<named>.+) was rated severe": (
        "Hören Sie auf, und sprechen Sie darüber: Als schwer wurde angegeben: {named}"
    ),
    f"Stop: {_FIRST} {_PROBABLY}makes you worse": "Hören Sie auf: Mit {with_dose} geht es Ihnen {probably}schlechter",
    "The (?P<drug>drug|treatment) does nothing for you that matters": (
        "{Drug} bewirkt bei Ihnen nichts, worauf es ankommt"
    ),
    f"No dose tried helps you enough to matter, and {_FIRST} {_WORSE}": (
        "Keine der versuchten Dosen hilft Ihnen so, dass es darauf ankommt, und mit {with_dose} kann es Ihnen "
        "schlechter gehen (um {small} oder mehr: {chance})"
    ),
    f"The (?P<drug>drug|treatment) does not help you, and {_WORSE}": (
        "{Drug} hilft Ihnen nicht, und damit kann es Ihnen schlechter gehen (um {small} oder mehr: {chance})"
    ),
    f"{_FIRST} {_PROBABLY}works for you, but no better than {_SECOND}": (
        "{Dose} wirkt bei Ihnen {probably}, aber nicht besser als {other}"
    ),
    f"{_FIRST} {_PROBABLY}works for you, and no smaller dose was shown to": (
        "{Dose} wirkt bei Ihnen {probably}, und von keiner kleineren Dosis hat sich das gezeigt"
    ),
    f"{_FIRST} {_PROBABLY}works for you": "{Dose} wirkt bei Ihnen {probably}",
}
_NOTICED = re.compile(r", perhaps through having noticed the (?P<drug>drug|treatment)$")


def patient_sentence(answer: Answer) -> str:
    """The verdict for the patient in German; "" where its sentence has no known form.

    Args:
        answer: with its words in German; the verdict is as it was decided, in English.
    """
    text = (answer.verdict.patient_sentence or answer.verdict.sentence).rstrip(".")
    noticed = _NOTICED.search(text)
    core = text[: noticed.start()] if noticed else text
    for form, german in _FORMS.items():
        found = re.fullmatch(form, core, re.IGNORECASE)
        if found is None:
            continue
        said = " ".join(german.format(**_parts(found.groupdict(), answer)).split())
        drug = f", vielleicht, weil Sie {DRUGS[noticed['drug']]} bemerkt haben" if noticed else ""
        return f"{said.replace(' ,', ',')}{drug}."
    return ""


def _parts(found: dict[str, str | None], answer: Answer) -> dict[str, str]:
    """What stands in the places of a form."""
    dose, drug = dose_said(found.get("dose") or ""), DRUGS.get(found.get("drug") or "", "")
    return {
        "dose": dose,
        "Dose": wording.sentence(dose),
        "with_dose": dose.replace("die Behandlung", "der Behandlung", 1),
        "other": dose_said(found.get("other") or ""),
        "drug": drug,
        "Drug": wording.sentence(drug),
        "probably": "wahrscheinlich " if found.get("probably") else "",
        "small": amount_said(found.get("small") or "", answer.question),
        "chance": chance_said(found.get("chance") or ""),
        "named": " und ".join(_labels((found.get("named") or "").split(" and "), answer)),
    }


def _labels(names: list[str], answer: Answer) -> Iterator[str]:
    """Side effects that were named, by their labels."""
    known = {one.name.replace("_", " "): one.label for one in answer.side_effects} | {"red flag": "Warnzeichen"}
    return (known.get(name, name) for name in names)
