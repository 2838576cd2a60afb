"""`POST /documents`: files people give, kept under the hash of their content, and the job that reads them."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from pathlib import Path

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from glossary.accounts import Account
from glossary.config import Settings
from glossary.documents import READERS
from glossary.store import Job
from web.access import account, demand, require, who
from web.errors import BadQuery
from web.i18n import translate as _
from web.limits import UPLOADS, limiter
from web.termbase import readable_store, termbase_path

LARGEST_UPLOAD = 21 * 1024 * 1024  # bytes of a form: 20 MB of files, and the fields around them
LONGEST_NAME = 120  # characters of a file name that is shown
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")

blueprint = Blueprint("uploads", __name__, url_prefix="/documents")


def shown_name(raw: str) -> str:
    """The last part of a file name as people may see it, without what moves or hides letters.

    >>> shown_name("../../etc/a\\x00b.en.txt"), shown_name("C:\\\\x\\\\書.docx"), shown_name("/")
    ('ab.en.txt', '書.docx', 'upload')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return plain[-LONGEST_NAME:] or "upload"


def folder() -> Path:
    """Where uploads are kept: the setting, else a folder beside the store."""
    settings = current_app.extensions["settings"]
    assert isinstance(settings, Settings)
    path = termbase_path()
    return settings.uploads or (path.with_name(f"{path.name}.uploads") if path else Path("uploads"))


def checked(file: FileStorage) -> tuple[str, bytes]:
    """(name, bytes) of a file that was sent. Raises: BadQuery for an empty one and one of no known type."""
    name = shown_name(file.filename or "")
    if Path(name).suffix.lower() not in READERS:
        raise BadQuery(_("A file of this type cannot be read: {name}", name=name))
    raw = file.read()
    if not raw:
        raise BadQuery(_("The file is empty: {name}", name=name))
    return name, raw


def stored(name: str, raw: bytes) -> str:
    """The path under which a file is kept: the hash of its bytes. It appears whole, for a job may read it already."""
    path = folder().absolute() / f"{hashlib.sha256(raw).hexdigest()}{Path(name).suffix.lower()}"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            part.write_bytes(raw)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return str(path)


@blueprint.post("")
@require("add")
@limiter.limit(UPLOADS)
def upload() -> ResponseReturnValue:
    """Keeps the files and lets a job wait for the worker."""
    source_lang, target_lang = (request.form.get(key, "") for key in ("source_lang", "target_lang"))
    if not {source_lang, target_lang} <= {"", *LANGUAGES}:
        raise BadQuery(_("There is no such language."))
    asking = account()
    if isinstance(asking, Account) and asking.languages:
        demand("add", target_lang)
    found = [request.files.get(key) for key in ("source", "target")]
    if request.form.get("kind") == "one":
        found[1] = None
    elif found[1] is None or not found[1].filename:
        raise BadQuery(_("Choose both files."))
    if found[0] is None or not found[0].filename:
        raise BadQuery(_("Choose a file."))
    (source_name, source), (target_name, target) = (checked(f) if f else ("", b"") for f in found)
    readable_store().work.add_job(
        "build",
        {
            "source": stored(source_name, source), "target": stored(target_name, target) if target else "",
            "source_name": source_name, "target_name": target_name,
            "source_lang": source_lang, "target_lang": target_lang,
        },
        who=who(),
    )  # fmt: skip
    return redirect(url_for("documents.index"), code=303)


@blueprint.post("/jobs/<job_id>/retry")
@require("add")
def retry(job_id: str) -> ResponseReturnValue:
    """Lets a failed job wait again."""
    work = readable_store().work
    job = work.job(job_id)
    if job is not None and job.state == "failed":
        work.retry(job_id)
    return redirect(url_for("documents.index"), code=303)


def unfinished(jobs: tuple[Job, ...]) -> list[Job]:
    """The jobs that read uploads and are not done."""
    return [job for job in jobs if job.kind == "build" and job.state != "done"]


def _room() -> None:
    if request.endpoint == "uploads.upload":
        request.max_content_length = LARGEST_UPLOAD if account() else 0


def init_app(app: Flask) -> None:
    """Give uploads more room than other forms; must come before the forms' own check, which reads the form."""
    app.before_request(_room)
