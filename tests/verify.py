"""Run the verification at full counts, one row at a time, and write the table that the docs show.

    python tests/verify.py [--rows NAME,...] [--again] [--table]

A row whose stored result is neither stale nor failed is not run again, so that an interrupted run goes on where it was.
NUTS references that are missing are made first; delete them to have all made anew.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # one diary is too small for threads to help
sys.path.insert(0, str(Path(__file__).parent))

from verification.results import code_hash, state, store, table, write_table  # noqa: E402
from verification.rows import Row, chosen  # noqa: E402

MAKE_REFERENCES = Path(__file__).parent / "reference" / "nuts" / "make_references.py"


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for and not yet there; 1 where a row fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="", help="names of rows, or beginnings of names, separated by commas")
    parser.add_argument("--again", action="store_true", help="run rows again that are there")
    parser.add_argument("--table", action="store_true", help="only write and print the table")
    given = parser.parse_args(arguments)
    rows = chosen([name for name in given.rows.split(",") if name])
    codes = {row.name: code_hash(row) for row in rows}  # of the code that is loaded now
    for row in [] if given.table else rows:
        if given.again or state(row) != "holds":
            _run(row, codes[row.name])
            write_table()
    write_table()
    _print_table()
    return 1 if any(state(row) == "fails" for row in rows) else 0


def _run(row: Row, code: str) -> None:
    if row.needs_data and not os.environ.get("MODICUM_REFERENCE_DATA"):
        print(f"{row.name}: NOT RUN, MODICUM_REFERENCE_DATA is not set", flush=True)
        return
    if row.name == "nuts":
        subprocess.run([sys.executable, str(MAKE_REFERENCES)], check=True)
    began = time.monotonic()

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty() and done % 10 == 0:
            print(f"\r{row.name}: {done} of {of}", end="", file=sys.stderr, flush=True)

    finding = row.run(row.full_count, progress)
    store(row, finding, time.monotonic() - began, code)
    print(f"\r{row.name}: {'holds' if finding.passed else 'FAILS'}: {finding.summary}", flush=True)


def _print_table() -> None:
    rows = [("row", "bound", "result", "state", "date"), *((r[0], *r[2:]) for r in table())]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
