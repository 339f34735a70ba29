"""The reports and the patient's papers in German: the same findings and numbers, in sentences of their own."""

from modicum.reports.german import chart
from modicum.reports.german.patient import FRAME
from modicum.reports.german.tongue import German
from modicum.reports.german.view import view
from modicum.reports.german.wording import translated

__all__ = ["FRAME", "German", "chart", "translated", "view"]
