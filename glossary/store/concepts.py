"""Concept entries to rows and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import TypeVar, cast

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from glossary.codec import JsonObject, dumps, from_json, to_json
from glossary.datamodel import ConceptEntry, Context, Definition, LangSec, Provenance, TermSec, content_id
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
    rows = connection.execute(select(schema.concept).where(schema.concept.c.id.in_(ids))).mappings()
    concepts = {row["id"]: dict(row) for row in rows}
    sections = _sections(connection, ids)
    contexts: dict[str, list[Context]] = defaultdict(list)
    of = schema.context.c.concept_id
    found = select(schema.context).where(of.in_(ids)).order_by(of, schema.context.c.position)
    for row in connection.execute(found).mappings():
        contexts[row["concept_id"]].append(from_json(Context, _fields(dict(row), Context)))
    for entry_id in ids:
        concept = concepts.get(entry_id)
        if concept is not None:
            entry = from_json(ConceptEntry, {**_fields(concept, ConceptEntry), "lang_secs": []})
            yield replace(entry, lang_secs=tuple(sections[entry_id]), contexts=tuple(contexts[entry_id]))


def _sections(connection: Connection, ids: Sequence[str]) -> dict[str, list[LangSec]]:
    terms = _terms(connection, ids)
    of = schema.lang_sec.c.concept_id
    found = select(schema.lang_sec).where(of.in_(ids)).order_by(of, schema.lang_sec.c.position)
    sections: dict[str, list[LangSec]] = defaultdict(list)
    for row in connection.execute(found).mappings():
        definitions = tuple(from_json(Definition, d) for d in row["definitions"])
        entry_id = row["concept_id"]
        sections[entry_id].append(LangSec(row["lang"], tuple(terms[entry_id, row["position"]]), definitions))
    return sections


def _terms(connection: Connection, ids: Sequence[str]) -> dict[tuple[str, int], list[TermSec]]:
    of = schema.term.c.concept_id
    proofs: dict[int, list[Provenance]] = defaultdict(list)
    joined = schema.provenance.join(schema.term, schema.term.c.id == schema.provenance.c.term_id)
    order = (schema.provenance.c.term_id, schema.provenance.c.position)
    for row in connection.execute(
        select(schema.provenance).select_from(joined).where(of.in_(ids)).order_by(*order)
    ).mappings():
        proofs[row["term_id"]].append(from_json(Provenance, _fields(dict(row), Provenance)))
    terms: dict[tuple[str, int], list[TermSec]] = defaultdict(list)
    at = schema.term.c
    for row in connection.execute(
        select(schema.term).where(of.in_(ids)).order_by(of, at.section, at.position)
    ).mappings():
        term = from_json(TermSec, _fields(dict(row), TermSec))
        terms[row["concept_id"], row["section"]].append(replace(term, provenance=tuple(proofs[row["id"]])))
    return terms


def _fields(row: Row, kind: type[ConceptEntry | Context | Provenance | TermSec]) -> Row:
    return {field.name: row[field.name] for field in fields(kind) if field.name in row}
