"""Room 5: what was read, aligned and found, and what people made of it, kept in a database. Door: `open_store`.

    with open_store("glossary.db") as store:               # or postgresql://user:password@host/database
        store.put(extraction)                              # per document; the same again changes nothing
        store.sync_entries(entries)                        # a rebuild: the machine's entries become these
        for entry in store.entries(lang="zh", min_score=0.5): ...
        version = store.version(entry.id)
        store.save(replace(entry, note="..."), who="mei", expected=version)      # or StoreConflict
        store.undo(store.changes(entry.id)[0].id, who="mei")
        store.search(fold_key("區塊鏈"), "prefix")
        store.work.alignment_log(extraction); store.work.add_job(...)    # changes of alignments, background jobs

The only room that knows SQL: SQLite (one file in WAL mode) and PostgreSQL through the same statements; several
processes may read and write at once.

- **Documents and entries.** Extractions (what each document gave) and entries (assembled from all of them) are kept
  apart, so that a changed document replaces its own part.
- **People.** An entry that a person or an import wrote is theirs. A rebuild only adds contexts, provenance and new
  proposed terms to it, never removes it, and never brings back a term or an entry they took out, even when the concept
  has got another id since (it is recognised by a term of each language). Merged entries stay merged, split ones apart.
  To hand an entry back to the machine, undo the changes.
- **History.** Every write of a person or an import is recorded: who, when, before, after. It can be undone unless the
  entry was changed since; an undo is a change like any other. Rebuilds are not recorded: the documents give the same
  again.
- **Versions** grow with every write, rebuilds included, by steps of any size; `expected` in `save` and `delete` keeps
  two editors from overwriting each other.

Limits: PostgreSQL keeps no U+0000. The history is never thinned out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glossary.errors import StoreConflict, StoreError
from glossary.store import backup
from glossary.store.accounts import Accounts
from glossary.store.checking import Finding
from glossary.store.connection import absent, check, connect, connect_new, display_name, outdated
from glossary.store.extractions import DocumentSummary
from glossary.store.queue import Waiting
from glossary.store.repository import Changes, Store
from glossary.store.search import Hit, How, Near
from glossary.store.work import AlignmentLog, Job

__all__ = [
    "Accounts",
    "AlignmentLog", "Changes", "DocumentSummary", "Finding", "Hit", "How", "Job", "Near", "Store", "StoreConflict",
    "StoreError", "Waiting",
    "check_store", "display_name", "migrate_store", "new_store", "open_store", "restore_store", "store_is_absent",
]  # fmt: skip


def open_store(url: str, *, create: bool = True) -> Store:
    """The termbase at a path or URL: `terms.db`, `sqlite:///terms.db`, `sqlite://` (in memory), `postgresql://host/db`.

    Raises: StoreError in one line when it is missing (with create=False), a folder, unreadable, no database, another
        program's, made by a newer version, read only, locked for longer than a minute, or the disk is full; when the
        server cannot be reached, refuses the user or has no such database, or psycopg is not installed.

    >>> with open_store("sqlite://") as store:
    ...     store.count()
    0
    """
    return Store(*connect(url, create=create))


@contextmanager
def new_store(url: str) -> Iterator[Store]:
    """A store for the block to fill, in one transaction: there when the block ends well, and otherwise not made.

    Costs less than filling an open one: the pages are written once. A process that is killed leaves a hidden file
    `.NAME...new` beside the place of a SQLite store, which goes when a store is next made there.

    Raises: StoreError when there is a store already, and as `open_store`.
    """
    with connect_new(url) as (engine, name):
        yield Store(engine, name)


def store_is_absent(url: str) -> bool:
    """True where `open_store` would have to make a store. Raises: StoreError where none can be."""
    return absent(url)


def check_store(url: str) -> None:
    """Finds out before long work whether `open_store(url)` will do; makes nothing, and a missing store is no error.

    Raises: StoreError as `open_store`.
    """
    check(url)


def restore_store(source: str | Path, url: str, *, force: bool = False) -> None:
    """Makes the store at `url` what a copy by `Store.backup` holds, as a whole or not at all.

    Raises: StoreError when there is something already and not `force`, or the copy is none, damaged or does not fit.
    """
    backup.restore(Path(source), url, force=force)


def migrate_store(url: str, copy: str | Path | None) -> str | None:
    """Brings an existing store up to date after writing a copy of the file; the schema it had, None for a current one.

    `open_store` does the same without a copy. Raises: StoreError as `open_store`; for PostgreSQL with a copy.
    """
    version = outdated(url)
    if version is not None:
        if copy is not None:
            backup.copy_unopened(url, Path(copy))
        open_store(url, create=False).close()
    return version
