"""The tables of the search: every distinct key once, and an index of the pieces of it.

    search_key       rank, key, pinyin, jyutping; one row for all terms written the same
    search_gram      SQLite: FTS5 without content, rowid = rank
    search_key.grams PostgreSQL: tsvector with a GIN index

`rank` is the length of the key and a running number, so keys in the order of their ranks are shortest first and an
index that is read in this order can stop when it has enough. On SQLite it is the table's own row id: keys of
neighbouring ranks stand on one page. `pinyin` and `jyutping` hold the readings that the index knows, numbered, best
first, with `|` between.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from glossary.store.schema import SEARCH_TABLE, metadata

RANK_BITS = 40
"""Bits of the running number: a million million keys of a length."""

TEXT = Text().with_variant(Text(collation="C"), "postgresql")

RANK = BigInteger().with_variant(Integer, "sqlite")
"""Only INTEGER is SQLite's row id."""

search_key = Table(
    "search_key",
    metadata,
    Column("rank", RANK, primary_key=True, autoincrement=False),
    Column("key", TEXT, nullable=False),
    Column("pinyin", TEXT, nullable=False),
    Column("jyutping", TEXT, nullable=False),
    Index("ix_search_key", "key", unique=True),
)


INDEX = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE {SEARCH_TABLE} USING fts5(grams, content = '', detail = none, tokenize = 'ascii')",
        "CREATE INDEX ix_term_key ON term (key, score, id, review_state, lang, concept_id, term, origin)",
    ),
    "postgresql": (
        "CREATE INDEX ix_term_key ON term (key, score, id)",
        "ALTER TABLE search_key ADD COLUMN grams tsvector NOT NULL",
        "CREATE INDEX ix_search_gram ON search_key USING gin (grams) WITH (fastupdate = off)",
    ),
}
"""What the index of pieces is made with, beside the table, and the index of the terms by key, best last.

On SQLite the latter holds all that a search tells of a term: rows of the table would be a page each, as terms of a key
stand anywhere. PostgreSQL allows an index row 2,700 bytes, which a long term would pass.
"""


def first_rank(length: int) -> int:
    """The least rank of keys of this length.

    >>> first_rank(2) - first_rank(1) == 1 << 40
    True
    """
    return length << RANK_BITS
