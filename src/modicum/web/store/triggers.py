"""Triggers by which the database itself refuses what the store never does: change, remove, or leave out of order."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from modicum.records.chain import GENESIS

_SQLITE = """
CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON store_event
BEGIN SELECT RAISE(ABORT, 'events are appended and never changed'); END;
CREATE TRIGGER event_is_not_removed BEFORE DELETE ON store_event
BEGIN SELECT RAISE(ABORT, 'events are appended and never changed'); END;
CREATE TRIGGER event_follows BEFORE INSERT ON store_event
WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM store_event)
  OR NEW.previous_hash <> COALESCE((SELECT hash FROM store_event ORDER BY sequence DESC LIMIT 1), '{genesis}')
BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END;
"""
_POSTGRESQL = """
CREATE FUNCTION event_is_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are appended and never changed'; END $$;
CREATE FUNCTION event_follows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM store_event)
  OR NEW.previous_hash <> COALESCE((SELECT hash FROM store_event ORDER BY sequence DESC LIMIT 1), '{genesis}')
  THEN RAISE EXCEPTION 'an event follows the last one'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER event_is_not_changed BEFORE UPDATE OR DELETE ON store_event
FOR EACH ROW EXECUTE FUNCTION event_is_kept();
CREATE TRIGGER event_is_not_emptied BEFORE TRUNCATE ON store_event
FOR EACH STATEMENT EXECUTE FUNCTION event_is_kept();
CREATE TRIGGER event_follows BEFORE INSERT ON store_event
FOR EACH ROW EXECUTE FUNCTION event_follows();
"""


class GuardEvents(migrations.RunPython):
    """The triggers, in the language of the database. They are not taken away again."""

    reversible = False

    def __init__(self) -> None:
        super().__init__(_create)


def _create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        for statement in _SQLITE.format(genesis=GENESIS).split("END;\n"):
            if statement.strip():
                editor.execute(f"{statement.rstrip(';')} END;")
        return
    editor.execute(_POSTGRESQL.format(genesis=GENESIS))
