"""Concept entries to rows and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Column, Connection, Table, delete, func, insert, select, update

from glossary.codec import JsonObject, dumps, from_json, to_json
from glossary.datamodel import ConceptEntry, Context, Definition, Flag, LangSec, Provenance, TermSec, content_id
from glossary.errors import StoreError
from glossary.language import fold_key
from glossary.store import schema
from glossary.store.search import index_terms, unindex_terms

Row = dict[str, object]
Item = TypeVar("Item")

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
    """An entry as JSON, drawn up once for its rows, its digest and its history."""

    id: str
    body: JsonObject
    text: str
    digest: str


def drawn(entry: ConceptEntry) -> Drawn:
    """The entry ready to be written. Raises: StoreError as `check_entry`, and for a score that is no number."""
    check_entry(entry)
    body = to_json(entry)
    try:
        text = dumps(body)
    except ValueError as error:
        raise StoreError(f"entry {entry.id}: cannot be stored: {error}") from error
    return Drawn(entry.id, body, text, content_id(text))


def write_entries(connection: Connection, entries: Sequence[Drawn], *, version: int) -> None:
    """Writes entries; those of the same ids must be gone."""
    next_id = connection.execute(select(func.coalesce(func.max(schema.term.c.id), 0))).scalar_one() + 1
    for at in range(0, len(entries), AT_ONCE):
        rows = _Rows(next_id, version)
        for entry in entries[at : at + AT_ONCE]:
            rows.add(entry)
        for table, listed in rows.tables.items():
            if listed:
                connection.execute(insert(table), listed)
        index_terms(connection, rows.tables[schema.term])
        next_id = rows.next_id


class _Rows:
    """The rows of some entries, table by table, parents first."""

    def __init__(self, next_id: int, version: int) -> None:
        self.next_id = next_id
        self.version = version
        order = (schema.concept, schema.lang_sec, schema.term, schema.provenance, schema.context)
        self.tables: dict[Table, list[Row]] = {table: [] for table in order}

    def add(self, entry: Drawn) -> None:
        """Takes in one entry."""
        concept: Row = dict(entry.body)
        sections, contexts = _records(concept.pop("lang_secs")), _records(concept.pop("contexts"))
        headword = next(t["term"] for s in sections for t in _records(s["terms"]))
        written = {"headword": headword, "digest": entry.digest, "version": self.version}
        self.tables[schema.concept].append({**concept, **written})
        for at, section in enumerate(sections):
            place: Row = {"concept_id": entry.id, "lang": section["lang"]}
            self.tables[schema.lang_sec].append({**place, "position": at, "definitions": section["definitions"]})
            for position, term in enumerate(_records(section["terms"])):
                self._add_term({**place, "section": at, "position": position, **term})
        self.tables[schema.context] += [
            {"concept_id": entry.id, "position": i, **context} for i, context in enumerate(contexts)
        ]

    def _add_term(self, term: Row) -> None:
        proofs = _records(term.pop("provenance"))
        self.tables[schema.term].append({**term, "id": self.next_id, "key": fold_key(str(term["term"]))})
        self.tables[schema.provenance] += [
            {"term_id": self.next_id, "position": i, **proof} for i, proof in enumerate(proofs)
        ]
        self.next_id += 1


def _records(value: object) -> list[Row]:
    """The records of a list of a body."""
    return cast(list[Row], value)


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
    concepts = {row["id"]: row for row in _rows_of(connection, schema.concept, ConceptEntry, schema.concept.c.id, ids)}
    if not concepts:
        return
    sections, contexts = _sections(connection, ids), _contexts(connection, ids)
    for entry_id in ids:
        concept = concepts.get(entry_id)
        if concept is not None:
            yield ConceptEntry(
                **{**concept, "flags": _flags(concept["flags"])},
                lang_secs=tuple(sections[entry_id]),
                contexts=tuple(contexts[entry_id]),
            )


# Rows are read without the checks of the codec, which cost more than the database: columns have types of their own.


def _rows_of(
    connection: Connection, table: Table, kind: type, owner: Column[str], ids: Sequence[str], *more: str
) -> Iterator[dict[str, Any]]:
    """Rows of these owners in their order: the columns that are fields of a record, and more."""
    names = [*more, *(f.name for f in fields(kind) if f.name in table.c)]
    query = select(*(table.c[name] for name in names)).where(owner.in_(ids))
    order = [owner, *(table.c[name] for name in ("section", "position") if name in table.c)]
    for row in connection.execute(query.order_by(*order)).all():
        yield dict(zip(names, row, strict=True))


def _flags(value: list[Row]) -> tuple[Flag, ...]:
    return tuple(from_json(Flag, flag) for flag in value)


def _contexts(connection: Connection, ids: Sequence[str]) -> dict[str, list[Context]]:
    contexts: dict[str, list[Context]] = defaultdict(list)
    owner = schema.context.c.concept_id
    for row in _rows_of(connection, schema.context, Context, owner, ids, "concept_id"):
        for side in ("source_marks", "target_marks"):
            row[side] = tuple([(start, end) for start, end in row[side]])
        contexts[row.pop("concept_id")].append(Context(**row))
    return contexts


def _sections(connection: Connection, ids: Sequence[str]) -> dict[str, list[LangSec]]:
    terms = _terms(connection, ids)
    sections: dict[str, list[LangSec]] = defaultdict(list)
    owner = schema.lang_sec.c.concept_id
    for row in _rows_of(connection, schema.lang_sec, LangSec, owner, ids, "concept_id", "position"):
        definitions = tuple([from_json(Definition, d) for d in row["definitions"]])
        listed = tuple(terms[row["concept_id"], row["position"]])
        sections[row["concept_id"]].append(LangSec(row["lang"], listed, definitions))
    return sections


def _terms(connection: Connection, ids: Sequence[str]) -> dict[tuple[str, int], list[TermSec]]:
    proofs = _proofs(connection, ids)
    terms: dict[tuple[str, int], list[TermSec]] = defaultdict(list)
    owner = schema.term.c.concept_id
    for row in _rows_of(connection, schema.term, TermSec, owner, ids, "id", "concept_id", "section"):
        provenance = tuple(proofs[row.pop("id")])
        place = (row.pop("concept_id"), row.pop("section"))
        row["flags"] = _flags(row["flags"])
        terms[place].append(TermSec(**row, provenance=provenance))
    return terms


def _proofs(connection: Connection, ids: Sequence[str]) -> dict[int, list[Provenance]]:
    at, term = schema.provenance.c, schema.term.c
    query = select(at.term_id, *(at[f.name] for f in fields(Provenance))).join(schema.term, term.id == at.term_id)
    ordered = query.where(term.concept_id.in_(ids)).order_by(at.term_id, at.position)
    proofs: dict[int, list[Provenance]] = defaultdict(list)
    for number, *columns in connection.execute(ordered).all():
        proofs[number].append(Provenance(*columns))
    return proofs
