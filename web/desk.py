"""`POST /documents/<bitext_id>`: the alignment editor. Each operation is one form, saved when it is made.

With scripts the answer is the part of the page that changed; without, the page again. An operation that cannot be done
is told in the bar (422); one on an alignment that somebody else changed meanwhile is not done (409), and what they
changed is listed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from glossary.datamodel import Extraction, content_id
from glossary.desk import Desk, changed, made_again, steps, taken_back
from glossary.errors import AlignmentError, StoreConflict
from glossary.exchange import write_bitext
from glossary.store import Store
from web.access import demand, require, who
from web.deskform import (
    Malformed,
    Refused,
    Stale,
    bead_label,
    bead_value,
    edit_of,
    near,
    place_after,
    read,
    sentence_of,
)
from web.deskpage import TEMPLATE_NAMES, Notice, View, extracting, may_align, shown
from web.deskwords import refusal, told, told_undone
from web.errors import BadQuery
from web.export import MIMETYPES
from web.extractions import extraction_of, keep
from web.i18n import translate as _
from web.present import file_name
from web.termbase import readable_store, store

FORMATS = ("tmx", "tsv", "xlsx")
TICKS = {"bead": "", "s": "s", "t": "t"}
MOST_KEPT = 200  # ticks that an answer repeats
REPEATED = ("merge", "link", "unlink", "none", "check")
"""Operations that a conflict offers to repeat: those that are about beads, which have their names."""

BUSY = ("queued", "running")

blueprint = Blueprint("desk", __name__, url_prefix="/documents")
blueprint.add_app_template_global(lambda: FORMATS, "alignment_formats")
for _name, _function in TEMPLATE_NAMES.items():
    blueprint.add_app_template_global(_function, _name)


def stamp(desk: Desk) -> str:
    """What a form says it saw: the version, and a mark of the very beads, which a reading anew changes too."""
    extraction = desk.extraction
    beads = " ".join(bead_value(b) for b in extraction.bitext.beads)
    return f"{desk.version}-{content_id(extraction.source.id, extraction.target.id, beads)}"


blueprint.add_app_template_global(stamp, "stamp")


@blueprint.post("/<bitext_id>")
@require("edit")
def change(bitext_id: str) -> ResponseReturnValue:
    """One operation; then the alignment as it is."""
    termbase, op = readable_store(), request.form.get("op", "")
    desk = _opened(termbase, bitext_id)
    if op == "extract":
        return _extract(termbase, desk)
    if op == "stay":
        return _answer(termbase, desk, View(at=_here(desk)))
    if request.form.get("version", "") != stamp(desk):
        return _conflict(termbase, desk)
    try:
        if op in ("undo", "redo"):
            return _again(termbase, desk, op)
        return _edit(termbase, desk, op)
    except (Stale, StoreConflict):
        return _conflict(termbase, _opened(termbase, bitext_id))
    except Refused as error:
        return _refused(termbase, desk, str(error))
    except AlignmentError:
        return _refused(termbase, desk, "")
    except Malformed as error:
        raise BadRequest from error


def _opened(termbase: Store, bitext_id: str) -> Desk:
    extraction = extraction_of(termbase, bitext_id) or abort(404)
    if not may_align(extraction):
        demand("edit", extraction.bitext.target_lang)
    return Desk(extraction, termbase.work.alignment_log(extraction))


def _edit(termbase: Store, desk: Desk, op: str) -> ResponseReturnValue:
    before = desk.extraction.bitext
    asked = read(request.form.getlist, before)
    if op == "break":
        cut = sentence_of(asked, before)
        return _answer(termbase, desk, View(at=asked.beads[0], cut=cut), cut=f"{cut[0][0]}{cut[1] + 1}")
    edit = edit_of(asked, before)
    now = changed(termbase, desk, edit, who=who())
    after = now.extraction.bitext
    at = place_after(edit, before, after)
    return _answer(termbase, now, View(at=at, say=told(edit, bead_label(after.beads[at]))))


def _again(termbase: Store, desk: Desk, op: str) -> ResponseReturnValue:
    """Takes the last change back, or makes it again."""
    edit = desk.can_undo if op == "undo" else desk.can_redo
    if edit is None:
        raise Refused(op)
    if op == "undo":
        now = taken_back(termbase, desk)
        say, at = told_undone(edit, now)
    else:
        now = made_again(termbase, desk)
        at = place_after(edit, desk.extraction.bitext, now.extraction.bitext)
        say = told(edit, bead_label(now.extraction.bitext.beads[at]))
    return _answer(termbase, now, View(at=at, say=say))


def _extract(termbase: Store, desk: Desk) -> ResponseReturnValue:
    """Lets a job extract the terms again, unless one waits already."""
    bitext_id = desk.extraction.bitext_id
    job = extracting(termbase, bitext_id)
    if job is None or job.state not in BUSY:
        termbase.work.add_job("extract", {"bitext_id": bitext_id}, who=who())
    return _answer(termbase, desk, View(at=_here(desk), say=_("Extracting terms")))


def _here(desk: Desk) -> int:
    """The bead the form is at, or what has become of it; the first when it names none."""
    try:
        return read(request.form.getlist, desk.extraction.bitext).beads[0]
    except (Malformed, Stale, Refused, IndexError):
        return near(request.form.get("bead") or request.form.get("here", ""), desk.extraction.bitext)


def _answer(termbase: Store, desk: Desk, view: View, cut: str | None = None) -> ResponseReturnValue:
    keep(desk)
    bitext_id, at = desk.extraction.bitext_id, (view.at or 0) + 1
    address = url_for("documents.show", bitext_id=bitext_id, at=at, cut=cut)
    if not request.headers.get("HX-Request"):
        return redirect(f"{address}#at", code=303)
    return _part(termbase, desk, view, 200, address)


def _part(termbase: Store, desk: Desk, view: View, status: int, address: str | None = None) -> Response:
    """The form alone for htmx, the page for a browser without scripts."""
    part = bool(request.headers.get("HX-Request"))
    job = extracting(termbase, desk.extraction.bitext_id)
    response = make_response(shown(desk.extraction, desk, view, job, part=part), status)
    if part and address:
        response.headers["HX-Replace-Url"] = address
    return response


def _refused(termbase: Store, desk: Desk, code: str) -> Response:
    """The page as it was, with the reason. To htmx as a success, for browsers write other answers to the console."""
    text = refusal(code)
    view = View(at=_here(desk), ticked=_ticked(), notice=Notice(text), say=text)
    return _part(termbase, desk, view, 200 if request.headers.get("HX-Request") else 422)


def _conflict(termbase: Store, desk: Desk) -> Response:
    """The alignment as others left it, what they did, what was selected, and the command to repeat."""
    seen, op = request.form.get("seen", "")[:40], request.form.get("op", "")
    theirs = steps(desk, since=seen) if seen else ()
    text = _("This alignment was changed meanwhile. Your change was not made.")
    repeat = op if op in REPEATED and _is_there(desk) else ""
    view = View(at=_here(desk), ticked=_ticked(), notice=Notice(text, theirs[::-1], repeat), say=text)
    return _part(termbase, desk, view, 409)


def _is_there(desk: Desk) -> bool:
    """Whether all that the form names is still there."""
    try:
        return bool(read(request.form.getlist, desk.extraction.bitext).beads)
    except (Malformed, Stale, Refused):
        return False


def _ticked() -> frozenset[str]:
    """The values that stay ticked: `7-9.6-7`, `s8`, `t7`."""
    form = request.form
    return frozenset(f"{key}{value}" for name, key in TICKS.items() for value in form.getlist(name)[:MOST_KEPT])


@blueprint.get("/<bitext_id>/terms")
@require("edit")
def terms(bitext_id: str) -> str:
    """How far the extraction of terms is."""
    return render_template("_terms.html", job=extracting(readable_store(), bitext_id), bitext_id=bitext_id)


@blueprint.get("/<bitext_id>/file")
def download(bitext_id: str) -> Response:
    """The alignment as a file to keep."""
    extraction = extraction_of(store() or abort(404), bitext_id) or abort(404)
    format_ = request.args.get("format", "")
    if format_ not in FORMATS:
        raise BadQuery(_("There is no such format."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"alignment.{format_}"
        uris = {"source_uri": extraction.source.uri, "target_uri": extraction.target.uri}
        write_bitext(extraction.bitext, format_, path, **uris)
        file = path.open("rb")  # still readable when the folder is gone
    return send_file(
        file, mimetype=MIMETYPES[format_], as_attachment=True, download_name=f"{download_name(extraction)}.{format_}"
    )


def download_name(extraction: Extraction) -> str:
    """What the file is called, without its suffix: the source file and the languages."""
    stem = PurePath(file_name(extraction.source.uri) or "alignment").stem.split(".")[0] or "alignment"
    bitext = extraction.bitext
    langs = [lang for lang in (bitext.source_lang, bitext.target_lang) if lang != "und"]
    return ".".join([stem, "-".join(langs)]) if langs else stem
