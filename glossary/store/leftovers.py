"""New files beside their places while they are written, and what killed programs left. Doors: `beside`, `clear`.

.terms.db.4711.0af3c2d1.new    a store at `terms.db` that the program with the number 4711 is making
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

OLD = 3600.0
"""Seconds after which nobody writes any more what was not written to since; set by hand."""

_MADE = re.compile(r"([1-9][0-9]{0,8})\.[0-9a-f]{8}\.new")


def beside(place: Path) -> Path:
    """A name for a new file that will move to a place; what killed programs left for the same place goes."""
    for left in _left(place):
        clear(left)
    return place.with_name(f".{place.name}.{os.getpid()}.{uuid4().hex[:8]}.new")


def clear(path: Path) -> None:
    """Deletes a database, if it is there, with the files SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            Path(f"{path}{suffix}").unlink()


def _left(place: Path) -> Iterator[Path]:
    """Files made for a place by programs that run no more.

    A file stays while its program runs, or any program has that number. What another machine's program makes in the
    same folder is told by its age and by the transaction that writes to it.
    """
    start = f".{place.name}."
    with suppress(OSError):
        for path in list(place.parent.iterdir()):
            made = _MADE.fullmatch(path.name.removeprefix(start)) if path.name.startswith(start) else None
            if made and not _runs(int(made[1])) and path.stat().st_mtime < time.time() - OLD and not _is_locked(path):
                yield path


def _runs(number: int) -> bool:
    """True when a program of this machine has the number; always true where signals cannot tell."""
    if os.name != "posix":
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True


def _is_locked(path: Path) -> bool:
    """True when a transaction writes to a database, or it cannot be opened; false for what is none."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=rw", uri=True, timeout=0)) as opened:
            opened.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:
        return False
    return False
