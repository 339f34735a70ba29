"""Every problem that the interface for phones can report, by its stable code."""

CODES: dict[str, str] = {
    "MOD-WEB-01": "The phone is not known here, or no longer.",
    "MOD-WEB-02": "The request does not come from a page of this clinic.",
    "MOD-WEB-03": "The body of the request is not of the form.",
    "MOD-WEB-04": "The request holds more than is taken at once.",
    "MOD-WEB-05": "There is no such address, or not for this way of asking.",
    "MOD-WEB-06": "The trial has not begun.",
    "MOD-WEB-07": "The clinic's disk or database cannot keep anything now.",
    "MOD-WEB-08": "Something went wrong at the clinic.",
    "MOD-WEB-09": "More requests came than are taken in a minute.",
    "MOD-WEB-20": "The clinic has no public key of the reviews, so that nothing can be sealed for them.",
}
