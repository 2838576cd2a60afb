"""`/login`, `/logout`, `/account`: coming, going, one's password and tokens."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from glossary.accounts import SCOPES, hashed, new_secret, verified
from glossary.errors import AccountError
from glossary.store import Store
from web.access import COOKIE, account, note, require, who
from web.i18n import translate as _
from web.limits import LOGINS, limiter
from web.preferences import safe_back
from web.termbase import readable_store, store

LONGEST_NAME = 64

blueprint = Blueprint("login", __name__)


@blueprint.get("/login")
def show() -> ResponseReturnValue:
    """The form; somebody who is logged in already goes where they wanted."""
    back = safe_back(request.args.get("back", "/"))
    return redirect(back, code=303) if account() else _form(back)


@blueprint.post("/login")
@limiter.limit(LOGINS)
def enter() -> ResponseReturnValue:
    """Opens a session for the right name and password; says no more than that one of them is wrong."""
    back = safe_back(request.form.get("back", "/"))
    name = request.form.get("username", "").strip().casefold()[:LONGEST_NAME]
    termbase = store()
    if termbase is None or not name:
        return _refused(back, name, _("The name or the password is wrong."))
    if termbase.accounts.locked(name):
        return _refused(back, name, _("Too many wrong passwords. Try again in a quarter of an hour."))
    if not verified(request.form.get("password", ""), termbase.accounts.password(name)):
        return _wrong(termbase, back, name)
    return _welcome(termbase, back, name)


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    """Ends the session."""
    termbase = store()
    if termbase is not None and account() is not None:
        termbase.accounts.log_out(request.cookies.get(COOKIE, ""))
        note("logout")
    session.clear()
    response = make_response(redirect("/", code=303))
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _form(back: str, name: str = "", error: str = "") -> str:
    return render_template("login.html", back=back, name=name, error=error)


def _refused(back: str, name: str, error: str) -> Response:
    return make_response(_form(back, name, error), 422)


def _wrong(termbase: Store, back: str, name: str) -> Response:
    left = termbase.accounts.failed(name)
    note("login failed", name, by="")
    if left:
        return _refused(back, name, _("The name or the password is wrong. {n} tries left.", n=left))
    note("locked", name, by="")
    return _refused(back, name, _("Too many wrong passwords. Try again in a quarter of an hour."))


def _welcome(termbase: Store, back: str, name: str) -> Response:
    secret, key = new_secret()
    termbase.accounts.log_in(name, key)
    note("login", by=name)
    session.clear()  # the forms of before the login end with it
    response = make_response(redirect(back, code=303))
    response.set_cookie(COOKIE, secret, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


@blueprint.get("/account")
@require("read")
def own() -> str:
    """One's role, languages, password and tokens."""
    return _account_page()


@blueprint.post("/account/password")
@require("read")
@limiter.limit(LOGINS)
def change_password() -> ResponseReturnValue:
    """Changes the password and ends all sessions but starts a new one."""
    accounts = readable_store().accounts
    if not verified(request.form.get("old", ""), accounts.password(who())):
        note("password refused")
        return make_response(_account_page(error=_("The old password is wrong.")), 422)
    try:
        kept = hashed(request.form.get("new", ""))
    except AccountError:
        return make_response(_account_page(error=_("A password has 10 to 1000 characters.")), 422)
    accounts.change(who(), password=kept)
    note("password changed")
    return _welcome(readable_store(), url_for("login.own"), who())


@blueprint.post("/account/tokens")
@require("read")
def add_token() -> ResponseReturnValue:
    """Makes a token and shows it this once."""
    scopes = tuple(s for s in SCOPES if s in request.form.getlist("scope")) or ("read",)
    secret, key = new_secret()
    readable_store().accounts.add_token(who(), key, request.form.get("label", "").strip()[:80], scopes)
    note("token made", " ".join(scopes))
    return _account_page(secret=secret)


@blueprint.post("/account/tokens/<token_id>/remove")
@require("read")
def remove_token(token_id: str) -> ResponseReturnValue:
    """Ends one of one's tokens."""
    if readable_store().accounts.remove_token(who(), token_id):
        note("token removed", token_id)
    return redirect(url_for("login.own"), code=303)


def _account_page(*, error: str = "", secret: str = "") -> str:
    tokens = readable_store().accounts.tokens(who())
    return render_template("account.html", tokens=tokens, scopes=SCOPES, error=error, secret=secret)
