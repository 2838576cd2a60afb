"""Look-ups under load: figures to read, nothing asserted about speed. GLOSSARY_BENCH_STORE names a filled store."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glossary.store import open_store
from tests.bench.search_speed import fill
from tests.bench.web_load import MIXES, Servers, load, started


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    path = os.environ.get("GLOSSARY_BENCH_STORE") or str(tmp_path_factory.mktemp("load") / "big.db")
    if not Path(path).exists():
        with open_store(path) as made:
            fill([made], 100_000)
    with started(path, 2) as found:
        yield found


@pytest.fixture(scope="module")
def asked() -> dict[str, Iterator[str]]:
    """One stream of queries a mix for all tests, so that nothing of `distinct` comes twice."""
    return {mix: queries() for mix, queries in MIXES.items()}


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize(("path", "typed"), [("/lookup", False), ("/lookup", True), ("/api/v1/lookup", False)])
@pytest.mark.parametrize("rate", [5, 300])
def test_look_ups(
    servers: Servers, asked: dict[str, Iterator[str]], path: str, typed: bool, rate: float, mix: str
) -> None:
    line = load(servers, asked[mix], rate=rate, seconds=10, path=path, typed=typed)
    sys.stdout.write(f"\n{mix} {line}\n")
    assert "failed 0" in line
    largest = re.search(r"largest (\d+) kB", line)
    assert largest is not None
    assert int(largest[1]) < 200
