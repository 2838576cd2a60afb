"""`/metrics` for Prometheus: requests by page and status, how long they took, how many are under way, how many
entries there are.

Only this machine may read it: a scraper beside the app, not one that comes through the proxy.
"""

from __future__ import annotations

import ipaddress
import time

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from web.prepared import entry_count

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of the histogram: a look-up should stay under .05, a checked text takes seconds."""

_KEY = "metrics"

blueprint = Blueprint("metrics", __name__)


class Metrics:
    """The counters of one app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "page", "status")
        self.requests = Counter("glossary_requests_total", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "glossary_request_seconds", "Seconds to an answer", ("page",), buckets=SECONDS, registry=self.registry
        )
        self.under_way = Gauge("glossary_requests_under_way", "Requests begun", ("page",), registry=self.registry)
        self.entries = Gauge("glossary_entries", "Entries in the glossary", registry=self.registry)


def _metrics() -> Metrics:
    found = current_app.extensions[_KEY]
    assert isinstance(found, Metrics)
    return found


@blueprint.get("/metrics")
def show() -> Response:
    """The counters in Prometheus's text format; 404 for other machines."""
    if not _is_this_machine(request.remote_addr or ""):
        abort(404)
    metrics = _metrics()
    metrics.entries.set(entry_count() or 0)
    return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def init_app(app: Flask) -> None:
    """Count every answer; pages are named by their endpoint, so that there are never many."""
    metrics = app.extensions[_KEY] = Metrics()

    @app.before_request
    def begin() -> None:
        g.under_way = metrics.under_way.labels(request.endpoint or "none")
        g.under_way.inc()

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        if "under_way" in g:
            g.pop("under_way").dec()

    @app.after_request
    def count(response: Response) -> Response:
        page = request.endpoint or "none"
        method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS") else "other"
        metrics.requests.labels(method, page, str(response.status_code)).inc()
        metrics.seconds.labels(page).observe(time.perf_counter() - g.get("began", time.perf_counter()))
        return response
