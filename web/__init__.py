"""The Flask app over one store: pages to read and to edit, and a JSON API. Thin: parse, call a function, render.

    __init__.py     create_app(settings), the front door
    serve.py        serve(settings, host, port), with waitress
    home.py lookup.py concordance.py check.py entries.py documents.py export.py pages.py api.py health.py
    preferences.py  one each
    desk.py deskpage.py deskform.py deskwords.py cutting.py    the alignment editor
    extractions.py  documents read lately, kept in memory
    uploads.py      files people give, and the jobs that read them
    termbase.py     the store of a request: absent, unreadable or open
    answers.py      answers of look-ups, kept until the glossary changes
    frame.py look.py rows.py pieces.py   pages and cards drawn once a language, what lists show of entries, kept
    marking.py weave.py prepared.py     a text with terms and findings marked; annotators and checkers kept ready
    edit.py entryform.py review.py           changing entries, the queue of candidates
    access.py login.py people.py forms.py    accounts: who asks and what they may; form tokens
    logs.py metrics.py               a line of JSON a request, counters for Prometheus
    limits.py       how often one address may ask
    present.py shown.py romanised.py    text marked by offsets, scores; what is shown of an entry: pure functions
    view.py         what templates may use
    i18n.py messages.py    interface languages, their catalogues in locale/
    errors.py security.py  error pages and problem+json; response headers

Every page works without scripts, and every page that only shows something without cookies.
"""

from __future__ import annotations

import secrets

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from jinja2 import StrictUndefined

from glossary.config import Settings
from web import (
    access,
    answers,
    api,
    check,
    concordance,
    desk,
    documents,
    edit,
    entries,
    errors,
    export,
    extractions,
    forms,
    frame,
    health,
    home,
    i18n,
    limits,
    login,
    logs,
    look,
    lookup,
    metrics,
    pages,
    people,
    pieces,
    preferences,
    prepared,
    review,
    security,
    termbase,
    uploads,
    view,
)

__all__ = ["create_app"]

BODY_LIMIT = 512 * 1024  # bytes: two texts of check.LONGEST characters, each percent-encoded in a form


def create_app(settings: Settings, *, public: bool = True) -> Flask:
    """The app over `settings.store`. It starts without a store too, and then says how to build one.

    `public`: reading needs no login.
    """
    app = Flask(__name__)
    app.secret_key = settings.secret_key or secrets.token_hex(32)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    if isinstance(app.json, DefaultJSONProvider):
        app.json.ensure_ascii, app.json.sort_keys = False, False
    kept = (prepared, extractions, answers, frame, pieces)
    for part in (logs, metrics, security, i18n, preferences, *kept, limits, view, look):
        part.init_app(app)
    app.extensions["settings"] = settings
    termbase.init_app(app, settings.store)
    access.init_app(app, public=public)
    uploads.init_app(app)
    forms.init_app(app)
    errors.init_app(app)
    app.register_blueprint(uploads.blueprint)
    for resource in (
        home,
        lookup,
        check,
        concordance,
        entries,
        documents,
        desk,
        edit,
        review,
        export,
        pages,
        login,
        people,
        api,
        health,
        metrics,
        preferences,
    ):
        app.register_blueprint(resource.blueprint)
    return app
