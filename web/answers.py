"""Answers of look-ups kept until the glossary changes: while people type, the same beginnings come again and again.

Only the answers that visitors get are kept: their pages hold no name, no token and nothing that depends on rights.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from glossary.store import Store
from web.access import COOKIE, account
from web.i18n import current_language
from web.preferences import theme
from web.termbase import State, state_of, store

MOST_ANSWERS = 500
LARGEST_ANSWER = 64 * 1024
"""Answers kept, and bytes of one: 32 MB at most, 5 in practice."""

HTML = "text/html; charset=utf-8"
"""What a view gives that gives a text."""

_KEY = "answers"
_P = ParamSpec("_P")
_Name = TypeVar("_Name", bound=Hashable)
_Thing = TypeVar("_Thing")


class Kept(Generic[_Name, _Thing]):
    """The things used last, made from one state of one store; at most `most`."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._of: State | None = None
        self._things: OrderedDict[_Name, _Thing] = OrderedDict()

    def get(self, of: State, names: Iterable[_Name]) -> dict[_Name, _Thing]:
        """Those of the things that there are for this state."""
        with self._lock:
            if self._of != of:
                self._of = of
                self._things.clear()
            found = {name: self._things[name] for name in names if name in self._things}
            for name in found:
                self._things.move_to_end(name)
            return found

    def put(self, of: State, things: Mapping[_Name, _Thing]) -> None:
        """Keeps things, in place of those that were longest unasked."""
        with self._lock:
            if self._of == of:
                self._things |= things
                while len(self._things) > self._most:
                    self._things.popitem(last=False)


def asked_for_part() -> bool:
    """Whether a script asks, which puts the results into the page it has."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def kept(view: Callable[_P, ResponseReturnValue]) -> Callable[_P, ResponseReturnValue]:
    """A view whose answers depend on the address, the interface language, the theme and the entries alone."""

    @wraps(view)
    def answered(*args: _P.args, **kwargs: _P.kwargs) -> ResponseReturnValue:
        termbase = store()
        if termbase is None or account() or COOKIE in request.cookies or "Authorization" in request.headers:
            return view(*args, **kwargs)
        with termbase.one_view():
            return _answer(termbase, lambda: view(*args, **kwargs))

    return answered


def _answer(termbase: Store, make: Callable[[], ResponseReturnValue]) -> Response:
    """The answer that is kept for this address, or the one made now."""
    answers: Kept[tuple[str, str, str], tuple[bytes, str | None]] = current_app.extensions[_KEY]
    of = state_of(termbase)
    address = f"{request.full_path} {asked_for_part()}"
    key = (address, current_language().tag, theme())
    found = answers.get(of, [key]).get(key)
    if found is None:
        made = make()
        if not isinstance(made, str):
            made = make_response(made)
            if made.status_code != 200:
                return made
        found = (made.encode(), HTML) if isinstance(made, str) else (made.get_data(), made.content_type)
        if len(found[0]) <= LARGEST_ANSWER:
            answers.put(of, {key: found})
    return Response(found[0], content_type=found[1])


def init_app(app: Flask) -> None:
    """Give the app a place for its answers."""
    app.extensions[_KEY] = Kept(MOST_ANSWERS)
