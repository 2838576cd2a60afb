"""Extractions to rows and back: documents, segments, beads and candidates of one bitext."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from glossary.codec import Record, from_json, text_of, to_json
from glossary.datamodel import (
    Bead,
    Bitext,
    Document,
    Extraction,
    Segment,
    TermCandidate,
    content_id,
)
from glossary.store import schema

DOUBTFUL_BELOW = 0.8
"""Beads under this score are counted as doubtful (the web design's limit between sure and doubtful)."""

_Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One document or pair of documents in figures. Null and doubtful (score under .8) beads are counted apart."""

    bitext_id: str
    source_uri: str
    target_uri: str
    source_lang: str
    target_lang: str
    n_source: int
    n_target: int
    n_beads: int
    n_null: int
    n_doubtful: int
    n_terms: int  # entries with a term seen in it


def digest_of(record: object) -> str:
    """A fingerprint of everything a record holds. Raises: ValueError when a score is not a finite number."""
    return content_id(text_of(record))


def _numbered(records: Iterable[object], **owner: object) -> Iterator[_Row]:
    for position, record in enumerate(records):
        yield {**owner, "position": position, **to_json(record)}


def _insert(connection: Connection, table: Table, rows: Iterable[_Row]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(insert(table), listed)


def write_extraction(connection: Connection, extraction: Extraction, digest: str) -> None:
    """Writes all rows of one extraction; the old ones must be gone."""
    owner = {"bitext_id": extraction.bitext_id}
    bitext = extraction.bitext
    _insert(connection, schema.extraction, [_summary(extraction, digest)])
    documents = {"source": extraction.source}
    if extraction.target != extraction.source:
        documents["target"] = extraction.target
    _insert(connection, schema.document, ({**owner, "side": s, **to_json(d)} for s, d in documents.items()))
    sides = {"source": bitext.source, "target": bitext.target, "extra": extraction.extra}
    for side, segments in sides.items():
        _insert(connection, schema.segment, _numbered(segments, **owner, side=side))
    _insert_beads(connection, extraction)


def _insert_beads(connection: Connection, extraction: Extraction) -> None:
    owner = {"bitext_id": extraction.bitext_id}
    _insert(connection, schema.bead, _numbered(extraction.bitext.beads, **owner))
    _insert(connection, schema.candidate, _numbered(extraction.candidates, **owner))


def _summary(extraction: Extraction, digest: str) -> _Row:
    bitext, beads = extraction.bitext, extraction.bitext.beads
    return {
        "bitext_id": extraction.bitext_id,
        "source_uri": extraction.source.uri,
        "target_uri": extraction.target.uri,
        "source_lang": bitext.source_lang,
        "target_lang": bitext.target_lang,
        "signature": bitext.signature,
        "digest": digest,
        "n_source": len(bitext.source),
        "n_target": len(bitext.target),
        "n_beads": len(beads),
        "n_null": sum(b.is_null for b in beads),
        "n_doubtful": sum(b.score < DOUBTFUL_BELOW and not b.is_null for b in beads),
    }


def rewrite_beads(connection: Connection, extraction: Extraction, digest: str) -> None:
    """Writes the beads and candidates of an extraction whose documents and segments are stored as they are."""
    for table in (schema.bead, schema.candidate):
        connection.execute(delete(table).where(table.c.bitext_id == extraction.bitext_id))
    at = schema.extraction.c.bitext_id == extraction.bitext_id
    connection.execute(update(schema.extraction).where(at).values(_summary(extraction, digest)))
    _insert_beads(connection, extraction)


def is_stored(connection: Connection, extraction: Extraction) -> bool:
    """Whether the stored document still has these texts, and was cut into so many sentences by the same rules."""
    e, d = schema.extraction.c, schema.document.c
    query = select(e.signature, e.n_source, e.n_target).where(e.bitext_id == extraction.bitext_id)
    head = connection.execute(query).first()
    texts = connection.execute(select(d.side, d.id).where(d.bitext_id == extraction.bitext_id))
    bitext = extraction.bitext
    return (
        head is not None
        and tuple(head) == (bitext.signature, len(bitext.source), len(bitext.target))
        and {"target": extraction.source.id, **{row.side: row.id for row in texts}}
        == {"source": extraction.source.id, "target": extraction.target.id}
    )


def read_extraction(connection: Connection, bitext_id: str) -> Extraction | None:
    """The extraction with this id, or None."""
    at = schema.extraction.c.bitext_id == bitext_id
    head = connection.execute(select(schema.extraction.c.signature).where(at)).first()
    if head is None:
        return None
    documents = {
        row["side"]: from_json(Document, _without(row, "bitext_id", "side"))
        for row in _rows(connection, schema.document, bitext_id)
    }
    sides: dict[str, list[Segment]] = defaultdict(list)
    for row in _rows(connection, schema.segment, bitext_id):
        sides[str(row["side"])].append(from_json(Segment, _without(row, "bitext_id", "side", "position")))
    beads = _records(connection, schema.bead, Bead, bitext_id)
    bitext = Bitext(tuple(sides["source"]), tuple(sides["target"]), beads, str(head.signature))
    source = documents["source"]
    candidates = _records(connection, schema.candidate, TermCandidate, bitext_id)
    return Extraction(bitext_id, source, documents.get("target", source), bitext, tuple(sides["extra"]), candidates)


def _rows(connection: Connection, table: Table, bitext_id: str) -> list[_Row]:
    order = [c for c in table.primary_key.columns if c.name != "bitext_id"]
    found = connection.execute(select(table).where(table.c.bitext_id == bitext_id).order_by(*order))
    return [dict(row) for row in found.mappings()]


def _records(connection: Connection, table: Table, kind: type[Record], bitext_id: str) -> tuple[Record, ...]:
    rows = _rows(connection, table, bitext_id)
    return tuple(from_json(kind, _without(row, "bitext_id", "position")) for row in rows)


def _without(row: Mapping[str, object], *names: str) -> _Row:
    return {name: value for name, value in row.items() if name not in names}


def documents_with(connection: Connection, source_id: str, target_id: str) -> tuple[tuple[str, str], ...]:
    """(bitext_id, source_uri) of the stored documents that have exactly these texts, by document ids."""
    source, target = schema.document.alias(), schema.document.alias()
    query = (
        select(schema.extraction.c.bitext_id, schema.extraction.c.source_uri)
        .join_from(schema.extraction, source, source.c.bitext_id == schema.extraction.c.bitext_id)
        .join(target, (target.c.bitext_id == source.c.bitext_id) & (target.c.side == "target"), isouter=True)
        .where(source.c.side == "source", source.c.id == source_id)
        .where(func.coalesce(target.c.id, source.c.id) == target_id)
        .order_by(schema.extraction.c.bitext_id)
    )
    return tuple((row[0], row[1]) for row in connection.execute(query))


def summaries(connection: Connection) -> tuple[DocumentSummary, ...]:
    """All documents in figures, by source URI."""
    e, s = schema.extraction.c, schema.sighting.c
    seen = select(s.bitext_id, func.count().label("n_terms")).group_by(s.bitext_id).subquery()
    figures = [e[name] for name in DocumentSummary.__dataclass_fields__ if name != "n_terms"]
    query = (
        select(*figures, func.coalesce(seen.c.n_terms, 0))
        .join_from(schema.extraction, seen, seen.c.bitext_id == e.bitext_id, isouter=True)
        .order_by(e.source_uri, e.target_uri, e.bitext_id)
    )
    return tuple(DocumentSummary(*row) for row in connection.execute(query))
