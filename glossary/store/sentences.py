"""Sentence pairs of the documents by what stands in them: the store's side of a concordance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from glossary.datamodel import Context, Document
from glossary.language import join_segments
from glossary.store import schema

SIDES = ("source", "target")

Place = tuple[str, int]
"""Side and position of a sentence."""


def pairs_with(connection: Connection, forms: Sequence[str], limit: int) -> list[Context]:
    """Up to `limit` beads with one of these forms on a side, by document, in the order of the text, without marks.

    A form is found in any case of its ASCII letters. Reads every sentence: linear in the size of the documents.
    """
    s = schema.segment.c
    holds = or_(*(s.text.icontains(form, autoescape=True) for form in forms))
    query = (
        select(s.bitext_id, s.side, s.position)
        .where(s.side.in_(SIDES), holds)
        .order_by(s.bitext_id, s.position, s.side)
        .limit(2 * limit)  # both sides of a bead may hold the form
    )
    places: dict[str, list[Place]] = defaultdict(list)
    for bitext_id, side, position in connection.execute(query):
        places[bitext_id].append((side, position))
    found: list[Context] = []
    for bitext_id, wanted in places.items():
        found += _of_document(connection, bitext_id, wanted)
    return found[:limit]


def _of_document(connection: Connection, bitext_id: str, wanted: Sequence[Place]) -> list[Context]:
    """The beads of a document that hold these sentences."""
    e, b = schema.extraction.c, schema.bead.c
    head = connection.execute(select(e.source_uri, e.source_lang, e.target_lang).where(e.bitext_id == bitext_id)).one()
    documents = _documents(connection, bitext_id)
    query = select(b.position, b.source, b.target, b.score).where(b.bitext_id == bitext_id).order_by(b.position)
    found = []
    for number, source, target, score in connection.execute(query).all():
        if any(start <= at < end for side, at in wanted for start, end in [source if side == "source" else target]):
            texts = [
                _text(connection, bitext_id, side, where) for side, where in (("source", source), ("target", target))
            ]
            side = "source" if texts[0][0] else "target"
            line = documents.get(side, documents["source"]).line_at(texts[side == "target"][1])
            found.append(Context(
                texts[0][0], texts[1][0], head.source_lang, head.target_lang, (), (), bitext_id, number,
                head.source_uri, line, score,
            ))  # fmt: skip
    return found


def _documents(connection: Connection, bitext_id: str) -> dict[str, Document]:
    d = schema.document.c
    query = select(d.side, d.id, d.uri, d.text, d.lang, d.kind).where(d.bitext_id == bitext_id)
    return {row.side: Document(row.id, row.uri, row.text, row.lang, row.kind) for row in connection.execute(query)}


def _text(connection: Connection, bitext_id: str, side: str, where: Sequence[int]) -> tuple[str, int]:
    """The joined sentences of one side of a bead, and where the first begins in its document."""
    s = schema.segment.c
    inside = (s.bitext_id == bitext_id, s.side == side, s.position >= where[0], s.position < where[1])
    rows = connection.execute(select(s.text, s.start).where(*inside).order_by(s.position)).all()
    return join_segments([row.text for row in rows]), rows[0].start if rows else 0
