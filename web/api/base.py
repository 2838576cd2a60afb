"""What every address of the API shares: the token of a request, its body, its parameters."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, g, request

from glossary.language import canonical_tag
from web.access import account, may
from web.errors import BadQuery, Denied
from web.i18n import translate as _
from web.termbase import readable_store

LONGEST = 20_000
"""Characters of a text to annotate, check, align or extract from; the command line takes any length."""

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.before_request
def identify() -> None:
    """Takes the account from the token; without one a request that is no GET is a visitor's."""
    header = request.headers.get("Authorization", "")
    g.scopes = ("read", "write") if request.method in ("GET", "HEAD") else ("read",)
    if header:
        kind, _space, secret = header.partition(" ")
        found = readable_store().accounts.token(secret.strip()) if kind.lower() == "bearer" else None
        if found is None:
            raise Denied(401, _("The token is not known."))
        g.account, g.scopes = found
    elif request.method not in ("GET", "HEAD"):
        g.account = None
    if request.endpoint != "api.describe":
        _may_read()


def _may_read() -> None:
    if not may("read"):
        raise Denied(401, _("A token is needed: Authorization: Bearer ..."))
    if account() is not None and "read" not in g.scopes and "write" not in g.scopes:
        raise Denied(403, _("The token has not the scope for this."))


def demand_write() -> None:
    """Raises: Denied unless the request came with a token whose scope is write."""
    if account() is None:
        raise Denied(401, _("A token is needed: Authorization: Bearer ..."))
    if "write" not in g.scopes:
        raise Denied(403, _("The token has not the scope for this."))


def body() -> dict[str, object]:
    """The JSON object of the request. Raises: BadQuery for anything else."""
    if not request.is_json:
        raise BadQuery(_("The body must be a JSON object, Content-Type: application/json."))
    try:
        found = json.loads(request.get_data(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadQuery(_("The body is not valid JSON.")) from error
    if not isinstance(found, dict):
        raise BadQuery(_("The body must be a JSON object, Content-Type: application/json."))
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def text(found: dict[str, object], name: str, *, longest: int = LONGEST) -> str:
    """A text of the body. Raises: BadQuery when it is missing, none, too long, or no Unicode."""
    value = found.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadQuery(_("{name} must be a text.", name=name))
    if len(value) > longest:
        raise BadQuery(_("{name} may have {limit} characters at most.", name=name, limit=longest))
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise BadQuery(_("{name} holds a lone surrogate.", name=name))
    return value


def tag(value: object, name: str) -> str | None:
    """A language tag, None when it is absent. Raises: BadQuery for what is no tag."""
    if value is None or value == "":
        return None
    try:
        return canonical_tag(str(value))
    except ValueError as error:
        raise BadQuery(_("{name} is no language tag.", name=name)) from error


def number(name: str, default: int, most: int) -> int:
    """A whole number of the query, 1 to `most`. Raises: BadQuery for anything else."""
    raw = request.args.get(name, str(default))
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:9]) <= most):
        raise BadQuery(_("{name} must be a whole number from 1 to {most}.", name=name, most=most))
    return int(raw)


def choice(name: str, known: tuple[str, ...]) -> str | None:
    """One of some words of the query, None when it is absent. Raises: BadQuery for another."""
    raw = request.args.get(name)
    if raw is None or raw in known:
        return raw
    raise BadQuery(_("{name} must be one of: {known}.", name=name, known=", ".join(known)))


def tagged(response: Response, tag_: str) -> Response:
    """The response with its ETag, or 304 when the client has it already."""
    response.set_etag(tag_)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Authorization", "Cookie"))
    response.make_conditional(request)  # in place
    return response


def note_fault(message: str) -> None:
    """Keeps in the log what is not shown."""
    current_app.logger.warning("api: %s", message)
