"""Clinics that were lived once and are copied for every test: the database, the folder of data, and the people.

A life is a function of a world of people and a folder of data, with the world's database in place.
"""

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from clinic_people import World, cheap_passwords, copy_of_sqlite, populate

Life = Callable[..., None]
_BEFORE = dict[Life, Life]()


def after(before: Life) -> Callable[[Life], Life]:
    """Declare that a life begins where another has left the clinic."""

    def begins(life: Life) -> Life:
        _BEFORE[life] = before
        return life

    return begins


@dataclass(frozen=True)
class Lived:
    """What a life has left. It is copied and never used itself, so that no test sees what another did."""

    database: Path
    data: Path
    world: World


class Lives:
    """Every life that tests of this process begin with, lived at most once. All are of the same people.

    Args:
        template: of a database that is up to date and empty.
        folder: for what they leave.
    """

    def __init__(self, template: Path, folder: Path):
        self._folder, self._lived = folder, dict[tuple[Life, tuple[Any, ...]], Lived]()
        database, data = folder / "people.sqlite3", folder / "nothing"
        data.mkdir()
        with cheap_passwords(), copy_of_sqlite(template, database):
            world = populate()
        self.people = Lived(database, data, world)

    def of(self, life: Life, *told: Any) -> Lived:
        """What a life leaves of these people.

        Args:
            life: that is lived.
            told: more that it is given; another life with every other value.
        """
        if (life, told) not in self._lived:
            begins = self.of(_BEFORE[life]) if life in _BEFORE else self.people
            folder = self._folder / f"{len(self._lived) + 1}-{life.__name__}"
            data, database = shutil.copytree(begins.data, folder / "data"), folder / "clinic.sqlite3"
            world = deepcopy(begins.world)
            with cheap_passwords(), copy_of_sqlite(begins.database, database):
                life(world, data, *told)
            assert not list(folder.glob(f"{database.name}-*")), "all of it is in one file"
            self._lived[life, told] = Lived(database, data, world)
        return self._lived[life, told]


def live(life: Life, world: World, data: Path, *told: Any) -> None:
    """Live in a world and a folder that nobody has lived in, with all that comes before."""
    if life in _BEFORE:
        live(_BEFORE[life], world, data)
    life(world, data, *told)


def go_on(lived: Lived, world: World, data: Path) -> None:
    """Bring the clinic of a test to where a life has left it.

    Args:
        lived: what the life has left.
        world: of the test: its database is that which Django has now, and its people are brought up to date.
        data: a folder that is made.
    """
    database = Path(connection.settings_dict["NAME"])
    connection.close()
    shutil.copy(lived.database, database)
    shutil.copytree(lived.data, data)
    vars(world).update(vars(deepcopy(lived.world)))
