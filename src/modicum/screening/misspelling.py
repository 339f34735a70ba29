"""Misspelt names of the rules: found within a bounded edit distance, and always shown."""

from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from modicum.screening.lexicon import Name, of_everything, of_rules
from modicum.screening.names import sound_of
from modicum.screening.record import WORST_FIRST
from modicum.screening.rulebook import rules

SHORTEST = 5  # letters: shorter names are too near to each other
_TWO_EDITS_FROM = 8  # letters
_TWO_EDITS_OF_A_BRAND_FROM = 10  # letters: brands are made up, and near to each other
_SOUND_FROM = 5  # letters of the sound
_BEGUN_FROM = 6  # letters
_CONSONANTS_FROM = 4  # where all of them are the same, two vowels may differ in a shorter name too
_VOWELS = 2


@dataclass(frozen=True)
class Misspelt:
    """A name that a word is near to.

    Args:
        name: of a rule.
        edits: letters changed, added, left out or swapped; 0 where the two only sound alike.
        begun: whether the name was cut short, or run into the next word.
    """

    name: Name
    edits: int
    begun: bool = False

    @property
    def how(self) -> str:
        """How near the two are, in words."""
        if self.begun:
            return "cut short or run into the next word"
        return f"{self.edits} letter{'' if self.edits == 1 else 's'} apart" if self.edits else "sounds the same"


@lru_cache(maxsize=16_384)
def nearest(word: str) -> Misspelt | None:
    """The name of a rule that a word is a misspelling of, or None.

    Up to 4 letters none counts, from 5 one edit, from 8 two (from 10 for brands; optimal string alignment), or the same
    sound, or the same consonants and two vowels apart; a substance cut short to six letters or run into the next word;
    "rn" for "m"; first letter (by sound) and digits must be the same. A word that
    is nearer to a name that no rule lists is none.

    Args:
        word: a token, or two that belong together without the space.

    Source:
        Boytsov 2011, J Exp Algorithmics 16:1.1 (optimal string alignment).
    """
    if sum(map(str.isalpha, word)) < SHORTEST:
        return None
    if (begun := _begun(word)) is not None:
        return begun
    best = _by_edits(word) or _by_sound(word) or _by_edits(word.replace("rn", "m"))
    if best is None or (best.edits > 1 and _nearer_to_another(word, best.edits)):
        return None
    return best


def _begun(word: str) -> Misspelt | None:
    """A word cut short ("oxycod"), or one run into the next ("fentanylpatch"): names of substances alone."""
    if len(word) < _BEGUN_FROM:
        return None
    alike = _spellings().substances.get(word[:_BEGUN_FROM], ())
    begun = [(spelt, name) for spelt, name in alike if spelt.startswith(word)]
    grown = [(spelt, name) for spelt, name in alike if word.startswith(spelt)]
    if begun:
        of_its_own = [name for spelt, name in begun if spelt == name.substances[0].name]
        return Misspelt((of_its_own or [begun[0][1]])[0], 0, begun=True)
    return Misspelt(max(grown, key=lambda one: len(one[0]))[1], 0, begun=True) if grown else None


def _by_edits(word: str) -> Misspelt | None:
    allowed, names = 2 if len(word) >= _TWO_EDITS_FROM else 1, _spellings().joined
    begins = sound_of(word)[:1]
    lengths = range(len(word) - allowed, len(word) + allowed + 1)
    near = [spelt for length in lengths for spelt in _spellings().by_length.get((begins, length), ())]
    edited = process.extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    fits = [(int(edits), spelt) for spelt, edits, _ in edited if _fits(word, spelt, names[spelt], int(edits))]
    if not fits:
        return None
    best, spelt = min(fits, key=lambda one: (one[0], _mildness(names[one[1]]), one[1]))
    return Misspelt(names[spelt], best)


def _mildness(name: Name) -> int:
    """Of two names that are equally near, the one whose rule is more severe counts."""
    return min(WORST_FIRST.index(rules()[substance.rule].severity) for substance in name.substances)


def _fits(word: str, spelt: str, name: Name, edits: int) -> bool:
    too_far = edits > 1 and name.written.brand and len(spelt) < _TWO_EDITS_OF_A_BRAND_FROM
    return not too_far and _digits(spelt) == _digits(word)


def _by_sound(word: str) -> Misspelt | None:
    spellings, sound, consonants = _spellings(), sound_of(word), _consonants(word)
    if len(sound) >= _SOUND_FROM and sound in spellings.sounds:
        return Misspelt(spellings.sounds[sound], 0)
    if len(consonants) < _CONSONANTS_FROM:
        return None
    alike = [Misspelt(name, int(OSA.distance(word, spelt))) for spelt, name in spellings.consonants.get(consonants, ())]
    return min((one for one in alike if one.edits <= _VOWELS), key=lambda one: one.edits, default=None)


def _consonants(word: str) -> str:
    sound = sound_of(word)
    return sound[:1] + "".join(letter for letter in sound[1:] if letter not in "aeiou")


def _digits(word: str) -> str:
    return "".join(filter(str.isdigit, word))


def _nearer_to_another(word: str, edits: int) -> bool:
    """Whether a name that no rule lists is strictly nearer."""
    others = _others().get(word[0], ())
    return process.extractOne(word, others, scorer=OSA.distance, score_cutoff=edits - 1) is not None


@dataclass(frozen=True)
class _Spellings:
    """Names of the rules without their spaces, as they are looked for.

    Args:
        joined: all of them.
        by_length: those by the first letter of their sound and their length.
        substances: names that nobody made up, by their first six letters.
        sounds: by their sound.
        consonants: by the consonants of it.
    """

    joined: dict[str, Name]
    by_length: dict[tuple[str, int], list[str]]
    substances: dict[str, list[tuple[str, Name]]]
    sounds: dict[str, Name]
    consonants: dict[str, list[tuple[str, Name]]]


@cache
def _spellings() -> _Spellings:
    found = _Spellings({}, {}, {}, {}, {})
    for tokens, name in of_rules().names.items():
        spelt = "".join(tokens)
        if name.written.alone or sum(map(str.isalpha, spelt)) < SHORTEST:
            continue
        if len(tokens) == 1 and not name.written.brand and len(spelt) >= _BEGUN_FROM:
            found.substances.setdefault(spelt[:_BEGUN_FROM], []).append((spelt, name))
        if not name.written.name.isascii():
            continue
        if spelt not in found.joined:
            found.joined[spelt] = name
            found.by_length.setdefault((sound_of(spelt)[:1], len(spelt)), []).append(spelt)
        if spelt.isalpha():
            found.sounds.setdefault(sound_of(spelt), name)
        if len(tokens) == 1 and spelt.isalpha():
            found.consonants.setdefault(_consonants(spelt), []).append((spelt, name))
    return found


@cache
def _others() -> dict[str, list[str]]:
    """Names that no rule lists, of one word, by their first letter."""
    found = dict[str, list[str]]()
    for tokens, name in of_everything().names.items():
        if len(tokens) == 1 and not name.substances and len(tokens[0]) >= SHORTEST:
            found.setdefault(tokens[0][0], []).append(tokens[0])
    return found
