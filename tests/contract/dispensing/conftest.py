"""A clinic with people in it."""

from clinic_databases import postgresql_template, shared_world, sqlite_template, world

__all__ = ["postgresql_template", "shared_world", "sqlite_template", "world"]
