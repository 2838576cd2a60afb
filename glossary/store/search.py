"""Finding terms by folded key: either script, any case and width, from one character.

Exact and prefix search read the index on `term.key`. A search for Han characters inside keys goes through FTS5 with a
space around every Han character, so each is a token and a phrase of them is a substring. FTS5 only proposes; `instr`
decides. Source: docs/LIBRARIES.md (0.3-1.3 ms for 1-3 characters on 200,000 rows).

Limits: a search inside keys without Han characters, and with characters newer than SQLite's Unicode tables (6.1), reads
every key. A misspelt key without Han characters is
compared with every key of nearly its length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

from glossary.language import HAN, has_han
from glossary.store.schema import SEARCH_TABLE

How = Literal["exact", "prefix", "inside"]

_EACH_HAN = re.compile(f"([{HAN}])")
_NEWER_THAN_FTS = re.compile("[\U0002b740-\U0010ffff\U0001f000-\U0001faff\u9fcd-\u9fff]")
_LAST_CHARACTER = "\U0010ffff"
_SLACK_PER_LENGTH = 3
"""Candidates for fuzzy search may differ in length by one character, and one more for every 3 of the query."""

_COLUMNS = "term.concept_id, term.lang, term.term, term.key, term.origin, concept.score"
_FROM = f"SELECT {_COLUMNS} FROM term JOIN concept ON concept.id = term.concept_id"
_FTS = f"term.id IN (SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH :phrase)"
_OPEN = "term.review_state <> 'rejected' AND (:lang = '' OR term.lang = :lang OR term.lang LIKE :lang || '-%')"
_ORDER = "ORDER BY length(term.key), concept.score DESC, term.key, term.concept_id, term.id LIMIT :limit"


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored term that a search found; `score` is its entry's."""

    entry_id: str
    lang: str
    term: str
    key: str
    origin: str
    score: float


def spaced(key: str) -> str:
    """A key with a space around every Han character, as the index holds it.

    >>> spaced("baas平台")
    'baas 平 台'
    """
    return " ".join(_EACH_HAN.sub(r" \1 ", key).split())


def index_terms(connection: Connection, terms: Sequence[Mapping[str, object]]) -> None:
    """Adds rows of the table `term` to the full-text index; PostgreSQL has none yet."""
    rows = [{"id": term["id"], "spaced": spaced(str(term["key"]))} for term in terms]
    if rows and connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {SEARCH_TABLE} (rowid, spaced) VALUES (:id, :spaced)"), rows)


def unindex_terms(connection: Connection, ids: Sequence[int]) -> None:
    """Takes terms out of the full-text index."""
    if ids and connection.dialect.name == "sqlite":
        connection.execute(text(f"DELETE FROM {SEARCH_TABLE} WHERE rowid = :id"), [{"id": i} for i in ids])


def clear_index(connection: Connection) -> None:
    """Empties the full-text index."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DELETE FROM {SEARCH_TABLE}"))


def count_indexed(connection: Connection) -> int | None:
    """How many terms the full-text index holds; None where there is none."""
    if connection.dialect.name != "sqlite":
        return None
    return int(connection.execute(text(f"SELECT count(*) FROM {SEARCH_TABLE}")).scalar_one())


def find(connection: Connection, key: str, how: How, *, lang: str, limit: int) -> list[Hit]:
    """The terms whose key equals `key`, starts with it and is longer, or holds it further on.

    Shortest first, then by the entry's score. Rejected terms are not found. `lang` is a tag or '' for every language.
    """
    values: dict[str, object] = {"key": key, "lang": lang, "limit": limit}
    if how == "exact":
        where = "term.key = :key"
    elif how == "prefix":
        where, values["end"] = "term.key > :key AND term.key < :end", key + _LAST_CHARACTER
    else:
        sqlite = connection.dialect.name == "sqlite"
        where = "instr(term.key, :key) > 1" if sqlite else "strpos(term.key, :key) > 1"
        if sqlite and _indexed(key):
            where, values["phrase"] = f"{_FTS} AND {where}", phrase(key)
    rows = connection.execute(text(f"{_FROM} WHERE {where} AND {_OPEN} {_ORDER}"), values)
    return [Hit(*row) for row in rows]


def near_keys(connection: Connection, key: str, *, limit: int) -> list[str]:
    """Keys of nearly the same length as `key`; if it holds Han characters, the `limit` that share most of them."""
    slack = 1 + len(key) // _SLACK_PER_LENGTH
    values: dict[str, object] = {"short": max(1, len(key) - slack), "long": len(key) + slack}
    near = "length(term.key) BETWEEN :short AND :long"
    query = f"SELECT DISTINCT term.key FROM term WHERE {near} ORDER BY term.key"
    if _indexed(key) and connection.dialect.name == "sqlite":
        values["limit"] = limit
        values["any"] = " OR ".join(f'"{char}"' for char in dict.fromkeys(_EACH_HAN.findall(key)))
        query = (
            f"SELECT DISTINCT term.key FROM {SEARCH_TABLE} JOIN term ON term.id = {SEARCH_TABLE}.rowid "
            f"WHERE {SEARCH_TABLE} MATCH :any AND {near} ORDER BY rank, term.key LIMIT :limit"
        )
    return [str(row[0]) for row in connection.execute(text(query), values)]


def _indexed(key: str) -> bool:
    """True when the full-text index knows the key's characters and cuts it into them."""
    return has_han(key) and not _NEWER_THAN_FTS.search(key)


def phrase(key: str) -> str:
    """User text as one quoted FTS5 phrase whose last token may go on; nothing in it is an operator.

    >>> phrase('平台"OR')
    '"平 台 ""OR" *'
    """
    escaped = spaced(key).replace('"', '""')
    return f'"{escaped}" *'
