"""Labels of the web are in the patient's language, and those of ``modicum order`` in that language byte by byte."""

import io
import os
import re
from importlib import resources

import pypdf
import pytest

from contract.web.pharmacy.made_kits import make_kits
from modicum.services.order_options import Asked
from modicum.services.ordering import order
from modicum.web import trials
from modicum.web.accounts.models import Participant, Person
from modicum.web.clock import now
from modicum.web.pharmacy.finding import Supplying
from modicum.web.stories import story_of
from waiting_trials import begun, place

BATCH = "?batch=titration"


@pytest.fixture
def made(world, lived):
    """A clinic in which the kits of a titration were made."""
    with place(lived(make_kits)):
        world.trial = world.ines.trial
        yield world


def at(world, page):
    return f"/pharmacy/{world.ines.pk}/{page}{BATCH}"


def labels(world):
    return world.client("pharmacist").get(at(world, "labels/")).content


def speak(world, language):
    Participant.objects.filter(pk=world.ines.pk).update(language=language)
    return Supplying(Participant.objects.get(pk=world.ines.pk), story_of(world.trial))


def ordered(world, out, language, contacts):
    """The folder that ``modicum order`` writes of the same kits."""
    first_day = story_of(world.trial).begun.start.date().isoformat()
    folder = trials.allocation_of(world.trial)
    named = {"phases": ("titration",), "made": now().date().isoformat(), "start": first_day, "contacts": contacts}
    order(
        folder / "protocol.toml",
        out,
        Asked(**named, language=language),
        folder=folder,
        key=trials.key_of("pharmacist"),
        who="R. Adeyemi",
        now=now(),
        randomness=os.urandom,
    )
    return out


def words(content):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def test_labels_are_those_of_the_command_line_in_the_language_of_the_patient_and_of_nobody_else(made, tmp_path):
    shown = {}
    for language in ("en", "de"):
        contacts = speak(made, language).contacts
        out = ordered(made, tmp_path / language, language, contacts)
        shown[language] = labels(made)
        assert shown[language] == (out / "pharmacist" / "labels.pdf").read_bytes()
        sheet = words((out / "pharmacist" / "order.pdf").read_bytes())
        assert "Batch" in sheet
        assert "Packung" not in sheet
    assert "Take one capsule each evening." in words(shown["en"])
    german = words(shown["de"])
    assert f"Nr. {made.ines.label}, " in german
    assert "Nehmen Sie jeden Abend eine Kapsel." in german
    assert "Naltrexon, bis zu 4,5 mg, oder Placebo" in german
    Person.objects.filter(pk=made.people["pharmacist"].pk).update(language="de")
    speak(made, "en")
    assert labels(made) == shown["en"], "the pharmacist's own language does not matter"


@pytest.mark.parametrize(
    ("language", "title", "named"), [("de", "Slow steps", True), ("de", "", False), ("en", "Slow steps", False)]
)
def test_the_prescriber_reads_before_ordering_what_of_the_labels_nobody_translated(
    world, tmp_path, language, title, named
):
    shipped = (resources.files("modicum.protocol") / "library" / "ldn-smallest-dose.toml").read_text(encoding="utf-8")
    assert '"Blinded titration"' in shipped
    file = tmp_path / "adapted.toml"
    file.write_text(shipped.replace("Blinded titration", title or "Blinded titration"), encoding="utf-8")
    with place(tmp_path):
        world.trial = begun(world.ines, file)
        speak(world, language)
        page = world.client("prescriber").get(f"/clinic/people/{world.ines.pk}/order/").content.decode()
    assert ("Nobody has translated these words" in page, bool(title) and f"<li>{title}</li>" in page) == (named, named)
