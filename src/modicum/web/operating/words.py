"""Words for the events of the record and for who did them; they say nothing that an event holds."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from modicum.web.clinic.words import counted
from modicum.web.language import said

HAPPENED = {
    "added": _("A person was added"),
    "person-changed": _("Particulars of a person were corrected"),
    "role-given": _("A role was given"),
    "role-taken": _("A role was taken away"),
    "way-in-renewed": _("A new way in was made"),
    "came-in": _("A link for staff was used"),
    "logged-in": _("Somebody logged in"),
    "site-changed": _("The site was changed"),
    "account-changed": _("An account was changed"),
    "exported": _("Trials were exported"),
    "listed": _("The clinic was listed"),
    "unlisted": _("The clinic was taken off the list"),
    "invited": _("A link for a phone was made"),
    "joined": _("A phone has joined"),
    "revoked": _("A phone was revoked"),
    "entry": _("Something was handed in"),
    "clock": _("The clock of a phone was off"),
    "screened": _("A new medicine was screened"),
    "screening": _("A person was screened"),
    "screening-signed": _("A screening was signed"),
    "protocol-chosen": _("A protocol was chosen"),
    "plan-asked": _("A plan was asked for"),
    "planned": _("A plan was computed"),
    "consented": _("A person consented"),
    "unshared": _("A permission for research was taken back"),
    "closed": _("Somebody does not take part"),
    "reopened": _("Somebody takes part after all"),
    "begun": _("A trial began"),
    "decided": _("A decision was told"),
    "accepted": _("A decision was accepted"),
    "overridden": _("A decision was not followed"),
    "held": _("Capsules were held"),
    "resumed": _("Capsules may be taken again"),
    "stopped": _("A trial was stopped"),
    "noted": _("Somebody took note"),
    "re-challenge": _("A re-challenge was accepted"),
    "looked-again": _("A re-challenge was answered"),
    "ordered": _("A kit was ordered"),
    "prepared": _("A kit was made"),
    "dispensed": _("A kit was handed out"),
    "returned": _("A kit was returned"),
    "recalled": _("A lot was recalled"),
    "replaced": _("A kit is made again"),
    "opened": _("A seal was opened"),
    "wanted": _("Somebody who left wanted the answer"),
    "answered": _("A trial was answered"),
    "signed": _("An answer was signed"),
    "revealed": _("The order was revealed"),
}
FIELDS = {
    "virtual": _("Virtual patient"),
    "role": _("Role"),
    "count": _("Trials"),
    "k": _("Smallest group"),
    "sha256": _("SHA-256"),
    "expires_at": _("Valid until"),
    "title": _("Protocol"),
    "share": _("May be exported"),
    "without_figures": _("Signed without figures"),
    "name_corrected": _("Name corrected"),
    "birth_corrected": _("Date of birth corrected"),
    "zone": _("Time zone"),
    "number": _("Decision"),
    "how": _("What was done instead"),
    "path": _("For"),
    "name": _("Name"),
    "language": _("Language"),
    "on_call": _("Telephone, day and night"),
    "pharmacy": _("Pharmacy"),
    "street": _("Street"),
    "place": _("Place"),
    "postcode": _("Postcode"),
    "country": _("Country"),
    "telephone": _("Telephone"),
    "website": _("Website"),
    "languages": _("Languages"),
}
VALUES = {  # of fields and reasons, that services say in words of their own
    "yes": _("yes"),
    "no": _("no"),
    "review": _("the reviews"),
    "final": _("the reveal"),
    "supply": _("the pharmacy"),
    "emergency": _("an emergency"),
    "hold": _("capsules held"),
    "stop": _("trial stopped"),
    "prescriber": _("prescriber"),
    "pharmacist": _("pharmacist"),
    "analyst": _("analyst"),
    "operator": _("operator"),
    "a review is due": _("a review is due"),
    "the trial is over": _("the trial is over"),
    "the answer is signed": _("the answer is signed"),
    "the pages of the answer are made again": _("the pages of the answer are made again"),
}
ACTORS = {"reviews": _("the jobs"), "server": _("the server"), "jobs": _("the jobs"), "demo": _("the demo")}


def happened(kind: str) -> str:
    """An event of a kind, in words; a kind that nobody has put into words by its name."""
    return gettext(HAPPENED[kind]) if kind in HAPPENED else kind


def field(name: str) -> str:
    """The name of a field, in words."""
    return gettext(FIELDS[name]) if name in FIELDS else name


def value(held: str) -> str:
    """What a field holds, in words where the services or a protocol have words for it; anything else as it was said."""
    return gettext(VALUES[held]) if held in VALUES else said(held)


def actor(said: str) -> str:
    """Who is no member of the staff, in words."""
    if said.startswith("device:"):
        return gettext("a phone")
    return gettext(ACTORS[said]) if said in ACTORS else said


def needs(number: int) -> str:
    """How many things need the operator."""
    words = ngettext("One thing needs you.", "%(number)s things need you.", number)
    return words % {"number": counted(number)} if number else gettext("Everything runs.")


def clinics_listed(number: int) -> str:
    """How many clinics are listed."""
    words = ngettext("One of your clinics can be found.", "%(number)s of your clinics can be found.", number)
    return words % {"number": counted(number)} if number else gettext("None of your clinics can be found yet.")


def clinics_to_list(number: int) -> str:
    """How many clinics a table would list."""
    words = ngettext("List this clinic?", "List these %(number)s clinics?", number)
    return words % {"number": counted(number).lower()}
