"""`/health`: for monitors. 200 while the app answers and can read its store, 503 when it cannot."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

import glossary
from glossary.errors import StoreError
from web.termbase import store

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def show() -> Response:
    """The state of the store and the number of entries."""
    try:
        termbase = store()
        state, entries = ("absent", 0) if termbase is None else ("open", termbase.count())
    except StoreError as error:
        current_app.logger.error("health: %s", error)
        state, entries = "unreadable", 0
    response = jsonify(
        status="fail" if state == "unreadable" else "pass", store=state, entries=entries, version=glossary.__version__
    )
    response.status_code = 503 if state == "unreadable" else 200
    response.headers["Cache-Control"] = "no-store"
    return response
