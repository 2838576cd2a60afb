"""The index of pieces asked in SQL: keys that fit a query, shortest first, in pages. Doors: `matching`, `of_lengths`.

SQLite reads its index in the order of ranks and stops when a page is full. PostgreSQL's GIN index has no order: it is
asked without one first, and when there are too many keys to sort, length by length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, TextClause, text

from glossary.store.schema import SEARCH_TABLE
from glossary.store.search_grams import LONGEST_KEY, Query, as_fts5, as_tsquery
from glossary.store.search_schema import first_rank

_PAGE = 128
"""Keys read at a time; a list of 20 entries is filled by the first page nearly always."""

_MOST_KEYS = 20_000
"""Keys looked at before a search gives up: a language filter may let through none of very many."""

_FEW = 1500
"""PostgreSQL: as many keys are sorted here; more are asked for length by length. A choice."""

_COLUMNS = "k.rank, k.key, k.pinyin, k.jyutping"
_CHECKS = {"": "", "prefix": "AND {at}(k.key, :key) = 1 AND k.key <> :key", "inside": "AND {at}(k.key, :key) > 1"}
_FTS5 = (
    f"SELECT {_COLUMNS} FROM {SEARCH_TABLE} CROSS JOIN search_key AS k ON k.rank = {SEARCH_TABLE}.rowid "
    f"WHERE {SEARCH_TABLE} MATCH :query AND {SEARCH_TABLE}.rowid BETWEEN :low AND :high "
    f"{{check}} ORDER BY {SEARCH_TABLE}.rowid LIMIT :limit"
)
_GIN = (
    f"WITH k AS MATERIALIZED (SELECT {_COLUMNS} FROM search_key AS k WHERE k.grams @@ CAST(:query AS tsquery) "
    f"AND k.rank >= :low {{check}}) SELECT {_COLUMNS} FROM k {{order}} LIMIT :limit"
)
"""Inside WITH the planner does not know of the limit: it took a scan of the whole table for the quickest way to a few
rows. The rows are still read one by one, and no more than are asked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """A key of the index and its readings, pinyin before jyutping, numbered."""

    rank: int
    key: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What keys are looked for: by the index, and then by where `text` stands in them."""

    query: Query
    check: Literal["", "prefix", "inside"] = ""
    text: str = ""


def matching(connection: Connection, wanted: Wanted) -> Iterator[list[Found]]:
    """The keys that fit, in pages, shortest first."""
    if connection.dialect.name == "sqlite":
        yield from _matching_fts5(connection, wanted)
    else:
        yield from _matching_gin(connection, wanted)


def of_lengths(connection: Connection, wanted: Wanted, lengths: Sequence[int], limit: int) -> list[Found]:
    """Up to `limit` keys of these lengths that fit."""
    if connection.dialect.name == "sqlite":
        found: list[Found] = []
        for length in lengths:
            found += _fts5(connection, wanted, first_rank(length), limit - len(found), first_rank(length + 1) - 1)
        return found
    return _gin(connection, wanted, limit, lengths=lengths)


def _matching_fts5(connection: Connection, wanted: Wanted) -> Iterator[list[Found]]:
    low, seen = 0, 0
    while seen < _MOST_KEYS:
        page = _fts5(connection, wanted, low, _PAGE)
        if page:
            yield page
        if len(page) < _PAGE:
            return
        low, seen = page[-1].rank + 1, seen + len(page)


def _fts5(
    connection: Connection, wanted: Wanted, low: int, limit: int, high: int = first_rank(LONGEST_KEY + 1)
) -> list[Found]:
    query = text(_FTS5.format(check=_CHECKS[wanted.check].format(at="instr")))
    values = {"query": as_fts5(wanted.query), "low": low, "high": high, "limit": limit}
    return _found(connection, query, values, wanted)


def _matching_gin(connection: Connection, wanted: Wanted) -> Iterator[list[Found]]:
    few = _gin(connection, wanted, _FEW + 1)
    if len(few) <= _FEW:
        yield sorted(few, key=lambda found: found.rank)
        return
    seen = 0
    for lengths in _windows(max(1, len(wanted.text))):
        low = 0
        while seen < _MOST_KEYS:
            page = _gin(connection, wanted, _PAGE, lengths=lengths, low=low)
            if page:
                yield page
                low, seen = page[-1].rank + 1, seen + len(page)
            if len(page) < _PAGE:
                break


def _windows(shortest: int) -> Iterator[range]:
    """Lengths to ask for together: single ones first, as short keys are the most wanted, then more and more.

    >>> [(w.start, w.stop) for w in _windows(3)][:6]
    [(3, 4), (4, 5), (5, 7), (7, 9), (9, 12), (12, 16)]
    """
    start = shortest
    while start <= LONGEST_KEY:
        stop = min(LONGEST_KEY, start + (start - shortest + 1) // 3) + 1
        yield range(start, stop)
        start = stop


def _gin(
    connection: Connection, wanted: Wanted, limit: int, *, lengths: Sequence[int] = (), low: int | None = None
) -> list[Found]:
    """Keys of some lengths (none: of every length), in the order of their ranks when `low` is given."""
    order = "" if low is None else "ORDER BY k.rank"
    query = text(_GIN.format(check=_CHECKS[wanted.check].format(at="strpos"), order=order))
    values = {"query": as_tsquery(wanted.query, lengths), "low": low or 0, "limit": limit}
    return _found(connection, query, values, wanted)


def _found(connection: Connection, query: TextClause, values: dict[str, object], wanted: Wanted) -> list[Found]:
    if wanted.check:
        values["key"] = wanted.text
    rows = connection.execute(query, values)
    return [Found(rank, key, tuple(f"{p}|{j}".strip("|").split("|")) if p or j else ()) for rank, key, p, j in rows]
