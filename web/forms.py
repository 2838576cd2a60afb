"""Every form that changes something carries a signed token of this visitor; a POST without it is refused."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

from web import api, check

csrf = CSRFProtect()


class _Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, sent over HTTPS only where the request came so."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer, made at the first request: the secret of an app does not change."""
        self._signer = self._signer or super().get_signing_serializer(app)
        return self._signer


def init_app(app: Flask) -> None:
    """Protect every POST but those that change nothing, and those of the API, which takes tokens and no cookies."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # a page may stay open all day; the token ends with the session
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        SESSION_COOKIE_NAME="glossary_form",
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.session_interface = _Sessions()
    csrf.init_app(app)
    csrf.exempt(check.blueprint)
    csrf.exempt(api.blueprint)
