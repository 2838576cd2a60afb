"""Extractions and entries as the pipeline would give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from glossary.datamodel import ConceptEntry, Extraction
from glossary.store import Store, open_store
from tests.postgres import empty_schema
from tests.postgres import server as postgres_server

from .making import make_entry, make_extraction

MakeEntry = Callable[..., ConceptEntry]


@pytest.fixture
def entry() -> MakeEntry:
    return make_entry


@pytest.fixture
def extraction() -> Callable[..., Extraction]:
    return make_extraction


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "terms.db")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server, once for all tests."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a store that does not exist yet, on each database."""
    if request.param == "sqlite":
        yield str(tmp_path / "terms.db")
        return
    with empty_schema(request.getfixturevalue("postgres")) as address:
        yield address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url) as opened:
        yield opened


def dump(store: Store) -> list[str]:
    """Every row of every table."""
    with store._engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        quoted = connection.dialect.identifier_preparer.quote
        rows = ((t, row) for t in tables for row in connection.exec_driver_sql(f"SELECT * FROM {quoted(t)}"))
        return sorted(f"{table}: {tuple(row)}" for table, row in rows)
