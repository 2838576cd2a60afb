"""`/people`: the accounts and the log of what they did, for admins. Accounts are made with `glossary user`."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import BadRequest

from web.access import require
from web.termbase import readable_store

LINES = 100

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
@require("admin")
def show() -> str:
    """Every account, and the newest lines of the log."""
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 10):
        raise BadRequest
    accounts = readable_store().accounts
    lines = accounts.audit(limit=LINES, before=int(before) if before else None)
    return render_template("people.html", accounts=accounts.all(), lines=lines, more=len(lines) == LINES)
