"""Keeping the search index in step with the terms. Doors: `index_terms`, `unindex_terms`, `join_segments`.

A key is indexed once, however many terms are written so. What an editor says about the reading of one of them counts
for all: it takes the place of the machine's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Connection, delete, func, select, text

from glossary.language import has_han
from glossary.readings import jyutping_readings, pinyin_readings
from glossary.store.plain import among
from glossary.store.schema import SEARCH_TABLE, term
from glossary.store.search_grams import LONGEST_KEY, size_mark, size_of, tokens_of
from glossary.store.search_schema import first_rank, search_key

LONGEST_READ = 24
"""Keys longer than this have no readings in the index: nobody types them, and their beginnings grow with the square."""

MANY_ENTRIES = 10_000
"""Entries written at once after which the index is made one segment. A choice: fewer hardly change a large index."""

Item = TypeVar("Item")
Readings = tuple[tuple[str, ...], tuple[str, ...]]
"""Pinyin and jyutping, each numbered, best first."""

_BETWEEN = "|"
_AT_ONCE = 500
"""Keys asked for in one statement: far under SQLite's limit of 32,766 parameters."""

_ADD_KEY = "INSERT INTO search_key (rank, key, pinyin, jyutping) VALUES (?, ?, ?, ?)"
_ADD_FTS5 = f"INSERT INTO {SEARCH_TABLE} (rowid, grams) VALUES (?, ?)"
_DROP_FTS5 = f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}, rowid, grams) VALUES ('delete', ?, ?)"
_LAST_RANK = text("SELECT max(rank) FROM search_key WHERE rank >= :low AND rank < :next")
_ADD_TSVECTOR = text(
    "INSERT INTO search_key (rank, key, pinyin, jyutping, grams) "
    "SELECT rank, key, pinyin, jyutping, "
    "array_to_tsvector(string_to_array(grams, ' ')) FROM unnest("
    "CAST(:rank AS bigint[]), CAST(:key AS text[]), CAST(:pinyin AS text[]), CAST(:jyutping AS text[]), "
    "CAST(:grams AS text[])) AS added (rank, key, pinyin, jyutping, grams)"
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A key as the index has it; readings numbered, the usual one first."""

    rank: int
    key: str
    pinyin: tuple[str, ...]
    jyutping: tuple[str, ...]

    @property
    def grams(self) -> str:
        """The tokens of the key with spaces between; none of them holds one."""
        return " ".join(tokens_of(self.key, self.pinyin, self.jyutping))

    @property
    def sized_grams(self) -> str:
        """The tokens with the mark of the key's size before each."""
        mark = size_mark(size_of(len(self.key)))
        return " ".join([mark + token for token in tokens_of(self.key, self.pinyin, self.jyutping)])


def index_terms(connection: Connection, terms: Sequence[Mapping[str, object]]) -> None:
    """Adds rows of the table `term`, which are stored already, to the search index."""
    keys = {str(row["key"]): False for row in terms}
    for row in terms:
        keys[str(row["key"])] |= bool(row["pinyin"] or row["jyutping"])
    for some in _chunks([key for key in keys if 0 < len(key) <= LONGEST_KEY]):
        known = {row.key: row for row in _indexed(connection, some)}
        edited = _edited(connection, [key for key in some if keys[key]], without=())
        _drop(connection, [known[key] for key in edited if key in known])
        _add(connection, _ranked(connection, [key for key in some if key not in known or key in edited], edited))


def unindex_terms(connection: Connection, ids: Sequence[int]) -> None:
    """Takes terms, whose rows are about to be deleted, out of the search index; no other term loses its key."""
    for some in _chunks(ids):
        of_them = term.c.id.in_(some)
        keys = connection.execute(select(term.c.key).where(of_them).distinct()).scalars().all()
        others = select(term.c.key).where(term.c.key.in_(keys), term.c.id.not_in(some)).distinct()
        staying = set(connection.execute(others).scalars())
        before = _edited(connection, keys, without=())
        after = _edited(connection, keys, without=some)
        changed = {key for key in staying if before.get(key) != after.get(key)}
        rows = [row for row in _indexed(connection, keys) if row.key not in staying or row.key in changed]
        _drop(connection, rows)
        _add(connection, _ranked(connection, sorted(changed), after))


def join_segments(connection: Connection, written: int) -> None:
    """Makes SQLite's index one segment after a write of so many entries that it has become many.

    A search looks for every piece in every segment, and a piece's list is in as many places.
    """
    if connection.dialect.name == "sqlite" and written >= MANY_ENTRIES:
        connection.exec_driver_sql(f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}) VALUES ('optimize')")


def clear_index(connection: Connection) -> None:
    """Empties the search index."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}) VALUES ('delete-all')")
    connection.execute(delete(search_key))


def index_gaps(connection: Connection) -> int:
    """How many keys of terms the index lacks, and how many of its keys no term has; 0 for a sound one."""
    indexed = func.length(term.c.key).between(1, LONGEST_KEY)
    has_key = select(search_key.c.rank).where(search_key.c.key == term.c.key).exists()
    has_term = select(term.c.id).where(term.c.key == search_key.c.key).exists()
    missing = select(func.count(term.c.key.distinct())).where(indexed, ~has_key)
    needless = select(func.count()).select_from(search_key).where(~has_term)
    found = [connection.execute(query).scalar_one() for query in (missing, needless)]
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"SELECT count(*) FROM {SEARCH_TABLE}").scalar_one()
        found.append(abs(rows - connection.execute(select(func.count()).select_from(search_key)).scalar_one()))
    return sum(found)


def _chunks(listed: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for at in range(0, len(listed), _AT_ONCE):
        yield listed[at : at + _AT_ONCE]


def _edited(connection: Connection, keys: Collection[str], *, without: Collection[int]) -> dict[str, Readings]:
    """What editors say of the readings of these keys, the terms `without` not asked; an empty tuple: nothing."""
    if not keys:
        return {}
    at = term.c
    written = (at.pinyin != "") | (at.jyutping != "")
    query = select(at.key, at.pinyin, at.jyutping).where(at.key.in_(keys), written).order_by(at.id)
    if without:
        query = query.where(at.id.not_in(without))
    found: dict[str, Readings] = {}
    for key, pinyin, jyutping in connection.execute(query):
        before = found.get(key, ((), ()))
        found[key] = _with(before[0], pinyin), _with(before[1], jyutping)
    return found


def _with(readings: tuple[str, ...], reading: str) -> tuple[str, ...]:
    plain = " ".join(reading.replace(_BETWEEN, " ").split())
    return readings if not plain or plain in readings else (*readings, plain)


def _indexed(connection: Connection, keys: Collection[str]) -> list[Indexed]:
    at = search_key.c
    rows = connection.execute(select(at.rank, at.key, at.pinyin, at.jyutping).where(among(connection, at.key, keys)))
    return [Indexed(rank, key, _listed(pinyin), _listed(jyutping)) for rank, key, pinyin, jyutping in rows]


def _listed(readings: str) -> tuple[str, ...]:
    return tuple(readings.split(_BETWEEN)) if readings else ()


def _ranked(connection: Connection, keys: Sequence[str], edited: Mapping[str, Readings]) -> list[Indexed]:
    """The keys with their readings and the next free ranks, in the order of these."""
    taken = {length: _last_rank(connection, length) for length in {len(key) for key in keys}}
    rows = []
    for key in keys:
        rank = taken[len(key)] = taken[len(key)] + 1
        rows.append(Indexed(rank, key, *_readings(key, edited.get(key, ((), ())))))
    return sorted(rows, key=lambda row: row.rank)  # FTS5 begins a new segment when a row id is less than the last


def _last_rank(connection: Connection, length: int) -> int:
    """The greatest rank that a key of this length has, or the rank before the first."""
    found = connection.execute(_LAST_RANK, {"low": first_rank(length), "next": first_rank(length + 1)}).scalar()
    return first_rank(length) if found is None else int(found)


def _readings(key: str, edited: Readings) -> Readings:
    if not has_han(key) or len(key) > LONGEST_READ:
        return edited
    pinyin, jyutping = _machine_readings(key)
    return edited[0] or pinyin, edited[1] or jyutping


@lru_cache(maxsize=1 << 14)
def _machine_readings(key: str) -> Readings:
    return pinyin_readings(key), jyutping_readings(key)


def _add(connection: Connection, rows: Sequence[Indexed]) -> None:
    if not rows:
        return
    columns: list[tuple[object, ...]] = [
        (row.rank, row.key, _BETWEEN.join(row.pinyin), _BETWEEN.join(row.jyutping)) for row in rows
    ]
    if connection.dialect.name == "postgresql":
        values = dict(zip(("rank", "key", "pinyin", "jyutping"), map(list, zip(*columns, strict=True)), strict=True))
        connection.execute(_ADD_TSVECTOR, values | {"grams": [row.sized_grams for row in rows]})
        return
    connection.exec_driver_sql(_ADD_KEY, columns)
    connection.exec_driver_sql(_ADD_FTS5, [(row.rank, row.grams) for row in rows])


def _drop(connection: Connection, rows: Sequence[Indexed]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        ordered = sorted(rows, key=lambda row: row.rank)
        connection.exec_driver_sql(_DROP_FTS5, [(row.rank, row.grams) for row in ordered])
    connection.execute(delete(search_key).where(search_key.c.rank.in_([row.rank for row in rows])))
