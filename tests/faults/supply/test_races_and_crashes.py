"""Kit codes are drawn once, whatever happens at the same time; an order is written whole or not at all."""

import errno
from concurrent.futures import ThreadPoolExecutor

import pytest

from allocation_fixtures import NOW, chance, drawn, key_file
from modicum.foundation.errors import SupplyError
from modicum.protocol import read_protocol
from modicum.services import folders
from modicum.services.kit_codes import FILE, keep_kits
from modicum.services.order_options import Asked
from modicum.services.ordering import order
from modicum.supply import list_periods
from supply_fixtures import FLAGSHIP

PERIODS = list_periods(read_protocol(FLAGSHIP), 91)
FINGERPRINT = "ab" * 32


def test_orders_at_the_same_moment_get_the_same_codes(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda seed: keep_kits(tmp_path, FINGERPRINT, PERIODS, None, chance(seed)), range(24)))
    assert len({one.to_bytes() for one in found}) == 1
    assert (tmp_path / FILE).read_bytes() == found[0].to_bytes()
    assert [one.name for one in tmp_path.iterdir()] == [FILE]


def test_codes_that_cannot_be_kept_are_not_used(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folders, "add_file", full)
    with pytest.raises(SupplyError) as caught:
        keep_kits(tmp_path, FINGERPRINT, PERIODS, None, chance(1))
    assert caught.value.problems[0].code == "MOD-SUPPLY-14"


def test_a_disk_that_fills_up_leaves_no_part_of_an_order(tmp_path, monkeypatch):
    folder = drawn(tmp_path / "p7")
    key = key_file(tmp_path, "pharmacist")
    written = []

    def full(file, *_, **__):
        written.append(file)
        if len(written) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        file.write_bytes(b"")

    def again():
        return order(FLAGSHIP, tmp_path / "o", Asked(), folder=folder, key=key, who="A", now=NOW, randomness=chance(2))

    again_ok = folders._write
    keep_kits(folder, _fingerprint(folder), PERIODS, None, chance(1))
    monkeypatch.setattr(folders, "write_whole", _breaking(folders.write_whole, full, monkeypatch))
    with pytest.raises(SupplyError) as caught:
        again()
    assert caught.value.problems[0].code == "MOD-SUPPLY-13"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["p7", "pharmacist.key"]
    monkeypatch.undo()
    assert folders._write is again_ok
    assert again().document["kits"]


def _fingerprint(folder):
    return folders.read_allocation(folder)[0].fingerprint


def _breaking(whole, write, monkeypatch):
    """``write_whole`` on a disk that is full after some files."""

    def breaking(*arguments, **options):
        monkeypatch.setattr(folders, "_write", write)
        return whole(*arguments, **options)

    return breaking
