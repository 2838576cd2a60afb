"""Pages that only say something: the keyboard, the API."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/keys")
def keys() -> str:
    """Every key and what it does."""
    return render_template("keys.html")


@blueprint.get("/api")
def api() -> str:
    """What programs can ask."""
    return render_template("api.html")
