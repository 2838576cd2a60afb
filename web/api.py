"""`/api/v1/lookup?q=&limit=`: what the look-up page shows, as JSON. See errors.py for what a bad request gets."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for

from glossary import codec
from glossary.lookup import Match, lookup
from glossary.variants import with_converted
from web.errors import BadQuery
from web.i18n import translate as _
from web.lookup import asked
from web.termbase import readable_store

LIMIT = 20
MOST = 100  # matches in one answer

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/lookup")
def find() -> Response:
    """The entries a query finds, best first, with their contexts and converted forms."""
    query = asked()
    if not query:
        raise BadQuery(_("The query is empty. Add ?q= and a term."))
    matches = lookup(readable_store(), query, limit=_limit())
    return jsonify(query=query, count=len(matches), matches=[_match(m) for m in matches])


def _limit() -> int:
    raw = request.args.get("limit", str(LIMIT))
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:9]) <= MOST):
        raise BadQuery(_("limit must be a whole number from 1 to {most}.", most=MOST))
    return int(raw)


def _match(match: Match) -> codec.JsonObject:
    found: codec.JsonObject = {"how": match.how, "form": match.form, "lang": match.lang, "score": match.score}
    url = url_for("entries.show", entry_id=match.entry.id)
    return {**found, "url": url, "entry": codec.to_json(with_converted(match.entry))}
