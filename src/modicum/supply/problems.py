"""Every problem that an order of capsules can have, by its stable code."""

from modicum.foundation.errors import Problem

PROBLEMS: dict[str, str] = {
    "MOD-SUPPLY-01": "The treatment has no dose, so there is nothing to make up.",
    "MOD-SUPPLY-02": "The protocol gives another form than capsules.",
    "MOD-SUPPLY-03": "A dose, or the half of one, is not a whole number of micrograms.",
    "MOD-SUPPLY-04": "The doses cannot be made up from the strengths and the number of capsules allowed.",
    "MOD-SUPPLY-05": "A strength does not fit into the capsule.",
    "MOD-SUPPLY-06": "Chance decides the order of this protocol, and the allocation or its key is missing.",
    "MOD-SUPPLY-07": "An allocation or a key is given, and this protocol draws nothing.",
    "MOD-SUPPLY-08": "The allocation was drawn for another protocol.",
    "MOD-SUPPLY-09": "The phase is not there, takes no capsules, or waits for a dose that a review will choose.",
    "MOD-SUPPLY-10": "The formulation cannot be read.",
    "MOD-SUPPLY-11": "A date cannot be read.",
    "MOD-SUPPLY-12": "A text for the documents is too long, or holds control characters.",
    "MOD-SUPPLY-13": "The folder of the order cannot be made there.",
    "MOD-SUPPLY-14": "The stored kit codes cannot be read, or belong to something else.",
    "MOD-SUPPLY-15": "The number of capsules a night is none that can be ordered, or not that of the first order.",
    "MOD-SUPPLY-16": "The opened allocation is not as it was sealed, so nothing is made from it.",
    "MOD-SUPPLY-17": "No phase of the protocol takes capsules.",
    "MOD-SUPPLY-18": "More capsules are moved than there are.",
    "MOD-SUPPLY-19": "The kit code has a wrong form or a wrong letter.",
    "MOD-SUPPLY-40": "No formulation is shipped for this drug: general assumptions are used, without price or liquid.",
    "MOD-SUPPLY-41": "The emergency card has no telephone number.",
    "MOD-SUPPLY-42": "The doses of a phase are not known yet.",
    "MOD-SUPPLY-43": "A batch has to be made later, or it would be used beyond its date.",
    "MOD-SUPPLY-44": "A quantity is too small to be weighed, even diluted.",
}


def problem(code: str, where: str, value: object, message: str, fix: str) -> Problem:
    """One problem of the catalogue, its value cut to what a person can read.

    Args:
        code: of ``PROBLEMS``.
        where: option, file or field.
        value: the value received; "" where there is none.
        message: what is wrong, one sentence.
        fix: what to do, one sentence.
    """
    text = str(value)
    return Problem(code, where, text if len(text) <= 80 else text[:77] + "...", message, fix)
