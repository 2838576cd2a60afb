"""The index of pieces asked in SQL: keys that fit a query, shortest first, in pages. Doors: `matching`, `of_length`.

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
from glossary.store.search_schema import RANK_BITS, first_rank

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
_NEAREST = (
    f"SELECT {_COLUMNS} FROM (SELECT rowid AS rank FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH :query "
    f"AND rowid BETWEEN :low AND :high ORDER BY abs((rowid >> {RANK_BITS}) - :length), rowid LIMIT :limit) AS near "
    "CROSS JOIN search_key AS k ON k.rank = near.rank"
)
"""One look for all lengths: each begins anew with every piece, which took .5 ms of CPU at a million entries, and to
number 7,000 keys took 2."""
_GIN_PART = (
    f"s{{at}} AS MATERIALIZED (SELECT {_COLUMNS} FROM search_key AS k "
    "WHERE k.grams @@ CAST(:query{at} AS tsquery) AND k.rank + 0 BETWEEN :low{at} AND :high{at} {check})"
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
    sizes = range(size_of(max(1, len(wanted.text))), len(SIZES))
    parts = [(at, 0, first_rank(LONGEST_KEY + 1) - 1) for at in sizes]
    while seen < _MOST_KEYS:
        if connection.dialect.name == "sqlite":
            page = _fts5(connection, wanted, low, first_rank(LONGEST_KEY + 1), size)
        else:
            page = _gin(connection, wanted, parts, size, skip=seen)
        if page:
            yield sorted(page, key=lambda found: found.rank)
        if len(page) < size:
            return
        low, seen, size = page[-1].rank + 1, seen + len(page), _MORE


def of_length(connection: Connection, wanted: Wanted, length: int, away: int, limit: int) -> list[Found]:
    """Up to `limit` keys that fit and are at most `away` shorter or longer; those of the length first, then the next.

    Linear in the number of keys of these lengths that fit.
    """
    lengths = {at: None for by in range(away + 1) for at in (length - by, length + by) if 0 < at <= LONGEST_KEY}
    if connection.dialect.name != "sqlite":
        return _gin(
            connection, wanted, [(size_of(at), first_rank(at), first_rank(at + 1) - 1) for at in lengths], limit
        )
    span = {"low": first_rank(min(lengths)), "high": first_rank(max(lengths) + 1) - 1}
    return _found(connection, _NEAREST, {"query": as_fts5(wanted.query), **span, "length": length, "limit": limit})


def _fts5(connection: Connection, wanted: Wanted, low: int, high: int, limit: int) -> list[Found]:
    values = {"query": as_fts5(wanted.query), "low": low, "high": high, "limit": limit}
    return _found(connection, _by_rank(wanted.check), _with_text(wanted, values))


@cache
def _by_rank(check: Check) -> str:
    """The statement that asks SQLite for keys in the order of their ranks."""
    return _FTS5.format(check=_CHECKS[check].format(at="instr"))


def _gin(
    connection: Connection, wanted: Wanted, parts: Sequence[tuple[int, int, int]], limit: int, *, skip: int = 0
) -> list[Found]:
    """Keys of each part in turn: of a size, from a rank to a rank."""
    values: dict[str, object] = {"limit": limit, "skip": skip}
    for at, (size, low, high) in enumerate(parts):
        values |= {f"query{at}": as_tsquery(wanted.query, size), f"low{at}": low, f"high{at}": high}
    return _found(connection, _by_part(wanted.check, len(parts)), _with_text(wanted, values))


@cache
def _by_part(check: Check, count: int) -> str:
    """The statement that asks for keys of so many parts, one after the other; at most one for each size and check."""
    assert count <= len(SIZES)
    condition = _CHECKS[check].format(at="strpos")
    parts = ", ".join(_GIN_PART.format(at=at, check=condition) for at in range(count))
    one_by_one = " UNION ALL ".join(f"SELECT * FROM s{at}" for at in range(count))
    return f"WITH {parts} {one_by_one} LIMIT :limit OFFSET :skip"


def _with_text(wanted: Wanted, values: dict[str, object]) -> dict[str, object]:
    return values | {"key": wanted.text} if wanted.check else values


def _found(connection: Connection, query: str, values: dict[str, object]) -> list[Found]:
    rows = rows_of(connection, query, values)
    return [Found(rank, key, tuple(f"{p}|{j}".strip("|").split("|")) if p or j else ()) for rank, key, p, j in rows]
