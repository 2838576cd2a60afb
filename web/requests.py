"""The number of a request: in its answer, in the log, on an error page."""

from __future__ import annotations

import re
import secrets

from flask import g, request

_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id() -> str:
    """The number of this request: what a proxy gave it, else one of ours."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
    return str(g.request_id)
