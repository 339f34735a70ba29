from dataclasses import replace

from modicum.reports import paper, render
from unit.reports.pdf_files import opened, squashed
from unit.reports.synthetic_answers import gallery

ANSWER = next(iter(gallery().values()))
HEAD = "7c39ef" + "a1b2" * 14 + "07"
LABEL = "Store, head of the chain"


def test_a_result_from_a_store_prints_the_head_of_its_chain_on_screen_and_on_paper():
    stored = replace(ANSWER, chain_head=HEAD)
    assert HEAD in render(stored)
    text = squashed("".join(sheet.extract_text() for sheet in opened(paper.render_pdf(stored)).pages))
    assert squashed(HEAD) in text


def test_a_result_from_a_file_says_nothing_of_a_chain():
    assert LABEL not in render(ANSWER)
    assert LABEL in render(replace(ANSWER, chain_head=HEAD))
