"""What the lines of a medication list mean for starting."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from modicum.screening.codes import Coded, codes_in
from modicum.screening.dates import last_taken
from modicum.screening.denials import denies
from modicum.screening.lexicon import STEM_FROM, STEM_LONG, Found, Name, of_everything, stems_elsewhere
from modicum.screening.misspelling import SHORTEST, nearest
from modicum.screening.names import stem_of, tokens_of
from modicum.screening.places import stays_put
from modicum.screening.record import TAKEN_FOR, Finding
from modicum.screening.rulebook import Form, Rule, Substance, Written, rules, words
from modicum.screening.washouts import undecided, waited, washout_of

_PLACED_RULES = ("immunosuppressant", "glucocorticoid", "gut-budesonide", "topical-immunosuppressant")
_TOPICAL, _WASHED_OUT, _DENIED = "topical-immunosuppressant", "opioid-washed-out", "opioid-denied"
_OTHERS = frozenset(("other", "another", "strong", "stronger", "some", "and", "or", "plus", "und", "y", "et", "andere"))


@dataclass(frozen=True)
class Match:
    """One medicine that a line names.

    Args:
        substance: of a rule.
        form: what the name says of its form.
        matched: what in the line was read as what.
    """

    substance: Substance
    form: Form
    matched: str


@dataclass(frozen=True)
class Line:
    """One line, read.

    Args:
        given: as it was written.
        tokens: of it.
        matches: the medicines of rules that it names.
        recognised: whether everything in it that could be a name is known.
        denied: whether it says of what it names that it is not taken.
    """

    given: str
    tokens: tuple[str, ...]
    matches: tuple[Match, ...]
    recognised: bool
    denied: bool = False


@lru_cache(maxsize=65_536)
def read_line(given: str) -> Line:
    """Read one line of a medication list.

    A line is recognised where it names a medicine and holds no word that is neither a name nor an ordinary word of such
    lists. A misspelling of a name of a rule counts as that name, and says so; where that rule holds nobody back, the
    line comes back all the same, for the word may have been another.
    """
    coded = codes_in(given)
    tokens = tokens_of(coded.rest)
    names = of_everything().find(tokens)
    found = _in_context(names, tokens)
    covered = {at for one in names if not one.name.written.alone or one in found for at in range(one.start, one.end)}
    strange = [place for place, token in enumerate(tokens) if place not in covered and _strange(token)]
    misspelt, foreign, unread = _near_to_known(tokens, strange) if strange else ((), False, False)
    matches = [*_of_codes(coded), *(match for one in found for match in _of_name(one, tokens)), *misspelt]
    named = bool(found or misspelt or foreign or coded.known)
    unique = {(match.substance.name, match.form): match for match in reversed(matches)}
    recognised = named and not unread and not coded.unknown
    denied = recognised and not coded.known and denies(tokens, frozenset(covered))
    return Line(given, tokens, tuple(reversed(unique.values())), recognised, denied)


def _near_to_known(tokens: tuple[str, ...], strange: list[int]) -> tuple[tuple[Match, ...], bool, bool]:
    """What words may be that are no names as they stand.

    Returns:
        Misspelt names of the rules, in order; whether one is a known name with the ending of another language; whether
        one is left that has to be read by hand.
    """
    misspelt = {place: match for place in strange if (match := _misspelt(tokens, place)) is not None}
    foreign = {place for place in strange if place not in misspelt and _known_elsewhere(tokens[place])}
    held = {place for place, match in misspelt.items() if _holds_back(match)}
    return tuple(misspelt.values()), bool(foreign), len(held) + len(foreign) < len(strange)


def _holds_back(match: Match) -> bool:
    """Whether a medicine is more than worth a note."""
    return match.form != "topical" and rules()[match.substance.rule].severity != "note"


def findings_of(line: Line, today: date) -> list[Finding]:
    """The rules that a line meets."""
    return [_finding(line, match, today) for match in line.matches]


def _in_context(found: list[Found], tokens: tuple[str, ...]) -> list[Found]:
    """The names that count: a street name only alone, "painkiller" not beside the name of one."""
    clear = [one for one in found if not one.name.written.alone]
    named = [one for one in clear if not one.name.vague and not one.name.unnamed]
    if not named:
        return clear or _street_names(found, tokens)
    if len(named) == len(found) or _OTHERS.isdisjoint(tokens):
        return named
    return [one for one in clear if not one.name.unnamed]


def _street_names(found: list[Found], tokens: tuple[str, ...]) -> list[Found]:
    covered = {place for one in found for place in range(one.start, one.end)}
    rest = [token for place, token in enumerate(tokens) if place not in covered]
    return [] if any(map(_strange, rest)) else found


def _strange(token: str) -> bool:
    """Whether a token could be a name that nothing here knows."""
    return token.isalpha() and token not in words().ordinary


def _known_elsewhere(token: str) -> bool:
    """Whether it is a name that no rule lists, with the ending of another language."""
    stem = stem_of(token) if len(token) >= STEM_FROM else ""
    return len(stem) >= STEM_LONG and stem in stems_elsewhere()


def _misspelt(tokens: tuple[str, ...], place: int) -> Match | None:
    """A name that the word is near to, alone or together with the word after or before it."""
    spans = [(place, place + 1), (place, place + 2), (place - 1, place + 1)]
    for start, end in spans:
        if start < 0 or end > len(tokens):
            continue
        spelt = "".join(tokens[start:end])
        near = nearest(spelt) if len(spelt) >= SHORTEST else None
        if near is not None:
            written = near.name.written
            said = f"{' '.join(tokens[start:end])}{TAKEN_FOR}{written.name} ({near.how})"
            return Match(near.name.substances[0], written.form, said)
    return None


def _of_codes(coded: Coded) -> list[Match]:
    return [Match(substance, form, f"{code} ({substance.name})") for code, substance, form in coded.known if substance]


def _of_name(found: Found, tokens: tuple[str, ...]) -> list[Match]:
    name: Name = found.name
    spelt = " ".join(tokens[found.start : found.end])
    return [Match(one, name.written.form, _said(spelt, one, name.written)) for one in name.substances]


def _said(spelt: str, substance: Substance, written: Written) -> str:
    shown = written.name if tokens_of(written.name) == tokens_of(spelt) else spelt
    return shown if shown.lower() == substance.name else f"{shown} ({substance.name})"


def _finding(line: Line, match: Match, today: date) -> Finding:
    rule = rules()[match.substance.rule]
    if rule.id in _PLACED_RULES:
        return _plain(rules()[_placed(rule.id, line, match)], line, match)
    if rule.wait:
        return _plain(rules()[_DENIED], line, match) if line.denied else _with_wait(rule, line, match, today)
    return _plain(rule, line, match)


def _placed(rule: str, line: Line, match: Match) -> str:
    """The rule of a medicine that holds the immune system back, by where it acts."""
    others = [one for one in line.matches if one.substance.rule in _PLACED_RULES]
    if stays_put(match.substance, match.form, line.tokens, alone=len(others) == 1):
        return _TOPICAL
    return "glucocorticoid" if rule == _TOPICAL else rule


def _plain(rule: Rule, line: Line, match: Match) -> Finding:
    return Finding(
        rule.id,
        rule.severity,
        line.given,
        match.matched,
        rule.reason,
        rule.source,
        rule.grade,
        unconfirmed=rule.unconfirmed,
    )


def _with_wait(rule: Rule, line: Line, match: Match, today: date) -> Finding:
    washout = washout_of(match.substance.release, match.form, line.tokens)
    time = waited(washout, last_taken(line.given, today), today)
    met = rules()[_WASHED_OUT] if time.over else rule
    return Finding(
        met.id,
        met.severity,
        line.given,
        match.matched,
        met.reason,
        met.source,
        met.grade,
        wait_days=time.wait_days,
        washout_days=washout.days,
        wait_confirmed=not washout.unconfirmed,
        wait_source=time.basis,
        last_taken=time.last_taken,
        unconfirmed=(*met.unconfirmed, *washout.unconfirmed),
        undecided=None if time.over else undecided(washout, match.substance.release, match.form, line.tokens),
    )
