"""Annotators and checkers over the whole glossary, built once for each state of the store and kept.

Building takes seconds on a glossary of 100,000 entries, so one thread builds and the others wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Flask, current_app

from glossary.annotation import Annotator
from glossary.checks import Checker
from glossary.datamodel import ConceptEntry
from glossary.store import Store

_KEY = "prepared"

KEPT = 4
"""Things kept at once: an annotator, and checkers into Taiwan, Hong Kong and mainland Chinese."""

MIN_SCORE = 0.5
"""Entries scored under it stay out, as in `glossary annotate` and `glossary check`."""


class Prepared:
    """What was built, by what it is; forgotten when the store has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[int, int] | None = None
        self._made: dict[tuple[str, ...], Annotator | Checker] = {}

    def get(self, store: Store, key: tuple[str, ...], make: Callable[[], Annotator | Checker]) -> Annotator | Checker:
        """The thing with this key, made when it is not there or the store was written to since."""
        with self._lock:
            state = (id(store), store.newest())
            if state != self._state:
                self._made.clear()
                self._state = state
            if key not in self._made:
                while len(self._made) >= KEPT:
                    self._made.pop(next(iter(self._made)))
                self._made[key] = make()
            return self._made[key]


def annotator(store: Store) -> Annotator:
    """The annotator of the glossary as it is now."""
    found = _prepared().get(store, ("annotator",), lambda: Annotator(_bare(store)))
    assert isinstance(found, Annotator)
    return found


def checker(store: Store, source_lang: str, target_lang: str) -> Checker:
    """The checker of translations between two languages, over the glossary as it is now."""

    def make() -> Checker:
        return Checker(_bare(store), source_lang=source_lang, target_lang=target_lang)

    found = _prepared().get(store, ("checker", source_lang, target_lang), make)
    assert isinstance(found, Checker)
    return found


def _bare(store: Store) -> Iterator[ConceptEntry]:
    """The entries without their sentences, which would fill the memory for nothing."""
    return (replace(entry, contexts=()) for entry in store.entries(min_score=MIN_SCORE))


def _prepared() -> Prepared:
    prepared = current_app.extensions[_KEY]
    assert isinstance(prepared, Prepared)
    return prepared


def init_app(app: Flask) -> None:
    """Give the app its cache."""
    app.extensions[_KEY] = Prepared()
