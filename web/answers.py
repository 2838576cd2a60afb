"""Answers of look-ups, kept until the glossary changes: while people type, the same beginnings come again and again.

Only what visitors get is kept: their pages hold no name, no token and nothing that depends on rights.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from glossary.store import Store
from web.access import COOKIE, account
from web.i18n import current_language
from web.preferences import THEME_COOKIE
from web.termbase import store

MOST_ANSWERS = 500
LARGEST_ANSWER = 64 * 1024
"""Answers kept, and bytes of one: 32 MB at most, 5 in practice."""

_KEY = "answers"
_Key = tuple[str, str, str]
_P = ParamSpec("_P")


class Answers:
    """The newest answers over one state of one store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[Store | None, int] = (None, 0)
        self._answers: OrderedDict[_Key, tuple[bytes, str]] = OrderedDict()

    def get(self, of: tuple[Store, int], key: _Key) -> tuple[bytes, str] | None:
        """Body and type of an answer, None when there is none for this state."""
        with self._lock:
            if self._of != of:
                self._of = of
                self._answers.clear()
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, of: tuple[Store, int], key: _Key, answer: tuple[bytes, str]) -> None:
        """Keeps an answer, in place of the one that was longest unasked."""
        with self._lock:
            if self._of == of and len(answer[0]) <= LARGEST_ANSWER:
                self._answers[key] = answer
                while len(self._answers) > MOST_ANSWERS:
                    self._answers.popitem(last=False)


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
        answers: Answers = current_app.extensions[_KEY]
        of = (termbase, termbase.newest())
        address = f"{request.full_path} {asked_for_part()}"
        key = (address, current_language().tag, request.cookies.get(THEME_COOKIE, ""))
        found = answers.get(of, key)
        if found is None:
            made = make_response(view(*args, **kwargs))
            if made.status_code != 200:
                return made
            found = made.get_data(), made.content_type
            answers.put(of, key, found)
        return Response(found[0], content_type=found[1])

    return answered


def init_app(app: Flask) -> None:
    """Give the app a place for its answers."""
    app.extensions[_KEY] = Answers()
