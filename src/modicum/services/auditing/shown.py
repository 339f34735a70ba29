"""What is shown of an event: by a list of fields for each kind, so that what a later version writes stays unseen.

That something happened, when and by whom is shown of every event. What it holds is shown where it can tell no answer,
no dose and no name. A reason in somebody's own words may tell any of these: it is shown to those alone who may know the
person by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class _Rule:
    """How an event of one kind is shown.

    Args:
        facts: fields that are shown.
        people: fields that hold the key of a member of the staff.
        why: field of the reason; "" where there is none.
        fixed: values of the field ``path`` for which the reason is in the program's words, and shown to everybody.
        changes: whether fields ``before`` and ``after`` say what was changed.
    """

    facts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    why: str = ""
    fixed: tuple[str, ...] = ()
    changes: bool = False


_PLAIN = _Rule()
_RULES: Mapping[str, _Rule] = {
    # a site and its staff
    "added": _Rule(("virtual",)),
    "person-changed": _Rule(("name_corrected", "birth_corrected"), changes=True),
    "role-given": _Rule(("role",), people=("person",)),
    "role-taken": _Rule(("role",), people=("person",)),
    "way-in-renewed": _Rule(people=("person",)),
    "came-in": _PLAIN,
    "logged-in": _PLAIN,
    "site-changed": _Rule(changes=True),
    "account-changed": _Rule(changes=True),
    "exported": _Rule(("count", "k", "sha256")),
    "listed": _Rule(changes=True),
    "unlisted": _Rule(changes=True),
    # phones and diaries
    "invited": _Rule(("expires_at",)),
    "joined": _PLAIN,
    "revoked": _PLAIN,
    "entry": _PLAIN,
    "clock": _PLAIN,
    "screened": _PLAIN,
    # the way into a trial
    "screening": _PLAIN,
    "screening-signed": _PLAIN,
    "protocol-chosen": _Rule(("title",)),
    "plan-asked": _PLAIN,
    "planned": _PLAIN,
    "consented": _Rule(("share", "without_figures")),
    "unshared": _PLAIN,
    "closed": _Rule(why="reason"),
    "reopened": _PLAIN,
    "begun": _Rule(("virtual",)),
    # following it
    "decided": _Rule(("number",)),
    "accepted": _Rule(("number",)),
    "overridden": _Rule(("number", "how"), why="reason"),
    "held": _Rule(why="reason"),
    "resumed": _Rule(why="reason"),
    "stopped": _Rule(why="reason"),
    "noted": _PLAIN,
    "re-challenge": _PLAIN,
    "looked-again": _PLAIN,
    # kits, of which nothing is shown: a lot or a reason could tell what they hold
    "ordered": _PLAIN,
    "prepared": _PLAIN,
    "dispensed": _PLAIN,
    "returned": _PLAIN,
    "recalled": _PLAIN,
    "replaced": _PLAIN,
    # seals and the end
    "opened": _Rule(("path",), why="why", fixed=("review", "final")),
    "wanted": _PLAIN,
    "answered": _PLAIN,
    "signed": _PLAIN,
    "revealed": _PLAIN,
}
KINDS = tuple(_RULES)
TELLING = ("recalled", "replaced")  # of one person's kit this may tell what it holds: it is shown of a site alone
SEARCHED = tuple(kind for kind in KINDS if kind != "replaced")  # which is told of no site


@dataclass(frozen=True)
class Change:
    """One field that was changed.

    Args:
        field: its name.
        before: what it held; "" for nothing.
        after: what it holds.
    """

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """What is shown of an event beside when, who and its kind.

    Args:
        facts: fields and what they hold, as text.
        people: keys of members of the staff that it is about.
        why: the reason, where it may be shown; "" elsewhere.
        reasoned: whether there is a reason, shown or not.
        changes: what was changed.
    """

    facts: tuple[tuple[str, str], ...] = ()
    people: tuple[str, ...] = ()
    why: str = ""
    reasoned: bool = False
    changes: tuple[Change, ...] = ()


def show(kind: str, said: Mapping[str, Any], *, knows_person: bool) -> Shown:
    """What of an event is shown; of a kind that is not listed, nothing.

    Args:
        kind: of event.
        said: its content.
        knows_person: whether who looks may know the person by name.

    Example:
        >>> show("stopped", {"reason": "She fell."}, knows_person=False)
        Shown(facts=(), people=(), why='', reasoned=True, changes=())
    """
    rule = _RULES.get(kind, _PLAIN)
    reason = _text(said.get(rule.why)) if rule.why else ""
    open_to_all = bool(rule.fixed) and said.get("path") in rule.fixed
    return Shown(
        facts=tuple((name, _text(said[name])) for name in rule.facts if _text(said.get(name))),
        people=tuple(str(said[name]) for name in rule.people if said.get(name)),
        why=reason if knows_person or open_to_all else "",
        reasoned=bool(reason),
        changes=_changes(said) if rule.changes else (),
    )


def _changes(said: Mapping[str, Any]) -> tuple[Change, ...]:
    before, after = said.get("before") or {}, said.get("after") or {}
    names = dict.fromkeys((*before, *after))
    pairs = ((name, _text(before.get(name)), _text(after.get(name))) for name in names)
    return tuple(Change(name, was, now) for name, was, now in pairs if was != now)


def _text(value: Any) -> str:
    """A JSON value as one line; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
