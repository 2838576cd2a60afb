"""Serving: waitress, on the loopback address unless told otherwise; log lines on stderr; a stop that loses nothing."""

from __future__ import annotations

import ipaddress
import logging
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from waitress.wasyncore import close_all, loop

from glossary.config import Settings
from glossary.errors import ConfigError
from glossary.worker import Worker
from web import create_app, pieces, romanised
from web.logs import REQUESTS, to_stderr
from web.prepared import warm

THREADS = 4  # requests at a time; a lookup takes milliseconds, so more would only queue for the processor

FINISH_SECONDS = 20
"""How long requests under way may take once the server is told to end, and their answers to leave; waitress itself
waits 5 s for the first and not at all for the second."""

LARGEST_BODY = 24 * 1024 * 1024
"""Bytes of a request that are read at all: the 20 MB a document may have, and the form around it. Pages that take
less refuse more by themselves."""

PROXY: dict[str, Any] = {
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_count": 1,
    "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto x-forwarded-host",
}
"""What is believed of a proxy on this machine: who asks, and whether over HTTPS. Nobody else is believed."""


class _Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to what waitress itself refuses (too large, malformed): logged here, for the app never sees it."""

    def execute(self) -> None:
        """Logs and answers."""
        error = self.request.error
        fields = {"status": error.code, "message": error.reason, "address": self.channel.addr[0]}
        logging.getLogger(REQUESTS).warning("%s %s", error.code, error.reason, extra={"fields": fields})
        super().execute()


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _Refusal


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host name or address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(
    settings: Settings, host: str = "127.0.0.1", port: int = 8000, ready: Callable[[str], None] = lambda address: None,
    *, login: bool | None = None, behind_proxy: bool = False,
) -> None:  # fmt: skip
    """Serve until interrupted or told to end (SIGINT, SIGTERM); requests under way are finished first.

    `login`: reading needs an account; None: unless only this machine can ask. `behind_proxy`: a proxy on this machine
    passes on what others ask. `ready` is called with the address once the port is bound; port 0 takes a free one.

    Raises: ConfigError when the address is taken, unknown or not allowed.
    """
    public = is_loopback(host) and not behind_proxy if login is None else not login
    app, sockets = create_app(settings, public=public), dict[int, Any]()
    more = PROXY if behind_proxy else {}
    try:
        server = waitress.create_server(
            app, map=sockets, host=host, port=port, threads=THREADS, ident=None,
            clear_untrusted_proxy_headers=True, max_request_body_size=LARGEST_BODY, **more,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        close_all(sockets)
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{host}:{port}: cannot be served: {reason}; choose another --host or --port") from error
    for listening in sockets.values():
        listening.channel_class = _Channel
    bound = getattr(server, "effective_port", port)  # several sockets (localhost: IPv4, IPv6) keep the port asked for
    ready(f"http://{host}:{bound}/")
    to_stderr()
    warm(app)
    pieces.warm(app)
    romanised.warm()
    worker = Worker(settings.store)
    worker.start()
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()  # returns on KeyboardInterrupt and SystemExit
    finally:
        signal.signal(signal.SIGTERM, previous)
        worker.stop()
        server.task_dispatcher.shutdown(timeout=FINISH_SECONDS)
        send_the_rest(sockets)
        close_all(sockets)
        logging.getLogger(__name__).info("stopped")


def unsent(sockets: dict[int, Any]) -> int:
    """Bytes of answers that are made and wait for their readers."""
    return sum(getattr(one, "total_outbufs_len", 0) for one in sockets.values())


def send_the_rest(sockets: dict[int, Any]) -> None:
    """Sends what is left of answers to those who read slowly: waitress itself would cut them off."""
    last = time.monotonic() + FINISH_SECONDS
    while unsent(sockets) and time.monotonic() < last:
        loop(timeout=0.1, map=sockets, count=1)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
