"""What a plan warns of, for whoever reads it on a page: there is neither a file nor a command line."""

import datetime as dt

from modicum.foundation.errors import Problem
from modicum.protocol.reading import protocol_bytes
from modicum.services.enrolling.planning import cautions, foresee

ABSENT = Problem("MOD-DIARY-47", "frame", "mood", "The file lacks these items", "Name their columns with --map.")
ROUGH = Problem("MOD-ASSUME-12", "diary", "0.1", "Two computations differ", "Write more, or state --onset.")
NO_ROOM = Problem("MOD-ASSUME-14", "pain", "0.4", "There is little to gain", "Ask about another outcome.")


def test_what_rows_leave_out_on_purpose_is_not_told_and_no_option_is_offered():
    told = cautions([one.to_dict() for one in (ABSENT, ROUGH, NO_ROOM)])
    assert [(one.code, one.message, one.fix) for one in told] == [
        (ROUGH.code, ROUGH.message, ""),
        (NO_ROOM.code, NO_ROOM.message, NO_ROOM.fix),
    ]


def test_the_document_of_a_plan_from_a_run_in_misses_no_column():
    evenings = [{"day": day, "dose_mg": 0.0, "pain": float(3 + day % 4)} for day in range(9)]
    text = protocol_bytes("ldn-crossover").decode()
    found = foresee(text, evenings, people=1, made=dt.date(2026, 3, 2), processes=1)
    assert found.own
    assert "MOD-DIARY-47" not in [one["code"] for one in found.document["warnings"]]
