"""Response headers: a strict content security policy, no sniffing, no framing, nothing sent to other sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


PAGES_VARY = ("Cookie", "Accept-Language", "HX-Request")

_ALWAYS = tuple(HEADERS.items())


def init_app(app: Flask) -> None:
    """Every response carries HEADERS; pages are not kept by shared caches, for they follow cookies and language."""
    answer = app.wsgi_app

    def protected(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            return start_response(status, [*headers, *_ALWAYS], error)  # no view sets them

        return answer(environ, start)

    app.wsgi_app = protected  # type: ignore[method-assign]

    @app.after_request
    def private(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "private, no-cache")
            if "Vary" in response.headers:
                response.vary.update(PAGES_VARY)
            else:
                response.headers["Vary"] = ", ".join(PAGES_VARY)
        return response
