"""`/documents` and `/documents/<bitext_id>`: what was read, and its sentences side by side."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from web.access import may
from web.present import bead_state, overview
from web.termbase import store
from web.uploads import LANGUAGES, unfinished

PER_PAGE = 200  # beads

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
    """One alignment, 200 beads a page."""
    extraction = (store() or abort(404)).extraction(bitext_id) or abort(404)
    beads = extraction.bitext.beads
    pages = max(1, -(-len(beads) // PER_PAGE))
    page = _page(pages)
    first = (page - 1) * PER_PAGE
    states = [bead_state(b) for b in beads]
    return render_template(
        "alignment.html",
        extraction=extraction,
        beads=list(enumerate(beads[first : first + PER_PAGE], first)),
        states=states,
        cells=overview(states),
        doubtful=_first_doubtful(states, bitext_id),
        page_number=page,
        pages=pages,
        window=(first / max(1, len(beads)), min(1.0, PER_PAGE / max(1, len(beads)))),
    )


def bead_url(bitext_id: str, bead: int) -> str:
    """The address of one bead, 0-based, on its page."""
    page = bead // PER_PAGE + 1
    anchor = f"b{bead + 1}"
    if page == 1:
        return url_for("documents.show", bitext_id=bitext_id, _anchor=anchor)
    return url_for("documents.show", bitext_id=bitext_id, page=page, _anchor=anchor)


def _page(pages: int) -> int:
    raw = request.args.get("page", "1")
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:9]) <= pages):
        abort(404)
    return int(raw)


def _first_doubtful(states: list[str], bitext_id: str) -> str:
    at = next((i for i, state in enumerate(states) if state in ("doubtful", "weak")), None)
    return "" if at is None else bead_url(bitext_id, at)


blueprint.add_app_template_global(bead_url, "bead_url")
