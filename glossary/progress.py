"""How far work has come, on stderr: a bar on a terminal, a line a document in a log, nothing when one is enough."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glossary.pipeline import Report


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Report]:
    """A function to call with (what is worked on, how many are done, how many there are).

    Off a terminal it writes `[2/5] name` lines when there are several documents; with `quiet` nothing at all.
    """
    if quiet or sys.stderr is None:
        yield lambda name, done, total: None
    elif not sys.stderr.isatty():
        yield _line
    else:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda name, done, total: bar.update(task, description=escape(name), completed=done, total=total)


def _line(name: str, done: int, total: int) -> None:
    if name and total > 1:
        sys.stderr.write(f"[{done + 1}/{total}] {name}\n")
        sys.stderr.flush()
