"""Concept entries to rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, delete, func, select, update

from glossary.codec import dumps
from glossary.datamodel import ConceptEntry, content_id
from glossary.errors import StoreError
from glossary.language import fold_key
from glossary.store import schema
from glossary.store.bodies import body_of, entry_of
from glossary.store.plain import rows_of
from glossary.store.rows import insert_rows
from glossary.store.search_index import index_terms, unindex_terms

Row = dict[str, object]
Item = TypeVar("Item")

_BODIES = {
    "sqlite": "SELECT id, body FROM concept WHERE id IN (SELECT value FROM json_each(:ids))",
    "postgresql": "SELECT id, body FROM concept WHERE id = ANY(CAST(:ids AS text[]))",
}
_VERSIONS = {
    "sqlite": "SELECT id, version FROM concept WHERE id IN (SELECT value FROM json_each(:ids))",
    "postgresql": "SELECT id, version FROM concept WHERE id = ANY(CAST(:ids AS text[]))",
}
AT_ONCE = 500
"""Entries written or erased in one statement: far under SQLite's limit of 32,766 parameters, some megabytes of rows."""


def chunks(items: Iterable[Item], size: int = AT_ONCE) -> Iterator[tuple[Item, ...]]:
    """The items in tuples of that size, the last one shorter."""
    rest = iter(items)
    while some := tuple(islice(rest, size)):
        yield some


def check_entry(entry: ConceptEntry) -> None:
    """Refuses what must not enter the store.

    Raises: StoreError for an entry without an id or terms or with two sections of a language, an empty term, and an
        observed term without provenance.
    """
    terms = [t for section in entry.lang_secs for t in section.terms]
    if not entry.id or not terms:
        raise StoreError(f"entry {entry.id!r}: has no id or no terms; it was not stored")
    if len({section.lang for section in entry.lang_secs}) < len(entry.lang_secs):
        raise StoreError(f"entry {entry.id}: has two sections of one language; merge them")
    for term in terms:
        if not term.term.strip():
            raise StoreError(f"entry {entry.id}: an empty term; it was not stored")
        if term.origin == "observed" and not term.provenance:
            raise StoreError(f"entry {entry.id}: {term.term!r} has no provenance; say where it was seen")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry with its text, drawn up once for its rows, its digest and its history."""

    entry: ConceptEntry
    text: str
    digest: str

    @property
    def id(self) -> str:
        """The entry's."""
        return self.entry.id


def drawn(entry: ConceptEntry) -> Drawn:
    """The entry ready to be written. Raises: StoreError as `check_entry`, and for a score that is no number."""
    check_entry(entry)
    text = body_of(entry)
    return Drawn(entry, text, content_id(text))


def write_entries(connection: Connection, entries: Sequence[Drawn], *, version: int) -> None:
    """Writes entries; those of the same ids must be gone."""
    next_id = connection.execute(select(func.coalesce(func.max(schema.term.c.id), 0))).scalar_one() + 1
    for some in chunks(entries):
        terms = [row for one in some for row in term_rows(one.entry)]
        for number, row in enumerate(terms, next_id):
            row["id"] = number
        next_id += len(terms)
        insert_rows(connection, schema.concept, [_concept_row(one, version) for one in some])
        insert_rows(connection, schema.term, terms)
        insert_rows(connection, schema.sighting, [row for one in some for row in _sightings(one.entry)])
        index_terms(connection, terms)


def _concept_row(drawn: Drawn, version: int) -> Row:
    entry = drawn.entry
    headword = next(term.term for section in entry.lang_secs for term in section.terms)
    return {
        "id": entry.id, "score": float(entry.score), "headword": headword, "digest": drawn.digest, "version": version,
        "flagged": bool(entry.flags), "body": drawn.text,
    }  # fmt: skip


def term_rows(entry: ConceptEntry) -> list[Row]:
    """What the table `term` has of an entry, without the numbers of the rows."""
    score = float(entry.score)
    return [
        {
            "concept_id": entry.id, "lang": section.lang, "term": term.term, "key": fold_key(term.term),
            "administrative_status": term.administrative_status, "review_state": term.review_state,
            "origin": term.origin, "score": score, "flagged": bool(term.flags), "pinyin": term.pinyin,
            "jyutping": term.jyutping,
        }
        for section in entry.lang_secs
        for term in section.terms
    ]  # fmt: skip


def _sightings(entry: ConceptEntry) -> list[Row]:
    proofs = (proof for section in entry.lang_secs for term in section.terms for proof in term.provenance)
    seen = dict.fromkeys(proof.bitext_id for proof in proofs if proof.bitext_id)
    return [{"concept_id": entry.id, "bitext_id": bitext_id} for bitext_id in seen]


def erase_entries(connection: Connection, ids: Sequence[str]) -> None:
    """Removes entries with all that hangs on them; claims and changes stay."""
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        terms = connection.execute(select(schema.term.c.id).where(schema.term.c.concept_id.in_(some))).scalars().all()
        unindex_terms(connection, terms)
        connection.execute(delete(schema.concept).where(schema.concept.c.id.in_(some)))


def stored_digests(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The digests of those of these entries that are stored."""
    concept = schema.concept.c
    return {
        row.id: row.digest for row in connection.execute(select(concept.id, concept.digest).where(concept.id.in_(ids)))
    }


def next_version(connection: Connection) -> int:
    """The number of the write that begins now; the write lock keeps it ours alone."""
    connection.execute(update(schema.clock).values(version=schema.clock.c.version + 1))
    return int(connection.execute(select(schema.clock.c.version)).scalar_one())


def read_entries(connection: Connection, ids: Sequence[str]) -> Iterator[ConceptEntry]:
    """The entries with these ids, in this order; ids that are not stored are left out."""
    dialect = connection.dialect.name
    for some in chunks(ids):
        wanted = dumps([*some]) if dialect == "sqlite" else [*some]
        bodies = {row[0]: row[1] for row in rows_of(connection, _BODIES[dialect], {"ids": wanted})}
        yield from (entry_of(bodies[entry_id]) for entry_id in some if entry_id in bodies)


def read_versions(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The versions of those of these entries that are stored."""
    dialect = connection.dialect.name
    wanted = dumps([*ids]) if dialect == "sqlite" else [*ids]
    return {str(row[0]): int(row[1]) for row in rows_of(connection, _VERSIONS[dialect], {"ids": wanted})}


def newest_version(connection: Connection) -> int:
    """The number of the newest write. Raises: StoreError when the clock is gone."""
    found = rows_of(connection, "SELECT version FROM clock", {})
    if not found:
        raise StoreError("the database is damaged; restore a copy")
    return int(found[0][0])
