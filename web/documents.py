"""`/documents` and `/documents/<bitext_id>`: what was read, and its sentences side by side."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from glossary.datamodel import Extraction
from glossary.desk import Desk
from web.access import may
from web.deskform import SIDES, Sentence
from web.deskpage import View, extracting, may_align, pages_of, shown
from web.extractions import extraction_of
from web.termbase import store
from web.uploads import LANGUAGES, unfinished

blueprint = Blueprint("documents", __name__, url_prefix="/documents")


@blueprint.get("")
def index() -> str:
    """Every document pair of the store."""
    termbase = store()
    jobs = unfinished(termbase.work.jobs()) if termbase and may("add") else []
    return render_template(
        "documents.html", documents=termbase.documents() if termbase else (), jobs=jobs, tags=LANGUAGES
    )


@blueprint.get("/<bitext_id>")
def show(bitext_id: str) -> str:
    """One alignment, 100 beads a page; with the editor's form for those who may."""
    termbase = store() or abort(404)
    extraction = extraction_of(termbase, bitext_id) or abort(404)
    page = _number("page") or 1
    at = _number("at") if "at" in request.args else None
    if page > pages_of(extraction) or at == 0:
        abort(404)
    if not may_align(extraction):
        return shown(extraction, None, View(at and at - 1, page))
    desk = Desk(extraction, termbase.work.alignment_log(extraction))
    return shown(extraction, desk, View(at and at - 1, page, cut=_cut(extraction)), extracting(termbase, bitext_id))


def _number(name: str) -> int:
    raw = request.args.get(name, "1")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        abort(404)
    return int(raw) if raw != "0" or name == "at" else abort(404)


def _cut(extraction: Extraction) -> Sentence | None:
    """The sentence that is to be cut in two, None when the address names none."""
    raw = request.args.get("cut", "")
    side, number = SIDES.get(raw[:1]), raw[1:]
    if not (side and number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found = (side, int(number) - 1)
    return found if 0 <= found[1] < len(getattr(extraction.bitext, side)) else None
