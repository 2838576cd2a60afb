"""`/lookup?q=`: the best entry as a card, the others in a table, near matches when there is none."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from glossary.lookup import lookup
from web.errors import BadQuery
from web.i18n import translate as _
from web.present import clean_query
from web.shown import DISPLAYED, states
from web.termbase import store, store_path

LONGEST = 200  # characters; the longest terms of the evaluation sets have under 100
SHOWN = 50
NEAR = 6
FILTERS = ("preferred", "admitted")

blueprint = Blueprint("lookup", __name__)


def asked() -> str:
    """The query of this request, cleaned; '' when there is none.

    Raises: BadQuery when it is too long.
    """
    query = clean_query(request.args.get("q", ""))
    if len(query) > LONGEST:
        message = _("It has {n} characters; the limit is {limit}. Look up a term, not a text.")
        raise BadQuery(message.format(n=len(query), limit=LONGEST))
    return query


@blueprint.get("/lookup")
def find() -> str:
    """Results for `q`; with an empty query the form alone."""
    query, termbase = asked(), store()
    matches = lookup(termbase, query, limit=SHOWN) if query and termbase else ()
    status = request.args.get("status", "")
    status = status if status in FILTERS else ""
    found = [m for m in matches if m.how != "fuzzy"]
    return render_template(
        "lookup.html",
        query=query,
        found=[m for m in found if not status or status in states(m.entry)],
        hidden=bool(found),
        status_chosen=status,
        filters=FILTERS,
        near=[m for m in matches if m.how == "fuzzy"][:NEAR],
        empty=termbase is None or not termbase.count(),
        path=store_path(),
        targets=DISPLAYED,
    )
