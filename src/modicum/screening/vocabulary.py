"""Names of medicines that no rule names: a packaged vocabulary, and everyday products beside it.

The vocabulary (Drug Named Entity Recognition, MIT licence; data of DrugBank Open Data, CC0, MeSH, MedlinePlus, the NHS
and Wikipedia) says that a name is known, and which medicine it is. It clears nobody by itself: whatever it calls by the
name of a medicine of a rule is that medicine. See docs/decisions/0016.
"""

import bz2
import pickle
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from modicum.foundation.errors import InternalError
from modicum.screening.rulebook import library

PACKAGE, DATA = "drug_named_entity_recognition", "drug_ner_dictionary.pkl.bz2"
_A_MEDICINE = ("drugbank_id", "medline_plus_id", "nhs_url", "nhs_api_url", "wikipedia_url")


def known_medicines() -> dict[str, tuple[str, ...]]:
    """Every name of the packaged vocabulary that is a medicine's, with the medicines that it may stand for.

    It is read once, for the lexicon, and not kept. MeSH alone also lists proteins, receptors and classes; a name that
    only it knows is left out.
    """
    with bz2.open(_place()) as packed:
        read: dict[str, Any] = pickle.load(packed)  # noqa: S301 - a file of a locked requirement
    facts = read["drug_canonical_to_data"]
    found: dict[str, tuple[str, ...]] = {}
    for name, medicines in read["drug_variant_to_canonical"].items():
        known = tuple(one for one in medicines if any(key in facts.get(one, {}) for key in _A_MEDICINE))
        if known:
            found[name] = known
    return found


def _place() -> Path:
    """The file of the package; importing it would build an index of its own for seconds."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise InternalError(f"The vocabulary of medicines is missing: install {PACKAGE}.")
    return Path(package.origin).with_name(DATA)


@cache
def everyday_products() -> tuple[str, ...]:
    """Foods, herbs, minerals and products of every day."""
    return tuple(name.strip() for name in library("known_others")["names"].split(","))
