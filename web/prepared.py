"""Annotators, checkers and counts over the whole glossary, made once for each state of the store and kept.

Making an annotator takes under a second for 3,000 entries and half a minute for 100,000. What was slow to make is made
anew in the background when the store changed; until then the one of before answers, seconds behind the newest edit.
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from flask import Flask, current_app, g, has_app_context

from glossary.annotation import Annotator
from glossary.checks import Checker
from glossary.datamodel import ConceptEntry
from glossary.errors import StoreError
from glossary.store import Store
from glossary.vocabulary import words_to_report
from web.termbase import store

_KEY = "prepared"
_T = TypeVar("_T")

KEPT = 8
"""Things kept at once: an annotator, checkers into Taiwan, Hong Kong and mainland Chinese, four counts."""

SLOW = 1.0
"""Seconds of making from which nobody waits for it a second time."""

MIN_SCORE = 0.5
"""Entries scored under it stay out, as in `glossary annotate` and `glossary check`."""

_State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Made:
    thing: object
    state: _State
    seconds: float


class Prepared:
    """What was made, by what it is, with the state of the store it was made from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making: dict[tuple[str, ...], threading.Lock] = {}
        self._made: dict[tuple[str, ...], _Made] = {}

    def get(self, termbase: Store, key: tuple[str, ...], make: Callable[[], _T]) -> _T:
        """The thing with this key, made when it is not there; one thread makes it and the others wait.

        One that takes long is given as it was before the store changed while it is made anew; `g.of_before` tells so.
        """
        state = (id(termbase), termbase.newest())
        with self._lock:
            found = self._made.get(key)
            making = self._making.setdefault(key, threading.Lock())
        if found is not None and found.state == state:
            return found.thing  # type: ignore[return-value]
        if found is not None and found.seconds > SLOW and found.state[0] == state[0]:
            if making.acquire(blocking=False):  # released by the thread
                threading.Thread(target=self._renew, args=(key, state, make, making), daemon=True).start()
            if has_app_context():
                g.of_before = True
            return found.thing  # type: ignore[return-value]
        with making:
            with self._lock:
                found = self._made.get(key)
            if found is None or found.state != state:
                found = self._make(key, state, make)
            return found.thing  # type: ignore[return-value]

    def _renew(self, key: tuple[str, ...], state: _State, make: Callable[[], object], making: threading.Lock) -> None:
        try:
            self._make(key, state, make)
        except StoreError as error:
            logging.getLogger(__name__).warning("%s not made anew: %s", " ".join(key), error)
        finally:
            making.release()

    def _make(self, key: tuple[str, ...], state: _State, make: Callable[[], object]) -> _Made:
        began = time.monotonic()
        thing = make()
        made = _Made(thing, state, time.monotonic() - began)
        if made.seconds > SLOW:
            gc.freeze()  # millions of objects that stay: no search for garbage should go through them
        with self._lock:
            self._made.pop(key, None)
            while len(self._made) >= KEPT:
                self._made.pop(next(iter(self._made)))
            self._made[key] = made
        return made


def annotator(termbase: Store) -> Annotator:
    """The annotator of the glossary."""
    return _prepared().get(termbase, ("annotator",), lambda: Annotator(_bare(termbase)))


def checker(termbase: Store, source_lang: str, target_lang: str) -> Checker:
    """The checker of translations between two languages."""

    def make() -> Checker:
        regional = words_to_report(target_lang)
        return Checker(_bare(termbase), source_lang=source_lang, target_lang=target_lang, regional=regional)

    return _prepared().get(termbase, ("checker", source_lang, target_lang), make)


def counted(termbase: Store, name: str, count: Callable[[], int]) -> int:
    """A number that only changes with the store."""
    return _prepared().get(termbase, ("count", name), count)


def entry_count() -> int | None:
    """How many entries there are, for the foot of every page; None when there is no store or it cannot be read."""
    try:
        found = store()
        return None if found is None else counted(found, "entries", found.count)
    except StoreError:
        return None


def warm(app: Flask) -> None:
    """Makes the annotator in the background, so that the first person to check a text need not wait."""

    def make() -> None:
        with app.app_context():
            try:
                termbase = store()
                if termbase is not None:
                    annotator(termbase)
            except StoreError as error:
                app.logger.warning("annotator not made: %s", error)

    threading.Thread(target=make, daemon=True).start()


def _bare(termbase: Store) -> Iterator[ConceptEntry]:
    """The entries without their sentences, which would fill the memory for nothing."""
    return (replace(entry, contexts=()) for entry in termbase.entries(min_score=MIN_SCORE))


def _prepared() -> Prepared:
    prepared = current_app.extensions[_KEY]
    assert isinstance(prepared, Prepared)
    return prepared


def init_app(app: Flask) -> None:
    """Give the app its cache."""
    app.extensions[_KEY] = Prepared()
    app.jinja_env.globals["entry_count"] = entry_count
