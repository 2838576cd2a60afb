"""Who asks: the account of a request, what it may do, and what is refused. Sessions live in the store, not in a cookie.

The cookie holds a random token; the store knows its SHA-256. Reading needs no login where the app says so (`public`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from glossary.accounts import Account, Right
from glossary.errors import StoreError
from web.errors import Denied
from web.i18n import translate as _
from web.termbase import store

COOKIE = "glossary_session"
OPEN = frozenset({"static", "health.show", "metrics.show", "preferences.choose", "login.show", "login.enter"})
"""What answers without a login even where reading needs one."""

_P = ParamSpec("_P")
_R = TypeVar("_R")


def account() -> Account | None:
    """The account of this request, None for a visitor."""
    found = g.get("account")
    return found if isinstance(found, Account) else None


def who() -> str:
    """The name under which changes of this request are recorded."""
    found = account()
    assert found is not None, "a view that changes something asks `require` first"
    return found.name


def may(right: Right, lang: str | None = None) -> bool:
    """Whether this request may do something; reading may be open to visitors."""
    found = account()
    if found is None:
        return right == "read" and bool(current_app.config["PUBLIC"])
    return found.may(right, lang)


def demand(right: Right, *langs: str) -> None:
    """Raises: Denied when the request may not do it, or not in one of these languages."""
    if account() is None:
        raise Denied(401, _("Log in to do this. Nothing was changed."))
    if not may(right):
        raise Denied(403, _("Your role does not allow this. Nothing was changed."))
    for lang in langs:
        if not may(right, lang):
            raise Denied(403, _("Your account may not change this language: {lang}.", lang=lang))


def require(right: Right) -> Callable[[Callable[_P, _R]], Callable[_P, _R | ResponseReturnValue]]:
    """A view only for those who may; a visitor who reads is sent to the login first."""

    def wrap(view: Callable[_P, _R]) -> Callable[_P, _R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R | ResponseReturnValue:
            if account() is None and request.method == "GET":
                return to_login()
            demand(right)
            return view(*args, **kwargs)

        return guarded

    return wrap


def to_login() -> ResponseReturnValue:
    """A redirect to the login, and from there back."""
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("login.show", back=here), code=303)


def note(what: str, about: str = "", *, by: str | None = None) -> None:
    """Writes into the log of accounts what happened, who it was and from where."""
    termbase = store()
    if termbase is not None:
        termbase.accounts.note(who() if by is None else by, what, about, request.remote_addr or "")


def _identify() -> ResponseReturnValue | None:
    """Finds the account of the request; refuses visitors where reading needs a login."""
    g.account = None
    secret = request.cookies.get(COOKIE, "")
    if secret and request.endpoint != "static":
        try:
            termbase = store()
            g.account = termbase.accounts.logged_in(secret) if termbase else None
        except StoreError:
            g.account = None  # the page itself says that the store cannot be read
    open_to_all = request.endpoint in OPEN or current_app.config["PUBLIC"] or request.blueprint == "api"
    if open_to_all or g.account is not None:
        return None
    if request.method == "GET":
        return to_login()
    raise Denied(401, _("Log in to do this. Nothing was changed."))


def init_app(app: Flask, *, public: bool) -> None:
    """Every request has an account or none; templates may ask what it may do."""
    app.config["PUBLIC"] = public
    app.before_request(_identify)
    app.jinja_env.globals.update(may=may, account=account)
