"""Documents read lately, kept in memory: the page of one alignment is asked for again and again while it is edited."""

from __future__ import annotations

import threading
from collections import OrderedDict

from flask import Flask, current_app

from glossary.datamodel import Extraction
from glossary.desk import Desk
from glossary.store import Store

MOST_KEPT = 4
"""Documents: one of 3,000 sentences takes some 10 MB."""

_NAME = "extractions"


class Extractions:
    """The last few documents, each with the fingerprint under which the store has it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[str, Extraction]] = OrderedDict()

    def get(self, store: Store, bitext_id: str) -> Extraction | None:
        """What the document gave, as the store has it now; None when there is no such document."""
        digest = store.digest(bitext_id)
        with self._lock:
            kept = self._found.get(bitext_id)
            if kept is not None and kept[0] == digest:
                self._found.move_to_end(bitext_id)
                return kept[1]
        found = store.extraction(bitext_id)
        if found is not None and digest is not None and store.digest(bitext_id) == digest:  # the same while it was read
            self.put(found, digest)
        return found

    def put(self, extraction: Extraction, digest: str) -> None:
        """Keeps a document that the store has under this fingerprint."""
        with self._lock:
            self._found[extraction.bitext_id] = (digest, extraction)
            self._found.move_to_end(extraction.bitext_id)
            while len(self._found) > MOST_KEPT:
                self._found.popitem(last=False)


def extraction_of(store: Store, bitext_id: str) -> Extraction | None:
    """What a document gave, from memory when the store still has it so."""
    return _kept().get(store, bitext_id)


def keep(desk: Desk) -> None:
    """Keeps the document of a desk that was just stored."""
    if desk.log.digest:
        _kept().put(desk.extraction, desk.log.digest)


def _kept() -> Extractions:
    found = current_app.extensions[_NAME]
    assert isinstance(found, Extractions)
    return found


def init_app(app: Flask) -> None:
    """Each app has its own."""
    app.extensions[_NAME] = Extractions()
