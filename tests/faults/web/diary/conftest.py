"""A real clinic, a network that fails, and phones behind it."""

import datetime as dt
import json

import pytest

from clinic_server import clinic as running
from faults.web.diary.crooked_network import CrookedNetwork
from journeys.web.diary.phones import COOKIE, Phone
from journeys.web.diary.written_clinic import ZONE

START = "2026-03-04T20:14:00+01:00"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("clinic") / "data", now=START) as found:
        yield found


@pytest.fixture
def network(server):
    server.set_clock(dt.datetime.fromisoformat(START))
    found = CrookedNetwork(server.port)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def phone(browser, server, network):
    """Makes phones that have joined, behind the network, each ready to answer."""
    contexts = []

    def make(enrolled=None, *, at=START, workers="block", zone=ZONE, token=None, cdp_zone=None):
        context = browser.new_context(viewport={"width": 360, "height": 800}, timezone_id=zone, service_workers=workers)
        contexts.append(context)
        enrolled = enrolled or server.enrol()
        token = token or server.joined(enrolled)
        context.add_cookies(
            [{"name": COOKIE, "value": token, "url": network.url, "httpOnly": True, "sameSite": "Strict"}]
        )
        found = Phone(context, network.url, at)
        found.enrolled, found.token = enrolled, token
        if cdp_zone:
            found.cdp = context.new_cdp_session(found.page)
            found.cdp.send("Emulation.setTimezoneOverride", {"timezoneId": cdp_zone})
        found.open()
        found.pass_install()
        return found

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def arrived(server):
    """What the clinic has of a phone's participant: its entries, by its own interface."""

    def ask(phone):
        status, document = server.ask(phone.token, "receipts?since=0")
        assert status == 200
        return [json.loads(one["payload"]) for one in document["receipts"]]

    return ask
