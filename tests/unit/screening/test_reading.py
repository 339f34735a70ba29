"""Reading a medication list: what belongs together, what is a name, what is misspelt, and what clears nobody."""

import pytest

from modicum.screening import clear, entered_later
from modicum.screening.lists import lines_of
from modicum.screening.misspelling import nearest
from screening_corpus import TODAY


def rules_met(text):
    return [(finding.rule, finding.severity) for finding in clear(text, TODAY).findings]


def test_a_list_is_split_at_newline_semicolon_and_comma():
    assert lines_of("naproxen; zinc\nibuprofen, vitamin D") == ("naproxen", "zinc", "ibuprofen", "vitamin D")


def test_what_only_says_how_stays_with_its_medicine_on_the_same_line():
    assert lines_of("codeine, 30 mg, at night; zinc") == ("codeine, 30 mg, at night", "zinc")
    assert lines_of("sertraline 0,5 tablet") == ("sertraline 0, 5 tablet",)


def test_a_new_line_is_never_swallowed_by_the_one_before():
    found = clear("sertraline\ntwo tablets at night", TODAY)
    assert found.not_recognised == ("two tablets at night",)


def test_bullets_numbers_and_headings_are_no_medicines():
    assert lines_of("Current medication:\n- naproxen\n2) zinc\n* iron") == ("naproxen", "zinc", "iron")


@pytest.mark.parametrize("text", ["", " \n ; , ", "\n\n"])
def test_an_empty_list_is_a_question(text):
    found = clear(text, TODAY)
    assert (found.result, [finding.rule for finding in found.findings]) == ("ask", ["nothing-listed"])


@pytest.mark.parametrize("text", ["none", "No medication", "keine", "ninguno"])
def test_none_in_words_says_that_nothing_is_taken(text):
    assert clear(text, TODAY).result == "may-start"


def test_none_beside_a_medicine_takes_nothing_back():
    assert clear("none\ntramadol", TODAY).result == "stop"


@pytest.mark.parametrize(
    ("word", "name"),
    [("tramodol", "tramadol"), ("oxicodone", "oxycodone"), ("morfeen", "morphine"), ("methodone", "methadone")],
)
def test_a_misspelling_is_found_and_shown(word, name):
    finding = clear(f"{word} 50", TODAY).findings[0]
    assert finding.severity == "stop"
    assert finding.matched.startswith(f"{word}, taken for ")
    assert name in (finding.matched.split("taken for ")[1].split(" (")[0], name)


@pytest.mark.parametrize("word", ["mor", "code", "tram", "table", "napoxen", "sertralin", "hydroxyzine", "zzyzxol"])
def test_a_short_word_and_one_that_is_far_from_every_name_is_no_misspelling(word):
    assert nearest(word) is None


def test_a_number_at_the_end_of_a_name_is_no_count_of_tablets():
    assert rules_met("Tylenol #3") == [("opioid", "stop")]
    assert rules_met("Tylenol 3 times a day") == []


def test_the_longest_name_counts():
    assert rules_met("Nurofen Plus") == [("opioid", "stop")]
    assert rules_met("Nurofen") == []


def test_a_street_name_that_is_an_ordinary_word_counts_alone_and_is_never_cleared():
    assert rules_met("lean") == [("opioid", "stop")]
    beside = clear("perks and naproxen", TODAY)
    assert beside.result != "may-start"


def test_a_painkiller_beside_its_name_is_no_question_but_another_one_is():
    assert rules_met("ibuprofen (my usual painkiller)") == []
    assert rules_met("ibuprofen and another painkiller") == [("vague-pain-medicine", "ask")]
    assert rules_met("paracetamol for pain and a patch") == [("vague-pain-medicine", "ask")]


@pytest.mark.parametrize("line", ["Nurofen W", "naproxen zzyzxol", "sertraline from the blue jarble"])
def test_a_name_beside_a_word_that_nothing_knows_is_handed_back(line):
    assert clear(line, TODAY).not_recognised == (line,)


def test_a_combination_is_caught_by_any_of_its_parts():
    assert rules_met("hydrocodone/apap 5-325") == [("opioid", "stop")]
    assert rules_met("olanzapine/samidorphan") == [("other-antagonist", "stop")]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("hydrocortisone 1% cream", "topical-immunosuppressant"),
        ("hydrocortisone 20 mg tablets", "glucocorticoid"),
        ("tacrolimus ointment", "topical-immunosuppressant"),
        ("tacrolimus 2 mg", "immunosuppressant"),
        ("D11AH01", "topical-immunosuppressant"),
        ("L04AD02", "immunosuppressant"),
        ("budesonide inhaler", "topical-immunosuppressant"),
        ("budesonide 9 mg", "gut-budesonide"),
    ],
)
def test_what_stays_on_the_skin_or_in_the_airways_is_worth_a_note(line, rule):
    assert [name for name, _ in rules_met(line)] == [rule]


def test_no_opioid_becomes_a_note_because_of_a_cream():
    assert rules_met("morphine gel") == [("opioid", "stop")]


def test_a_code_outside_the_classes_of_the_rules_meets_none_and_a_combination_is_handed_back():
    assert clear("N06AB06", TODAY).result == "may-start"
    assert clear("N02BE51", TODAY).not_recognised == ("N02BE51",)
    assert clear("N02AX99", TODAY).not_recognised == ("N02AX99",)


def test_the_same_medicine_in_two_scripts_is_the_same():
    assert rules_met("трамадол") == rules_met("tramadol") == rules_met("トラマドール")


def test_a_medicine_entered_later_stops_dosing_before_anybody_is_told():
    assert entered_later("tramadol", TODAY).steps[0] == "stop-dosing"
    assert entered_later("Zzyzxol", TODAY).steps[0] == "stop-dosing"
    assert entered_later("hydrocortisone cream", TODAY).steps == ("tell-prescriber",)


def test_ten_years_of_refills_are_read():
    found = clear("\n".join(["naproxen 500"] * 5_000 + ["codeine"]), TODAY)
    assert [finding.given for finding in found.findings] == ["codeine"]


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("prednisolone 20 mg daily for eczema", ["glucocorticoid"]),
        ("methotrexate 15 mg weekly for skin psoriasis", ["immunosuppressant"]),
        ("ciclosporin capsules for the skin", ["immunosuppressant"]),
        ("Humira pen for skin", ["immunosuppressant"]),
        ("azathioprine gel", ["immunosuppressant"]),
        ("dexamethasone 4 mg plus nasal spray", ["glucocorticoid"]),
        ("prednisolone and Seretide inhaler", ["glucocorticoid", "topical-immunosuppressant"]),
        ("Protopic ointment and tacrolimus 2 mg", ["immunosuppressant", "topical-immunosuppressant"]),
        ("hydrocortisone tablets and cream", ["glucocorticoid"]),
        ("triamcinolone injected into the knee", ["glucocorticoid"]),
        ("betamethasone 0.5 mg tablets", ["glucocorticoid"]),
        ("Kenalog-40", ["glucocorticoid"]),
        ("dexamethasone 1 mg/ml eye drops", ["topical-immunosuppressant"]),
        ("hydrocortisone 10 mg/g cream", ["topical-immunosuppressant"]),
        ("Elidel for eczema", ["topical-immunosuppressant"]),
    ],
)
def test_a_reason_a_second_medicine_or_a_tablet_makes_nothing_a_cream(line, rules):
    assert [name for name, _ in rules_met(line)] == rules


@pytest.mark.parametrize(
    "line",
    [
        "no opioids",
        "not on any opioids",
        "opioids: none",
        "allergic to codeine",
        "Allergies: morphine",
        "denies opioids",
    ],
)
def test_an_opioid_that_the_line_says_is_not_taken_is_a_question_and_never_clearance(line):
    assert rules_met(line) == [("opioid-denied", "ask")]
    assert clear(line, TODAY).result == "ask"


@pytest.mark.parametrize(
    "line",
    [
        "no opioids but tramadol",
        "allergic to codeine so I take tramadol",
        "no more than 4 oxycodone",
        "tramadol no 50",
        "codeine not helping",
        "Lenoltec no 4",
    ],
)
def test_a_denial_beside_any_other_word_takes_no_stop_back(line):
    assert clear(line, TODAY).result == "stop"


@pytest.mark.parametrize("line", ["levothiroxine 100", "betamethazone", "thyroxinn", "Advanttan", "Pulmicrot"])
def test_a_misspelling_of_a_medicine_that_holds_nobody_back_clears_nobody(line):
    found = clear(line, TODAY)
    assert found.not_recognised == (line,)
    assert found.result == "ask"


def test_two_forms_of_one_opioid_in_a_line_are_two_findings():
    found = clear("OxyNorm and OxyContin stopped 2026-11-12", TODAY)
    assert [(one.severity, one.wait_days) for one in found.findings] == [("stop", 14), ("ask", None)]


@pytest.mark.parametrize("line", ["hydroxy 200 mg", "methoxy", "diethyl cream"])
def test_a_beginning_that_many_names_share_is_no_opioid_cut_short(line):
    found = clear(line, TODAY)
    assert found.not_recognised == (line,)
    assert [one.severity for one in found.findings if one.severity == "stop"] == []


def test_a_line_that_speaks_of_a_transplanted_organ_is_a_stop_whatever_the_medicine():
    assert rules_met("tacrolimus caps after kidney transplant")[0] == ("transplant-medicine", "stop")
    assert rules_met("prednisolone 5 mg since my liver transplant")[0] == ("transplant-medicine", "stop")
    assert ("transplant-medicine", "stop") not in rules_met("minoxidil after hair transplant")


def test_a_plus_at_the_end_of_a_name_and_a_number_in_words_belong_to_it():
    assert rules_met("Nurofen+ 2 tabs") == rules_met("Nurofen Plus") == [("opioid", "stop")]
    assert rules_met("Tylenol three") == [("opioid", "stop")]
    assert rules_met("Tylenol three times a day") == []
    assert rules_met("Tyllenol #3") == [("opioid", "stop")]
    assert rules_met("Nurrofen Plus") == [("opioid", "stop")]
    assert rules_met("paracetamol+caffeine") == []


def test_of_two_names_that_are_equally_near_the_more_severe_counts():
    assert rules_met("tussinex") == [("opioid", "stop")]  # one letter from Tussionex, and from Tussidex


@pytest.mark.parametrize(
    ("line", "read_as"),
    [
        ("liothyronine", "liothyronine (thyroid hormone)"),
        ("akuamma seeds", "akuamma seeds (akuamma)"),
        ("chlorambucil", "chlorambucil (an alkylating medicine)"),
        ("no immunosuppressants", "immunosuppressants (an immunosuppressant)"),
        ("butyrfentanyl", "butyrfentanyl (another opioid)"),
    ],
)
def test_a_medicine_is_not_called_by_the_name_of_another(line, read_as):
    assert [one.matched for one in clear(line, TODAY).findings] == [read_as]
