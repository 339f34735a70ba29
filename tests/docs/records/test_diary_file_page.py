import doctest
from pathlib import Path

from modicum.records.options import FIELDS
from modicum.records.problems import Code

PAGE = Path(__file__).parents[3] / "docs" / "diary-file.md"


def test_the_page_lists_every_code_with_its_sentence_and_no_other():
    listed = [line for line in PAGE.read_text().splitlines() if line.startswith("| `MOD-DIARY-")]
    assert listed == [f"| `{code.value}` | {code.sentence} |" for code in Code]


def test_the_page_names_every_column_that_the_reader_knows():
    page = PAGE.read_text()
    assert [name for name in FIELDS if f"`{name}`" not in page] == []


def test_the_examples_on_the_page_run():
    failed, run = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, run > 0) == (0, True)
