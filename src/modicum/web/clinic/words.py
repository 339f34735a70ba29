"""Small numbers as words, for headings that say how many."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

_WORDS = (
    _("Two"),
    _("Three"),
    _("Four"),
    _("Five"),
    _("Six"),
    _("Seven"),
    _("Eight"),
    _("Nine"),
    _("Ten"),
    _("Eleven"),
    _("Twelve"),
)


def counted(number: int) -> str:
    """A number from two on, as a heading begins with it: a word up to twelve, figures above."""
    return gettext(_WORDS[number - 2]) if 2 <= number < len(_WORDS) + 2 else str(number)


def people_needing(number: int) -> str:
    """How many people need somebody today."""
    words = ngettext("One person needs you today.", "%(number)s people need you today.", number)
    return words % {"number": counted(number)} if number else gettext("Nobody needs you today.")


def phones_kept(number: int) -> str:
    """How many phones keep a diary."""
    words = ngettext("One phone keeps this diary.", "%(number)s phones keep this diary.", number)
    return words % {"number": counted(number)} if number else gettext("No phone keeps this diary yet.")


def phones_in_use(number: int) -> str:
    """How many phones are in use, as one sees them in a list."""
    words = ngettext("One phone is in use.", "%(number)s phones are in use.", number)
    return words % {"number": counted(number)} if number else gettext("No phone is in use yet.")


def answers_put_in(number: int) -> str:
    """How many answers of a rescue file were not at the clinic before."""
    words = ngettext("One answer of the file is new.", "%(number)s answers of the file are new.", number)
    return words % {"number": counted(number)} if number else gettext("Nothing in the file is new.")


def people_known(number: int) -> str:
    """How many people there are, in a list."""
    words = ngettext("One person is in your care.", "%(number)s people are in your care.", number)
    return words % {"number": counted(number)} if number else gettext("Nobody is in your care yet.")


def sites_run(number: int) -> str:
    """How many sites a person runs."""
    words = ngettext("You run one site.", "You run %(number)s sites.", number)
    return words % {"number": counted(number).lower()}


def staff_here(number: int) -> str:
    """How many people work at a site."""
    words = ngettext("One person works here.", "%(number)s people work here.", number)
    return words % {"number": counted(number)}
