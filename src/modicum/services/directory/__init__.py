"""The directory: clinics that want to be found, by place. None is in it by itself; who runs a site lists it."""

from modicum.services.directory.finding import find
from modicum.services.directory.listing import COLUMNS, KINDS, LISTED, UNLISTED, Listing, Said, listed
from modicum.services.directory.reading import MOST_BYTES, is_telephone, read_listings

__all__ = [
    "COLUMNS",
    "KINDS",
    "LISTED",
    "MOST_BYTES",
    "UNLISTED",
    "Listing",
    "Said",
    "find",
    "is_telephone",
    "listed",
    "read_listings",
]
