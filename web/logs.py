"""One line of JSON a request on standard error, each request with a number that its answer and its errors carry.

    {"time":"2026-11-22T03:40:12+00:00","level":"info","request":"5f0c...","method":"GET","path":"/lookup","status":200,
     "ms":7,"bytes":5120,"user":"mei","address":"127.0.0.1"}

What people look up, their texts and passwords are never in it: addresses stand without their query.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from web.access import account
from web.requests import request_id

REQUESTS = "glossary.requests"
_JSON = json.JSONEncoder(ensure_ascii=False, default=str)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if has_request_context():
            line["request"] = request_id()
        fields = getattr(record, "fields", None)
        line |= fields if isinstance(fields, dict) else {"logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _JSON.encode(line)


def to_stderr() -> None:
    """Sends every log line of the process there, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news


def init_app(app: Flask) -> None:
    """Number and log the requests."""
    log = logging.getLogger(REQUESTS)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        found = account()
        fields = {
            "method": request.method, "path": request.path[:200], "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000),
            "bytes": response.content_length, "user": found.name if found else "", "address": request.remote_addr,
        }  # fmt: skip
        log.info("%s %s %s", request.method, request.path, response.status_code, extra={"fields": fields})
        return response
