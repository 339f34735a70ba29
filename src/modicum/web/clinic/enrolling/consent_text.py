"""The text of consent as it is shown, signed and kept: in the participant's language, with its version and hash."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from modicum.protocol import Protocol, read_protocol
from modicum.records.chain import canonical, content_hash
from modicum.services.diary.words import say
from modicum.services.enrolling.choosing import is_random
from modicum.services.enrolling.figures import Figures, shipped_figures
from modicum.services.enrolling.outline import Outline, outline_of
from modicum.web.clinic.enrolling import chances
from modicum.web.clinic.enrolling.reading import Enrolling

VERSION = "1.1"  # a new one whenever a sentence changes its meaning


@dataclass(frozen=True)
class Part:
    """One part of the text.

    Args:
        heading: of it.
        sentences: in order, each a line of its own.
    """

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ConsentText:
    """The text as one person reads it.

    Args:
        language: that it is in.
        heading: of it.
        parts: of the text.
        signing: who signs the sheet.
        version: of the wording.
    """

    language: str
    heading: str
    parts: tuple[Part, ...]
    signing: tuple[str, ...]
    version: str = VERSION

    @property
    def content(self) -> dict[str, Any]:
        """As the event keeps it."""
        found = asdict(self)
        parts = [{**part, "sentences": list(part["sentences"])} for part in found["parts"]]
        return {**found, "parts": parts, "signing": list(found["signing"])}

    @property
    def sha256(self) -> str:
        """Hash of what was shown, of its canonical form."""
        return content_hash(canonical(self.content))

    @classmethod
    def of(cls, content: dict[str, Any]) -> "ConsentText":
        """As an event kept it."""
        parts = tuple(Part(part["heading"], tuple(part["sentences"])) for part in content["parts"])
        return cls(content["language"], content["heading"], parts, tuple(content["signing"]), content["version"])


def text_for(found: Enrolling) -> ConsentText:
    """The text for somebody whose protocol is chosen.

    Args:
        found: her enrolment.

    Raises:
        ValueError: no protocol is chosen.
    """
    if found.known.chosen is None:
        raise ValueError("No protocol is chosen.")
    protocol = read_protocol(found.known.chosen.said["protocol_text"].encode())
    language = found.participant.language
    with translation.override(language):
        heading = _("Consent to a trial: %(title)s") % {"title": say(protocol.title, language)}
        signing = (_("Participant, and date"), _("Prescriber, and date"))
        return ConsentText(language, heading, tuple(_parts(found, protocol)), signing)


def figures_for(found: Enrolling, protocol: Protocol) -> tuple[tuple[Figures, ...], bool]:
    """What is known of a protocol, from a plan or as stored; and whether it is for this person's own noise."""
    planned = found.known.planned
    if planned is not None:
        return tuple(Figures.of(one) for one in planned.said["figures"]), planned.said["own"]
    return shipped_figures(protocol), False


def has_figures(found: Enrolling) -> bool:
    """Whether the text of somebody whose protocol is chosen says what it is known to find."""
    chosen = found.known.chosen
    return chosen is not None and bool(figures_for(found, read_protocol(chosen.said["protocol_text"].encode()))[0])


def _parts(found: Enrolling, protocol: Protocol) -> list[Part]:
    outline = outline_of(protocol)
    parts = [
        Part(_("What is asked of you"), _asked(protocol, outline)),
        Part(_("What this trial can find"), _findable(found, protocol)),
        Part(_("What can happen"), _effects(protocol, found.participant.language)),
        Part(_("What nobody knows"), _unknown()),
        Part(_("What is hidden, and why"), _hidden(protocol, outline)),
        Part(_("Your rights"), _rights()),
        Part(_("What leaves the clinic"), _leaves()),
    ]
    return [*parts[:5], *([Part(_("Your part of the draw"), _draw())] if is_random(protocol) else []), *parts[5:]]


def _asked(protocol: Protocol, outline: Outline) -> tuple[str, ...]:
    drug = protocol.drug
    given = {"evenings": outline.evenings, "nights": outline.nights, "weeks": outline.weeks, "hour": drug.dose_time}
    side = _("You are asked about %(number)s side effects each evening. A severe one goes to your doctor at once.")
    return (
        _("A diary of a few questions every evening: at most %(evenings)s evenings, which is %(weeks)s weeks.") % given,
        _("A capsule every night at about %(hour)s on at most %(nights)s of them.") % given,
        side % {"number": len(protocol.side_effects)},
        _("You take no opioid, and tell your doctor before any operation and before any new medicine."),
    )


def _findable(found: Enrolling, protocol: Protocol) -> tuple[str, ...]:
    figures, own = figures_for(found, protocol)
    if not figures:
        return (chances.nothing_known(),)
    first = _("Think of 100 people like you.") if own else _("Think of 100 people with a condition like yours.")
    judged = next((one for one in figures if chances.by_eye(one)), figures[0])
    eye = (_("Judged by eye, as is usually done:"),) if chances.by_eye(judged) else ()
    return (first, *eye, *chances.sentences(protocol, judged), chances.basis(judged, own=own, you=True))


def _effects(protocol: Protocol, language: str) -> tuple[str, ...]:
    listed = ", ".join(say(one.label.lower(), language) for one in protocol.side_effects)
    return (
        _("Asked about, because they were reported or are warned of: %(listed)s.") % {"listed": listed},
        _("With an opioid in the body, the first capsule can bring on withdrawal, which is why you were asked."),
    )


def _unknown() -> tuple[str, ...]:
    return (
        _("Whether this drug helps you. Trials of it contradict each other, and that it does nothing is a result too."),
        _("It is given outside of its licence. What it does over many years at a low dose has not been studied."),
        _("These are figures of virtual people. Real people can differ from them in ways that nobody has simulated."),
    )


def _hidden(protocol: Protocol, outline: Outline) -> tuple[str, ...]:
    if not outline.blinded_days:
        return (
            _("Nothing is hidden: you and your doctor know what you take."),
            _("So an improvement cannot be told from hope or from a calm spell, and the answer will say so."),
        )
    return (
        _("For at most %(days)s days neither you nor your doctor knows whether a capsule holds the drug, nor how much.")
        % {"days": outline.blinded_days},
        _("Some capsules hold no drug. They look alike, and you are told so now and not when."),
        _("Who knows what is taken feels what is expected. Hidden, the drug has to show itself what it does."),
        _("In an emergency your doctor can open what you take. At the end all of it is opened to you."),
    )


def _rights() -> tuple[str, ...]:
    return (
        _("You may leave at any time, on your phone or by saying so, without a reason and without any disadvantage."),
        _("You may skip a question or an evening. What you wrote is yours: you can read it and take it with you."),
    )


def _leaves() -> tuple[str, ...]:
    return (
        _("Nothing, unless you agree to it, which is asked apart. Your name stays on the pages of this clinic."),
        _(
            "If you agree, numbers and answers may leave for research, without name, dates or words. Who knows you well"
            " might still recognise you."
        ),
        _("You may take that back at any time by saying so. What has left by then cannot be called back."),
        _("The pharmacy gets a number and what to make. It sees none of your answers."),
    )


def _draw() -> tuple[str, ...]:
    return (
        _("What comes when is decided by chance, from two halves: the computer's, which is fixed by now, and yours."),
        _("Any words or throws of a die will do. With yours, nobody can have chosen the order, the computer neither."),
    )
