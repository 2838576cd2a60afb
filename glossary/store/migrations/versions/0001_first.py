"""The first schema.

Tables are written out, not taken from schema.py: a migration must go on meaning what it meant when it was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def _ints(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in names]


def _json(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.JSON, nullable=False) for name in names]


def _position() -> sa.Column[int]:
    return sa.Column("position", sa.Integer, primary_key=True, autoincrement=False)


def _score() -> sa.Column[float]:
    return sa.Column("score", sa.Float, nullable=False)


def _bitext_id() -> sa.Column[str]:
    key = sa.ForeignKey("extraction.bitext_id", ondelete="CASCADE")
    return sa.Column("bitext_id", TEXT, key, primary_key=True)


def _concept_id(*, primary: bool = True) -> sa.Column[str]:
    key = sa.ForeignKey("concept.id", ondelete="CASCADE")
    return sa.Column("concept_id", TEXT, key, primary_key=primary, nullable=False)


def upgrade() -> None:
    _documents()
    _termbase()
    _indexes()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE term_search USING fts5(spaced, tokenize = 'unicode61 remove_diacritics 0')")


def _documents() -> None:
    op.create_table(
        "extraction",
        sa.Column("bitext_id", TEXT, primary_key=True),
        *_texts("source_uri", "target_uri", "source_lang", "target_lang", "signature", "digest"),
        *_ints("n_source", "n_target", "n_beads", "n_null", "n_doubtful"),
    )
    op.create_table(
        "document",
        _bitext_id(),
        sa.Column("side", TEXT, primary_key=True),
        *_texts("id", "uri", "text"),
        sa.Column("lang", TEXT),
        *_texts("kind"),
    )
    op.create_table(
        "segment",
        _bitext_id(),
        sa.Column("side", TEXT, primary_key=True),
        _position(),
        *_texts("document_id"),
        *_ints("index"),
        *_texts("lang", "text"),
        *_ints("start", "end"),
        *_texts("role"),
        *_ints("block"),
    )
    op.create_table("bead", _bitext_id(), _position(), *_json("source", "target"), _score(), *_json("evidence"))
    op.create_table(
        "candidate",
        _bitext_id(),
        _position(),
        *_texts("source", "target", "source_lang", "target_lang", "kind"),
        _score(),
        *_texts("rule"),
        *_json("evidence", "occurrences", "expansions", "definitions", "source_forms", "target_forms", "flags"),
    )


def _termbase() -> None:
    op.create_table(
        "concept",
        sa.Column("id", TEXT, primary_key=True),
        *_texts("kind"),
        _score(),
        *_texts("subject_field", "note"),
        *_json("flags"),
        *_texts("headword", "digest"),
    )
    op.create_table("lang_sec", _concept_id(), _position(), *_texts("lang"), *_json("definitions"))
    op.create_table(
        "term",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        _concept_id(primary=False),
        *_texts("lang"),
        *_ints("section", "position"),
        *_texts("term", "key", "term_type", "part_of_speech", "administrative_status", "review_state"),
        *_texts("origin", "conversion", "converted_from"),
        _score(),
        *_json("flags"),
    )
    op.create_table(
        "provenance",
        sa.Column("term_id", sa.Integer, sa.ForeignKey("term.id", ondelete="CASCADE"), primary_key=True),
        _position(),
        *_texts("document_id"),
        *_ints("start", "end"),
        *_texts("rule"),
        _score(),
        *_texts("bitext_id"),
        sa.Column("bead", sa.Integer),
        *_texts("who", "when"),
    )
    op.create_table(
        "context",
        _concept_id(),
        _position(),
        *_texts("source", "target", "source_lang", "target_lang"),
        *_json("source_marks", "target_marks"),
        *_texts("bitext_id"),
        sa.Column("bead", sa.Integer),
        *_texts("uri"),
        *_ints("line"),
        _score(),
    )
    op.create_table(
        "decision",
        sa.Column("concept_id", TEXT, primary_key=True),
        sa.Column("lang", TEXT, primary_key=True),
        sa.Column("term", TEXT, primary_key=True),
        sa.Column("review_state", sa.Text),
        sa.Column("administrative_status", sa.Text),
        *_texts("who", "when"),
    )


def _indexes() -> None:
    op.create_index("ix_concept_order", "concept", ["score", "headword"])
    op.create_index("ix_term_key", "term", ["key"])
    op.create_index("ix_term_concept", "term", ["concept_id", "section", "position"])
    op.create_index("ix_provenance_bitext", "provenance", ["bitext_id"])
    op.create_index("ix_context_bitext", "context", ["bitext_id"])


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first schema")
