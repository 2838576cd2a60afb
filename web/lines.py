"""What lists show of entries, kept for all of a glossary of 100,000: reading and converting an entry costs ten times
as much as showing it.

A line depends on its entry alone, not on the language of the interface. It was right in one state of the store, and
is in a later one as long as its entry has no newer version, which is asked once a state. So a change empties nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence

from flask import Flask, current_app

from glossary.datamodel import ConceptEntry
from glossary.errors import StoreError
from glossary.store import Store
from web.rows import packed
from web.shown import line
from web.termbase import State, state_of, store

MOST_LINES = 100_000
"""Lines kept: some half a kB each, 50 MB."""

AT_ONCE = 100  # entries whose lines are made in one go while nobody asks

_KEY = "lines"


class Lines:
    """Lines by the ids of their entries, each with the newest write for which it is known to be right."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._of: Store | None = None
        self._lines: dict[str, tuple[int, str]] = {}

    def get(self, of: State, ids: Iterable[str]) -> dict[str, str]:
        """Those that are kept and right in this state, whose view of the store this thread has."""
        termbase, now = of
        with self._lock:
            if self._of is not termbase:
                self._of, self._lines = termbase, {}
            found = {entry_id: self._lines[entry_id] for entry_id in ids if entry_id in self._lines}
        old = {entry_id: seen for entry_id, (seen, _) in found.items() if seen != now}
        if old:
            versions = termbase.versions(list(old))
            wrong = {e for e, seen in old.items() if seen > now or not 0 < versions.get(e, 0) <= seen}
            found = {entry_id: one for entry_id, one in found.items() if entry_id not in wrong}
            self.put(of, {entry_id: found[entry_id][1] for entry_id in old if entry_id in found})
        return {entry_id: text for entry_id, (_, text) in found.items()}

    def put(self, of: State, lines: Mapping[str, str]) -> None:
        """Keeps lines that are right in this state, in place of those kept first."""
        termbase, now = of
        with self._lock:
            if self._of is not termbase:
                return
            for entry_id, text in lines.items():
                if self._lines.get(entry_id, (0, ""))[0] <= now:
                    self._lines[entry_id] = now, text
            while len(self._lines) > self._most:
                del self._lines[next(iter(self._lines))]


def lines(termbase: Store, ids: Sequence[str]) -> dict[str, str]:
    """The lines of these entries, packed; those not kept are made now."""
    kept: Lines = current_app.extensions[_KEY]
    of = state_of(termbase)
    found = kept.get(of, ids)
    made = _made(termbase.entries_of([entry_id for entry_id in ids if entry_id not in found]))
    kept.put(of, made)
    return found | made


def _made(entries: Iterable[ConceptEntry]) -> dict[str, str]:
    return {entry.id: packed(line(entry)) for entry in entries}


def warm(app: Flask) -> None:
    """Makes the lines of the best entries in the background, with half of one processor, before they are asked for."""
    kept: Lines = app.extensions[_KEY]

    def make() -> None:
        with app.app_context():
            try:
                termbase = store()
                if termbase is not None:
                    _make(kept, termbase)
            except StoreError as error:
                app.logger.warning("lines not made: %s", error)

    threading.Thread(target=make, daemon=True).start()


def _make(kept: Lines, termbase: Store) -> None:
    after, count = None, 0
    kept.get((termbase, 0), ())
    while count < MOST_LINES:
        began = time.monotonic()
        with termbase.one_view():
            newest = termbase.newest()
            page = list(termbase.entries(limit=AT_ONCE, after=after))
        if not page:
            return
        kept.put((termbase, newest), _made(page))
        after, count = page[-1].id, count + len(page)
        time.sleep(time.monotonic() - began)


def init_app(app: Flask) -> None:
    """Give the app a place for its lines."""
    app.extensions[_KEY] = Lines()
