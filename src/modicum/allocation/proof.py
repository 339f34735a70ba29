"""The proof by the papers: every period held what was committed to, and the order followed from the draw."""

from collections.abc import Iterator, Sequence

from modicum.allocation.binding import Binding
from modicum.allocation.binding_rules import check_doses
from modicum.allocation.canonical import UnreadableError, digest_bytes
from modicum.allocation.commitments import commit_doses, commit_place
from modicum.allocation.document import Allocation, Head
from modicum.allocation.draws import Contributions, draw_order
from modicum.allocation.evidence import Check, judge
from modicum.allocation.orders import list_orders
from modicum.allocation.papers import AllocationPapers, BindingPapers, Papers, is_padded
from modicum.protocol import Protocol


def prove(
    content: bytes | None, document: Allocation, bindings: Sequence[Binding], protocol: Protocol | None
) -> Iterator[Check]:
    """Check an allocation and its bindings against the papers.

    Args:
        content: bytes of the papers; None where nothing was revealed.
        document: the public document.
        bindings: public documents of the bindings, in order.
        protocol: that the order was drawn for; None where it is not at hand, which then is a finding of its own.
    """
    if content is None:
        yield Check("arms", "sealed", "Nothing was revealed, so that only the outside of the seal can be checked.")
        return
    try:
        papers = Papers.from_bytes(content)
    except UnreadableError as error:
        yield Check("papers", "forged", str(error))
        return
    yield from _prove_head(papers.allocation, document)
    yield from _prove_contributions(papers.allocation)
    yield from _prove_places(papers.allocation, document)
    if protocol is not None:
        yield from _prove_draw(papers.allocation, protocol)
    yield from _prove_bindings(papers.bindings, bindings, protocol)


def contributions_of(content: bytes | None) -> Contributions | None:
    """The two contributions, where papers that can be read reveal them.

    Args:
        content: bytes of the papers; None where nothing was revealed.
    """
    try:
        papers = Papers.from_bytes(content).allocation if content is not None else None
    except UnreadableError:
        papers = None
    return None if papers is None else Contributions(bytes.fromhex(papers.system), papers.participant)


def _prove_head(papers: AllocationPapers, document: Allocation) -> Iterator[Check]:
    for field in Head.model_fields:
        agrees = getattr(papers.head, field) == getattr(document.head, field)
        otherwise = "The public document and the papers say different things."
        yield judge(f"head {field}", agrees, "The public document says what the papers say.", otherwise)
    yield judge("padding", is_padded(papers), "The padding is blank.", "The padding is not as it was sealed.")


def _prove_contributions(papers: AllocationPapers) -> Iterator[Check]:
    for whose, content, stated in (
        ("system", bytes.fromhex(papers.system), papers.head.system_sha256),
        ("participant", papers.participant.encode(), papers.head.participant_sha256),
    ):
        agrees = digest_bytes(content) == stated
        otherwise = "The contribution is not the one whose hash was published."
        yield judge(f"contribution of the {whose}", agrees, "The contribution is the one committed to.", otherwise)


def _prove_places(papers: AllocationPapers, document: Allocation) -> Iterator[Check]:
    agrees = [(one.phase, one.period) for one in papers.places] == [
        (one.phase, one.period) for one in document.commitments
    ]
    otherwise = "The papers and the commitments name different periods."
    yield judge("places", agrees, "The papers name every period that was committed to.", otherwise)
    head = papers.head.sha256
    for place, stated in zip(papers.places, document.commitments, strict=False):
        agrees = commit_place(head, place.phase, place.period, place.arm, place.nonce) == stated.sha256
        otherwise = "The period does not hold what was committed to."
        part = f"commitment {stated.phase} {stated.period}"
        yield judge(part, agrees, "The period holds what was committed to.", otherwise)


def _prove_draw(papers: AllocationPapers, protocol: Protocol) -> Iterator[Check]:
    contributions = Contributions(bytes.fromhex(papers.system), papers.participant)
    for found in list_orders(protocol):
        order = tuple(place.arm for place in papers.places if place.phase == found.phase)
        otherwise = "The protocol does not admit this order."
        yield judge(f"order {found.phase}", order in found.orders, "The protocol admits this order.", otherwise)
        drawn = draw_order(found, contributions, papers.head.protocol.sha256, papers.head.slot)
        otherwise = "The order does not follow from the two contributions."
        yield judge(f"draw {found.phase}", order == drawn, "The order follows from the two contributions.", otherwise)


def _prove_bindings(
    papers: Sequence[BindingPapers], bindings: Sequence[Binding], protocol: Protocol | None
) -> Iterator[Check]:
    otherwise = "The papers hold another number of bindings than there are."
    yield judge("bindings", len(papers) == len(bindings), "The papers hold every binding.", otherwise)
    for paper, binding in zip(papers, bindings, strict=False):
        part = f"bindings/{binding.head.number:04d}"
        otherwise = "The public document and the papers say different things."
        agrees = paper.head == binding.head
        yield judge(f"{part} head", agrees, "The public document says what the papers say.", otherwise)
        agrees = commit_doses(paper.head.sha256, paper.doses_mg, paper.nonce) == binding.commitment
        otherwise = "The doses are not those that were committed to."
        yield judge(f"{part} commitment", agrees, "The doses are those that were committed to.", otherwise)
        padded = is_padded(paper)
        yield judge(f"{part} padding", padded, "The padding is blank.", "The padding is not as it was sealed.")
        agrees = protocol is None or not check_doses(protocol, paper.head.phase, paper.doses_mg)
        yield judge(f"{part} doses", agrees, "The doses fit the phase.", "The doses do not fit the phase.")
