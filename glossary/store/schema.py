"""The tables: per document what was read and aligned, and the termbase in TBX's shape.

    extraction ─┬─ document    text kept, one row a side (a bilingual file has only its source row)
                ├─ segment     side source, target or extra
                ├─ bead        ranges over the segments of each side
                └─ candidate   what terms/ found
    concept ────┬─ term        what is searched and filtered by: one row a term
                └─ sighting    which bitexts the entry's terms were seen in
    claim ──────── gone        entries people made their own, deleted or merged, and the terms they took out of them
    change                     who changed which entry when, from what, to what
    clock                      one row: the number of the newest write to the entries

A concept's `version` is the clock's number when it was last written, so versions only grow and none is used twice.
claim and change have no foreign key to concept: they outlive the entry. `concept` keeps no mark of a claim.
Of documents, columns are named like the fields of the records, so a row is the record; JSON holds what no query looks
into. An entry is one JSON text, `concept.body`, which is all that reading it takes (bodies.py); the other columns and
tables repeat what queries ask for. `change.before` and `change.after` are such texts too, NULL where there was none.
`score` of a term is its entry's, so that a search sorts without looking at the entry.
`term.key` is `language.fold_key` of the term; search_schema.py has its index and the tables of the search.

    e. g. claim 7c1e.. kept          the entry of 'ledger', edited by mei
          gone  7c1e.. zh-Hant 賬本   she deleted this term: no rebuild brings it back
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, desc

SCHEMA_VERSION = "0007"
"""The migration this code needs. Versions are four digits that grow: a greater one in a file was made by newer code."""

VERSION_TABLE = "glossary_schema"

TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that both databases order and compare by code point, whatever the locale of the server."""

metadata = MetaData()


def _of(parent: str, *, primary: bool = True) -> Column[str]:
    table, name = parent.split(".")
    key = ForeignKey(parent, ondelete="CASCADE")
    return Column(name if table == "extraction" else f"{table}_id", TEXT, key, primary_key=primary, nullable=False)


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, TEXT, nullable=False) for name in names]


def _ints(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _bools(*names: str) -> list[Column[bool]]:
    return [Column(name, Boolean, nullable=False) for name in names]


def _json(*names: str) -> list[Column[object]]:
    return [Column(name, JSON, nullable=False) for name in names]


def _position() -> Column[int]:
    return Column("position", Integer, primary_key=True, autoincrement=False)


def _score() -> Column[float]:
    return Column("score", Float, nullable=False)


extraction = Table(
    "extraction",
    metadata,
    Column("bitext_id", TEXT, primary_key=True),
    *_texts("source_uri", "target_uri", "source_lang", "target_lang", "signature", "digest"),
    *_ints("n_source", "n_target", "n_beads", "n_null", "n_doubtful"),
)

document = Table(
    "document",
    metadata,
    _of("extraction.bitext_id"),
    Column("side", TEXT, primary_key=True),
    *_texts("id", "uri", "text"),
    Column("lang", TEXT),
    *_texts("kind"),
)

segment = Table(
    "segment",
    metadata,
    _of("extraction.bitext_id"),
    Column("side", TEXT, primary_key=True),
    _position(),
    *_texts("document_id"),
    *_ints("index"),
    *_texts("lang", "text"),
    *_ints("start", "end"),
    *_texts("role"),
    *_ints("block"),
)

bead = Table(
    "bead",
    metadata,
    _of("extraction.bitext_id"),
    _position(),
    *_json("source", "target"),
    _score(),
    *_json("evidence"),
)

candidate = Table(
    "candidate",
    metadata,
    _of("extraction.bitext_id"),
    _position(),
    *_texts("source", "target", "source_lang", "target_lang", "kind"),
    _score(),
    *_texts("rule"),
    *_json("evidence", "occurrences", "expansions", "definitions", "source_forms", "target_forms", "flags"),
)

concept = Table(
    "concept",
    metadata,
    Column("id", TEXT, primary_key=True),
    _score(),
    *_texts("headword", "digest"),
    *_ints("version"),
    *_bools("flagged"),
    *_texts("body"),
    Index("ix_concept_order", desc("score"), "headword", "id"),
)

term = Table(
    "term",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _of("concept.id", primary=False),
    *_texts("lang", "term", "key", "administrative_status", "review_state", "origin"),
    _score(),
    *_bools("flagged"),
    *_texts("pinyin", "jyutping"),
    Index("ix_term_concept", "concept_id"),
    Index("ix_term_review", "review_state", "origin", "concept_id"),
)

sighting = Table(
    "sighting",
    metadata,
    _of("concept.id"),
    Column("bitext_id", TEXT, primary_key=True),
)

claim = Table(
    "claim",
    metadata,
    Column("entry_id", TEXT, primary_key=True),
    *_texts("state", "into"),
)

gone = Table(
    "gone",
    metadata,
    Column("entry_id", TEXT, ForeignKey("claim.entry_id", ondelete="CASCADE"), primary_key=True),
    Column("lang", TEXT, primary_key=True),
    Column("term", TEXT, primary_key=True),
    *_texts("key", "into"),
    Index("ix_gone_key", "key"),
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *_texts("entry_id", "who", "when", "what", "group"),
    Column("before", TEXT),
    Column("after", TEXT),
    Column("claim", TEXT),  # the claim before, as JSON
    Column("undoes", Integer),  # the change this one takes back
    *_ints("version"),
    Index("ix_change_entry", "entry_id", "id"),
    Index("ix_change_group", "group"),
)

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *_ints("version"),
)

SEARCH_TABLE = "search_gram"
