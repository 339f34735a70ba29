"""Clinics that were lived once and are copied for every test: the database, the folder of data, and the people."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from clinic_people import World, cheap_passwords, copy_of_sqlite, populate

Life = Callable[..., None]  # of a world of people, in a folder of data


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
        self.people = self._live(template, "people", populate)

    def of(self, life: Life, *told: Any) -> Lived:
        """What a life leaves of these people.

        Args:
            life: a function of a world and a folder of data, with the world's database in place.
            told: more that it is given; another life with every other value.
        """
        if (life, told) not in self._lived:
            world = deepcopy(self.people.world)

            def lived() -> World:
                life(world, self._folder / name / "data", *told)
                return world

            name = f"{len(self._lived) + 1}-{life.__name__}"
            self._lived[life, told] = self._live(self.people.database, name, lived)
        return self._lived[life, told]

    def _live(self, before: Path, name: str, live: Callable[[], World]) -> Lived:
        found = self._folder / name
        (found / "data").mkdir(parents=True)
        with cheap_passwords(), copy_of_sqlite(before, found / "clinic.sqlite3"):
            world = live()
        assert not list(found.glob("clinic.sqlite3-*")), "all of it is in one file"
        return Lived(found / "clinic.sqlite3", found / "data", world)


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
