"""Auditing: what somebody who runs a clinic, and may know no outcome and no arm, is shown of the record."""

from modicum.services.auditing.shown import KINDS, SEARCHED, TELLING, Change, Shown, show

__all__ = ["KINDS", "SEARCHED", "TELLING", "Change", "Shown", "show"]
