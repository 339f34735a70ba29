"""May this person start: a whole list and a history against the rules."""

from datetime import date

from modicum.screening.history import History
from modicum.screening.history import findings_of as history_findings
from modicum.screening.lists import lines_of, says_nothing_is_taken
from modicum.screening.medicines import findings_of, read_line
from modicum.screening.record import Finding, Screening, worst_first
from modicum.screening.rulebook import rules


def clear(medications: str, today: date, history: History | None = None) -> Screening:
    """Screen a medication list, and a history where there is one.

    Absence from a list is never clearance: a line in which a name is not known is handed back to be read by a person,
    and an empty list is a question. Only "none" in words says that nothing is taken.

    Args:
        medications: free text or ATC codes, a medicine a line, or split by comma or semicolon.
        today: to count opioid-free days to.
        history: the answers about the person.
    """
    lines = lines_of(medications)
    about_person = history_findings(history, today) if history is not None else []
    if says_nothing_is_taken(lines):
        return Screening(worst_first(about_person), (), history is not None)
    read = [read_line(line) for line in lines]
    met = [finding for line in read for finding in findings_of(line, today)] or ([] if lines else [_nothing_listed()])
    unread = tuple(line.given for line in read if not line.recognised)
    return Screening(worst_first([*met, *about_person]), unread, history is not None)


def _nothing_listed() -> Finding:
    rule = rules()["nothing-listed"]
    return Finding(rule.id, rule.severity, "", "", rule.reason, rule.source, rule.grade)
