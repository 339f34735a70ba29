"""Sharing: what leaves a clinic for science, of whom, and in what form.

Only trials of persons who agreed leave, without names, dates, free text or identifiers; only fields on a list leave;
and a trial leaves only among others like it. One trial is pseudonymous all the same, not anonymous: a diary of two
hundred evenings is like no other, and whoever knows some of its days may find it.
"""

from modicum.services.sharing.cells import SMALLEST, Traits, age_band, gate
from modicum.services.sharing.parcels import Parcel, Shared, parcel_of
from modicum.services.sharing.permission import EXPORTED, Candidate, candidate_of

__all__ = [
    "EXPORTED",
    "SMALLEST",
    "Candidate",
    "Parcel",
    "Shared",
    "Traits",
    "age_band",
    "candidate_of",
    "gate",
    "parcel_of",
]
