"""`/lookup?q=`: the best entry as a card, the others in a table, near matches when there is none."""

from __future__ import annotations

from contextlib import nullcontext

from flask import Blueprint, render_template, request
from markupsafe import Markup

from glossary.datamodel import ConceptEntry
from glossary.lookup import places
from glossary.store import Store
from web.access import account
from web.answers import asked_for_part, kept, lines
from web.errors import BadQuery
from web.frame import framed
from web.i18n import current_language
from web.i18n import translate as _
from web.look import FILTERS
from web.prepared import counted
from web.present import clean_query, text_lang
from web.shown import Line, line
from web.termbase import store, store_path

LONGEST = 200  # characters; the longest terms of the evaluation sets have under 100
SHOWN = 20  # entries of a page: what fits on three screens
SHOWN_ALL = 100
NEAR = 6

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
    template = "results.html" if asked_for_part() else "lookup.html"
    with termbase.one_view() if termbase else nullcontext():
        values = {
            "query": query,
            "query_lang": text_lang(query) or current_language().tag,
            "titled": f"{query} – " if query else "",
            "results": Markup(_results(termbase, query)),
        }
        if termbase is None or account():
            return render_template(template, **values)
        return framed(termbase, template, values)


def _results(termbase: Store | None, query: str) -> str:
    """What the page shows for a query."""
    found = _found(termbase, query)
    return render_template("_results.html", query=query, path=store_path(), **found)


def _found(termbase: Store | None, query: str) -> dict[str, object]:
    """What the page shows of the entries that were found."""
    shown = SHOWN_ALL if request.args.get("all") else SHOWN
    status = request.args.get("status", "")
    status = status if status in FILTERS else ""
    matches = places(termbase, query, limit=shown + 1, guess="alone") if query and termbase else ()
    found = [p for p in matches[:shown] if p.how != "fuzzy"]
    near = [p for p in matches if p.how == "fuzzy"][:NEAR]
    entries: dict[str, ConceptEntry] = {}
    rows: dict[str, Line] = {}
    if termbase and matches:
        rows, entries = lines(termbase, [p.entry_id for p in found], [p.entry_id for p in (*found[:1], *near)])
    chosen = [p for p in found if p.entry_id in rows and (not status or status in rows[p.entry_id].states)]
    best = chosen[0] if chosen else None
    if termbase and best and best.entry_id not in entries:
        entries |= {entry.id: entry for entry in termbase.entries_of([best.entry_id])}
    return {
        "best": best,
        "entry": entries[best.entry_id] if best else None,
        "card": line(entries[best.entry_id], counted=True) if best else None,
        "lines": [rows[p.entry_id] for p in chosen[1:]],
        "hidden": bool(found),
        "more": len(found) == shown < len(matches),
        "longest": shown == SHOWN_ALL,
        "status_chosen": status,
        "near": [(p, entries[p.entry_id]) for p in near if p.entry_id in entries],
        "empty": not matches and (termbase is None or not counted(termbase, "entries", termbase.count)),
    }
