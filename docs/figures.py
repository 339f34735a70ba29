"""Write the figures that the clinic shows beside a protocol, from the stored simulations of docs/numbers.json.

Run by ``python docs/figures.py`` whenever docs/numbers.json has changed; a test holds the two together.
"""

import json
from pathlib import Path
from typing import Any

from modicum.services.enrolling.figures import line_content

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "docs" / "numbers.json"
SHIPPED = ROOT / "src" / "modicum" / "services" / "enrolling" / "library" / "figures.json"


def figures() -> dict[str, Any]:
    """Each stored line under each of its judges."""
    lines = json.loads(STORED.read_text(encoding="utf-8"))["lines"]
    return {
        "lines": [
            {
                **{name: line[name] for name in ("protocol", "version", "made")},
                "judged_by": side["judged_by"],
                "line": line_content(side["found"], line["effect_mcid"]),
            }
            for line in lines
            for side in line["sides"]
        ]
    }


def text() -> str:
    """The file."""
    return json.dumps(figures(), indent=1) + "\n"


if __name__ == "__main__":
    SHIPPED.write_text(text(), encoding="utf-8")
