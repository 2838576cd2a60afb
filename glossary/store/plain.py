"""The rows of a statement that is asked for very often: it is drawn up once, read whole, on either database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

MOST_STATEMENTS = 500
"""Statements kept: search has at most some 420, one for each pair of sizes and kind of check."""


def rows_of(connection: Connection, statement: str, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
    """The rows; `:name` in the statement stands for a value."""
    return connection.execute(_kept(statement), values).all()


@lru_cache(maxsize=MOST_STATEMENTS)
def _kept(statement: str) -> TextClause:
    return text(statement)
