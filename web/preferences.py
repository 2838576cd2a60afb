"""Language and theme: a link sets a cookie and goes back to the page it stood on. Works without scripts."""

from __future__ import annotations

import re

from flask import Blueprint, Flask, Response, redirect, request
from werkzeug.exceptions import BadRequest

from web.i18n import COOKIE as LANGUAGE_COOKIE
from web.i18n import LANGUAGES

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"
BACK_LIMIT = 2000  # characters of an address that stands in every menu link
YEAR = 365 * 24 * 3600  # seconds; browsers cap it at 400 days

blueprint = Blueprint("preferences", __name__)


def safe_back(target: str) -> str:
    """The target when it is a page of this site, else the home page.

    >>> safe_back("/lookup?q=a"), safe_back("//evil.example"), safe_back("/\\\\evil.example"), safe_back("https://e.example")
    ('/lookup?q=a', '/', '/', '/')
    """
    here = re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", target)
    return target if here and not target.startswith("/preferences") else "/"


@blueprint.get("/preferences")
def choose() -> Response:
    """Set the language, the theme or both, then go back."""
    language, theme = request.args.get("lang"), request.args.get("theme")
    if (language is not None and language not in LANGUAGES) or (theme is not None and theme not in THEMES):
        raise BadRequest
    response = redirect(safe_back(request.args.get("back", "/")), code=303)
    assert isinstance(response, Response)
    if language:
        _set(response, LANGUAGE_COOKIE, language)
    if theme:
        _set(response, THEME_COOKIE, theme)
    return response


def _set(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)


def theme() -> str:
    """The theme of this request, one of THEMES."""
    chosen = request.cookies.get(THEME_COOKIE, "system")
    return chosen if chosen in THEMES else "system"


def back() -> str:
    """The address of this page, for links that set something and come back; the home page for a very long one."""
    here = request.full_path if request.query_string else request.path
    return here if len(here) <= BACK_LIMIT else "/"


def init_app(app: Flask) -> None:
    """Give the templates the theme in force and the address to come back to."""

    @app.context_processor
    def preferences() -> dict[str, object]:
        return {"theme": theme(), "themes": THEMES, "here": back()}
