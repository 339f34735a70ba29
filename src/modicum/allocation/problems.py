"""Every problem that drawing, sealing, opening and binding can have, by its stable code."""

from modicum.foundation.errors import Problem

PROBLEMS: dict[str, str] = {
    "MOD-ALLOC-01": "The protocol draws nothing: no phase has an order that chance decides.",
    "MOD-ALLOC-02": "The orders of a phase cannot all be listed before the trial, so none can be drawn fairly.",
    "MOD-ALLOC-03": "The name of the slot is empty, too long, or holds control characters.",
    "MOD-ALLOC-04": "The participant's contribution is too long, or holds control characters.",
    "MOD-ALLOC-05": "A recipient is not a public key of age.",
    "MOD-ALLOC-06": "Two of the three recipients are the same key.",
    "MOD-ALLOC-07": "The slot is taken: it holds an allocation, which is never drawn again.",
    "MOD-ALLOC-08": "The folder of the allocation cannot be made there.",
    "MOD-ALLOC-09": "The folder holds no allocation, or one that cannot be read.",
    "MOD-ALLOC-10": "The file is not a secret key of age.",
    "MOD-ALLOC-11": "The key is none of the three that the allocation was sealed for.",
    "MOD-ALLOC-12": "The key belongs to another path than the one asked for.",
    "MOD-ALLOC-13": "A sealed file is missing, damaged, or does not hold what belongs in it.",
    "MOD-ALLOC-14": "It is not said who opens the allocation, or why.",
    "MOD-ALLOC-15": "The record of the opening cannot be written, so nothing is opened.",
    "MOD-ALLOC-16": "The phase is not there, or its doses are fixed already.",
    "MOD-ALLOC-17": "The doses to bind do not fit the phase or the ladder.",
    "MOD-ALLOC-18": "The doses cannot be bound from that period on.",
    "MOD-ALLOC-19": "The papers cannot be read.",
    "MOD-ALLOC-20": "The fingerprint to compare with has not the form of one.",
    "MOD-ALLOC-21": "The request was answered before, with another protocol, contribution or key.",
    "MOD-ALLOC-22": "There is no such path to an opening.",
    "MOD-ALLOC-40": "The participant added nothing to the draw, which rests on this computer alone.",
    "MOD-ALLOC-41": "Secret keys lie beside what they open.",
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
