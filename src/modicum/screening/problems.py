"""Every problem that what is screened can have, by its stable code."""

PROBLEMS: dict[str, str] = {
    "MOD-SCREEN-01": "A medication list or a history that cannot be read: a folder, no permission, or not UTF-8 text.",
    "MOD-SCREEN-02": "A history that is neither TOML nor JSON, or is no table of answers.",
    "MOD-SCREEN-03": "A history that answers a question which is not asked.",
    "MOD-SCREEN-04": "An answer that is not one of those allowed, or of the wrong type.",
    "MOD-SCREEN-05": "A date that is none, or lies in the future.",
    "MOD-SCREEN-06": "A medication list that is too long.",
    "MOD-SCREEN-07": "A reader that is neither prescriber nor patient.",
    "MOD-SCREEN-08": "No medication list is given.",
}
