"""Every problem that a population, or the habits of its clinicians, can have, by its stable code."""

PROBLEMS: dict[str, str] = {
    "MOD-SIM-01": "There is no population of that name, and no such file.",
    "MOD-SIM-02": "A population that is not TOML, lacks a field, or has one that is not known or out of range.",
    "MOD-SIM-03": "There is no set of habits of clinicians of that name, and no such file.",
    "MOD-SIM-04": "A set of habits that is not TOML, lacks a field, or has one that is not known or out of range.",
}
