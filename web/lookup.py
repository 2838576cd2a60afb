"""`/lookup?q=`: the best entry as a card, the others in a table, near matches when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from flask import Blueprint, render_template, request
from markupsafe import Markup

from glossary.lookup import Place, places
from glossary.store import Store
from web.access import account
from web.answers import asked_for_part, kept
from web.errors import BadQuery
from web.frame import framed
from web.i18n import current_language, translate_count
from web.i18n import translate as _
from web.look import FILTERS, card, look
from web.pieces import lines
from web.prepared import counted
from web.present import clean_query, text_lang
from web.rows import states
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
    shown = SHOWN_ALL if request.args.get("all") else SHOWN
    matches = places(termbase, query, limit=shown + 1, guess="alone") if query and termbase else ()
    found = [place for place in matches[:shown] if place.how != "fuzzy"]
    near = [place for place in matches if place.how == "fuzzy"][:NEAR]
    status = request.args.get("status", "")
    status = status if status in FILTERS else ""
    made = _found(termbase, query, found, status, more=len(found) == shown < len(matches)) if termbase else ""
    if made:
        return made
    entries = {entry.id: entry for entry in termbase.entries_of(p.entry_id for p in near)} if termbase else {}
    return render_template(
        "_results.html",
        query=query,
        path=store_path(),
        hidden=bool(found),
        status_chosen=status,
        near=[(p, entries[p.entry_id]) for p in near if p.entry_id in entries],
        empty=not matches and (termbase is None or not counted(termbase, "entries", termbase.count)),
    )


def _found(termbase: Store, query: str, found: Sequence[Place], status: str, *, more: bool) -> str:
    """The best of these entries as a card and the others in a table; '' when none has the status."""
    if not found:
        return ""
    ids = [place.entry_id for place in found]
    if status:
        shown = lines(termbase, ids)
        ids = [entry_id for entry_id in ids if entry_id in shown and status in states(shown[entry_id])]
    best = next((place for place in found if place.entry_id in ids[:1]), None)
    drawn = card(termbase, best.entry_id) if best else ""
    if best is None or not drawn:
        return ""
    shown = lines(termbase, ids[1:])
    others = [(entry_id, shown[entry_id]) for entry_id in ids[1:] if entry_id in shown]
    count = 1 + len(others)
    say = _("The best {n} entries", n=count) if more else translate_count("{n} entry", "{n} entries", count)
    also = (best.form, best.lang) if best.how == "exact" and best.form.lower() != query.lower() else None
    listed = look().list(others, query, status, more=more and len(found) < SHOWN_ALL) if others else ""
    return look().results(query, say, also, status, drawn, listed)
