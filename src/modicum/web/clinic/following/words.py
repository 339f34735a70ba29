"""The words of a trial that is followed: needs, decisions and their rules, in the language of whoever reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modicum.protocol import Protocol
from modicum.services.diary.reviewing import BEGIN, CONTINUE, ENDED, HARM, LEFT, NEXT, OVER
from modicum.services.following import Need
from modicum.supply.codes import say_code
from modicum.web.clinic.words import counted
from modicum.web.language import decimal, inside, said

_SHOWN_OF_A_NOTE = 120  # signs in a list; the page on the person has the whole of it
_NAMED_IN_A_HEADING = 2  # side effects; more are counted there, and named below


@dataclass(frozen=True)
class Said:
    """A need in words.

    Args:
        what: it is, without a stop.
        why: and what to do, in a sentence.
        verb: of the button that leads to it.
        stop: whether it is of the kind that stops something.
    """

    what: str
    why: str
    verb: str
    stop: bool = False


def need_said(need: Need) -> Said:
    """A need in words."""
    return _SAYS[need.what](need)


def names(values: Sequence[str]) -> str:
    """Names one after another, each once."""
    return ", ".join(dict.fromkeys(values))


def _labels(need: Need) -> str:
    """Side effects of a need, by the words of the protocol."""
    return names([said(label) for label in need.names])


def _halted(need: Need) -> Said:
    what = _("New medicine that does not go with the capsules: %(names)s") % {"names": names(need.names)}
    return Said(what, _("The phone says to take no capsule. It goes on saying so until you decide."), _("Decide"), True)


def _severe(need: Need) -> Said:
    what = _("Severe side effect: %(names)s") % {"names": _labels(need)}
    return Said(what, _("Day %(day)s. The phone said whom to ring.") % {"day": need.day}, _("Read"), True)


def _complaint(need: Need) -> Said:
    labels = [said(label) for label in dict.fromkeys(need.names)]
    told = _("%(degree)s, first told on day %(day)s.")
    if len(labels) > 1:
        told = _("%(degree)s, the newest first told on day %(day)s.")
    when = told % {"degree": _("At most troublesome") if need.number > 1 else _("Mild"), "day": need.day}
    if len(labels) <= _NAMED_IN_A_HEADING:
        return Said(_("New side effect: %(names)s") % {"names": ", ".join(labels)}, when, _("Read"))
    what = _("%(number)s new side effects") % {"number": counted(len(labels))}
    return Said(what, f"{'; '.join(labels)}. {when}", _("Read"))


def _opened(need: Need) -> Said:
    why = _("Reason given: %(reason)s") % {"reason": need.names[-1]}
    return Said(_("The sealed order was opened in an emergency"), why, _("Read"), True)


def _held(need: Need) -> Said:
    why = _("Reason given: %(reason)s") % {"reason": need.names[-1]}
    return Said(_("Capsules are on hold"), why, _("Decide"))


def _medicine(need: Need) -> Said:
    what = _("New medicine: %(names)s") % {"names": names(need.names)}
    return Said(what, _("Checked at once; nothing here stands against it."), _("Read"))


def _gone(_need: Need) -> Said:
    why = _("Ring: after stopping, an opioid dose that was taken before can be dangerous.")
    return Said(_("The person has left"), why, _("Call"))


def _wrote(need: Need) -> Said:
    newest = " ".join(need.names[-1].split())
    shown = newest if len(newest) <= _SHOWN_OF_A_NOTE else f"{newest[:_SHOWN_OF_A_NOTE].rstrip()} \u2026"
    what = ngettext("A note for the clinic", "%(number)s notes for the clinic", len(need.names))
    return Said(what % {"number": counted(len(need.names))}, f"\u201c{shown}\u201d", _("Read"))


def _decision(need: Need) -> Said:
    what = _("Decision taken: %(decision)s") % {"decision": inside(decision_said(need.said))}
    return Said(what, _("It takes effect by itself. Accept it, or override it with a reason."), _("Review"))


def _overdue(_need: Need) -> Said:
    why = _("The process that computes reviews has not answered. Whoever runs the server can tell why.")
    return Said(_("A review is due and was not computed"), why, _("See"))


def _missed(need: Need) -> Said:
    what = ngettext("No diary for one day", "No diary for %(number)s days", need.number)
    words = what % {"number": counted(need.number).lower()}
    return Said(words, _("A call tells whether anything is wrong."), _("Call"))


def _answer(_need: Need) -> Said:
    return Said(_("The answer is ready"), _("Go through it with the patient in the room."), _("Read"))


def _looked(need: Need) -> Said:
    what = _("Re-challenge %(number)s is over, and was answered") % {"number": need.number}
    return Said(what, _("Its page says what it found, and what each half held."), _("Read"))


def _recalled(need: Need) -> Said:
    what = _("A kit was recalled: %(codes)s") % {"codes": names(tuple(say_code(code) for code in need.names))}
    return Said(what, _("Ring: nothing more is to be taken from it, and the pharmacy wants it back."), _("Call"), True)


def _kit(need: Need) -> Said:
    if not need.said:
        why = _("Its period began on day %(day)s. The pharmacy does not know of it yet.") % {"day": need.day}
        return Said(_("A kit is due and was not ordered"), why, _("Order kits"))
    if need.said == "again":
        why = _("It is for a re-challenge, from day %(day)s on. The pharmacy does not know of it yet.")
        return Said(_("A kit is due and was not ordered"), why % {"day": need.day}, _("Order kits"))
    if need.said == "replace":
        why = _("That from day %(day)s on was recalled, or came back too early. The pharmacy knows of it.")
        return Said(_("A kit has to be replaced"), why % {"day": need.day}, _("See kit"))
    why = _("Its period begins on day %(day)s. The pharmacy knows of it.") % {"day": need.day}
    return Said(_("A kit is due and was not handed out"), why, _("See kit"))


def _offered(need: Need) -> Said:
    why = _("Half of the benefit seems lost.") if need.said == "effect lost" else _("The dose has been kept for long.")
    return Said(_("A blinded re-challenge can be offered"), why, _("Offer"))


_SAYS: Mapping[str, Callable[[Need], Said]] = {
    "halted": _halted,
    "severe": _severe,
    "recalled": _recalled,
    "opened": _opened,
    "held": _held,
    "complaint": _complaint,
    "medicine": _medicine,
    "wrote": _wrote,
    "gone": _gone,
    "decision": _decision,
    "overdue": _overdue,
    "missed": _missed,
    "answer": _answer,
    "looked": _looked,
    "kit": _kit,
    "offered": _offered,
}


def decision_said(said: str) -> str:
    """A decision as blinded staff may know it, without a stop."""
    words = {
        BEGIN: _("The trial begins"),
        CONTINUE: _("Go on to the next period"),
        NEXT: _("Go on to the next phase"),
        OVER: _("The trial is over"),
        HARM: _("Stop: a rule on harm was met"),
        LEFT: _("The person has left"),
        ENDED: _("The trial was stopped by staff"),
    }
    return words[said]


def severity_said(severity: int) -> str:
    """How severe a side effect is."""
    return (_("none"), _("mild"), _("troublesome"), _("severe"))[severity]


def response_said(how: str, who: str) -> str:
    """What was answered to a decision, and by whom."""
    words = {
        "accepted": _("Accepted by %(who)s"),
        "hold": _("Overridden by %(who)s: the capsules were held"),
        "stop": _("Overridden by %(who)s: the trial was stopped"),
    }
    return words[how] % {"who": who}


def rule_named(said: str) -> str:
    """The rule of a decision in a few words."""
    words = {
        BEGIN: _("as was consented"),
        CONTINUE: _("the period is over, and no rule ends the phase"),
        NEXT: _("the phase is over by its rule or its length"),
        OVER: _("a rule ended the trial, or its length did"),
        HARM: _("harm: a severe side effect, or a dose that does worse"),
        LEFT: _("by the person's own wish"),
        ENDED: _("by a prescriber, with a reason"),
    }
    return words[said]


def rules_said(protocol: Protocol, said: str, phase: str) -> list[str]:
    """The rules that a decision was taken by, with the protocol's own numbers.

    Whatever they found stays sealed: a rule reads the same whether or not anything was compared.

    Args:
        protocol: of the trial.
        said: the decision.
        phase: that it was taken in; "" at the end.
    """
    if said == LEFT:
        return [_("Whoever wants to leave leaves at once. The trial is then answered with the evenings that are in.")]
    if said == ENDED:
        return [_("A prescriber may stop a trial at any time. It is then answered with the evenings that are in.")]
    kinds = {one.name: one.kind for one in protocol.phases}
    words = [*_phase_rules(protocol, kinds.get(phase, ""))]
    harm = _("A severe side effect stops it at once; so does a chance of %(chance)s in 100 of real harm by a dose.")
    return [*words, harm % {"chance": _hundred(protocol.rules.p_harm)}]


def _phase_rules(protocol: Protocol, kind: str) -> list[str]:
    rules = protocol.rules
    if kind == "run-in":
        return [_("The run-in lasts its fixed days; nothing is decided in it.")]
    if kind == "titration" and rules.titration is not None:
        words = _(
            "After a period on the drug: as soon as a dose that was tried reaches more than %(leave)s in 100 for a "
            "benefit that matters, the trial goes on to the confirmation. At the end: below %(futile)s in 100 it stops."
        )
        rule = rules.titration
        return [words % {"leave": _hundred(rule.p_leave), "futile": _hundred(rule.p_futile)}]
    if kind == "confirmation" and rules.confirmation is not None:
        words = _(
            "After each pair of periods: works, if the chance that the dose is better than none is above %(better)s in "
            "100 and that of a benefit that matters above %(mcid)s in 100; below %(again)s in 100 another dose is "
            "chosen; with all below %(stop)s in 100 it stops."
        )
        rule = rules.confirmation
        numbers = {"better": rule.p_better, "mcid": rule.p_mcid, "again": rule.p_choose_again, "stop": rule.p_stop_all}
        return [words % {name: _hundred(value) for name, value in numbers.items()}]
    if kind == "step-down" and rules.step_down is not None:
        words = _(
            "After success: each lower dose whose chance of a benefit that matters lies between %(low)s and %(high)s "
            "in 100 gets one period, and placebo one, in the drawn order."
        )
        return [words % {"low": _hundred(rules.step_down.p_low), "high": _hundred(rules.step_down.p_high)}]
    return [_("Each period lasts its fixed days, in the drawn order.")]


def _hundred(chance: float) -> str:
    """A probability as a number of 100, without digits that say nothing."""
    return decimal(f"{100 * chance:.3g}")
