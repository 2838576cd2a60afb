"""Room 5: what was read, aligned and found, kept in a database. Door: `open_store`.

    with open_store("glossary.db") as store:
        store.put(extraction)                # per document; the same again changes nothing
        store.sync_entries(entries)          # the termbase becomes these entries; people's decisions stay
        for entry in store.entries(lang="zh", min_score=0.5): ...
        store.search(fold_key("區塊鏈"), "prefix")
        store.work.alignment_log(extraction); store.work.add_job(...)    # changes of alignments, background jobs

The only room that knows SQL. SQLite, one file in WAL mode; several processes may read and write at once. Two things are
kept apart: extractions (what each document gave) and entries (what was assembled from all of them), so that a changed
document replaces its own part. Decisions of people are kept apart from both and survive every rebuild.

Limits: SQLite only for now. Searching inside Latin words reads every key.
"""

from glossary.errors import StoreConflict, StoreError
from glossary.store.connection import check, connect, display_name
from glossary.store.extractions import DocumentSummary
from glossary.store.repository import Changes, Store
from glossary.store.search import Hit, How
from glossary.store.work import AlignmentLog, Job

__all__ = [
    "AlignmentLog", "Changes", "DocumentSummary", "Hit", "How", "Job", "Store", "StoreConflict", "StoreError",
    "check_store", "display_name", "open_store",
]  # fmt: skip


def open_store(url: str, *, create: bool = True) -> Store:
    """The termbase at a path or SQLAlchemy URL (`sqlite:///terms.db`, `sqlite://` for one in memory).

    Raises: StoreError in one line when it is missing (with create=False), a folder, unreadable, no database, another
        program's, made by a newer version, read only, locked for longer than 20 s, or the disk is full.

    >>> with open_store("sqlite://") as store:
    ...     store.count()
    0
    """
    return Store(*connect(url, create=create))


def check_store(url: str) -> None:
    """Finds out before long work whether `open_store(url)` will do; makes nothing, and a missing store is no error.

    Raises: StoreError as `open_store`.
    """
    check(url)
