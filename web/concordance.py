"""`/concordance?q=`: every sentence pair of the documents that holds what was typed, whether or not it is a term."""

from __future__ import annotations

from flask import Blueprint, render_template

from glossary.lookup import concordance
from web.lookup import asked
from web.termbase import store

SHOWN = 50

blueprint = Blueprint("concordance", __name__)


@blueprint.get("/concordance")
def show() -> str:
    """The sentence pairs for `q`; with an empty query the form alone."""
    query, termbase = asked(), store()
    pairs = concordance(termbase, query, limit=SHOWN + 1) if query and termbase else ()
    return render_template("concordance.html", query=query, pairs=pairs[:SHOWN], more=len(pairs) > SHOWN)
