"""A clinic and phones."""

import os

import pytest

from clinic_server import clinic as running
from journeys.web.diary.phones import COOKIE, Phone
from journeys.web.diary.written_clinic import EVENING, HOST, ZONE, WrittenClinic
from modicum.services.diary import Signer


@pytest.fixture(scope="session")
def signer(tmp_path_factory):
    return Signer.kept_in(tmp_path_factory.mktemp("key") / "receipt.key", os.urandom)


@pytest.fixture
def written(browser, signer):
    """Makes phones of a clinic that answers as it is written; each complains of nothing by the end of the test."""
    phones = []

    def make(at=EVENING, *, width=360, scheme="light", hash_="", installed=True, touch=False, **changes):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            timezone_id=ZONE,
            service_workers="block",
            has_touch=touch,
        )
        clinic = WrittenClinic(signer, **{"server_time": at, **changes})
        clinic.serve(context)
        phone = Phone(context, HOST, at)
        phone.clinic = clinic
        phone.open()
        if installed:
            phone.pass_install()
        if hash_:
            phone.open(hash_)
        phones.append(phone)
        return phone

    yield make
    for phone in phones:
        assert phone.complaints == []
        phone.context.close()


@pytest.fixture(scope="session")
def clinic(tmp_path_factory):
    """The real server."""
    with running(tmp_path_factory.mktemp("clinic") / "data", now="2026-03-04T20:14:00+01:00") as found:
        yield found


@pytest.fixture
def joined(browser, clinic):
    """Makes phones that have joined the real clinic."""
    contexts = []

    def make(enrolled=None, *, at="2026-03-04T20:14:00+01:00", url=None, **options):
        enrolled = enrolled or clinic.enrol()
        context = browser.new_context(viewport={"width": 360, "height": 800}, timezone_id=ZONE, **options)
        contexts.append(context)
        address = url or clinic.url
        cookie = {
            "name": COOKIE,
            "value": clinic.joined(enrolled),
            "url": address,
            "httpOnly": True,
            "sameSite": "Strict",
        }
        context.add_cookies([cookie])
        phone = Phone(context, address, at)
        phone.enrolled = enrolled
        phone.open()
        phone.pass_install()
        return phone

    yield make
    for context in contexts:
        context.close()
