"""Processes that write to one store at once, and processes that are killed while they write.

python -m tests.store.crowd write URL SECONDS WRITERS  as many processes, each counts up a shared note and adds entries
                                                       until time is up; prints how often each did
python -m tests.store.crowd command ARGUMENTS ...      the command `glossary`; says `begin` and `commit` on stdout when
                                                       it begins and is about to commit a transaction that writes
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from sqlalchemy import Connection, Engine, event

from glossary.datamodel import ConceptEntry
from glossary.errors import StoreConflict
from glossary.readings import jyutping, pinyin
from glossary.store import Store, open_store

from .making import make_entry

ROOT = Path(__file__).resolve().parent.parent.parent
COUNTER = replace(make_entry("counter", "計數"), id="counter", note="0")


def start(*args: object) -> subprocess.Popen[str]:
    """This module as a process of its own, with the same modules."""
    command = [sys.executable, "-m", "tests.store.crowd", *map(str, args)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, env=environment)


def write(url: str, seconds: float, name: str) -> int:
    """Counts the shared note up until time is up, at least once, each time from the version read; how often it did."""
    done, last = 0, time.monotonic() + seconds
    with open_store(url) as store:
        while not done or time.monotonic() < last:
            version, seen = _seen(store)
            try:
                store.save(replace(seen, note=str(int(seen.note) + 1)), who=name, expected=version)
            except StoreConflict:
                continue  # somebody was first: read again
            done += 1
            store.save_many([replace(make_entry(f"{name} {done}", "詞"), id=f"{name}-{done}")], who=name)
    return done


def _seen(store: Store) -> tuple[int, ConceptEntry]:
    """The counter with a version that is not newer than it, so that a change in between is a conflict, not a loss."""
    version, seen = store.version(COUNTER.id), store.entry(COUNTER.id)
    assert seen is not None
    return version, seen


def write_at_once(url: str, seconds: float, writers: int) -> list[int]:
    """How often each of some processes counted up. They begin with the tables of readings, which take longer to import
    than all that is written here, so that they do write at once.
    """
    assert pinyin("詞")
    assert jyutping("詞")
    with multiprocessing.get_context("fork").Pool(writers) as pool:
        return pool.starmap(write, [(url, seconds, f"w{i}") for i in range(writers)], chunksize=1)


def crowd(url: str, writers: int, seconds: float) -> list[int]:
    """How often each of some processes that write at once counted up. Fails when one has anything to complain about."""
    with open_store(url) as store:
        store.save(COUNTER, who="start")
    process = start("write", url, seconds, writers)
    out, errors = process.communicate()
    assert errors == ""
    counts = [int(count) for count in out.split()]
    assert len(counts) == writers
    return counts


def check_crowd(url: str, counts: list[int]) -> None:
    """Every single update is there: in the note, in the history, and as an entry of its own."""
    with open_store(url) as store:
        _, counter = _seen(store)
        assert int(counter.note) == sum(counts)
        assert store.count() == 1 + sum(counts)
        history = store.changes(COUNTER.id, limit=1_000_000)
        assert [c.after.note for c in history if c.after] == [str(n) for n in range(sum(counts), -1, -1)]
        assert store.check() == ()


Moment = Literal["begin", "commit"]


def killed_import(url: str, file: Path, moment: Moment, seconds: float) -> bool:
    """Kills `glossary import` some seconds after a moment, as the kernel would; False when it had ended before."""
    process = start("command", "import", file, "--store", url, "--quiet")
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == moment:
            break
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def moments(url: str, file: Path) -> dict[str, float]:
    """When `glossary import` began to write, was about to commit, and had ended, in seconds from its beginning."""
    process, beginning = start("command", "import", file, "--store", url, "--quiet"), time.monotonic()
    assert process.stdout is not None
    seen = {line.strip(): time.monotonic() - beginning for line in process.stdout}
    _, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
    return {**seen, "end": time.monotonic() - beginning}


def command(arguments: list[str]) -> None:
    """The command line, with a word at every beginning and before every end of a transaction that writes."""
    from glossary.cli import main as glossary

    for moment in get_args(Moment):
        event.listen(Engine, moment, partial(_tell, moment))
    glossary(arguments)


def _tell(moment: str, connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        os.write(sys.stdout.fileno(), f"{moment}\n".encode())


def main() -> None:
    """Does what the arguments say."""
    what, *rest = sys.argv[1:]
    if what == "write":
        url, seconds, writers = rest
        sys.stdout.write(" ".join(map(str, write_at_once(url, float(seconds), int(writers)))))
    else:
        command(rest)


if __name__ == "__main__":
    main()
