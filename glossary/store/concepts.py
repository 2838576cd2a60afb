"""Concept entries to rows and back, and the rule for what a rebuild may change of an entry a person has touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from sqlalchemy import Connection, Table, delete, func, insert, select

from glossary.codec import from_json, to_json
from glossary.datamodel import (
    AdministrativeStatus,
    ConceptEntry,
    Context,
    Definition,
    LangSec,
    Provenance,
    ReviewState,
    TermSec,
)
from glossary.errors import StoreError
from glossary.language import fold_key
from glossary.store import schema
from glossary.store.extractions import digest_of
from glossary.store.search_index import index_terms, unindex_terms

_Row = dict[str, object]

_AT_ONCE = 500
"""Entries written or erased in one statement: far under SQLite's limit of 32,766 parameters, some megabytes of rows."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one term; None: nothing."""

    lang: str
    term: str
    review_state: ReviewState | None
    administrative_status: AdministrativeStatus | None

    @property
    def keeps(self) -> bool:
        """True when the term stays even if no document shows it any more."""
        return self.review_state == "approved" or (self.review_state is None and self.administrative_status is not None)


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


def decided(entry: ConceptEntry, decisions: Sequence[Decision], stored: ConceptEntry | None) -> ConceptEntry:
    """The entry as a rebuild derived it, with the decisions of people put back.

    Decided terms take their decided state; decided terms the rebuild no longer has are taken over from the stored
    entry when they are approved, and so are its contexts when an approved entry would lose them.
    """
    if not decisions:
        return entry
    by_term = {(d.lang, d.term): d for d in decisions}
    sections = [_decided_section(section, by_term) for section in entry.lang_secs]
    if stored is not None and any(d.keeps for d in decisions):
        sections = _with_kept(sections, stored, by_term)
        seen = {(c.bitext_id, c.bead, c.source) for c in entry.contexts}
        lost = tuple(c for c in stored.contexts if (c.bitext_id, c.bead, c.source) not in seen)
        entry = replace(entry, contexts=entry.contexts + lost)
    return replace(entry, lang_secs=tuple(sections))


def _decided_section(section: LangSec, by_term: dict[tuple[str, str], Decision]) -> LangSec:
    terms = []
    for term in section.terms:
        decision = by_term.get((section.lang, term.term))
        if decision and decision.review_state:
            term = replace(term, review_state=decision.review_state)
        if decision and decision.administrative_status:
            term = replace(term, administrative_status=decision.administrative_status)
        terms.append(term)
    return replace(section, terms=tuple(terms))


def _with_kept(
    sections: list[LangSec], stored: ConceptEntry, by_term: dict[tuple[str, str], Decision]
) -> list[LangSec]:
    for old in stored.lang_secs:
        at = next((i for i, s in enumerate(sections) if s.lang == old.lang), None)
        present = {t.term for t in sections[at].terms} if at is not None else set()
        kept = tuple(
            t for t in old.terms if t.term not in present and (d := by_term.get((old.lang, t.term))) and d.keeps
        )
        if kept and at is not None:
            sections[at] = replace(sections[at], terms=sections[at].terms + kept)
        elif kept:
            sections.append(replace(old, terms=kept))
    return sections


def write_entries(connection: Connection, entries: Sequence[ConceptEntry], *, replaced: Collection[str]) -> None:
    """Writes entries, in place of what is stored under those of their ids that are in `replaced`."""
    erase_entries(connection, [entry.id for entry in entries if entry.id in replaced])
    next_id = connection.execute(select(func.coalesce(func.max(schema.term.c.id), 0))).scalar_one() + 1
    for at in range(0, len(entries), _AT_ONCE):
        rows = _Rows(next_id)
        for entry in entries[at : at + _AT_ONCE]:
            rows.add(entry)
        for table, listed in rows.tables.items():
            if listed:
                connection.execute(insert(table), listed)
        index_terms(connection, [(int(str(row["id"])), str(row["key"])) for row in rows.tables[schema.term]])
        next_id = rows.next_id


class _Rows:
    """The rows of some entries, table by table, parents first."""

    def __init__(self, next_id: int) -> None:
        self.next_id = next_id
        order = (schema.concept, schema.lang_sec, schema.term, schema.provenance, schema.context)
        self.tables: dict[Table, list[_Row]] = {table: [] for table in order}

    def add(self, entry: ConceptEntry) -> None:
        """Takes in one entry."""
        columns = {k: v for k, v in to_json(entry).items() if k not in ("lang_secs", "contexts")}
        headword = next(t.term for s in entry.lang_secs for t in s.terms)
        self.tables[schema.concept].append({**columns, "headword": headword, "digest": digest_of(entry)})
        owner: _Row = {"concept_id": entry.id}
        for at, section in enumerate(entry.lang_secs):
            definitions = [to_json(d) for d in section.definitions]
            self.tables[schema.lang_sec].append(
                {**owner, "position": at, "lang": section.lang, "definitions": definitions}
            )
            for position, term in enumerate(section.terms):
                self._add_term(term, {**owner, "lang": section.lang, "section": at, "position": position})
        self.tables[schema.context] += [{**owner, "position": i, **to_json(c)} for i, c in enumerate(entry.contexts)]

    def _add_term(self, term: TermSec, place: _Row) -> None:
        columns = {k: v for k, v in to_json(term).items() if k != "provenance"}
        self.tables[schema.term].append({**place, **columns, "id": self.next_id, "key": fold_key(term.term)})
        self.tables[schema.provenance] += [
            {"term_id": self.next_id, "position": i, **to_json(p)} for i, p in enumerate(term.provenance)
        ]
        self.next_id += 1


def erase_entries(connection: Connection, ids: Sequence[str]) -> None:
    """Removes entries with all that hangs on them; decisions stay."""
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        terms = connection.execute(select(schema.term.c.id).where(schema.term.c.concept_id.in_(some))).scalars().all()
        unindex_terms(connection, terms)
        connection.execute(delete(schema.concept).where(schema.concept.c.id.in_(some)))


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


def _fields(row: _Row, kind: type[ConceptEntry | Context | Provenance | TermSec]) -> _Row:
    return {field.name: row[field.name] for field in fields(kind) if field.name in row}


def read_decisions(connection: Connection, entry_id: str | None = None) -> dict[str, list[Decision]]:
    """The decisions by entry id, of one entry or all."""
    query = select(schema.decision).order_by(*schema.decision.primary_key.columns)
    if entry_id is not None:
        query = query.where(schema.decision.c.concept_id == entry_id)
    decisions: dict[str, list[Decision]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        decisions[row["concept_id"]].append(
            Decision(row["lang"], row["term"], row["review_state"], row["administrative_status"])
        )
    return decisions
