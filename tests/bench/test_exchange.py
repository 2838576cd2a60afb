"""100,000 entries, each format both ways: `glossary import` under 60 s of CPU, `export` under 20 s, under 500 MB.

    pytest -q -s tests/bench/test_exchange.py
    GLOSSARY_BENCH_ENTRIES=20000 pytest -q -s tests/bench/test_exchange.py

The commands run as a user runs them, start and printing included. Fewer entries are allowed less time. A table of all
figures comes at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from glossary.exchange import EXPORTERS, write
from tests.bench.termbase import made_entries

ENTRIES = int(os.environ.get("GLOSSARY_BENCH_ENTRIES", "100000"))
SHARE = ENTRIES / 100_000
IMPORT_SECONDS, EXPORT_SECONDS, MOST_MEGABYTES = 60, 20, 500
FIGURES: dict[tuple[str, str], tuple[float, float]] = {}
"""CPU seconds and megabytes by command and format."""
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
    sys.stdout.flush()
    FIGURES[arguments[0], arguments[arguments.index("--format") + 1]] = seconds, megabytes
    return seconds, megabytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the entries as JSON Lines and, once imported, as a termbase."""
    made = tmp_path_factory.mktemp("exchange")
    write(made_entries(ENTRIES), "jsonl", made / "terms.jsonl")
    yield made
    sys.stdout.write(f"\n{ENTRIES:,} entries    import CPU s   MB    export CPU s   MB\n")
    for format in sorted(EXPORTERS):
        figures = (FIGURES.get((way, format), (float("nan"),) * 2) for way in ("import", "export"))
        sys.stdout.write(f"{format:20}" + "".join(f"{s:11.1f}{mb:7.0f}" for s, mb in figures) + "\n")


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
