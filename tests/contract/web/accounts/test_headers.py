"""What every answer carries, what is believed of a request, and what is written of it to the log."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from clinic_people import browser
from modicum.web import assets
from modicum.web.environment import networks
from modicum.web.headers import forwarded
from modicum.web.logs import PlainFormatter
from modicum.web.secret import found, kept_in

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
AS_SERVED = """
import json, django
django.setup()
from django.conf import settings as s
print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.MODICUM_HTTPS, s.SECURE_HSTS_SECONDS > 0,
    s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.DEBUG]))
"""


@pytest.mark.parametrize("address", ["/accounts/login/", "/nowhere/", "/join/x/", "/"])
def test_every_answer_carries_the_strict_policy_and_is_kept_by_nobody(world, address):
    answer = browser().get(address)
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert answer.headers["Cache-Control"].startswith(("no-store", "max-age=0"))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_no_page_has_a_style_or_a_script_of_its_own(world):
    client = world.client("prescriber")
    pages = [client.get(address) for address in ("/", "/clinic/people/", f"/clinic/people/{world.ines.pk}/")]
    pages.append(client.post(f"/clinic/people/{world.ines.pk}/invite/"))
    for page in pages:
        text = page.content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert all("src=" in part.split(">")[0] or "json" in part.split(">")[0] for part in text.split("<script")[1:])


@pytest.mark.parametrize(
    ("hosts", "https"),
    [
        ("", False),
        ("clinic.example.org", True),
        ("http://10.0.0.5:8000", False),
        ("https://a.example,http://b.example", False),
    ],
)
def test_cookies_are_secure_wherever_the_clinic_is_reached_by_https_alone(tmp_path, hosts, https):
    environment = {**os.environ, "MODICUM_HOSTS": hosts, "MODICUM_DATABASE": ":memory:", "MODICUM_DATA": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "modicum.web.settings"
    done = subprocess.run(
        [sys.executable, "-c", AS_SERVED], env=environment, capture_output=True, text=True, check=True
    )
    *secure, names, origins, debug = json.loads(done.stdout)
    assert secure == [https] * 4
    assert debug is False
    assert set(names) >= {"127.0.0.1", "localhost"}
    assert len(origins) == len([word for word in hosts.split(",") if word])


@pytest.mark.parametrize(
    ("caller", "said", "address", "secure"),
    [
        ("203.0.113.9", {"X-Forwarded-For": "10.9.9.9", "X-Forwarded-Proto": "https"}, "203.0.113.9", False),
        ("10.1.0.1", {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}, "198.51.100.7", True),
        ("10.1.0.1", {"X-Forwarded-For": "6.6.6.6, 198.51.100.7, 10.1.0.2"}, "198.51.100.7", False),
        ("10.1.0.1", {}, "10.1.0.1", False),
    ],
)
def test_who_calls_is_believed_of_known_proxies_alone(caller, said, address, secure):
    seen = []
    middleware = forwarded(lambda request: (seen.append(request), HttpResponse())[1])
    with override_settings(MODICUM_PROXIES=networks("10.1.0.0/16")):
        middleware(RequestFactory().get("/", REMOTE_ADDR=caller, headers=said))
    assert (seen[0].META["REMOTE_ADDR"], seen[0].is_secure()) == (address, secure)
    assert not [name for name in seen[0].META if name.startswith("HTTP_X_FORWARDED")]


def test_style_and_script_are_kept_for_ever_under_a_path_that_changes_with_them(world):
    answer = browser().get(assets.address("look/tokens.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"--ground" in b"".join(answer.streaming_content)
    assert browser().get("/static/000000000000/look/tokens.css").status_code == 404
    with pytest.raises(ValueError, match="no file"):
        assets.FingerprintedStorage().url("look/nothing.css")


def test_the_log_tells_where_it_failed_and_nothing_of_whom():
    try:
        raise ValueError("Halloran, Ines")
    except ValueError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, "at /join/%s/", ("secret",), sys.exc_info()
        )
    record.request, record.status_code = RequestFactory().get("/join/secret/"), 500
    text = PlainFormatter().format(record)
    assert "Halloran" not in text
    assert "secret" not in text
    assert "ValueError" in text
    assert __file__ in text


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path):
    first = kept_in(tmp_path / "data")
    assert kept_in(tmp_path / "data") == first
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert found("", tmp_path / "data") == first
    assert found("given", tmp_path / "data") == "given"
    assert found("", tmp_path / "none") != found("", tmp_path / "none")
