"""`/people`: the accounts, what admins do with them, and the log, in which each change is a line."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from glossary.accounts import ROLES, Account, checked_name, checked_role, hashed
from glossary.errors import AccountError
from glossary.store import Accounts
from web.access import note, require, who
from web.i18n import translate as _
from web.termbase import readable_store
from web.uploads import LANGUAGES

LINES = 100

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
@require("admin")
def show() -> str:
    """Every account, and the newest lines of the log."""
    return _people()


@blueprint.post("")
@require("admin")
def add() -> ResponseReturnValue:
    """Makes an account."""
    typed = request.form
    try:
        name = checked_name(typed.get("name", ""))
    except AccountError:
        return make_response(_people(_("A user name has 1 to 64 letters, digits and . @ + - _")), 422)
    if _accounts().get(name) is not None:
        return make_response(_people(_("There is a user {name} already.", name=name)), 422)
    role, languages = _wanted()
    try:
        made = _accounts().add(name, hashed(typed.get("password", "")), role, languages)
    except AccountError:
        return make_response(_people(_("A password has 10 to 1000 characters.")), 422)
    note("account added", f"{made.name} {made.role} {' '.join(languages)}".strip())
    return _to(made)


@blueprint.get("/<name>")
@require("admin")
def person(name: str) -> str:
    """One account: role, languages, password, lock, tokens."""
    return _person(_known(name))


@blueprint.post("/<name>/role")
@require("admin")
def change_role(name: str) -> ResponseReturnValue:
    """Gives another account a role and languages; whoever is logged in as it logs in anew."""
    other = _other(name)
    role, languages = _wanted(other)
    if (role, languages) != (other.role, other.languages):
        _accounts().change(other.name, role=role, languages=languages)
        note("role changed", f"{other.name} {role} {' '.join(languages)}".strip())
    return _to(other)


@blueprint.post("/<name>/password")
@require("admin")
def set_password(name: str) -> ResponseReturnValue:
    """Sets a password for another account, ends its sessions and lifts a lock."""
    other = _other(name)
    try:
        kept = hashed(request.form.get("new", ""))
    except AccountError:
        return make_response(_person(other, error=_("A password has 10 to 1000 characters.")), 422)
    _accounts().change(other.name, password=kept)
    note("password set", other.name)
    return _to(other)


@blueprint.post("/<name>/lock")
@require("admin")
def lock(name: str) -> ResponseReturnValue:
    """Locks another account: it is logged out, and neither passwords nor tokens open it."""
    other = _other(name)
    _accounts().lock(other.name)
    note("locked by an admin", other.name)
    return _to(other)


@blueprint.post("/<name>/unlock")
@require("admin")
def unlock(name: str) -> ResponseReturnValue:
    """Lifts a lock, whether an admin or wrong passwords closed it."""
    found = _known(name)
    _accounts().unlock(found.name)
    note("unlocked", found.name)
    return _to(found)


@blueprint.post("/<name>/tokens/<token_id>/remove")
@require("admin")
def remove_token(name: str, token_id: str) -> ResponseReturnValue:
    """Ends a token of an account."""
    found = _known(name)
    if _accounts().remove_token(found.name, token_id):
        note("token removed", f"{found.name} {token_id}")
    return _to(found)


def _accounts() -> Accounts:
    return readable_store().accounts


def _known(name: str) -> Account:
    return _accounts().get(name) or abort(404)


def _other(name: str) -> Account:
    """The account, unless it is one's own: so there is always an admin left, and one's password needs the old one."""
    found = _known(name)
    if found.name == who():
        raise BadRequest
    return found


def _wanted(now: Account | None = None) -> tuple[str, tuple[str, ...]]:
    """Role and languages of a form. Raises: BadRequest for what the form does not offer."""
    try:
        role = checked_role(request.form.get("role", ""))
    except AccountError:
        raise BadRequest from None
    tags = tuple(dict.fromkeys(request.form.getlist("lang")))
    if not set(tags) <= {*LANGUAGES, *(now.languages if now else ())}:
        raise BadRequest
    return role, tags


def _to(found: Account) -> ResponseReturnValue:
    return redirect(url_for("people.person", name=found.name), code=303)


def _people(error: str = "") -> str:
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 10):
        raise BadRequest
    accounts = _accounts()
    lines = accounts.audit(limit=LINES, before=int(before) if before else None)
    return render_template(
        "people.html", accounts=accounts.all(), locks=accounts.locks(), lines=lines, more=len(lines) == LINES,
        roles=ROLES, tags=LANGUAGES, error=error, typed=request.form,
    )  # fmt: skip


def _person(found: Account, *, error: str = "") -> str:
    accounts = _accounts()
    return render_template(
        "person.html", person=found, until=accounts.locks().get(found.name), tokens=accounts.tokens(found.name),
        roles=ROLES, tags=tuple(dict.fromkeys((*LANGUAGES, *found.languages))), error=error, own=found.name == who(),
    )  # fmt: skip
