"""serve: the web app."""

from __future__ import annotations

from dataclasses import replace

import click

from glossary.cli.base import store_option
from glossary.config import load_settings

SERVE_PORT = 8000


@click.command("serve")
@store_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=SERVE_PORT, show_default=True)
def serve_command(store: str | None, host: str, port: int) -> None:
    """Serve the glossary as a small web app.

    \b
    Example: glossary serve --store terms.db --port 8000
    """
    from glossary.store import check_store, display_name
    from web.serve import serve

    settings = load_settings()
    settings = replace(settings, store=store or settings.store)
    check_store(settings.store)
    said = f"serving {display_name(settings.store)} on %s (stop with Ctrl-C)"
    serve(settings, host, port, lambda address: click.echo(said % address, err=True))
