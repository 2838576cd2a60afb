"""How often one address may ask for what costs much or guesses passwords. Counted in memory, per process."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

CHECKS = "30 per minute"
"""Texts checked: aligning one takes up to a few seconds."""

LOGINS = "10 per minute; 60 per hour"
"""Attempts to log in: a person who forgot a password needs fewer."""

API_WRITES = "120 per minute"
"""Requests of the API that change or compute something."""

UPLOADS = "60 per minute; 300 per hour"
"""Forms with files: a person chooses one pair at a time; several people may share an address."""


class _Limits(Limiter):
    """Limits of the views that say so. Flask-Limiter asks before every request for limits of whole apps too, of which
    there are none."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = _Limits(key_func=get_remote_address, storage_uri="memory://", headers_enabled=True)


def init_app(app: Flask) -> None:
    """Count for this app."""
    limiter.init_app(app)
