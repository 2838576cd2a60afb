"""The store itself: what the pipeline writes and what everything else reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

from sqlalchemy import Engine, delete, func, insert, select, update

from glossary.datamodel import AdministrativeStatus, ConceptEntry, Extraction, ReviewState
from glossary.errors import StoreError
from glossary.store import schema
from glossary.store.concepts import (
    check_entry,
    decided,
    erase_entries,
    read_decisions,
    read_entries,
    write_entries,
)
from glossary.store.connection import reading, together, writing
from glossary.store.extractions import digest_of, read_extraction, write_extraction
from glossary.store.search import Hit, How, Near, find, near_keys, with_keys

ENTRIES_AT_ONCE = 200
"""Entries read in one go: well under SQLite's limit of 32,766 parameters, and a megabyte or so of memory."""


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


@dataclass(frozen=True, slots=True)
class Changes:
    """What a synchronisation did to the entries."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __bool__(self) -> bool:
        """True when anything was written."""
        return bool(self.added or self.changed or self.removed)


class Store:
    """An open termbase; made by `open_store`, closed by `with` or `close`. May be shared by threads.

    Every method Raises: StoreError when the database cannot be read or written (locked, full, read only, damaged).
    Every writing method does all or nothing.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database; the store cannot be used afterwards."""
        self._engine.dispose()

    def together(self) -> AbstractContextManager[None]:
        """A block in which everything this thread writes happens as a whole or not at all; other writers wait."""
        return together(self._engine, self.name)

    # documents

    def put(self, extraction: Extraction) -> bool:
        """Stores what one document gave, in place of what it gave before; False when that was the same.

        Raises: StoreError for a text with a lone surrogate or a score that is no number.
        """
        digest = _digest(extraction)
        of_it = schema.extraction.c.bitext_id == extraction.bitext_id
        with reading(self._engine, self.name) as connection:
            if connection.execute(select(schema.extraction.c.digest).where(of_it)).scalar() == digest:
                return False
        with writing(self._engine, self.name) as connection:
            connection.execute(delete(schema.extraction).where(of_it))
            write_extraction(connection, extraction, digest)
        return True

    def extraction(self, bitext_id: str) -> Extraction | None:
        """What the document with this id gave, or None."""
        with reading(self._engine, self.name) as connection:
            return read_extraction(connection, bitext_id)

    def same_text(self, source_id: str, target_id: str) -> tuple[tuple[str, str], ...]:
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
        with reading(self._engine, self.name) as connection:
            return tuple((row[0], row[1]) for row in connection.execute(query))

    def extractions(self) -> Iterator[Extraction]:
        """All extractions, by source URI; one is in memory at a time."""
        for summary in self.documents():
            extraction = self.extraction(summary.bitext_id)
            if extraction is not None:
                yield extraction

    def documents(self) -> tuple[DocumentSummary, ...]:
        """All documents in figures, by source URI."""
        e, p, t = schema.extraction.c, schema.provenance, schema.term
        seen = (
            select(p.c.bitext_id, func.count(t.c.concept_id.distinct()).label("n_terms"))
            .join_from(p, t, t.c.id == p.c.term_id)
            .group_by(p.c.bitext_id)
            .subquery()
        )
        figures = [e[name] for name in DocumentSummary.__dataclass_fields__ if name != "n_terms"]
        query = (
            select(*figures, func.coalesce(seen.c.n_terms, 0))
            .join_from(schema.extraction, seen, seen.c.bitext_id == e.bitext_id, isouter=True)
            .order_by(e.source_uri, e.target_uri, e.bitext_id)
        )
        with reading(self._engine, self.name) as connection:
            return tuple(DocumentSummary(*row) for row in connection.execute(query))

    def remove(self, bitext_id: str) -> bool:
        """Forgets a document; its entries go at the next `sync_entries`. False when it was not there."""
        with writing(self._engine, self.name) as connection:
            done = connection.execute(delete(schema.extraction).where(schema.extraction.c.bitext_id == bitext_id))
            return done.rowcount > 0

    # entries

    def sync_entries(self, entries: Iterable[ConceptEntry]) -> Changes:
        """Makes the stored entries those given, in one transaction; an unchanged entry writes nothing.

        What people decided stays: decided terms keep their state, an approved term stays with its entry even when no
        document shows it any more, a rejected one comes back rejected.

        Raises: StoreError for two entries of one id, an entry without terms, an observed term without provenance.
        """
        incoming = list(entries)
        if len({entry.id for entry in incoming}) < len(incoming):
            raise StoreError("two entries have the same id; nothing was stored")
        for entry in incoming:
            check_entry(entry)
        changes: list[ConceptEntry] = []
        with writing(self._engine, self.name) as connection:
            digests = {
                row.id: row.digest for row in connection.execute(select(schema.concept.c.id, schema.concept.c.digest))
            }
            decisions = read_decisions(connection)
            for entry in incoming:
                human = decisions.get(entry.id, [])
                stored = next(read_entries(connection, [entry.id]), None) if human else None
                entry = decided(entry, human, stored)
                if digests.get(entry.id) == _digest(entry):
                    continue
                changes.append(entry)
            write_entries(connection, changes, replaced=digests.keys())
            gone = sorted(digests.keys() - {entry.id for entry in incoming})
            removed = [i for i in gone if not any(d.keeps for d in decisions.get(i, []))]
            erase_entries(connection, removed)
        changed = sum(entry.id in digests for entry in changes)
        unchanged = len(incoming) + len(gone) - len(changes) - len(removed)
        return Changes(len(changes) - changed, changed, len(removed), unchanged)

    def entries(self, *, lang: str | None = None, min_score: float = 0.0) -> Iterator[ConceptEntry]:
        """The entries that have a term of that language (`zh` means every zh tag), best score first, then by term."""
        concept = schema.concept.c
        query = select(concept.id).where(concept.score >= min_score)
        if lang is not None:
            section = schema.lang_sec.c
            fits = (section.lang == lang) | section.lang.startswith(f"{lang}-", autoescape=True)
            query = query.where(concept.id.in_(select(section.concept_id).where(fits)))
        query = query.order_by(concept.score.desc(), concept.headword, concept.id)
        with reading(self._engine, self.name) as connection:
            ids = connection.execute(query).scalars().all()
        for at in range(0, len(ids), ENTRIES_AT_ONCE):
            with reading(self._engine, self.name) as connection:
                some = list(read_entries(connection, ids[at : at + ENTRIES_AT_ONCE]))
            yield from some

    def entry(self, entry_id: str) -> ConceptEntry | None:
        """The entry with this id, or None."""
        return next(iter(self.entries_of([entry_id])), None)

    def entries_of(self, ids: Iterable[str]) -> tuple[ConceptEntry, ...]:
        """The entries with these ids, in this order; unknown ids are left out."""
        with reading(self._engine, self.name) as connection:
            return tuple(read_entries(connection, list(ids)))

    def count(self) -> int:
        """How many entries there are."""
        with reading(self._engine, self.name) as connection:
            return connection.execute(select(func.count()).select_from(schema.concept)).scalar_one()

    # people

    def set_review(self, entry_id: str, lang: str, term: str, state: ReviewState, *, who: str) -> None:
        """Records that a person approved, rejected or reopened a term. Raises: StoreError for no such term."""
        self._decide(entry_id, lang, term, "review_state", state, who)

    def set_status(self, entry_id: str, lang: str, term: str, status: AdministrativeStatus, *, who: str) -> None:
        """Records a term's administrative status. Raises: StoreError when there is no such term."""
        self._decide(entry_id, lang, term, "administrative_status", status, who)

    def _decide(self, entry_id: str, lang: str, term: str, column: str, value: str, who: str) -> None:
        d, t = schema.decision, schema.term
        with writing(self._engine, self.name) as connection:
            at = (t.c.concept_id == entry_id) & (t.c.lang == lang) & (t.c.term == term)
            if not connection.execute(update(t).where(at).values({column: value})).rowcount:
                raise StoreError(f"entry {entry_id!r} has no term {term!r} in {lang}; nothing was changed")
            found = {"concept_id": entry_id, "lang": lang, "term": term}
            same = (d.c.concept_id == entry_id) & (d.c.lang == lang) & (d.c.term == term)
            fields = {column: value, "who": who, "when": datetime.now(UTC).isoformat(timespec="seconds")}
            if not connection.execute(update(d).where(same).values(fields)).rowcount:
                connection.execute(insert(d), [{**found, **fields}])
            entry = next(read_entries(connection, [entry_id]))
            of_it = schema.concept.c.id == entry_id
            connection.execute(update(schema.concept).where(of_it).values(digest=digest_of(entry)))

    # search

    def search(self, key: str, how: How, *, lang: str | None = None, limit: int = 20) -> tuple[Hit, ...]:
        """The terms whose folded key is `key` (a `language.fold_key`), starts with it, or holds it; shortest first.

        With `reading`, `key` is typed pinyin or jyutping.
        """
        with reading(self._engine, self.name) as connection:
            return tuple(find(connection, key, how, lang=lang or "", limit=limit))

    def with_keys(self, keys: Sequence[str], *, lang: str | None = None, limit: int = 20) -> tuple[Hit, ...]:
        """The terms that have one of these folded keys; shortest first."""
        with reading(self._engine, self.name) as connection:
            return tuple(with_keys(connection, keys, lang=lang or "", limit=limit))

    def near_keys(self, key: str, *, limit: int = 2000) -> tuple[Near, ...]:
        """Folded keys that may be what a misspelt `key` means; the caller measures how near they are."""
        with reading(self._engine, self.name) as connection:
            return tuple(near_keys(connection, key, limit=limit))


def _digest(record: Extraction | ConceptEntry) -> str:
    try:
        return digest_of(record)
    except ValueError as error:
        raise StoreError(f"{getattr(record, 'id', None) or 'extraction'}: cannot be stored: {error}") from error
