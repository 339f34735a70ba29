"""Names as they are compared: in Latin letters, without accents, capitals and signs, letters and numbers apart."""

import re
from functools import lru_cache

from anyascii import anyascii

TOKEN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?")

_LETTERS_APART = re.compile(r"\b(?:[a-z][.\-_ ]){4,}[a-z]\b")  # "t.r.a.m.a.d.o.l"
_FIGURE_AMONG_LETTERS = re.compile(r"[01][a-z]")
_NOUGHT_FOR_O = re.compile(r"(?<=[a-z])0(?=[a-z])|\b0(?=[a-z]{4})")  # "0xycodone", as a scanner reads it
_ONE_FOR_L = re.compile(r"(?<=[a-z]{2})1(?=[a-z]{2})")
_PLUS = re.compile(r"(?<=[a-z])\+(?![a-z])")  # "Nurofen+" is another product than Nurofen
_ELISION = re.compile(r"\b([dl])'")  # "poudre d'opium"
_SOUNDS = (
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("ts|c(?=[eiy])"), "s"),
    (re.compile("ck|c|q"), "k"),
    (re.compile("x"), "ks"),
    (re.compile("z"), "s"),
    (re.compile("[yj]"), "i"),
    (re.compile("[ao]e"), "e"),
    (re.compile("h"), ""),
    (re.compile("ee|ie|ei"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("e$"), ""),
)
_ENDING = re.compile("(?:um|us|os|[aeiou]+)$")


@lru_cache(maxsize=65_536)
def tokens_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text.

    Example:
        >>> tokens_of("Co-codamol 30/500mg")
        ('co', 'codamol', '30', '500', 'mg')
        >>> tokens_of("Nurofen+")
        ('nurofen', 'plus')
        >>> tokens_of("трамадол 50 мг")
        ('tramadol', '50', 'mg')
    """
    plain = text if text.isascii() else anyascii(text)
    spelt = plain.lower().replace("%", " percent ")
    if "'" in spelt:
        spelt = _ELISION.sub(r"\1 ", spelt).replace("'", "")
    if "+" in spelt:
        spelt = _PLUS.sub(" plus ", spelt)
    if _LETTERS_APART.search(spelt):
        spelt = _LETTERS_APART.sub(lambda found: re.sub(r"[.\-_ ]", "", found[0]), spelt)
    if _FIGURE_AMONG_LETTERS.search(spelt):
        spelt = _ONE_FOR_L.sub("l", _NOUGHT_FOR_O.sub("o", spelt))
    return tuple(TOKEN.findall(spelt))


@lru_cache(maxsize=65_536)
def sound_of(word: str) -> str:
    """How a name sounds, roughly: two spellings that are said alike come out the same.

    Example:
        >>> sound_of("morphine") == sound_of("morfin")
        True
    """
    for written, said in _SOUNDS:
        word = written.sub(said, word)
    return word


@lru_cache(maxsize=65_536)
def stem_of(word: str) -> str:
    """The sound of an international name without the ending that a language gives it.

    Example:
        >>> stem_of("metformina") == stem_of("metformin") == stem_of("метформин")
        True
    """
    plain = word if word.isascii() else "".join(tokens_of(word))
    return _ENDING.sub("", sound_of(plain))
