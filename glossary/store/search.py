"""Finding terms by folded key: any case and width, either script, from one character; also by reading, also misspelt.

Exact search reads the index on `term.key`. Everything else asks the index of pieces (search_grams.py) for keys,
shortest first, looks into the keys themselves, and then reads their terms: on SQLite an FTS5 table whose
row ids are ranks, on PostgreSQL a GIN index on a tsvector, asked for a few lengths at a time.

Limits: keys longer than 255 characters are found whole only. Among keys of one length the first stored come first; the
score of their entries decides within a page of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from glossary.codec import dumps
from glossary.readings import agrees, beginnings, initials, pinyin, typed_toneless
from glossary.store.plain import rows_of
from glossary.store.search_grams import LONGEST_KEY, beginning, holding, nearly, read_as, slips
from glossary.store.search_pages import FIRST_PAGE, Found, Wanted, matching, of_length

_FIELDS = "term.concept_id, term.lang, term.term, term.key, term.origin, term.score"
_BEST = (
    "FROM term AS t WHERE t.key = {key} AND t.review_state <> 'rejected' {lang} ORDER BY t.score DESC, t.id DESC LIMIT"
)
_LAST = "coalesce((SELECT t.{column} " + _BEST.format(key="wanted.value", lang="{lang}") + " 1 OFFSET :limit - 1), -1)"
_ORDER = "ORDER BY length(term.key), term.score DESC, term.key, term.concept_id, term.id LIMIT :limit"
_TERMS = {
    "sqlite": (
        f"SELECT {_FIELDS} FROM json_each(:keys) AS wanted CROSS JOIN term ON term.key = wanted.value "
        f"AND (term.score, term.id) >= ({_LAST.replace('{column}', 'score')}, {_LAST.replace('{column}', 'id')}) "
        f"WHERE term.review_state <> 'rejected' {{own_lang}} {_ORDER}"
    ),
    "postgresql": (
        f"SELECT {_FIELDS} FROM unnest(CAST(:keys AS text[])) AS wanted(name) CROSS JOIN LATERAL "
        f"(SELECT t.* {_BEST.format(key='wanted.name', lang='{lang}')} :limit) AS term {_ORDER}"
    ),
}
"""Of each key no more terms than are wanted, in the order of the index: of a word like `of` there may be thousands.
SQLite, which has no LATERAL, asks for the last one wanted and then for those from there on: the index holds every
column that is read, and the rows of the table are left alone."""

_FIRST_KEYS = 8
"""Keys whose terms are read at once, at least; then four times as many. A page of short keys has words with a hundred
terms each, most of which the limit would drop: of 64 keys that begin with two letters the first eight fill the list."""

How = Literal["exact", "prefix", "inside", "reading"]


class Hit(NamedTuple):
    """A stored term that a search found; `score` is its entry's. A tuple: a search makes a hundred."""

    entry_id: str
    lang: str
    term: str
    key: str
    origin: str
    score: float


class Near(NamedTuple):
    """A key that may be meant by a misspelt one, and how it is read in pinyin (numbered; '' for no Han characters)."""

    key: str
    pinyin: str


def find(connection: Connection, key: str, how: How, *, lang: str, limit: int, entries: int = 0) -> list[Hit]:
    """The terms whose key equals `key`, starts with it and is longer, holds it further on, or is read so.

    Shortest first, then by the entry's score. Rejected terms are not found. `lang` is a tag or '' for every language.
    For `reading`, `key` is what was typed: pinyin or jyutping with or without tones, whole syllables, or initials.
    The search ends at `limit` hits, or after the page of keys at which it has hits of that many `entries`.
    """
    if how == "exact":
        return with_keys(connection, [key], lang=lang, limit=limit)
    if not key or len(key) > LONGEST_KEY:
        return []
    hits: list[Hit] = []
    for keys in _pages(connection, key, how):
        hits += with_keys(connection, keys, lang=lang, limit=limit - len(hits))
        if len(hits) >= limit or (entries and len({hit.entry_id for hit in hits}) >= entries):
            break
    return hits


class Part(NamedTuple):
    """Keys that hold a text in one way, shortest first."""

    how: How
    text: str
    keys: list[str]


def few_keys(connection: Connection, texts: Sequence[str], typed: str) -> list[Part] | None:
    """The keys that `find` would look up one after the other, in one question: those that start with the first of the
    texts, those that hold each of them further on, those read as typed. None when they are more than a page.
    """
    letters = typed_toneless(typed) if len(texts[0]) > 1 else ""
    if max(map(len, texts)) > LONGEST_KEY:
        return None
    query = sum((holding(text) for text in texts), ()) + (read_as(letters) if letters else ())
    found = next(matching(connection, Wanted(tuple(dict.fromkeys(query)))), [])
    if len(found) >= FIRST_PAGE:
        return None
    parts = [Part("prefix", texts[0], [f.key for f in found if f.key.startswith(texts[0]) and f.key != texts[0]])]
    parts += [Part("inside", text, [f.key for f in found if f.key.find(text) > 0]) for text in texts]
    others = [f for f in found if not any(text in f.key for text in texts)]
    parts.append(Part("reading", typed, [f.key for f in others if letters and _sounds(f, letters, typed)]))
    return [part for part in parts if part.keys]


def _sounds(found: Found, letters: str, typed: str) -> bool:
    """Whether a key is read as typed: the index was asked for other things too."""
    own = [r for r in found.readings if letters == initials(r) or letters in beginnings(r)]
    return any(agrees(typed, reading) for reading in own) if _toned(typed) else bool(own)


def with_keys(connection: Connection, keys: Sequence[str], *, lang: str, limit: int) -> list[Hit]:
    """The terms that have one of these keys: shortest first, then by the entry's score."""
    hits: list[Hit] = []
    for some in _by_length(keys):
        hits += _terms(connection, some, lang, limit - len(hits))
        if len(hits) >= limit:
            break
    return hits


def _by_length(keys: Iterable[str]) -> Iterator[list[str]]:
    """The distinct keys, shortest first; those of one length stay together, and each part is larger than the last."""
    part: list[str] = []
    size = _FIRST_KEYS
    for _, same in groupby(sorted(dict.fromkeys(keys), key=len), len):
        part += same
        if len(part) >= size:
            yield part
            part, size = [], 4 * size
    if part:
        yield part


def _terms(connection: Connection, keys: list[str], lang: str, limit: int) -> list[Hit]:
    dialect = connection.dialect.name
    values: dict[str, object] = {"keys": dumps([*keys]) if dialect == "sqlite" else keys, "limit": limit}
    if lang:
        values["lang"] = lang
    return [Hit._make(row) for row in rows_of(connection, _statement(dialect, bool(lang)), values)]


@cache
def _statement(dialect: str, in_lang: bool) -> str:
    of_lang = r"AND (t.lang = :lang OR t.lang LIKE :lang || '-%')" if in_lang else ""
    return _TERMS[dialect].format(lang=of_lang, own_lang=of_lang.replace("t.lang", "term.lang"))


def near_keys(connection: Connection, key: str, *, limit: int) -> list[Near]:
    """Up to `limit` keys that differ from `key` by a slip or two, or are read the same; those of its length first."""
    reading = pinyin(key)
    query = nearly(key, reading) if len(key) <= LONGEST_KEY else ()
    if not query:
        return []
    found = of_length(connection, Wanted(query), len(key), slips(key), limit)
    return [Near(row.key, row.readings[0] if row.readings else "") for row in found]


def _pages(connection: Connection, key: str, how: How) -> Iterator[list[str]]:
    """Keys that match, page by page, shortest first."""
    if how == "prefix":
        yield from _keys(matching(connection, Wanted(beginning(key), "prefix", key)))
    elif how == "inside":
        yield from _keys(matching(connection, Wanted(holding(key), "inside", key)))
    elif letters := typed_toneless(key):
        toned = _toned(key)
        for page in matching(connection, Wanted(read_as(letters))):
            yield [row.key for row in page if not toned or any(agrees(key, reading) for reading in row.readings)]


def _toned(typed: str) -> bool:
    return any(char.isdigit() for char in typed) or not typed.isascii()


def _keys(pages: Iterator[list[Found]]) -> Iterator[list[str]]:
    for page in pages:
        yield [row.key for row in page]
