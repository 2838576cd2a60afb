"""`/export`: the glossary as files, every format of the exchange room, per language and status. Reading is a GET."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, send_file

from glossary.datamodel import ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange import EXPORTERS, write
from glossary.language import canonical_tag
from glossary.store import Store
from web.errors import BadQuery
from web.i18n import translate as _
from web.shown import DISPLAYED
from web.termbase import readable_store, store, store_path

MOST_IDS = 100
"""Entries a list may name in its address, which browsers and servers cut at some thousand characters."""

STATES = ("approved", "proposed", "preferred", "admitted")
SUFFIXES = {"tbx2": "tbx", "omegat": "txt", "jieba": "txt"}
MIMETYPES = {
    "po": "text/x-gettext-translation",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "jsonl": "application/jsonl; charset=utf-8",
    "tbx": "application/x-tbx",
    "tmx": "application/x-tmx+xml",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""By suffix; to those of texts the charset is added, UTF-8."""

blueprint = Blueprint("export", __name__, url_prefix="/export")


@blueprint.get("")
def show() -> str:
    """The formats, and a form that asks which language and status."""
    termbase = store()
    return render_template(
        "export.html",
        formats=list(EXPORTERS),
        variants=DISPLAYED,
        statuses=STATES,
        ids=request.args.get("ids", ""),
        empty=termbase is None or not termbase.count(),
        path=store_path(),
    )


@blueprint.get("/file")
def download() -> Response:
    """The entries in the format asked for, as a file to keep."""
    format_ = request.args.get("format", "")
    if format_ not in EXPORTERS:
        raise BadQuery(_("There is no such format."))
    return exported(readable_store(), format_, language(), request.args.get("status", ""))


def language() -> str | None:
    """The language asked for, None for all. Raises: BadQuery for what is no language tag."""
    lang = request.args.get("lang", "")
    try:
        return canonical_tag(lang) if lang else None
    except ValueError as error:
        raise BadQuery(_("There is no such language.")) from error


def exported(termbase: Store, format_: str, lang: str | None, status: str) -> Response:
    """A response with the file, streamed from a temporary one that has no name any more."""
    entries = chosen(termbase, status)
    epoch = current_app.extensions["settings"].source_date_epoch
    suffix = SUFFIXES.get(format_, re.sub(r"[^a-z0-9]", "", format_))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"glossary.{suffix}"
        try:
            write(entries, format_, path, lang=lang, epoch=epoch)
        except ExchangeError as error:
            raise BadQuery(str(error).replace(f"{path}: ", "")) from error
        file = path.open("rb")  # still readable when the folder is gone
    name = f"glossary.{lang}.{suffix}" if lang else f"glossary.{suffix}"
    mimetype = MIMETYPES.get(suffix, "application/octet-stream")
    return send_file(file, mimetype=mimetype, as_attachment=True, download_name=name)


def chosen(termbase: Store, status: str) -> Iterator[ConceptEntry]:
    """The entries a request is about: those named by `ids`, or all in the state.

    Raises: BadQuery for an unknown state or too many ids.
    """
    ids = [i for i in request.args.get("ids", "").split(",") if i]
    if len(ids) > MOST_IDS:
        raise BadQuery(_("A list of entries may name {most} at most.", most=MOST_IDS))
    if ids:
        return iter(termbase.entries_of(ids))
    if status in ("approved", "proposed"):
        return termbase.entries(review=status)  # type: ignore[arg-type]
    if status in ("preferred", "admitted"):
        return termbase.entries(status=status)  # type: ignore[arg-type]
    if status:
        raise BadQuery(_("There is no such status."))
    return termbase.entries()
