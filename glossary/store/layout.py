"""The tables of a new store, made at once; migrations are for stores that are there. A test compares the two.

Door: `lay_out`. Alembic, which takes longer to import than all of this takes to run, is not needed for a new store.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert

from glossary.store import accounts_schema, schema, search_schema, work_schema

_VERSION = (
    f"CREATE TABLE {schema.VERSION_TABLE} (version_num VARCHAR(32) NOT NULL, "
    f"CONSTRAINT {schema.VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
)
"""As Alembic makes it."""

_PARTS = (schema, search_schema, accounts_schema, work_schema)
"""The modules that put tables into the one `metadata`."""


def lay_out(connection: Connection) -> None:
    """Makes all tables of the current schema in an empty database."""
    (metadata,) = {part.metadata for part in _PARTS}
    metadata.create_all(connection, checkfirst=False)
    for statement in search_schema.INDEX[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    connection.execute(insert(schema.clock).values(id=1, version=0))
    connection.exec_driver_sql(_VERSION)
    connection.exec_driver_sql(f"INSERT INTO {schema.VERSION_TABLE} VALUES ('{schema.SCHEMA_VERSION}')")
