"""Error pages in the design's style, and RFC 9457 problem+json under /api/.

| status | when |
|---|---|
| 400 | a query or a number that cannot be used |
| 401, 403 | nobody is logged in, or the account may not do this |
| 404 | no such page, entry or document |
| 405 | a method the address does not have |
| 409 | somebody else changed the entry meanwhile |
| 429 | too many requests |
| 500 | a fault of ours: logged with the request number the page shows |
| 503 | the store is there but cannot be read: logged likewise |

Source: RFC 9457.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from glossary.errors import StoreError
from web.i18n import translate as _


class BadQuery(Exception):
    """A query or a parameter that cannot be used; the message says why, in the language of the request."""


class Denied(Exception):
    """Something this request may not do; the message says why, in the language of the request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def problem(status: int, title: str, detail: str) -> Response:
    """A problem+json response."""
    response = jsonify(type="about:blank", title=title, status=status, detail=detail)
    response.status_code, response.mimetype = status, "application/problem+json"
    return response


def answer(status: int, title: str, detail: str, request_id: str = "") -> Response:
    """The error as a page, or as problem+json under /api/."""
    if request.path.startswith("/api/"):
        return problem(status, title, f"{detail} ({request_id})" if request_id else detail)
    page = render_template("error.html", status=status, title=title, detail=detail, request_id=request_id)
    return make_response(page, status)


def bad_query(error: BadQuery) -> Response:
    """400 with the reason."""
    return answer(400, _("The query cannot be used"), str(error))


def denied(error: Denied) -> Response:
    """401 or 403 with the reason; logged, for somebody may be trying doors."""
    current_app.logger.warning("denied %s: %s %s", error.status, request.method, request.path)
    title = _("Log in first") if error.status == 401 else _("Not allowed")
    response = answer(error.status, title, str(error))
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def expired(error: CSRFError) -> Response:
    """400 for a form without its token."""
    current_app.logger.warning("no form token: %s %s: %s", request.method, request.path, error.description)
    detail = _(
        "The form has expired or came from another site. Open the page again and repeat it. Nothing was changed."
    )
    return answer(400, _("The request cannot be used"), detail)


def http_error(error: HTTPException) -> Response:
    """What Flask and werkzeug refuse: 404, 405 and their like."""
    code = error.code or 500
    if error.response is not None or code < 400:  # a redirect that adds or drops a slash
        return make_response(error.get_response())
    known = {
        400: (_("The request cannot be used"), _("Something in the address is not what this page expects.")),
        404: (_("Nothing at this address"), _("The entry or document may have been removed, or the link is wrong.")),
        405: (_("Nothing can be changed here"), _("This address does not take that kind of request.")),
        429: (_("Too many requests"), _("Wait a minute, then try again. Nothing was changed.")),
        413: (_("The request is too large"), _("Nothing was stored.")),
    }
    title, detail = known.get(code, (_("The request was refused"), error.name))
    response = answer(code, title, detail)
    if code == 405:
        response.headers["Allow"] = ", ".join(
            sorted(getattr(error, "valid_methods", None) or ["GET", "HEAD", "OPTIONS"])
        )
    return response


def init_app(app: Flask) -> None:
    """Register the handlers."""

    def unreadable(error: StoreError) -> Response:
        number = secrets.token_hex(4)
        app.logger.error("request %s: %s", number, error)
        detail = _("Nothing is lost. The server’s log says what is wrong with the store.")
        return answer(503, _("The glossary cannot be read"), detail, number)

    def fault(error: Exception) -> Response:
        number = secrets.token_hex(4)
        app.logger.exception("request %s: %s %s", number, request.method, request.path)
        detail = _("The fault is ours and was logged. Nothing was changed.")
        return answer(500, _("This page failed"), detail, number)

    app.register_error_handler(BadQuery, bad_query)
    app.register_error_handler(Denied, denied)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(StoreError, unreadable)
    app.register_error_handler(Exception, fault)
