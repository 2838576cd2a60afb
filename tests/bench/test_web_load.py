"""Look-ups under load: figures to read, nothing asserted about speed. GLOSSARY_BENCH_STORE names a filled store."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from glossary.store import open_store
from tests.bench.search_speed import fill
from tests.bench.web_load import load


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = os.environ.get("GLOSSARY_BENCH_STORE") or str(tmp_path_factory.mktemp("load") / "big.db")
    if not Path(path).exists():
        with open_store(path) as made:
            fill([made], 100_000)
    return path


@pytest.mark.parametrize("mix", ["distinct", "typing"])
@pytest.mark.parametrize("rate", [5, 100, 300])
@pytest.mark.parametrize(("path", "typed"), [("/lookup", False), ("/lookup", True), ("/api/v1/lookup", False)])
def test_look_ups(store: str, path: str, typed: bool, rate: float, mix: str) -> None:
    line = load(store, mix=mix, workers=2, rate=rate, seconds=10, path=path, typed=typed)
    sys.stdout.write(f"\n{line}\n")
    assert "failed 0" in line
    largest = re.search(r"largest (\d+) kB", line)
    assert largest is not None
    assert int(largest[1]) < 200
