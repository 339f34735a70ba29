"""The page on health: what is told of the machine, and what needs somebody."""

import datetime as dt
import json

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from clinic_databases import on_both
from modicum.services.backups import make_backup
from modicum.services.drills import last_drill, note_drill
from modicum.services.restoring import drill
from modicum.web.clock import actual
from modicum.web.jobs.health import wake
from modicum.web.jobs.queue import DEFAULT, SEALED
from modicum.web.operating import health
from modicum.web.store.appending import head_of
from modicum.web.trials import make_key


@pytest.fixture
def well(world, tmp_path):
    """A clinic that lacks nothing."""
    with override_settings(MODICUM_DATA=tmp_path, MODICUM_KEYS=tmp_path / "keys"):
        for role in ("pharmacist", "emergency", "review"):
            make_key(role)
        for queue in (SEALED, DEFAULT):
            wake(queue)
        if connection.vendor == "sqlite":
            make_backup(connection.settings_dict["NAME"], tmp_path / "backups", actual())
        yield world


def page(world):
    return world.client("operator").get("/operate/").content.decode()


def test_where_everything_runs_the_page_says_so(well):
    said = page(well)
    assert "Everything runs." in said
    assert head_of() in said
    assert "SQLite" in said


@on_both
def test_what_is_missing_is_said_with_what_to_do(world, tmp_path):
    cache.clear()
    with override_settings(MODICUM_DATA=tmp_path, MODICUM_KEYS=tmp_path / "keys"):
        said = page(world)
    for words in ("There is no backup.", "queue sealed do not run", "queue default do not run", "role review"):
        assert words in said
    assert ("PostgreSQL" in said) == (connection.vendor == "postgresql")


def test_a_backup_that_is_late_or_spoilt_is_told(well, tmp_path):
    (manifest,) = (tmp_path / "backups").glob("*.json")
    said = json.loads(manifest.read_text())
    old = (actual() - dt.timedelta(hours=2)).isoformat()
    manifest.write_text(json.dumps({**said, "made_at": old, "result": "changed"}))
    needs = [one.what for one in health.examine().needs]
    assert needs == ["The chain of events is not as it was written.", "The last backup is more than an hour old."]


def test_a_full_disk_is_told(well, monkeypatch):
    monkeypatch.setattr(health, "SCANT_BYTES", 10**18)
    assert [one.what for one in health.examine().needs] == ["The disk is nearly full."]


def test_a_drill_that_went_well_is_noted_beside_the_backups_and_shown(well, tmp_path):
    folder = tmp_path / "backups"
    assert last_drill(folder) is None
    assert "never noted" in page(well)
    at = actual()
    note_drill(drill(folder), at)
    assert last_drill(folder).at == at
    assert "came out" in page(well)
    (folder / "drilled.json").write_text("[]")
    assert last_drill(folder) is None


def test_where_the_folder_is_gone_a_drill_is_simply_not_noted(tmp_path):
    said = {"backup": str(tmp_path / "gone" / "x.sqlite3"), "made_at": "", "count": 1, "seconds": 0.1}
    note_drill(said, actual())
    assert last_drill(tmp_path / "gone") is None


def test_no_secret_is_on_the_page(well, tmp_path):
    said = page(well)
    secrets = [path.read_text() for path in (tmp_path / "keys").glob("*.key")]
    lines = [line for text in secrets for line in text.splitlines() if line.startswith("AGE-SECRET")]
    assert lines
    assert not any(line in said for line in lines)
    assert settings.SECRET_KEY not in said


def test_the_page_asks_few_questions(well):
    client = well.client("operator")
    client.get("/operate/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/operate/")
    assert len(asked) <= 20
