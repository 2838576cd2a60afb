"""The index of pieces asked in SQL: keys that fit a query, shortest first, in pages. Doors: `matching`, `of_lengths`.

SQLite reads its index in the order of ranks and stops when a page is full. PostgreSQL's GIN index has no order; there
every token carries the size of its key, and one statement asks size after size until the page is full. Keys of one size
come in the order they were stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from glossary.store.plain import rows_of
from glossary.store.schema import SEARCH_TABLE
from glossary.store.search_grams import LONGEST_KEY, SIZES, Query, as_fts5, as_tsquery, size_of
from glossary.store.search_schema import first_rank

FIRST_PAGE = 64
"""Keys of the first page: a list of 20 entries is filled by it nearly always."""

_MORE = 512
"""Keys of each further page."""

_MOST_KEYS = 20_000
"""Keys looked at before a search gives up: a language filter may let through none of very many."""

Check = Literal["", "prefix", "inside"]

_COLUMNS = "k.rank, k.key, k.pinyin, k.jyutping"
_CHECKS = {"": "", "prefix": "AND {at}(k.key, :key) = 1 AND k.key <> :key", "inside": "AND {at}(k.key, :key) > 1"}
_FTS5 = (
    f"SELECT {_COLUMNS} FROM {SEARCH_TABLE} CROSS JOIN search_key AS k ON k.rank = {SEARCH_TABLE}.rowid "
    f"WHERE {SEARCH_TABLE} MATCH :query AND {SEARCH_TABLE}.rowid BETWEEN :low AND :high "
    f"{{check}} ORDER BY {SEARCH_TABLE}.rowid LIMIT :limit"
)
_GIN_SIZE = (
    f"s{{size}} AS MATERIALIZED (SELECT {_COLUMNS} FROM search_key AS k "
    "WHERE k.grams @@ CAST(:query{size} AS tsquery) AND k.rank + 0 BETWEEN :low AND :high {check})"
)
"""Inside WITH the planner does not know of the limit: it took a scan of the whole table for the quickest way to a few
rows. The rows are still read one by one, and no more than are asked for. `+ 0` keeps the index on ranks out of
prepared statements, for which the planner takes every range for a narrow one: 100 ms a search instead of 3."""


class Found(NamedTuple):
    """A key of the index and its readings, pinyin before jyutping, numbered."""

    rank: int
    key: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What keys are looked for: by the index, and then by where `text` stands in them."""

    query: Query
    check: Check = ""
    text: str = ""


def matching(connection: Connection, wanted: Wanted) -> Iterator[list[Found]]:
    """The keys that fit, in pages, shortest first."""
    low, seen, size = 0, 0, FIRST_PAGE
    while seen < _MOST_KEYS:
        if connection.dialect.name == "sqlite":
            page = _fts5(connection, wanted, low, first_rank(LONGEST_KEY + 1), size)
        else:
            page = _gin(connection, wanted, max(1, len(wanted.text)), LONGEST_KEY, size, skip=seen)
        if page:
            yield sorted(page, key=lambda found: found.rank)
        if len(page) < size:
            return
        low, seen, size = page[-1].rank + 1, seen + len(page), _MORE


def of_lengths(connection: Connection, wanted: Wanted, lengths: Sequence[int], limit: int) -> list[Found]:
    """Up to `limit` keys of these lengths that fit."""
    found: list[Found] = []
    for length in lengths:
        left = limit - len(found)
        if connection.dialect.name == "sqlite":
            found += _fts5(connection, wanted, first_rank(length), first_rank(length + 1) - 1, left)
        elif length <= LONGEST_KEY:
            found += _gin(connection, wanted, length, length, left)
    return found


def _fts5(connection: Connection, wanted: Wanted, low: int, high: int, limit: int) -> list[Found]:
    query = _by_rank(wanted.check)
    values = {"query": as_fts5(wanted.query), "low": low, "high": high, "limit": limit}
    return _found(connection, query, values, wanted)


@cache
def _by_rank(check: Check) -> str:
    """The statement that asks SQLite for keys in the order of their ranks."""
    return _FTS5.format(check=_CHECKS[check].format(at="instr"))


def _gin(
    connection: Connection, wanted: Wanted, shortest: int, longest: int, limit: int, *, skip: int = 0
) -> list[Found]:
    sizes = range(size_of(shortest), size_of(longest) + 1)
    queries: dict[str, object] = {f"query{size}": as_tsquery(wanted.query, size) for size in sizes}
    ranks = {"low": first_rank(shortest), "high": first_rank(longest + 1) - 1}
    return _found(connection, _by_size(wanted.check, sizes), {**queries, **ranks, "limit": limit, "skip": skip}, wanted)


@cache
def _by_size(check: Check, sizes: range) -> str:
    """The statement that asks for keys of these sizes, one size after the other; at most one for each pair of sizes."""
    assert sizes.stop <= len(SIZES)
    condition = _CHECKS[check].format(at="strpos")
    parts = ", ".join(_GIN_SIZE.format(size=size, check=condition) for size in sizes)
    one_by_one = " UNION ALL ".join(f"SELECT * FROM s{size}" for size in sizes)
    return f"WITH {parts} {one_by_one} LIMIT :limit OFFSET :skip"


def _found(connection: Connection, query: str, values: dict[str, object], wanted: Wanted) -> list[Found]:
    if wanted.check:
        values["key"] = wanted.text
    rows = rows_of(connection, query, values)
    return [Found(rank, key, tuple(f"{p}|{j}".strip("|").split("|")) if p or j else ()) for rank, key, p, j in rows]
