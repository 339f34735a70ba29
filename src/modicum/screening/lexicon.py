"""Every name that is known, by its tokens: those of the rules, and those that no rule names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from modicum.screening.names import stem_of, tokens_of
from modicum.screening.rulebook import Substance, Written, substances, words
from modicum.screening.vocabulary import everyday_products, known_medicines

_VAGUE = Substance("a medicine for pain without a name", "vague-pain-medicine")

_COUNTED_BY = frozenset(("times", "time", "x", "per", "a", "daily", "day", "mal", "weekly", "mg", "g", "ml", "mcg"))
_NUMBERS = frozenset(("three", "four"))  # those that a name ends in
_LONGEST = 6
STEM_FROM, STEM_LONG = 6, 5  # letters of a name and of its stem: shorter ones are too near to each other


@dataclass(frozen=True)
class Name:
    """One name as it may stand in a line.

    Args:
        written: how the library or the vocabulary writes it.
        substances: of the rules that it stands for; none for a medicine that no rule names.
        vague: "painkillers": a question by itself, and none beside the name of one.
        unnamed: "for the pain": a question only where nothing is named.
    """

    written: Written
    substances: tuple[Substance, ...] = ()
    vague: bool = False
    unnamed: bool = False


OF_NO_RULE = Name(Written("a medicine that no rule names"))  # one for all of them: there are 40,000


@dataclass(frozen=True)
class Found:
    """A name in the tokens of a line, from ``start`` up to ``end``."""

    name: Name
    start: int
    end: int


class Lexicon:
    """Names by their tokens; of several that begin alike the longest counts."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, ...], Name] = {}
        self._single: dict[str, Name] = {}
        self._longer: dict[tuple[str, ...], tuple[int, ...]] = {}  # lengths, by the first two tokens

    def add(self, spelt: str, name: Name) -> None:
        """Take in a name as it is spelt; one that is known already keeps its first meaning."""
        tokens = tokens_of(spelt)
        if not 0 < len(tokens) <= _LONGEST or tokens in self.names:
            return
        self.names[tokens] = name
        if len(tokens) == 1:
            self._single[tokens[0]] = name
            return
        known = self._longer.get(tokens[:2], ())
        if len(tokens) not in known:
            self._longer[tokens[:2]] = tuple(sorted((*known, len(tokens)), reverse=True))

    def extended(self, names: Iterable[tuple[str, Name]]) -> "Lexicon":
        """A lexicon of these names and others; what these mean stays."""
        wider = Lexicon()
        wider.names, wider._single, wider._longer = dict(self.names), dict(self._single), dict(self._longer)
        for spelt, name in names:
            wider.add(spelt, name)
        return wider

    def find(self, tokens: tuple[str, ...]) -> list[Found]:
        """The names in the tokens of a line, from left to right, the longest first at each place."""
        found, free = list[Found](), 0
        for place, token in enumerate(tokens):
            if place < free:
                continue
            lengths = self._longer.get(tokens[place : place + 2])
            one = self._longest_at(tokens, place, lengths) if lengths else None
            if one is None and token in self._single:
                one = Found(self._single[token], place, place + 1)
            if one is not None:
                found.append(one)
                free = one.end
        return found

    def _longest_at(self, tokens: tuple[str, ...], start: int, lengths: tuple[int, ...]) -> Found | None:
        for length in lengths:
            end = start + length
            name = self.names.get(tokens[start:end]) if end <= len(tokens) else None
            if name is not None and not _is_a_count(tokens, end):
                return Found(name, start, end)
        return None


def _is_a_count(tokens: tuple[str, ...], end: int) -> bool:
    """Whether the number at the end of a name counts how often, as in "Tylenol 3 times a day"."""
    number = tokens[end - 1][0].isdigit() or tokens[end - 1] in _NUMBERS
    return number and end < len(tokens) and tokens[end] in _COUNTED_BY


@cache
def of_rules() -> Lexicon:
    """The names that the rules themselves list."""
    lexicon = Lexicon()
    for substance in substances():
        for written in substance.written:
            lexicon.add(written.name, Name(written, (substance,)))
    for phrase in words().vague_pain:
        lexicon.add(phrase, Name(Written(phrase), (_VAGUE,), vague=True))
    for phrase in words().unnamed_for_pain:
        lexicon.add(phrase, Name(Written(phrase), (_VAGUE,), unnamed=True))
    return lexicon


@cache
def of_everything() -> Lexicon:
    """Those, and every other name that is known.

    A name of the vocabulary that stands for a medicine of a rule belongs to that rule, so that a brand which the
    library does not list is caught all the same. One that is built like the name of an opioid, and stands for none that
    a rule names, stays unknown: knowing it would clear it.
    """
    ours = of_rules()
    products = ((product, OF_NO_RULE) for product in everyday_products())
    return ours.extended(products).extended(_of_the_vocabulary(ours))


@cache
def stems_elsewhere() -> frozenset[str]:
    """Stems of the one-word names that no rule lists: "metformina" is metformin in another language."""
    names = of_everything().names.items()
    plain = (tokens[0] for tokens, name in names if len(tokens) == 1 and not name.substances)
    return frozenset(stem_of(token) for token in plain if len(token) >= STEM_FROM)


def _of_the_vocabulary(ours: Lexicon) -> Iterator[tuple[str, Name]]:
    ordinary = words().ordinary
    for variant, medicines in known_medicines().items():
        tokens = tokens_of(variant)
        if len(tokens) > _LONGEST or all(
            token in ordinary or not token.isalpha() or len(token) < 3 for token in tokens
        ):
            continue
        meant = tuple(dict.fromkeys(one for medicine in medicines for one in _named_in(ours, medicine)))
        if not meant and any(map(_built_like_an_opioid, (variant, *medicines))):
            continue
        topical = all(words().topical.stand_in(tokens_of(medicine)) for medicine in medicines)
        yield variant, Name(Written(variant, "topical" if topical else ""), meant) if meant else OF_NO_RULE


def _built_like_an_opioid(name: str) -> bool:
    """Whether a name holds what the names of opioids and their antagonists are built from."""
    plain = "".join(tokens_of(name))
    return any(part in plain for part in words().opioid_parts) and not any(
        part in plain for part in words().opioid_parts_elsewhere
    )


def _named_in(ours: Lexicon, medicine: str) -> Iterator[Substance]:
    for found in ours.find(tokens_of(medicine)):
        if not found.name.written.alone:
            yield from found.name.substances
