"""The store of the app: opened at the first request that needs it, shared by all threads, opened again when the file
was replaced. A store that does not exist yet is no error: the pages say how to build one."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from flask import Flask, current_app, g

from glossary.errors import StoreError
from glossary.store import Store, display_name, open_store

_KEY = "termbase"
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:/{2,3}([^?]*)(?:\?.*)?")
_MEMORY = ("", ":memory:")
_Mark = tuple[int, int] | None

State = tuple[Store, int]
"""A store and the number of its newest write: while it stays, so does every entry."""


class Termbase:
    """Opens the store at `url` when asked and keeps it open."""

    def __init__(self, url: str) -> None:
        self.url = url
        sqlite = _SQLITE.fullmatch(url)
        name = sqlite[1] if sqlite else "" if "://" in url else url
        self._path = Path(name) if name not in _MEMORY else None
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._mark: _Mark = None

    @property
    def path(self) -> Path | None:
        """The file of the store; None for a store in memory, or behind an address that names no file.

        >>> [str(Termbase(url).path) for url in ("a.db", "sqlite:///a.db", "sqlite:////x/a.db", "sqlite://")]
        ['a.db', 'a.db', '/x/a.db', 'None']
        """
        return self._path

    def open(self) -> Store | None:
        """The open store, or None when there is no file yet.

        Raises: StoreError when the file is there and cannot be read as a store.
        """
        with self._lock:
            mark = _identity(self.path)
            if self.path is not None and mark is None:
                self._close()
                return None
            if self._store is None or mark != self._mark:
                self._close()
                self._store, self._mark = open_store(self.url, create=self.path is None), mark
            return self._store

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()  # a thread that still reads keeps its connection
        self._store = None


def _identity(path: Path | None) -> _Mark:
    """Which file stands at the path; None for none."""
    try:
        status = path.stat() if path else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path!s}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return (status.st_dev, status.st_ino) if status else None


def _termbase() -> Termbase:
    termbase = current_app.extensions[_KEY]
    assert isinstance(termbase, Termbase)
    return termbase


def store() -> Store | None:
    """The store of this app, None when nothing was built yet; found once a request. Raises: StoreError when it cannot
    be read."""
    found: Store | None = g.get("termbase")
    if found is None:
        found = g.termbase = _termbase().open()
    return found


def readable_store() -> Store:
    """The store of this app. Raises: StoreError when there is none, or it cannot be read."""
    found = store()
    if found is None:
        raise StoreError(f"{display_name(_termbase().url)}: no such glossary database; make one with `glossary build`")
    return found


def termbase_path() -> Path | None:
    """The file of the store; None where it is none."""
    return _termbase().path


def store_path() -> str:
    """The file of the store as it was given, for the command that builds it; '' when it is not a plain path."""
    termbase = _termbase()
    return termbase.url if termbase.path is not None and "://" not in termbase.url else ""


def state_of(termbase: Store) -> State:
    """The state of the glossary that this request answers from, asked once: for requests that only read."""
    if "state" not in g:
        g.state = (termbase, termbase.newest())
    found: State = g.state
    return found


def init_app(app: Flask, url: str) -> None:
    """Tie the store at `url` to the app."""
    app.extensions[_KEY] = Termbase(url)
