"""The rows of a statement that is asked for very often.

SQLAlchemy takes .1 to .2 ms of processor time for a statement it has compiled before, as much as SQLite for a search;
a look-up has ten. SQLite's driver understands names of values as they are written here and gets the statement at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

MOST_STATEMENTS = 500
"""Statements kept for PostgreSQL: search has at most some 420, one for each pair of sizes and kind of check."""


def rows_of(connection: Connection, statement: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
    """The rows, read whole; `:name` in the statement stands for a value.

    Raises: the driver's errors for SQLite, which `connection.translated` knows as well as SQLAlchemy's.
    """
    if connection.dialect.name != "sqlite":
        return connection.execute(_kept(statement), values).all()
    driver: Any = connection.connection.driver_connection
    found: list[tuple[Any, ...]] = driver.execute(statement, values).fetchall()
    return found


@lru_cache(maxsize=MOST_STATEMENTS)
def _kept(statement: str) -> TextClause:
    return text(statement)
