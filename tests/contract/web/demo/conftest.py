"""A clinic with people in it."""

from clinic_databases import postgresql_template, sqlite_template, world

__all__ = ["postgresql_template", "sqlite_template", "world"]
