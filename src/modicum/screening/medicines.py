"""What the lines of a medication list mean for starting."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from modicum.screening.codes import Coded, codes_in
from modicum.screening.dates import last_taken
from modicum.screening.lexicon import STEM_FROM, Found, Name, of_everything, stems_elsewhere
from modicum.screening.misspelling import SHORTEST, nearest
from modicum.screening.names import stem_of, tokens_of
from modicum.screening.record import Finding
from modicum.screening.rulebook import Form, Rule, Substance, Written, rules, words
from modicum.screening.washouts import waited, washout_of

_TOPICAL_RULES = ("immunosuppressant", "glucocorticoid", "gut-budesonide")
_TOPICAL, _WASHED_OUT = "topical-immunosuppressant", "opioid-washed-out"
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
    """

    given: str
    tokens: tuple[str, ...]
    matches: tuple[Match, ...]
    recognised: bool


@lru_cache(maxsize=65_536)
def read_line(given: str) -> Line:
    """Read one line of a medication list.

    A line is recognised where it names a medicine and holds no word that is neither a name nor an ordinary word of such
    lists. A misspelling of a name of a rule counts as that name, and says so.
    """
    coded = codes_in(given)
    tokens = tokens_of(coded.rest)
    names = of_everything().find(tokens)
    found = _in_context(names, tokens)
    covered = {at for one in names if not one.name.written.alone or one in found for at in range(one.start, one.end)}
    strange = [place for place, token in enumerate(tokens) if place not in covered and _strange(token)]
    foreign = {place for place in strange if _known_elsewhere(tokens[place])}
    misspelt = {at: match for at in strange if at not in foreign and (match := _misspelt(tokens, at)) is not None}
    unread = [place for place in strange if place not in misspelt and place not in foreign]
    matches = [*_of_codes(coded), *(match for one in found for match in _of_name(one, tokens)), *misspelt.values()]
    named = bool(found or misspelt or foreign or coded.known)
    unique = {(match.substance.name, match.substance.rule): match for match in reversed(matches)}
    recognised = named and not unread and not coded.unknown
    return Line(given, tokens, tuple(reversed(unique.values())), recognised)


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
    return len(token) >= STEM_FROM and stem_of(token) in stems_elsewhere()


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
            said = f"{' '.join(tokens[start:end])}, taken for {written.name} ({near.how})"
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
    if rule.id in _TOPICAL_RULES and _is_topical(line, match):
        return _plain(rules()[_TOPICAL], line, match)
    return _with_wait(rule, line, match, today) if rule.wait else _plain(rule, line, match)


def _is_topical(line: Line, match: Match) -> bool:
    return match.form == "topical" or "percent" in line.tokens or words().topical.stand_in(line.tokens)


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
    )
