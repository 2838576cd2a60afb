"""The tables of work in progress: what people changed in alignments, and jobs that run in the background.

    alignment_log   one row a document: the alignment before the first change, every change since, how many are in force
    job             what to read, how far it is, how it ended

alignment_log has no foreign key to extraction: it outlives a rebuild.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Index, Integer, Table

from glossary.store.schema import TEXT, metadata

alignment_log = Table(
    "alignment_log",
    metadata,
    Column("bitext_id", TEXT, primary_key=True),
    Column("texts", TEXT, nullable=False),  # ids of the two documents: changes of other texts do not count
    Column("base", TEXT, nullable=False),
    Column("edits", TEXT, nullable=False),
    Column("done", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("id", TEXT, primary_key=True),
    *(Column(name, TEXT, nullable=False) for name in ("kind", "state", "who", "created", "changed")),
    Column("arguments", JSON, nullable=False),
    Column("step", TEXT, nullable=False),
    Column("progress", Float, nullable=False),
    Column("message", TEXT, nullable=False),
    Column("result", TEXT, nullable=False),
    Column("worker", TEXT, nullable=False),
    Index("ix_job_state", "state", "created"),
)
