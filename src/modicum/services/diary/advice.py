"""Advice that cannot wait: what to do first, whom to call, then why. It is on the phone before it is needed."""

from collections.abc import Iterator
from typing import Any

from modicum.services.diary.words import say

SEVERE = 3
ANY = "*"
LOW_MOOD = ("low_mood", "suicidal_thoughts")

TAKE_NONE = "Take no capsule tonight"
TALK_NOW = "Talk to somebody now"
RING = "Ring {who} now."
RING_CLINIC = "Ring your clinic now."
DANGER = "If your life may be in danger, ring the emergency number of your country first."
HARM = (
    "If you might harm yourself, ring the emergency number of your country, or go to the nearest emergency department."
)
WHY_SEVERE = "A severe complaint stops the capsules until your prescriber has answered."
HELD = "{medicine}: take no further capsule until your prescriber has answered."
HELD_BY_STAFF = "Your prescriber asks you to take no capsule until you have spoken with each other."
DOSE_STOPPED = "Your prescriber has ended the capsules."
HELD_WHY = "It is not known to go with the capsules, or its name was not recognised."
KEEP_OWN = "Do not stop or change a medicine on your own: your prescriber decides."
PASSED_ON = "{medicine}: nothing here stands against it. Your prescriber is told."


def red_flags(on_call: str, language: str) -> list[dict[str, Any]]:
    """Answers after which advice is shown at once.

    Args:
        on_call: name and telephone of who is on call; "" where that is not known.
        language: of the words.
    """
    ring = say(RING, language, who=on_call) if on_call else say(RING_CLINIC, language)
    why = say(WHY_SEVERE, language)
    talk = [say(HARM, language), ring, say(TAKE_NONE, language) + ".", why]
    heading = say(TALK_NOW, language)
    low = [{"side_effect": name, "severity": SEVERE, "heading": heading, "words": talk} for name in LOW_MOOD]
    none = {"side_effect": ANY, "severity": SEVERE, "heading": say(TAKE_NONE, language)}
    return [*low, {**none, "words": [say(DANGER, language), ring, why]}]


def medicine_words(medicine: str, *, stop: bool, language: str) -> list[str]:
    """What the participant is told of a medicine that is new.

    Args:
        medicine: as it was written.
        stop: whether the capsules are to be stopped.
        language: of the words.
    """
    return list(_medicine_words(medicine.strip(), stop=stop, language=language))


def _medicine_words(medicine: str, *, stop: bool, language: str) -> Iterator[str]:
    if not stop:
        yield say(PASSED_ON, language, medicine=medicine)
        return
    yield say(HELD, language, medicine=medicine)
    yield say(HELD_WHY, language)
    yield say(KEEP_OWN, language)
