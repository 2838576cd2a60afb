"""100,000 entries: `glossary import` under 60 s, `glossary export` of each format under 20 s of CPU, under 500 MB.

    pytest -q -s tests/bench/test_exchange.py
    GLOSSARY_BENCH_ENTRIES=20000 pytest -q -s tests/bench/test_exchange.py

The commands run as a user runs them, start and printing included. Fewer entries are allowed less time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from glossary.exchange import EXPORTERS, write
from tests.bench.termbase import made_entries

ENTRIES = int(os.environ.get("GLOSSARY_BENCH_ENTRIES", "100000"))
SHARE = ENTRIES / 100_000
IMPORT_SECONDS, EXPORT_SECONDS, MOST_MEGABYTES = 60, 20, 500
ROOT = Path(__file__).resolve().parents[2]


def measured(folder: Path, *arguments: str) -> tuple[float, float]:
    """CPU seconds and megabytes of a command; what it prints goes to the folder."""
    run = [sys.executable, "-m", "glossary", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "printed").open("w") as printed, (folder / "said").open("w") as said:
        process = subprocess.Popen(run, cwd=folder, stdout=printed, stderr=said, env=environment)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (folder / "said").read_text()[-3000:]
    seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    sys.stdout.write(f"{' '.join(arguments)}: {ENTRIES} entries, {seconds:.1f} CPU s, {megabytes:.0f} MB\n")
    return seconds, megabytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the entries as JSON Lines and, once imported, as a termbase."""
    made = tmp_path_factory.mktemp("exchange")
    write(made_entries(ENTRIES), "jsonl", made / "terms.jsonl")
    return made


def imported(format: str, store: str, folder: Path) -> None:
    lang = ("--lang", "zh-Hans") if format in ("jieba", "omegat") else ()
    seconds, megabytes = measured(
        folder, "import", f"terms.{format}", "--format", format, "--store", store, *lang, "--who", "bench"
    )
    added = (folder / "printed").read_text(encoding="utf-8").splitlines()[-1]
    assert int(added.split()[0]) > ENTRIES / 2
    assert seconds < IMPORT_SECONDS * SHARE + 2
    assert megabytes < MOST_MEGABYTES


def test_jsonl_in_makes_the_termbase(folder: Path) -> None:
    imported("jsonl", "terms.db", folder)


@pytest.mark.parametrize("format", sorted(EXPORTERS))
def test_out(format: str, folder: Path) -> None:
    seconds, megabytes = measured(folder, "export", "--format", format, "--store", "terms.db", "-o", f"terms.{format}")
    assert seconds < EXPORT_SECONDS * SHARE + 2
    assert megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("format", sorted(EXPORTERS.keys() - {"jsonl"}))
def test_in_again(format: str, folder: Path) -> None:
    imported(format, f"{format}.db", folder)
