"""From the shell to a PDF: the bundled diary, twice, and a name that says no form."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import modicum
from unit.reports.pdf_files import catalogue, metadata, sheets, squashed

DIARY = Path(modicum.__file__).parent / "example" / "diary.csv"
COMMAND = [sys.executable, "-m", "modicum", "analyse", str(DIARY), "--protocol", "ldn-smallest-dose", "--report"]


def run(path, seed="0"):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
    return subprocess.run([*COMMAND, str(path)], capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    done = run(path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def verdict():
    return modicum.analyse(DIARY, protocol="ldn-smallest-dose").verdict


def test_the_bundled_diary_becomes_a_tagged_pdf_that_opens_with_the_verdict(report, verdict):
    document = report.read_bytes()
    assert catalogue(document)["/MarkInfo"]["/Marked"].value is True
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata(document)
    pages = sheets(document)
    assert squashed(verdict.sentence) in squashed(pages[0])
    assert squashed(verdict.patient_sentence) in squashed(pages[-1])


def test_another_process_in_another_time_zone_writes_the_same_bytes(report, tmp_path):
    again = tmp_path / "again.pdf"
    assert run(again, seed="1").returncode == 0
    assert again.read_bytes() == report.read_bytes()


def test_a_name_that_says_another_form_is_refused_before_any_work(tmp_path):
    done = run(tmp_path / "report.docx")
    assert done.returncode == 2
    assert "Write report.html or report.pdf" in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_a_pdf_into_a_folder_that_is_not_there_is_a_problem_and_not_a_fault(tmp_path):
    done = run(tmp_path / "none" / "report.pdf")
    assert done.returncode == 2
    assert "MOD-OPT-11" in done.stderr
