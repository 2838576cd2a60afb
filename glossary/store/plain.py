"""Statements that are drawn up once, on either database: rows of one that is asked very often, conditions with many
values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Text, TextClause, any_, bindparam, func, select, text

from glossary.codec import dumps

MOST_STATEMENTS = 200
"""Statements kept: search has at most some 80, one for each number of sizes and kind of check."""


def rows_of(connection: Connection, statement: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
    """The rows; `:name` in the statement stands for a value.

    SQLite's driver is asked itself: it keeps statements ready, and a look-up asks half a dozen.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        rows: Sequence[Sequence[Any]] = driver.execute(statement, values).fetchall()
        return rows
    return connection.execute(_kept(statement), values).all()


@lru_cache(maxsize=MOST_STATEMENTS)
def _kept(statement: str) -> TextClause:
    return text(statement)


def among(connection: Connection, key: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """True for rows whose `key` is one of the values, which go to the database as one parameter.

    With `in_` each is a parameter of its own, and SQLAlchemy writes the statement anew at every call.
    """
    if connection.dialect.name == "sqlite":
        each = func.json_each(dumps([*values])).table_valued("value")
        return key.in_(select(each.c.value))
    return key == any_(bindparam(None, [*values], type_=ARRAY(Text)))
