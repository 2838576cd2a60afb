"""The store itself: what the pipeline and people write, and what everything else reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType

from sqlalchemy import Connection, Engine, delete, func, select

from glossary.datamodel import AdministrativeStatus, Change, ConceptEntry, Context, Extraction, ReviewState
from glossary.errors import StoreError
from glossary.store import people, schema
from glossary.store.accounts import Accounts
from glossary.store.backup import back_up
from glossary.store.changes import act, read_changes, undo
from glossary.store.checking import Finding, findings
from glossary.store.claims import Form
from glossary.store.concepts import newest_version, read_entries, read_versions
from glossary.store.connection import one_view, reading, together, writing
from glossary.store.duplicates import Duplicate, duplicates
from glossary.store.extractions import (
    DocumentSummary,
    digest_of,
    documents_with,
    read_extraction,
    summaries,
    write_extraction,
)
from glossary.store.keys import Holder, holders
from glossary.store.pages import Filter, position_of, read_page
from glossary.store.queue import Waiting, count_queue, read_queue
from glossary.store.search import Hit, How, Near, Part, few_keys, find, near_keys, with_keys
from glossary.store.search_index import join_segments
from glossary.store.sentences import pairs_with
from glossary.store.sync import sync
from glossary.store.work import Work
from glossary.store.work_schema import alignment_log

_WRITTEN: ContextVar[Mapping[Store, list[int]]] = ContextVar("entries written together", default=MappingProxyType({}))
"""How many entries each write wrote inside the `together` of this thread."""
_UNDONE_WHOLE = ("merge", "split")
"""Changes that mean nothing alone: undoing one undoes its group."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a synchronisation or an import did to the entries; `group` names an import's changes for `undo_group`."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    group: str = field(default="", compare=False)

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
        self.work = Work(engine, name)
        self.accounts = Accounts(engine, name)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database; the store cannot be used afterwards."""
        self._engine.dispose()

    def check(self) -> tuple[Finding, ...]:
        """What is wrong with the store, with the codes of `checking`; () for a sound one. Reads all of it."""
        with reading(self._engine, self.name) as connection:
            return tuple(findings(connection))

    def backup(self, path: str | Path) -> None:
        """Writes a consistent copy while others read and write: a SQLite file, or for `.zip` a portable one.

        Raises: StoreError when it cannot be written, and for a SQLite file of a PostgreSQL store.
        """
        back_up(self._engine, self.name, Path(path))

    @contextmanager
    def together(self) -> Iterator[None]:
        """A block in which everything this thread writes happens as a whole or not at all; other writers wait."""
        with together(self._engine, self.name):
            if self in _WRITTEN.get():  # inside another one, at whose end it is counted
                yield
                return
            written: list[int] = []
            before = _WRITTEN.set({**_WRITTEN.get(), self: written})
            try:
                yield
                with writing(self._engine, self.name) as connection:
                    join_segments(connection, sum(written))
            finally:
                _WRITTEN.reset(before)

    def _wrote(self, connection: Connection, entries: int) -> None:
        """Puts the search index in order after a write of so many entries, inside `together` at its end."""
        if self in _WRITTEN.get():
            _WRITTEN.get()[self].append(entries)
        else:
            join_segments(connection, entries)

    def one_view(self) -> AbstractContextManager[None]:
        """A block in which this thread reads the store as it is at one moment; many small reads cost less so."""
        return one_view(self._engine, self.name)

    # documents

    def put(self, extraction: Extraction) -> bool:
        """Stores what one document gave, in place of what it gave before; False when that was the same.

        Raises: StoreError for a text with a lone surrogate or a score that is no number.
        """
        try:
            digest = digest_of(extraction)
        except ValueError as error:
            raise StoreError(f"extraction: cannot be stored: {error}") from error
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

    def digest(self, bitext_id: str) -> str | None:
        """A fingerprint of all that a document gave, which any change changes; None when there is no such document."""
        query = select(schema.extraction.c.digest).where(schema.extraction.c.bitext_id == bitext_id)
        with reading(self._engine, self.name) as connection:
            return connection.execute(query).scalar()

    def same_text(self, source_id: str, target_id: str) -> tuple[tuple[str, str], ...]:
        """(bitext_id, source_uri) of the stored documents that have exactly these texts, by document ids."""
        with reading(self._engine, self.name) as connection:
            return documents_with(connection, source_id, target_id)

    def extractions(self) -> Iterator[Extraction]:
        """All extractions, by source URI; one is in memory at a time."""
        for summary in self.documents():
            extraction = self.extraction(summary.bitext_id)
            if extraction is not None:
                yield extraction

    def documents(self) -> tuple[DocumentSummary, ...]:
        """All documents in figures, by source URI."""
        with reading(self._engine, self.name) as connection:
            return summaries(connection)

    def sentences(self, forms: Sequence[str], *, limit: int = 50) -> tuple[Context, ...]:
        """Sentence pairs that hold one of these forms, without marks, by document; as `sentences.pairs_with`."""
        with reading(self._engine, self.name) as connection:
            return tuple(pairs_with(connection, forms, limit))

    def remove(self, bitext_id: str) -> bool:
        """Forgets a document; its entries go at the next `sync_entries`. False when it was not there."""
        with writing(self._engine, self.name) as connection:
            done = connection.execute(delete(schema.extraction).where(schema.extraction.c.bitext_id == bitext_id))
            connection.execute(delete(alignment_log).where(alignment_log.c.bitext_id == bitext_id))
            return done.rowcount > 0

    # entries

    def entries(
        self, lang: str | None = None, min_score: float = 0.0, status: AdministrativeStatus | None = None,
        review: ReviewState | None = None, limit: int | None = None, after: str | None = None,
    ) -> Iterator[ConceptEntry]:  # fmt: skip
        """Entries, best score first, then by term; some hundreds are in memory at a time.

        `lang`: with a term of that language (`zh` means every zh tag); `status`, `review`: with a term (of `lang`) in
        that state; `after`: only those that come after the entry with this id. Entries that are written while this goes
        on may be missed or come twice.

        Raises: StoreError when there is no entry `after`.
        """
        wanted = Filter(lang, min_score, status, review)
        with reading(self._engine, self.name) as connection:
            at = None if after is None else position_of(connection, after)
        while limit is None or limit > 0:
            with reading(self._engine, self.name) as connection:
                page, at = read_page(connection, wanted, at, limit)
            yield from page
            if at is None:
                return
            limit = None if limit is None else limit - len(page)

    def entry(self, entry_id: str) -> ConceptEntry | None:
        """The entry with this id, or None."""
        return next(iter(self.entries_of([entry_id])), None)

    def entries_of(self, ids: Iterable[str]) -> tuple[ConceptEntry, ...]:
        """The entries with these ids, in this order; unknown ids are left out."""
        wanted = list(ids)
        if not wanted:
            return ()
        with reading(self._engine, self.name) as connection:
            return tuple(read_entries(connection, wanted))

    def count(self) -> int:
        """How many entries there are."""
        with reading(self._engine, self.name) as connection:
            return connection.execute(select(func.count()).select_from(schema.concept)).scalar_one()

    def newest(self) -> int:
        """The number of the newest write to the entries: while it stays, so does every entry."""
        with reading(self._engine, self.name) as connection:
            return newest_version(connection)

    def version(self, entry_id: str) -> int:
        """The version of an entry, 0 when it is not stored. It grows with every change, by steps of any size."""
        with reading(self._engine, self.name) as connection:
            return people.version_of(connection, entry_id)

    def versions(self, ids: Sequence[str]) -> dict[str, int]:
        """The versions of those of these entries that are stored; none is greater than `newest`."""
        with reading(self._engine, self.name) as connection:
            return read_versions(connection, ids)

    def sync_entries(self, entries: Iterable[ConceptEntry]) -> Changes:
        """Makes the stored entries those given, in one transaction; an unchanged entry writes nothing.

        What a person or an import has written is theirs: it only gains contexts, provenance and new proposed terms, and
        is never removed. Terms and entries people took out do not come back, merged and split entries stay so.

        Raises: StoreError for two entries of one id, an entry without terms, an observed term without provenance.
        """
        with writing(self._engine, self.name) as connection:
            changes = Changes(*sync(connection, entries))
            self._wrote(connection, changes.added + changes.changed + changes.removed)
        return changes

    # people; every change is recorded under `who`

    def save(
        self, entry: ConceptEntry, *, who: str, expected: int | None = None, what: str = "edit", group: str = ""
    ) -> int:
        """Adds an entry, or replaces it; its new version. An entry that is as stored writes nothing.

        `expected` is the version the editor saw. Observed terms without provenance get one: written, or imported, by
        `who`.

        Raises: StoreConflict when the entry has another version now; StoreError for what must not enter the store.
        """
        with writing(self._engine, self.name) as connection:
            return people.save(connection, entry, act(who, what, group), expected)

    def save_many(self, entries: Iterable[ConceptEntry], *, who: str, what: str = "import", group: str = "") -> Changes:
        """`save` for many in one transaction; they are taken from the iterable some hundreds at a time.

        Raises: StoreError for two entries of one id, and as `save`; then nothing was written.
        """
        by = act(who, what, group or people.new_group())
        with writing(self._engine, self.name) as connection:
            added, changed, unchanged = people.save_many(connection, entries, by)
            self._wrote(connection, added + changed)
        return Changes(added, changed, 0, unchanged, by.group)

    def delete(self, entry_id: str, *, who: str, expected: int | None = None) -> None:
        """Takes an entry out; no rebuild brings it back. Raises: StoreConflict as `save`; StoreError for no entry."""
        with writing(self._engine, self.name) as connection:
            people.delete(connection, entry_id, act(who, "delete"), expected)

    def merge(self, entry_ids: Sequence[str], *, who: str) -> ConceptEntry:
        """Puts entries together into the first, which this gives; later rebuilds add what they find to it."""
        with writing(self._engine, self.name) as connection:
            return people.merge(connection, list(entry_ids), act(who, "merge", people.new_group()))

    def split(self, entry_id: str, terms: Iterable[Form], *, who: str) -> tuple[ConceptEntry, ConceptEntry]:
        """Moves (language, term)s into a new entry: the old one and the new one. Later rebuilds keep them apart.

        A language with no term named is in both: one English term with two senses becomes two entries.
        Raises: StoreError for a term the entry does not have, or when one side would be empty.
        """
        with writing(self._engine, self.name) as connection:
            return people.split(connection, entry_id, terms, act(who, "split", people.new_group()))

    def duplicates(self) -> Iterator[Duplicate]:
        """(entry ids, reason) of entries that share a term or are variants of one another, equal pairs first."""
        with reading(self._engine, self.name) as connection:
            found = list(duplicates(connection))
        yield from found

    # history

    def changes(self, entry_id: str | None = None, *, limit: int = 50, before: int | None = None) -> tuple[Change, ...]:
        """What people and imports changed, newest first, of one entry or all; `before`: older than this change."""
        with reading(self._engine, self.name) as connection:
            return read_changes(connection, entry_id, limit=limit, before=before)

    def undo(self, change_id: int, *, who: str) -> None:
        """Takes a change back, of a merge or split all of it; that is a change of its own and can be undone too.

        Raises: StoreConflict when the entry was changed since, naming that change; StoreError for no such change.
        """
        change = schema.change.c
        with writing(self._engine, self.name) as connection:
            row = connection.execute(select(change.what, change.group).where(change.id == change_id)).first()
            whole = row is not None and row.what in _UNDONE_WHOLE and row.group
            undone = change.group == row.group if row and whole else change.id == change_id
            undo(connection, undone, act(who, "undo", people.new_group()), missing=f"there is no change {change_id}")

    def undo_group(self, group: str, *, who: str) -> None:
        """Takes all changes of one act back, such as an import. Raises: StoreConflict, StoreError as `undo`."""
        undone = (schema.change.c.group == group) & (schema.change.c.group != "")
        with writing(self._engine, self.name) as connection:
            back = undo(
                connection, undone, act(who, "undo", people.new_group()), missing=f"there is no group {group!r}"
            )
            self._wrote(connection, back)

    def restore(self, entry_id: str, change_id: int, *, who: str) -> None:
        """Makes an entry what it was after a change of its history, or before it when the change took it away.

        Raises: StoreError when that change is none of this entry.
        """
        with writing(self._engine, self.name) as connection:
            people.restore(connection, entry_id, change_id, act(who, "restore"))

    # review

    def queue(self, which: Waiting = "all", *, limit: int = 20, skip: int = 0) -> tuple[ConceptEntry, ...]:
        """Entries with an observed term that waits for review, best first; only flagged ones, or those rejected."""
        with reading(self._engine, self.name) as connection:
            return tuple(read_queue(connection, which, limit=limit, skip=skip))

    def queue_count(self, which: Waiting = "all") -> int:
        """How many entries `queue` has."""
        with reading(self._engine, self.name) as connection:
            return count_queue(connection, which)

    def change(self, change_id: int) -> Change | None:
        """One change of the history, or None."""
        found = self.changes(limit=1, before=change_id + 1)
        return found[0] if found and found[0].id == change_id else None

    # search

    def search(
        self, key: str, how: How, *, lang: str | None = None, limit: int = 20, entries: int = 0
    ) -> tuple[Hit, ...]:
        """The terms whose folded key is `key` (a `language.fold_key`), starts with it, or holds it; shortest first.

        With `reading`, `key` is typed pinyin or jyutping. With `entries`, terms of so many entries are enough.
        """
        with reading(self._engine, self.name) as connection:
            return tuple(find(connection, key, how, lang=lang or "", limit=limit, entries=entries))

    def few_keys(self, texts: Sequence[str], typed: str) -> tuple[Part, ...] | None:
        """The folded keys that begin with the first text, hold one of them or are read as typed, in that order.

        None when there are too many to tell at once: then `search` for each way.
        """
        with reading(self._engine, self.name) as connection:
            found = few_keys(connection, texts, typed)
        return None if found is None else tuple(found)

    def holders(self, keys: Iterable[str]) -> tuple[Holder, ...]:
        """(folded key, language, entry id) of every term with one of these `language.fold_key`s, by entry id."""
        with reading(self._engine, self.name) as connection:
            return tuple(holders(connection, keys))

    def with_keys(self, keys: Sequence[str], *, lang: str | None = None, limit: int = 20) -> tuple[Hit, ...]:
        """The terms that have one of these folded keys; shortest first."""
        with reading(self._engine, self.name) as connection:
            return tuple(with_keys(connection, keys, lang=lang or "", limit=limit))

    def near_keys(self, key: str, *, limit: int = 1000) -> tuple[Near, ...]:
        """Folded keys that may be what a misspelt `key` means; the caller measures how near they are."""
        with reading(self._engine, self.name) as connection:
            return tuple(near_keys(connection, key, limit=limit))
