import html
import re
import subprocess
import sys
from dataclasses import asdict, replace
from functools import cache
from itertools import pairwise

import pytest
import typst

from modicum.foundation.errors import InternalError
from modicum.reports import paper, render, theme, write_report
from modicum.reports.charts import drawable
from modicum.reports.columns import SHEET, parts
from modicum.reports.tables import Table
from modicum.reports.view import view
from unit.reports.pdf_files import catalogue, every, metadata, opened, sheets, squashed, tags
from unit.reports.synthetic_answers import build, gallery, question

GALLERY = gallery()
NAMES = tuple(GALLERY)
ALIKE = {
    "works-probable",
    "zero-to-one",
    "negative-days",
    "open-label-no-term",
    "open-cannot-tell",
    "works-smaller-too",
}
SHAPES = tuple(name for name in NAMES if name not in ALIKE)
A4 = (595.28, 841.89)


@cache
def typeset(name):
    return paper.typeset(GALLERY[name])


def document(name):
    return typeset(name)[0]


@cache
def screen(name):
    return render(GALLERY[name])


@cache
def structure(name):
    return tags(document(name))


@cache
def leaves(name):
    return sheets(document(name))


@cache
def whole(name):
    return squashed("".join(leaves(name)))


def said(value):
    """Every text of a view, but for the words that name things to a template."""
    if isinstance(value, dict):
        hidden = {"kind", "chart", "sign", "token", "title", "description", "folded", "entries", "alternative"}
        return [text for key, item in value.items() if key not in hidden for text in said(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in said(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", SHAPES)
def test_the_file_is_tagged_and_says_which_standard_it_keeps(name):
    root = catalogue(document(name))
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata(document(name))
    assert squashed(opened(document(name)).metadata.title) == squashed(view(GALLERY[name]).title)
    assert [tag.kind for tag in structure(name)] == ["Document"]


def test_the_check_of_the_standard_refuses_a_picture_without_words():
    source = '#set document(title: "x")\n#image(bytes("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"), format: "svg")'
    with pytest.raises(typst.TypstError, match="missing alt text"):
        typst.compile(source.encode(), format="pdf", pdf_standards="ua-1")


@pytest.mark.parametrize("name", SHAPES)
def test_every_chart_has_its_finding_as_alternative_text(name):
    answer = GALLERY[name]
    found = [tag.alternative for tag in every(structure(name), "Figure")]
    expected = [module.alternative(answer) for module in drawable(answer).values()]
    assert sorted(map(squashed, found)) == sorted(map(squashed, expected))


@pytest.mark.parametrize("name", SHAPES)
def test_headings_have_no_gap_and_each_page_opens_with_its_sentence(name):
    headings = every(structure(name), r"H\d")
    assert all(int(after.kind[1]) - int(before.kind[1]) <= 1 for before, after in pairwise(headings))
    first = [squashed(heading.title) for heading in headings if heading.kind == "H1"]
    shown = view(GALLERY[name])
    assert first == [squashed(shown.prescriber.sentence), squashed(shown.patient.sentence)]


@pytest.mark.parametrize("name", SHAPES)
def test_every_word_of_the_view_stands_on_paper_and_on_the_screen(name):
    shown = asdict(view(GALLERY[name]))
    text = whole(name)
    body = screen(name).split("</style>")[1]
    names = "".join(re.findall(r'aria-label="([^"]*)"', body))
    seen = squashed(html.unescape(re.sub(r"<[^>]+>", "", body) + names))
    for words in said(shown["prescriber"]) + said(shown["patient"]):
        assert squashed(words) in text or words.startswith("For the p"), words
        assert squashed(words) in seen, words


def test_a_word_that_is_not_said_is_missed():
    assert squashed("Nobody says this.") not in whole("works")


@pytest.mark.parametrize("name", SHAPES)
def test_every_row_of_every_table_of_the_screen_stands_on_paper(name):
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", screen(name), flags=re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in rows]
    for row in cells:
        assert squashed(html.unescape("".join(row))) in whole(name), row
    on_paper = every(structure(name), "TR")
    assert sorted(len(tag.kids) for tag in on_paper) == sorted(map(len, cells))


@pytest.mark.parametrize("name", ["works", "twelve-doses"])
def test_the_heads_of_columns_are_tagged_as_heads_of_columns(name):
    for table in every(structure(name), "Table"):
        head, *rows = every([table], "TR")
        assert {cell.kind for cell in head.kids} == {"TH"}
        assert {cell.scope for cell in head.kids} == {"/Column"}
        assert {cell.kind for row in rows for cell in row.kids} == {"TD"}


@pytest.mark.parametrize("name", NAMES)
def test_typst_warns_of_nothing_and_no_character_lacks_a_glyph(name):
    assert typeset(name)[1] == ()
    text = "".join(leaves(name))
    assert paper.UNPRINTABLE not in text
    fonts = {
        font.get_object()["/BaseFont"].split("+")[1]
        for page in opened(document(name)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts <= {"ModicumSans-Regular", "ModicumSans-SemiBold", "ModicumSerif-Regular"}
    assert fonts >= {"ModicumSerif-Regular"}


def test_every_font_is_inside_the_file():
    reader = opened(document("works"))
    found = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]
    fonts = [item for item in found if isinstance(item, dict) and item.get("/Type") == "/FontDescriptor"]
    assert len(fonts) >= 3
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_both_faces_of_the_look_hold_every_character_that_is_called_their_own():
    characters = "".join(sorted(paper.OWN - {paper.UNPRINTABLE}))
    for family in ("Modicum Sans", "Modicum Serif"):
        source = f'#set document(title: "x")\n#text(font: "{family}", fallback: false, sys.inputs.t)'
        typst.compile(
            source.encode(),
            format="pdf",
            pdf_standards="ua-1",
            font_paths=[str(theme.LOOK / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"t": characters},
        )


@pytest.mark.parametrize("name", SHAPES)
def test_every_sheet_is_a4_and_the_patients_page_is_one_of_its_own(name):
    pages = opened(document(name)).pages
    assert {tuple(round(float(x), 2) for x in page.mediabox[2:]) for page in pages} == {A4}
    whom = [re.search(r"For the (prescriber|patient)", page.extract_text())[1] for page in pages]
    assert whom == ["prescriber"] * (len(pages) - 1) + ["patient"]


def boxes(roots):
    return [tag.box for tag in every(roots, "Figure|Table") if tag.box]


@pytest.mark.parametrize("name", SHAPES)
def test_no_chart_and_no_table_leaves_its_sheet(name):
    assert all(
        left >= 44 and right <= 551 and low >= 50 and high <= 790 for left, low, right, high in boxes(structure(name))
    )


def test_fifty_nine_doses_stand_on_one_sheet_with_their_heading():
    doses = tuple(round(0.1 * k, 1) for k in range(1, 60))
    schedule = tuple(("", 2, dose, 1.0) for dose in doses)
    asked = question(doses)
    answer = build("open-label", asked=asked, schedule=schedule, effects=dict.fromkeys(doses, -0.02), dose_mg=5.9)
    found, warnings = paper.typeset(replace(answer, sensitivity=()))
    assert warnings == ()
    assert all(right <= 551 and low >= 50 for _, low, right, _ in boxes(tags(found)))
    text = [squashed(sheet) for sheet in sheets(found)]
    (sheet,) = [sheet for sheet in text if squashed("What was seen on each dose") in sheet]
    assert all(squashed(f"{dose:g} mg") in sheet for dose in doses)


def test_a_table_wider_than_the_sheet_is_parted_and_loses_no_column():
    heads = tuple(f"Column {k}" for k in range(40))
    table = Table("Wide", heads, tuple(tuple(f"{row}.{k}" for k in range(40)) for row in range(3)), best=frozenset({1}))
    found = parts(table)
    assert len(found) > 1
    assert [head for part in found for head in part.table.head[1:]] == list(heads[1:])
    assert all(part.table.head[0] == "Column 0" for part in found)
    assert all(part.table.rows[2][0] == "2.0" and part.table.best == {1} for part in found)
    assert all(sum(part.widths) + sum(part.shares) <= SHEET + 1e-6 for part in found)
    assert [part.table.label for part in found][:2] == ["Wide, part 1", "Wide, part 2"]


def test_the_same_answer_gives_the_same_bytes_and_no_date():
    first = paper.render_pdf(build("works"))
    assert first == paper.render_pdf(build("works"))
    assert b"CreationDate" not in first
    assert "CreateDate" not in metadata(first)


def test_ten_years_make_a_file_of_less_than_a_megabyte():
    assert len(document("ten-years")) < 1_000_000


MARKUP = "#let x = 1 $x^2$ *b* _i_ @ref <lab> [c] {d} \\n \"q\" 's' `r` // c /* d */ ~ = - + 1. & ]] #panic(1) — …"


@pytest.mark.parametrize(
    "words", [MARKUP, "a word " * 70, "w" * 400, "Ból głowy, źdźbło", "Боль", "πόνος", "כאב", "ألم"]
)
def test_what_a_diary_says_is_shown_as_it_is(words):
    answer = build("works", asked=question(label=words), title=words, sensitivity=())
    found, warnings = paper.typeset(answer)
    assert warnings == ()
    assert paper.UNPRINTABLE not in "".join(sheets(found))
    assert all(right <= 551 and low >= 50 for _, low, right, _ in boxes(tags(found)))
    if words.isascii() or words == MARKUP:
        assert squashed(words) in squashed("".join(sheets(found)))


def test_a_checksum_can_be_copied_from_paper():
    sha = "486c135eaae2b3aba310a49e71d7f04a82dcd160c8d579d12ea38ab59e238155"
    text = "".join(sheets(paper.render_pdf(build("works", asked=question(label=sha), sensitivity=()))))
    assert sha in squashed(text)
    assert "\u200b" not in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [("痛み today", "�� today"), ("Pain 😀", "Pain �"), ("\u0f40\u0f0b pain", "�� pain"), ("Pain\x07", "Pain�")],
)
def test_what_no_font_holds_is_replaced_and_the_pages_say_so(words, shown):
    phases = tuple(replace(block, phase=words) for block in build("works").blocks)
    answer = build("works", asked=question(label=words), title=words, sensitivity=(), blocks=phases)
    found, warnings = paper.typeset(answer)
    text = squashed("".join(sheets(found)))
    assert warnings == ()
    assert squashed(shown) in text
    if "\x07" not in words:
        assert text.count(squashed(paper.UNPRINTED)) == 2


def refusing(when):
    """A compiler that refuses some data without naming a character."""

    def compiled(_name, data):
        if when(data):
            error = typst.TypstError()
            error.message, error.diagnostic = "PDF/UA-1 error: the PDF contains text with missing codepoints", ""
            raise error
        return data.encode(), ()

    return compiled


def test_where_typst_names_no_character_all_that_are_foreign_are_replaced(monkeypatch):
    monkeypatch.setattr(paper, "_compiled", refusing(lambda data: "ω" in data))
    data = paper.render_pdf(build("works", title="ж é ω", sensitivity=())).decode()
    assert "� é �" in data
    assert paper.UNPRINTED in data


def test_a_report_that_typst_refuses_whatever_it_says_is_an_internal_fault(monkeypatch):
    monkeypatch.setattr(paper, "_compiled", refusing(lambda data: True))
    with pytest.raises(InternalError, match="missing codepoints"):
        paper.render_pdf(build("works", title="ж", sensitivity=()))


def test_a_label_cannot_turn_the_words_of_the_report_round():
    answer = build("works", asked=question(label="pain\u202e"), sensitivity=())
    assert "\u202e" not in render(answer)
    assert squashed("about 1.7 points lower") in squashed("".join(sheets(paper.render_pdf(answer))))


def test_a_control_character_or_half_a_pair_in_a_label_ends_nothing():
    answer = build("works", asked=question(label="Pain\x07\x1b", low_label="\x00"), title="a\udcff", sensitivity=())
    assert "Pain\ufffd\ufffd" in render(answer)
    assert render(answer).encode()


@pytest.mark.parametrize(("token", "ground"), [("ink", "paper"), ("ink-2", "paper"), ("ink", "dose-soft")])
def test_type_is_legible_in_black_and_white(token, ground):
    def light(name):
        channels = [int(theme.colour(name)[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (light(ground) + 0.05) / (light(token) + 0.05) >= 7


def test_the_end_of_the_name_says_the_form(tmp_path):
    answer = GALLERY["one-row"]
    assert write_report(answer, tmp_path / "report.PDF").read_bytes() == document("one-row")
    assert write_report(answer, tmp_path / "report.htm").read_text(encoding="utf-8") == render(answer)


def test_a_report_for_the_screen_does_not_load_typst():
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from unit.reports.synthetic_answers import one_row\n"
        "from modicum.reports import render\n"
        "render(one_row()); print('typst' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
