"""Every problem that a question about pharmacology can have, by its stable code."""

PROBLEMS: dict[str, str] = {
    "MOD-PHARM-01": "A dose is not a number.",
    "MOD-PHARM-02": "A dose is not above 0, or above 200 mg, up to which linearity was shown.",
    "MOD-PHARM-03": "Neither a dose nor doses to compare were given, or both.",
    "MOD-PHARM-04": "Fewer than two or more than six different doses are to be compared.",
    "MOD-PHARM-05": "There is no scenario of that name.",
    "MOD-PHARM-06": "The number of nights is not a whole number from 1 to 366.",
    "MOD-PHARM-07": "There is no parameter of that name.",
    "MOD-PHARM-08": "A parameter is not a number, or outside the range in which it makes sense.",
    "MOD-PHARM-09": "Parameters contradict each other or the scenario.",
    "MOD-PHARM-10": "The chart cannot be written to this place, or not in this format.",
}
