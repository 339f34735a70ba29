"""Whether a medicine that holds the immune system back stays where it is put: skin, eye or airways."""

from modicum.screening.rulebook import Form, Substance, words

_ON_THE_SPOT = "topical-immunosuppressant"
_OFTEN_ON_THE_SPOT = ("glucocorticoid", "gut-budesonide", _ON_THE_SPOT)
_A_SHARE_OF = ("g", "gm", "gram", "ml", "actuation", "puff", "spray")  # "1 mg/ml" is a strength, "10 mg" a dose


def stays_put(substance: Substance, form: Form, tokens: tuple[str, ...], *, alone: bool) -> bool:
    """Whether a line speaks of a form that stays where it is put.

    A tablet or an injection in the line says that it does not. Without one, a product that is sold for the skin or the
    airways does; another only where the line names such a form, no dose in milligrams and no second medicine that the
    form could belong to. "For eczema" is a reason and no form.

    Args:
        substance: of a rule.
        form: what the name says of the form.
        tokens: of the line.
        alone: whether no other such medicine stands in the line.
    """
    if words().systemic.stand_in(tokens):
        return False
    if form == "topical" or substance.rule == _ON_THE_SPOT:
        return True
    said = "percent" in tokens or words().topical.stand_in(tokens)
    return said and alone and _exists(substance) and not _dose_in_mg(tokens)


def _exists(substance: Substance) -> bool:
    """Whether there is a form of it that stays where it is put."""
    named = any(written.form == "topical" for written in substance.written)
    return substance.rule in _OFTEN_ON_THE_SPOT or named or bool(substance.topical_codes)


def _dose_in_mg(tokens: tuple[str, ...]) -> bool:
    places = [place for place, word in enumerate(tokens) if word == "mg"]
    return any(not _per(tokens[place + 1 : place + 3]) for place in places)


def _per(after: tuple[str, ...]) -> bool:
    """Whether "mg" is followed by what it is a share of, as in "mg/g" or "mg/2 ml"."""
    rest = after[1:] if after and (after[0][0].isdigit() or after[0] == "per") else after
    return bool(rest) and rest[0] in _A_SHARE_OF
