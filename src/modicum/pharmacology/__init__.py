"""Pharmacology: naltrexone in the body, to explain and never to decide.

Concentrations, receptor occupancy and the hypothesis of a rebound, as pure functions of a dose and of parameters that
each have a line in ``parameters.toml`` with their source. It may not know a diary, a protocol or a person's answer, and
no claim about a person rests on it. What is compiled, for many people at once, is in
:mod:`modicum.pharmacology.population` and loads when that is imported.

Called as a function (``modicum.pharmacology(4.5)``), the package does what ``modicum pharmacology`` does.
"""

from modicum.pharmacology.body import Body, body_of, naltrexone_of
from modicum.pharmacology.claims import CLAIMS, Claim
from modicum.pharmacology.course import Course, Levels, course_of
from modicum.pharmacology.explanation import explain
from modicum.pharmacology.parameters import PARAMETERS, SCENARIOS, Parameter, Scenario, Values, typical
from modicum.pharmacology.people import draw_people
from modicum.pharmacology.rebound import HYPOTHESIS, tone_of
from modicum.pharmacology.receptors import Site, site_of

__all__ = [
    "CLAIMS",
    "HYPOTHESIS",
    "PARAMETERS",
    "SCENARIOS",
    "Body",
    "Claim",
    "Course",
    "Levels",
    "Parameter",
    "Scenario",
    "Site",
    "Values",
    "body_of",
    "course_of",
    "draw_people",
    "explain",
    "naltrexone_of",
    "site_of",
    "tone_of",
    "typical",
]
