"""Many rows into a table at once.

SQLAlchemy's own executemany looks at every value of every row and drops what is no column. Here the values go to the
driver as they are: SQLite gets SQLAlchemy's statement, PostgreSQL a COPY, as an INSERT costs it several times as much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts rows that have a value for each column of a table with two columns or more, none of them JSON.

    Raises: KeyError for a row without a column, ValueError for one with a name that is no column: nothing gets lost.
    """
    if not rows:
        return
    names = _names(table)
    values = list(map(itemgetter(*names), rows))
    longest = max(rows, key=len)
    if len(longest) > len(names):
        raise ValueError(f"no such column: {', '.join(sorted(longest.keys() - set(names)))}")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert(table, connection.dialect), values)
    else:
        _copy(connection, table, values)


@cache
def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


@lru_cache(maxsize=32)
def _insert(table: Table, dialect: Dialect) -> str:
    """SQLAlchemy's statement, drawn up once for each table of an open store."""
    return str(insert(table).compile(dialect=dialect, column_keys=_names(table)))


def _copy(connection: Connection, table: Table, values: Sequence[Sequence[object]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in table.columns)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as to:
        for row in values:
            to.write_row(row)
