"""One form of an entry, the same on the phone and at the clinic; ids; receipts that are the clinic's."""

import base64
import hashlib
import json
import re

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.web.diary.written_clinic import WrittenClinic, schema
from modicum.records.chain import content_hash

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)
HARD = [
    {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4, "\r": 5, "\u0080": 6, "\u00f6": 7},
    [1e21, 1e-7, 0.1, -0.0, 5e-324, 1.7976931348623157e308, 333333333.3333333, 2.0, 1e20],
    {"a": '\u2028\u0007\u007f"\\/<>', "b": {"z": [], "y": {}}},
]


def test_hard_documents_have_the_form_that_the_clinic_gives_them(call):
    assert call("canonical", "canonical", [[one] for one in HARD]) == [rfc8785.dumps(one).decode() for one in HARD]


def test_every_document_has_the_form_that_the_clinic_gives_it(call):
    @settings(max_examples=20)
    @given(st.lists(VALUE, min_size=20, max_size=20))
    def check(documents):
        assert call("canonical", "canonical", [[one] for one in documents]) == [
            rfc8785.dumps(one).decode() for one in documents
        ]

    check()


def test_phone_and_clinic_hash_alike(call):
    text = rfc8785.dumps({"note": "Schlafe schlecht: \U0001f634"}).decode()
    assert call("canonical", "sha256", [[text]]) == [content_hash(text)]


def test_ids_are_of_the_form_and_sort_by_their_time(call):
    pattern = schema("entry")["properties"]["id"]["pattern"]
    times = [0, 1, 1_767_000_000_000, 1_767_000_000_001, 2**47]
    found = call("canonical", "uuid7", [[one] for one in times for _ in range(50)])
    assert all(re.match(pattern, one) for one in found)
    assert len(set(found)) == len(found)
    assert [int(one[:8] + one[9:13], 16) for one in found[::50]] == times


def test_halves_of_characters_are_taken_out_before_they_are_hashed(call):
    assert call("canonical", "whole", [["a\ud83d\ude34b"], ["\ud83d x"], ["x \ude34"]]) == [
        "a\U0001f634b",
        "\ufffd x",
        "x \ufffd",
    ]


def signed(signer, **changes):
    clinic = WrittenClinic(signer)
    entry = {"id": "019d0cab-3a26-7cab-a0e7-bca186f5c9bf", "day": 18}
    return signer.sign({**clinic.receipt(entry), **changes})


def test_a_receipt_opens_only_as_the_clinic_signed_it(call, phone_signer):
    good = signed(phone_signer)
    flipped = bytearray(base64.b64decode(good["signature"]))
    flipped[3] ^= 1
    forged = [
        {**good, "signature": base64.b64encode(bytes(flipped)).decode()},
        {**good, "payload": good["payload"].replace('"sequence":40', '"sequence":41')},
        {**good, "payload": json.dumps(json.loads(good["payload"]))},
        {**good, "signature": ""},
        {**good, "signature": None},
        {"payload": good["payload"]},
        signed(phone_signer, trial="trial-2"),
        signed(phone_signer, schema="modicum.receipt/2"),
        signed(phone_signer, sequence="40"),
        None,
    ]
    key = phone_signer.public
    found = call("receipts", "opened", [[one, key, "trial-1"] for one in [good, *forged]], key=1)
    assert found[0]["content_sha256"] == json.loads(good["payload"])["content_sha256"]
    assert found[1:] == [None] * len(forged)


def test_a_receipt_of_another_key_opens_nothing(call, phone_signer, tmp_path):
    from modicum.services.diary import Signer

    other = Signer.kept_in(
        tmp_path / "other.key", lambda count: hashlib.sha256(b"other").digest()[:count].ljust(count, b"0")
    )
    assert call("receipts", "opened", [[signed(other), phone_signer.public, "trial-1"]], key=1) == [None]


def test_a_receipt_covers_the_same_id_with_the_same_content_alone(call):
    record = {"id": "a", "sha256": "1"}
    rows = [
        [{"id": "a", "content_sha256": "1"}, record],
        [{"id": "b", "content_sha256": "1"}, record],
        [{"id": "a", "content_sha256": "2"}, record],
    ]
    assert call("receipts", "covers", rows) == [True, False, False]
