"""Who may do what to which object: one predicate for each, in terms of roles at the site that the object belongs to.

The pages ask :func:`may`, and take what they list from :mod:`modicum.web.accounts.selectors`, which says the same of
many objects at once; a test holds the two together.
"""

from collections.abc import Callable

from rules.predicates import Predicate
from rules.rulesets import set_rule, test_rule

from modicum.web.accounts.models import Device, Membership, Participant, Person, Role, Site

Thing = Site | Participant | Device | Membership
Rule = Callable[[Person, Thing], bool]


def site_of(thing: Thing) -> Site:
    """The site that an object belongs to."""
    if isinstance(thing, Site):
        return thing
    return thing.participant.site if isinstance(thing, Device) else thing.site


def may(person: Person, what: str, thing: Thing) -> bool:
    """Whether a person may do something to an object.

    Args:
        person: of the staff.
        what: a name of :data:`NAMES`.
        thing: the object.
    """
    return bool(test_rule(what, person, thing))


def has_role(role: Role) -> Rule:
    """The rule that a role at the site of an object is needed."""

    def holds(person: Person, thing: Thing) -> bool:
        return role in person.roles.get(site_of(thing).pk, frozenset())

    return holds


def _is_for_another(person: Person, thing: Thing) -> bool:
    """Whether she is not the prescriber of a participant: nobody holds both sides of one trial, whatever the sites."""
    return not isinstance(thing, Participant) or thing.prescriber.pk != person.pk


prescribes = Predicate(has_role(Role.PRESCRIBER), name="prescribes")
dispenses = Predicate(has_role(Role.PHARMACIST), name="dispenses") & Predicate(_is_for_another, name="for another")
operates = Predicate(has_role(Role.OPERATOR), name="operates")

NAMES = {
    "see_participant": prescribes,  # by name, with all that a prescriber sees
    "add_participant": prescribes,
    "invite_phone": prescribes,
    "see_outcomes": prescribes,
    "see_kits": dispenses,
    "see_phone": prescribes | operates,
    "revoke_phone": prescribes | operates,
    "run_site": operates,
    "take_role": operates,
}
for _name, _rule in NAMES.items():
    set_rule(_name, _rule)


def may_renew(person: Person, other: Person) -> bool:
    """Whether an operator may hand another person a way in anew: only who runs every site that the other works at.

    Nobody renews herself: that would be a way round the second factor.
    """
    sites = set(other.roles)
    return bool(sites) and person.pk != other.pk and all(Role.OPERATOR in person.roles.get(s, ()) for s in sites)
