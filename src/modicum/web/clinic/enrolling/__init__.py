"""Enrolling in the browser with the patient present: screen, choose a protocol, consent, begin; all on record."""
