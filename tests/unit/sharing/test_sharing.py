"""What leaves a clinic: of whom, in what company, and no field that is not on the list."""

import csv
import datetime as dt
import io
import itertools
import json
import zipfile
from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary_fixtures import NOW, START, beginning, written
from modicum.records import read_diary
from modicum.records.chain import canonical, content_hash
from modicum.services.diary import Story, fold
from modicum.services.enrolling.enrolment import CHOSEN, CONSENTED
from modicum.services.sharing import SMALLEST, Shared, Traits, age_band, candidate_of, gate, parcel_of
from modicum.services.sharing.cells import NOT_TOLD
from modicum.services.sharing.columns import listed, revealed_csv
from modicum.services.sharing.results import EMPTIED, KEPT, shared_result

SECRETS = ("Halloran", "2026-03", "iPhone", "K7QX", "my sister", "codeine", "canary")
BAND = Traits("ldn-smallest-dose", "0" * 64, "40 to 49", False)


@dataclass(frozen=True)
class Told:
    """An event as the store keeps it."""

    sequence: int
    kind: str
    said: dict
    client_id: str = "x"
    conflict: bool = False
    actor: str = "device:1"
    received_at: str = (NOW + dt.timedelta(days=300)).isoformat()  # after every evening that it is about

    @property
    def content_hash(self):
        return content_hash(canonical(self.said))

    @property
    def hash(self):
        return "0" * 64


def told(*events):
    counted = itertools.count(1)
    return [
        Told(next(counted), kind, said, client_id=said.get("id", f"{kind}-{number}"))
        for number, (kind, said) in enumerate(events)
    ]


def story(name, *entries, **more):
    begun = ("begun", beginning(**more).to_content())
    return fold(Story(name), told(begun, *(("entry", entry) for entry in entries)))


def shared(number, traits=BAND, **more):
    entries = [written(day, number=number, answers={"pain": float(number % 10)}, **more) for day in range(3)]
    return Shared(story(f"trial-{number}", *entries), traits)


def opened(parcel):
    with zipfile.ZipFile(io.BytesIO(parcel.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def consent(share, chosen=2):
    said = {"chosen": chosen} | ({} if share is None else {"share": share})
    events = [("begun", beginning().to_content()), (CHOSEN, {"protocol_sha256": "0" * 64}), (CONSENTED, said)]
    return told(*events)


@pytest.mark.parametrize("share", [None, False, "true", 1, "yes"])
def test_silence_and_anything_but_yes_is_no(share):
    assert candidate_of(consent(share)) is None


def test_who_agreed_may_be_exported_and_what_was_revealed_is_known():
    agreed = consent(True)
    assert candidate_of(agreed).revealed is False
    assert candidate_of([*agreed, Told(4, "revealed", {})]).revealed is True
    assert candidate_of(agreed[1:]) is None  # nothing has begun


def test_who_has_taken_it_back_stays_until_a_new_consent_says_yes():
    back = [*consent(True), Told(4, "unshared", {})]
    assert candidate_of(back) is None
    again = Told(5, CONSENTED, {"chosen": 2, "share": True})
    assert candidate_of([*back, again]) is not None


def test_consent_to_another_protocol_than_the_one_in_force_is_none():
    again = [*consent(True), Told(4, CHOSEN, {"protocol_sha256": "1" * 64})]
    assert candidate_of(again) is None


@given(
    st.lists(
        st.builds(
            Traits,
            st.sampled_from(["a", "b"]),
            st.sampled_from(["1", "2"]),
            st.sampled_from(["30 to 39", "40 to 49", "50 to 59"]),
            st.booleans(),
        ),
        max_size=60,
    ),
    st.integers(1, 8),
)
def test_whatever_leaves_has_as_many_of_its_like_as_the_gate_asks(people, k):
    given_ = gate(people, k)
    sizes = Counter(one for one in given_ if one is not None)
    assert all(size >= k for size in sizes.values())
    for before, after in zip(people, given_, strict=True):
        assert after is None or after in (before, replace(before, age_band=NOT_TOLD))
    full = Counter(people)
    assert all(after == before for before, after in zip(people, given_, strict=True) if full[before] >= k)


def test_a_virtual_patient_hides_nobody():
    crowd = [replace(BAND, virtual=True)] * 9 + [BAND]
    assert gate(crowd)[-1] is None


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (dt.date(2006, 3, 3), "under 20"),
        (dt.date(2006, 3, 2), "20 to 29"),
        (dt.date(1946, 3, 3), "70 to 79"),
        (dt.date(1900, 1, 1), "80 or more"),
    ],
)
def test_ages_are_bands_open_at_both_ends(born, band):
    assert age_band(born, dt.date(2026, 3, 2)) == band


def test_four_of_a_kind_stay_and_are_counted():
    parcel = parcel_of([shared(number) for number in range(4)])
    assert (parcel.manifest["exported"], parcel.manifest["withheld"], parcel.trials) == (0, 4, ())
    assert set(opened(parcel)) == {"README.txt", "manifest.json"}
    assert parcel.manifest["k"] == SMALLEST == 5


def test_five_of_a_kind_leave_and_one_of_another_age_stays_until_there_are_five():
    others = [shared(9, replace(BAND, age_band="60 to 69"))]
    parcel = parcel_of([*(shared(number) for number in range(5)), *others])
    assert (parcel.manifest["exported"], parcel.manifest["withheld"]) == (5, 1)
    more = [shared(9 + number, replace(BAND, age_band=f"{60 + 10 * (number % 2)} to")) for number in range(5)]
    parcel = parcel_of([*(shared(number) for number in range(5)), *more])
    assert (parcel.manifest["exported"], parcel.manifest["age_not_told"]) == (10, 5)


def test_nothing_but_listed_fields_comes_out_of_an_event_whatever_it_holds(monkeypatch):
    said = {"note": "my sister Halloran", "medications": ["codeine"], "zone": "Europe/Berlin"}
    people = [shared(number, **said) for number in range(5)]
    extended = []
    for one in people:
        kept = []
        for entry in one.story.kept:  # a later version reads more fields, of an item that nobody listed
            scores = {**entry.entry.scores, "canary": 1.0}
            effects = {"canary": 2}
            kept.append(replace(entry, entry=replace(entry.entry, scores=scores, side_effects=effects)))
        extended.append(replace(one, story=replace(one.story, kept=tuple(kept))))
    for parcel in (parcel_of(people), parcel_of(extended)):
        text = "".join(opened(parcel).values())
        assert [word for word in (*SECRETS, "trial-", "Berlin") if word in text] == []
    assert parcel_of(people).content == parcel_of(extended).content


def test_an_event_with_an_unknown_field_gives_nothing_away():
    clean, odd = [written(day) for day in range(3)], [{**written(day), "kit": "K7QX canary"} for day in range(3)]
    people = [Shared(story(f"trial-{number}", *(odd if number else clean)), BAND) for number in range(5)]
    text = "".join(opened(parcel_of(people)).values())
    assert "canary" not in text
    assert "K7QX" not in text


def test_a_diary_that_is_not_revealed_has_no_dose_and_reads_as_a_diary():
    files = opened(parcel_of([shared(number, guess=0.5, guess_reason="benefit") for number in range(5)]))
    text = files["diaries/001.csv"]
    assert text.splitlines()[0] == "day,pain,guess,guess_reason"
    diary = read_diary(io.StringIO(text), protocol=beginning().protocol)
    assert diary.time_days.tolist() == [20 / 24, 1 + 20 / 24, 2 + 20 / 24]
    assert not any("results/" in name for name in files)


def test_of_a_correction_the_last_word_leaves():
    first = written(0, answers={"pain": 4.0})
    again = written(0, number=2, hour=21, answers={"pain": 6.0}, corrects=first["id"])
    people = [Shared(story(f"trial-{number}", first, again), BAND) for number in range(5)]
    rows = list(csv.DictReader(io.StringIO(opened(parcel_of(people))["diaries/001.csv"])))
    assert [row["pain"] for row in rows] == ["6"]


def test_a_revealed_diary_keeps_doses_and_loses_dates_and_whatever_is_not_listed():
    text = "day,time,received_at,dose_mg,pain,rescue,canary,note\n0,2026-03-02,1.5,0.5,4,1,7,my sister\n"
    protocol = beginning().protocol
    kept = revealed_csv(text, protocol)
    assert kept.splitlines() == ["day,dose_mg,pain", "0,0.5,4"]
    assert "dose_mg" not in listed(protocol, revealed=False)


def test_bytes_depend_on_nothing_but_what_is_in_them():
    people = [shared(number) for number in range(6)]
    begun = [replace(one.story.begun, start=START + dt.timedelta(days=70)) for one in people]
    one, other = parcel_of(people), parcel_of(list(reversed(people)))
    assert (one.content, one.sha256) == (other.content, other.sha256)
    later = [
        Shared(
            story(
                person.story.trial,
                *(
                    written(day, start=start.start, number=number, answers={"pain": float(number % 10)})
                    for day in range(3)
                ),
                start=start.start,
            ),
            BAND,
        )
        for number, (person, start) in enumerate(zip(people, begun, strict=True))
    ]
    assert parcel_of(later).content == one.content  # the same trials ten weeks later


RESULT = {
    "schema": "modicum.result/1",
    "outcome": "pain",
    "mcid": 1.0,
    "canary": 1,
    "doses": [{"dose_mg": 0.5, "mean": -1.0, "canary": 1}],
    "smallest_effective_dose": {"dose_mg": 0.5, "probabilities": {"none": 0.1, "0.5": 0.9, "canary": 1}, "canary": 1},
    "expectation": {"mean": 0.1, "sd": 0.2, "canary": 1},
    "verdict": {"code": "works", "canary": {"canary": 1}},
    "warnings": [{"code": "MOD-DIARY-20", "where": "row 7", "value": "2026-03-02", "message": "", "fix": ""}],
    "refused": [{"where": "row 9", "value": "my sister"}],
    "input_sha256": "ab" * 32,
}


def test_a_result_loses_what_is_not_listed_at_every_depth_and_the_lines_of_the_file():
    kept = shared_result(RESULT)
    assert "canary" not in json.dumps(kept)
    assert {name: kept[name] for name in EMPTIED} == dict(EMPTIED)
    assert kept["smallest_effective_dose"]["probabilities"] == {"none": 0.1, "0.5": 0.9}
    assert kept["expectation"] == {"mean": 0.1, "sd": 0.2}
    assert set(kept) <= {*KEPT, *EMPTIED}
