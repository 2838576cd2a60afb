"""What lists and the API show of entries, kept for all of a glossary of 100,000: reading an entry and converting its
forms costs ten times as much as showing it.

A piece depends on its entry alone, not on the language of the interface. It was right in one state of the store, and
is in a later one as long as its entry has no newer version, which is asked once a state. So a change empties nothing.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import islice

from flask import Flask, current_app

from glossary import codec
from glossary.datamodel import ConceptEntry, LangSec, Provenance, TermSec
from glossary.errors import StoreError
from glossary.store import Store
from glossary.variants import with_converted
from web.rows import packed
from web.shown import line
from web.termbase import State, state_of, store

MOST_BYTES = 48 * 1024 * 1024
"""Of pieces of one kind, without what Python takes for each."""

AT_ONCE = 100  # entries whose pieces are made in one go while nobody asks

_LEVEL = 1
"""Of zlib: level 6 made texts a quarter smaller and took a quarter longer."""

_KEY = "pieces"


class Pieces:
    """Pieces by the ids of their entries, each with the newest write for which it is known to be right."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._size = 0
        self._of: Store | None = None
        self._pieces: dict[str, tuple[int, bytes]] = {}

    def has_room(self, pieces: Iterable[bytes]) -> bool:
        """Whether these would take the place of no others."""
        return self._size + sum(map(len, pieces)) <= self._most

    def get(self, of: State, ids: Iterable[str]) -> dict[str, bytes]:
        """Those that are kept and right in this state, whose view of the store this thread has."""
        termbase, now = of
        with self._lock:
            if self._of is not termbase:
                self._of, self._pieces, self._size = termbase, {}, 0
            found = {entry_id: self._pieces[entry_id] for entry_id in ids if entry_id in self._pieces}
        old = {entry_id: seen for entry_id, (seen, _) in found.items() if seen != now}
        if old:
            versions = termbase.versions(list(old))
            wrong = {e for e, seen in old.items() if seen > now or not 0 < versions.get(e, 0) <= seen}
            found = {entry_id: one for entry_id, one in found.items() if entry_id not in wrong}
            self.put(of, {entry_id: found[entry_id][1] for entry_id in old if entry_id in found})
        return {entry_id: piece for entry_id, (_, piece) in found.items()}

    def put(self, of: State, pieces: Mapping[str, bytes]) -> None:
        """Keeps pieces that are right in this state, in place of those kept first."""
        termbase, now = of
        with self._lock:
            if self._of is not termbase:
                return
            for entry_id, piece in pieces.items():
                seen, before = self._pieces.get(entry_id, (0, b""))
                if seen <= now:
                    self._pieces[entry_id] = now, piece
                    self._size += len(piece) - len(before)
            while self._size > self._most:
                self._size -= len(self._pieces.pop(next(iter(self._pieces)))[1])


@cache
def _sample() -> bytes:
    """What the texts of all entries have in common: names of fields and usual values."""
    proof = (Provenance("d", 0, 1, "dictionary", 0.5, bitext_id="b", who="glossary"),)
    sections = [LangSec(lang, (TermSec("", score=0.5, provenance=proof),)) for lang in ("en", "zh-Hans", "zh-Hant")]
    return codec.text_of(with_converted(ConceptEntry("", tuple(sections), "concept", 0.5))).encode()


def _text(entry: ConceptEntry) -> bytes:
    """The entry as the API gives it, with its converted forms, compressed."""
    made = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=_sample())
    return made.compress(codec.text_of(with_converted(entry)).encode()) + made.flush()


def _line(entry: ConceptEntry) -> bytes:
    return packed(line(entry)).encode()


MAKERS: Mapping[str, Callable[[ConceptEntry], bytes]] = {"line": _line, "text": _text}


def lines(termbase: Store, ids: Sequence[str]) -> dict[str, str]:
    """The lines of these entries, as `rows.packed` makes them."""
    return {entry_id: piece.decode() for entry_id, piece in _of_kind(termbase, "line", ids).items()}


def texts(termbase: Store, ids: Sequence[str]) -> dict[str, str]:
    """These entries as JSON, with their converted forms."""
    found = _of_kind(termbase, "text", ids)
    return {e: zlib.decompressobj(-zlib.MAX_WBITS, _sample()).decompress(piece).decode() for e, piece in found.items()}


def _of_kind(termbase: Store, kind: str, ids: Sequence[str]) -> dict[str, bytes]:
    """The pieces of these entries; those not kept are made now."""
    kept: Pieces = current_app.extensions[_KEY][kind]
    of = state_of(termbase)
    found = kept.get(of, ids)
    read = termbase.entries_of([entry_id for entry_id in ids if entry_id not in found])
    made = {entry.id: MAKERS[kind](entry) for entry in read}
    kept.put(of, made)
    return found | made


def warm(app: Flask) -> None:
    """Makes the pieces of the best entries in the background, with half of one processor, before they are asked for."""
    kept: Mapping[str, Pieces] = app.extensions[_KEY]

    def make() -> None:
        with app.app_context():
            try:
                termbase = store()
                if termbase is not None:
                    make_all(kept, termbase)
            except StoreError as error:
                app.logger.warning("pieces not made: %s", error)

    threading.Thread(target=make, daemon=True).start()


def make_all(kept: Mapping[str, Pieces], termbase: Store) -> None:
    """Makes pieces, those of the best entries first, until there is no more room.

    Entries that change meanwhile are newer than the state their pieces are kept for, so these are not shown.
    """
    state = termbase, termbase.newest()
    for pieces in kept.values():
        pieces.get(state, ())
    entries = termbase.entries()
    while True:
        began = time.monotonic()
        page = list(islice(entries, AT_ONCE))
        made = {kind: {entry.id: MAKERS[kind](entry) for entry in page} for kind in kept}
        if not page or not all(kept[kind].has_room(made[kind].values()) for kind in kept):
            return
        for kind, pieces in kept.items():
            pieces.put(state, made[kind])
        time.sleep(time.monotonic() - began)


def init_app(app: Flask) -> None:
    """Give the app a place for its pieces."""
    app.extensions[_KEY] = {kind: Pieces() for kind in MAKERS}
