"""`/lookup?q=`: the best entry as a card, the others in a table, near matches when there is none."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from glossary.lookup import lookup
from web.answers import asked_for_part, kept
from web.errors import BadQuery
from web.i18n import translate as _
from web.present import clean_query
from web.shown import DISPLAYED, states
from web.termbase import store, store_path

LONGEST = 200  # characters; the longest terms of the evaluation sets have under 100
SHOWN = 20  # entries of a page: what fits on three screens
SHOWN_ALL = 100
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
@kept
def find() -> str:
    """Results for `q`, the best of them unless `all` asks for more; with an empty query the form alone."""
    query, termbase = asked(), store()
    shown = SHOWN_ALL if request.args.get("all") else SHOWN
    matches = lookup(termbase, query, limit=shown + 1) if query and termbase else ()
    status = request.args.get("status", "")
    status = status if status in FILTERS else ""
    found = [m for m in matches[:shown] if m.how != "fuzzy"]
    return render_template(
        "results.html" if asked_for_part() else "lookup.html",
        query=query,
        found=[m for m in found if not status or status in states(m.entry)],
        hidden=bool(found),
        more=len(found) == shown < len(matches),
        longest=shown == SHOWN_ALL,
        status_chosen=status,
        filters=FILTERS,
        near=[m for m in matches if m.how == "fuzzy"][:NEAR],
        empty=termbase is None or not termbase.count(),
        path=store_path(),
        targets=DISPLAYED,
    )
