"""``modicum randomise``, ``bind``, ``reveal`` and ``verify``: a sealed allocation from the draw to the proof."""

import datetime as dt
import getpass
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modicum.cli import terminal

if TYPE_CHECKING:
    from modicum.allocation.keys import KeyRole
    from modicum.services.allocating import Randomised
    from modicum.services.unblinding import Unblinded

DONE, FINDING = 0, 1
RANDOMISE = 'Example: modicum randomise ldn-smallest-dose --out person-7 --contribution "3 6 1 1 5"'
BIND = "Example: modicum bind --dir person-7 --phase confirmation --dose 1.5"
REVEAL = "Example: modicum reveal --dir person-7 --key pharmacist.key"
VERIFY = "Example: modicum verify --dir person-7"
NOTE = "Note it beside the fingerprint of the draw: only with it can anybody show later that this was not replaced."

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, and nothing else.")]
Folder = Annotated[Path, typer.Option("--dir", metavar="D", help="The folder of the allocation.")]
Request = Annotated[str, typer.Option(metavar="TEXT", help="Name of this request: asked again, the same is returned.")]


def randomise(
    source: Annotated[str, typer.Argument(metavar="P", help="A shipped protocol by name, or a protocol file.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new folder, for this one allocation.")],
    slot: Annotated[str, typer.Option(metavar="NAME", help="Whose order it is; else the name of the folder.")] = "",
    contribution: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the participant adds to the draw: dice, words, anything.")
    ] = None,
    request: Request = "",
    pharmacist: Annotated[str, typer.Option(metavar="AGE1", help="Public key of the pharmacist; else made.")] = "",
    emergency: Annotated[str, typer.Option(metavar="AGE1", help="Public key for emergencies; else made.")] = "",
    review: Annotated[str, typer.Option(metavar="AGE1", help="Public key of the reviews; else made.")] = "",
    as_json: AsJson = False,
) -> None:
    """Draw the order of a trial once, and seal it: nobody without a key learns it, and nobody can change it."""
    from modicum.allocation import Contributions
    from modicum.services import allocating

    system = allocating.fix_contribution(secrets.token_bytes)
    if contribution is None:
        contribution = "" if as_json else _ask(Contributions(system, "").system_sha256)
    given: dict[KeyRole, str] = {"pharmacist": pharmacist, "emergency": emergency, "review": review}
    done = allocating.randomise(
        source,
        out,
        Contributions(system, contribution),
        slot=slot,
        public_keys={role: key for role, key in given.items() if key},
        request=request,
        now=dt.datetime.now(dt.UTC),
        randomness=secrets.token_bytes,
    )
    terminal.warn(done.warnings)
    if as_json:
        terminal.print_document(done.document.to_dict())
    else:
        _say_drawn(done, out)


def _ask(system_sha256: str) -> str:
    """The participant's half of the draw, typed after the system's is fixed; "" where nobody sits there."""
    if sys.stdin is None or not sys.stdin.isatty():
        return ""
    terminal.aside().print(f"This computer's half of the draw is fixed. Its hash: {system_sha256}", soft_wrap=True)
    terminal.aside().print("Now the participant types anything, such as ten throws of a die: ", end="")
    return sys.stdin.readline().strip()


def _say_drawn(done: "Randomised", out: Path) -> None:
    document = done.document
    periods = len(document.commitments)
    state = "Drawn and sealed" if done.new else "Drawn and sealed before"
    lines = [
        f"{state}: {periods} periods of {document.head.protocol.name} for {document.head.slot}, in {out}.",
        f"Fingerprint: {document.fingerprint}",
        "Note it on paper, for the participant too: with it anybody can show later that nothing was changed.",
    ]
    for line in lines:
        terminal.people().print(line, markup=False, soft_wrap=True)
    for one in done.factors:
        levels = ", ".join("with" if level else "without" for level in one.levels)
        words = f"{one.factor} in {one.phase}, pair by pair: {levels}."
        terminal.people().print(words, markup=False, soft_wrap=True)


def bind(
    folder: Folder,
    phase: Annotated[str, typer.Option(metavar="NAME", help="Phase that takes its doses after a review.")],
    dose: Annotated[list[float], typer.Option(metavar="MG", help="A dose of the ladder. Repeatable, for a step-down.")],
    from_period: Annotated[int, typer.Option(metavar="N", help="First period of the phase that they hold for.")] = 1,
    request: Request = "",
    as_json: AsJson = False,
) -> None:
    """Seal the doses that a review chose into a phase; its order stays as it was drawn."""
    from modicum.services.binding import bind as service

    done = service(
        folder,
        phase,
        dose,
        from_period=from_period,
        request=request,
        now=dt.datetime.now(dt.UTC),
        randomness=secrets.token_bytes,
    )
    terminal.warn(done.warnings)
    if as_json:
        terminal.print_document(done.document.to_dict())
        return
    head = done.document.head
    state = "Sealed" if done.new else f"Sealed before, on {head.bound_at}"
    for line in (
        f"{state}: the doses of {head.phase} from period {head.from_period}, binding {head.number}.",
        f"Fingerprint: {done.document.fingerprint}",
        NOTE,
    ):
        terminal.people().print(line, markup=False, soft_wrap=True)


def reveal(
    folder: Folder,
    key: Annotated[Path, typer.Option(metavar="K", help="File of a secret key.")],
    path: Annotated[
        str, typer.Option("--for", metavar="PATH", help="supply, review, emergency, or final: after the answer.")
    ] = "final",
    who: Annotated[str, typer.Option(metavar="NAME", help="Who opens it; else the name of the login.")] = "",
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why; only the final reveal says it by itself.")] = "",
    as_json: AsJson = False,
) -> int:
    """Open a sealed allocation with a key, and keep a record of who did so, why and when."""
    from modicum.services.unblinding import unblind

    opened = unblind(
        folder,
        key,
        path,
        who=who or login(),
        why=why or ("final reveal" if path == "final" else ""),
        now=dt.datetime.now(dt.UTC),
        randomness=secrets.token_bytes,
    )
    if as_json:
        terminal.print_document(opened.to_document())
    else:
        _say_opened(opened, _kit_codes(folder, opened))
    return FINDING if opened.forged else DONE


def login() -> str:
    """The name of the login, or "" where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such user, as in some containers; ImportError on Windows
        return ""


def _kit_codes(folder: Path, opened: "Unblinded") -> Mapping[tuple[str, int], str]:
    """Codes of the kits of each period, also of those made again; none before the first order, or if unreadable."""
    from modicum.foundation.errors import SupplyError
    from modicum.services.kit_codes import codes_by_period, read_kits
    from modicum.services.kits_again import read_again

    fingerprint = opened.document.fingerprint
    try:
        stored, again = read_kits(folder, fingerprint), read_again(folder, fingerprint)
        return codes_by_period([*(stored.codes if stored else ()), *(one.code for one in again)])
    except SupplyError as error:
        terminal.warn(error.problems)
        return {}


def _say_opened(opened: "Unblinded", codes: Mapping[tuple[str, int], str]) -> None:
    from rich.table import Table
    from rich.text import Text

    given = {(one.phase, one.period): one.dose_mg for one in opened.course}
    bound = {one.phase for one in opened.course}
    rows = [
        (place.phase, place.period, place.arm.role, place.arm.dose_mg)
        for place in opened.papers.allocation.places
        if place.phase not in bound
    ]
    rows += [(phase, period, "placebo" if dose == 0 else "dose", dose) for (phase, period), dose in given.items()]
    order = [phase.phase for phase in opened.document.head.phases]
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Phase", "Period", "Holds", *(["Kit"] if codes else [])):
        table.add_column(heading, justify="right" if heading == "Period" else "left")
    for phase, period, role, dose in sorted(rows, key=lambda row: (order.index(row[0]), row[1])):
        words = "candidate, not bound yet" if dose is None else "placebo" if role == "placebo" else f"{dose:g}"
        code = codes.get((phase, period), "") if phase in bound else ""
        table.add_row(Text(phase), str(period), Text(words), *([code] if codes else []))
    terminal.people().print(table)
    record = opened.record
    for line in (
        f"Record {record.number}: opened by {record.who} with the key of the {record.key}, for: {record.why}.",
        f"Fingerprint: {record.fingerprint}",
        NOTE,
    ):
        terminal.people().print(line, markup=False, soft_wrap=True)
    for part in opened.forged:
        terminal.people().print(f"Not as it was sealed: {part}", markup=False, soft_wrap=True)


def verify(
    folder: Folder,
    papers: Annotated[Path | None, typer.Option(metavar="FILE", help="The papers; else those in the folder.")] = None,
    fingerprint: Annotated[
        list[str] | None, typer.Option(metavar="HEX", help="As noted at the draw, a binding or an opening. Repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Check, without any key, that nothing of an allocation was changed; every forged part is named."""
    from modicum.services.allocating import verify_folder

    document = verify_folder(folder, papers, fingerprint or ())
    if as_json:
        terminal.print_document(document)
    else:
        _say_verified(document)
    return FINDING if document["result"] == "forged" else DONE


def _say_verified(document: dict[str, Any]) -> None:
    forged = [check for check in document["checks"] if check["result"] == "forged"]
    for check in forged:
        terminal.people().print(f"Forged: {check['part']}. {check['message']}", markup=False, soft_wrap=True)
    sound = f"{len(document['checks']) - len(forged)} parts are sound."
    closed = "" if document["revealed"] else " The arms are sealed: verify again after the reveal."
    verdict = f"{len(forged)} of {len(document['checks'])} parts were changed." if forged else f"{sound}{closed}"
    terminal.people().print(verdict, markup=False, soft_wrap=True)
