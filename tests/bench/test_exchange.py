"""100,000 entries: import under 60 s, export of each format under 20 s of CPU, under 500 MB.

    pytest -q -s tests/bench/test_exchange.py
    GLOSSARY_BENCH_ENTRIES=10000 pytest -q -s tests/bench/test_exchange.py

Each step runs in a process of its own, so that the memory is its own. Fewer entries are allowed less time.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from glossary.exchange import EXPORTERS, IMPORTERS, read, write
from glossary.merging import import_entries
from glossary.store import open_store
from tests.bench.termbase import made_entries

ENTRIES = int(os.environ.get("GLOSSARY_BENCH_ENTRIES", "100000"))
SHARE = ENTRIES / 100_000
IMPORT_SECONDS, EXPORT_SECONDS, MOST_MEGABYTES = 60, 20, 500
ROOT = Path(__file__).resolve().parents[2]


def step(name: str, format: str, folder: Path) -> None:
    """One step; prints CPU seconds and megabytes."""
    start = time.process_time()
    file, store = folder / f"terms.{format}", str(folder / "terms.db")
    if name == "make":
        write(made_entries(ENTRIES), format, file)
    elif name == "export":
        with open_store(store) as opened:
            write(opened.entries(), format, file)
    else:
        with open_store(store if format == "jsonl" else str(folder / f"{format}.db")) as opened:
            report = import_entries(opened, read(file, format, lang="zh-Hans").entries, who="bench")
            assert len(report.added) > ENTRIES / 2
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{time.process_time() - start:.1f} {megabytes:.0f}\n")


def measured(name: str, format: str, folder: Path) -> tuple[float, float]:
    """CPU seconds and megabytes of a step."""
    run = [sys.executable, "-m", "tests.bench.test_exchange", name, format, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    seconds, megabytes = done.stdout.split()
    sys.stdout.write(f"{name} {format}: {ENTRIES} entries, {seconds} CPU s, {megabytes} MB\n")
    return float(seconds), float(megabytes)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the entries as JSON Lines and, once imported, as a termbase."""
    made = tmp_path_factory.mktemp("exchange")
    measured("make", "jsonl", made)
    return made


@pytest.mark.parametrize("format", ["jsonl", *sorted(EXPORTERS.keys() - {"jsonl"})])
def test_in_and_out(format: str, folder: Path) -> None:
    """JSONL first: its import makes the termbase the others are exported from."""
    if format != "jsonl":
        seconds, megabytes = measured("export", format, folder)
        assert seconds < EXPORT_SECONDS * SHARE + 2
        assert megabytes < MOST_MEGABYTES
    if format in IMPORTERS:
        seconds, megabytes = measured("import", format, folder)
        assert seconds < IMPORT_SECONDS * SHARE + 2
        assert megabytes < MOST_MEGABYTES


if __name__ == "__main__":
    step(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
