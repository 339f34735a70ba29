"""The interface for phones asked all that its OpenAPI document allows, and what it does not, by schemathesis.

Each operation is asked as a phone that has joined and as a stranger, by the document and beside it. A request that
gets no answer, or an answer of 500 and above, is a fault of ours.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from clinic_server import clinic
from verification.finding import Finding

NOW = "2026-03-04T20:14:00+01:00"
PATIENCE_SECONDS = 30
_MOST_TOLD = 5


def run_schema(count: int, progress: Callable[[int, int], None] | None = None) -> Finding:
    """So many requests of every operation, mode and caller; the same ones each time."""
    with TemporaryDirectory(prefix="modicum-api-") as folder, clinic(Path(folder) / "clinic", now=NOW) as server:
        token = server.joined(server.enrol())
        callers = {
            "phone": {"headers": {"X-Modicum": "1"}, "cookies": {"modicum_device": token}},
            "stranger": {"headers": {"X-Modicum": "1"}, "cookies": {}},
        }
        return ask_all(f"{server.url}/api/v1", callers, count, progress)


def ask_all(
    base: str, callers: dict[str, Any], count: int, progress: Callable[[int, int], None] | None = None
) -> Finding:
    """The same of any server that shows its document; a caller is what each of its requests holds besides."""
    import schemathesis

    document = schemathesis.openapi.from_url(f"{base}/openapi.json")
    operations = [found.ok() for found in document.get_all_operations()]
    rounds = [(one, mode, who) for one in operations for mode in schemathesis.GenerationMode for who in callers]
    outcomes, wrong = Counter[str](), list[str]()
    for done, (operation, mode, who) in enumerate(rounds):
        if progress:
            progress(done, len(rounds))
        for status, request in _asked(operation, mode, callers[who], count):
            outcomes[f"{who} {operation.label} {status}"] += 1
            if status == 0 or status >= 500:
                wrong.append(f"{status} {request}")
    asked = sum(outcomes.values())
    return Finding(
        passed=not wrong and asked > 0,
        bound="no crash and no answer of 500 or above",
        summary=f"{asked - len(wrong)} of {asked} requests of {len(operations)} operations",
        figures={"outcomes": dict(sorted(outcomes.items())), "wrong": wrong[:_MOST_TOLD]},
    )


def _asked(operation: Any, mode: Any, caller: dict[str, Any], count: int) -> list[tuple[int, str]]:
    """Status of every answer, 0 where there was none, and how to ask again. Nothing is drawn by chance."""
    import requests
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable

    found = list[tuple[int, str]]()

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        try:
            status = case.call(timeout=PATIENCE_SECONDS, **caller).status_code
        except requests.RequestException:
            status = 0
        found.append((status, case.as_curl_command(headers=caller["headers"])))

    try:
        ask()
    except Unsatisfiable:
        return []  # an operation without parameters cannot be asked beside its document
    return found
