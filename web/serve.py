"""Serving: waitress, on the loopback address unless told otherwise."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from types import FrameType

import waitress
from waitress.wasyncore import close_all

from glossary.config import Settings
from glossary.errors import ConfigError
from web import create_app

THREADS = 4  # requests at a time; a lookup takes milliseconds, so more would only queue for the processor


def serve(
    settings: Settings, host: str = "127.0.0.1", port: int = 8000, ready: Callable[[str], None] = lambda address: None
) -> None:
    """Serve until interrupted or told to end (SIGINT, SIGTERM); requests under way are finished first.

    `ready` is called with the address once the port is bound; port 0 takes a free one.

    Raises: ConfigError when the address is taken, unknown or not allowed.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    app, sockets = create_app(settings), dict[int, object]()
    try:
        server = waitress.create_server(app, map=sockets, host=host, port=port, threads=THREADS, ident=None)
    except (OSError, ValueError) as error:
        close_all(sockets)
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{host}:{port}: cannot be served: {reason}; choose another --host or --port") from error
    bound = getattr(
        server, "effective_port", port
    )  # several sockets (localhost: IPv4 and IPv6) keep the port asked for
    ready(f"http://{host}:{bound}/")
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()  # returns on KeyboardInterrupt and SystemExit
    finally:
        signal.signal(signal.SIGTERM, previous)
        server.close()


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
