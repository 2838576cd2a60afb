"""A PostgreSQL server for tests: the one GLOSSARY_TEST_POSTGRES names, or a private one in a temporary folder.

A private server listens on a socket in its folder only, belongs to an unprivileged user and is gone with the tests.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

NAMED = "GLOSSARY_TEST_POSTGRES"
_ARGUMENTS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -k {folder}"


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _as_owner() -> list[str]:
    """How to run a program as the server's owner, which must not be root; skips when there is nobody else."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("no PostgreSQL: running as root, and there is no user postgres to run a server as")
    return ["runuser", "-u", "postgres", "--"]


@contextmanager
def server() -> Iterator[str]:
    """The URL of a database where schemas may be made; skips the test where there is no PostgreSQL."""
    if named := os.environ.get(NAMED):
        yield named
        return
    programs = _programs()
    if programs is None:
        pytest.skip(f"no PostgreSQL: set {NAMED} to a URL, or install the package postgresql")
    owner = _as_owner()
    folder = Path(tempfile.mkdtemp(prefix="glossary-pg-", dir="/tmp"))  # a socket's path must be short
    if owner:
        shutil.chown(folder, "postgres")

    def run(program: str, *args: str) -> None:
        command = [*owner, str(programs / program), *args]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=folder, check=False
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)

    data = str(folder / "db")
    try:
        run("initdb", "-D", data, "-U", "glossary", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", _ARGUMENTS.format(folder=folder), "start")
        try:
            yield f"postgresql://glossary@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def empty_schema(url: str) -> Iterator[str]:
    """The URL of a schema of its own in the server's database, gone afterwards."""
    name = f"test_{uuid4().hex[:12]}"
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        yield url + ("&" if "?" in url else "?") + f"options=-csearch_path%3D{name}"
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
        engine.dispose()
