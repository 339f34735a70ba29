"""Check what ``make example CHECK=1`` made: the document has its form and a verdict, the report is a whole page."""

import json
import sys
from pathlib import Path

import jsonschema

from modicum.services.documents import document_schema

SMALLEST_REPORT_BYTES = 20_000  # the embedded fonts alone are larger


def main(result: Path, report: Path) -> None:
    """Raise where something is wrong; else print ok."""
    document = json.loads(result.read_text(encoding="utf-8"))
    jsonschema.validate(document, document_schema("result"))
    if not document["verdict"]["sentence"].strip():
        raise SystemExit("The verdict says nothing.")
    page = report.read_text(encoding="utf-8")
    if len(page) < SMALLEST_REPORT_BYTES or not page.rstrip().endswith("</html>"):
        raise SystemExit("The report is not a whole page.")
    print(document["verdict"]["sentence"])
    print("ok")


main(Path(sys.argv[1]), Path(sys.argv[2]))
