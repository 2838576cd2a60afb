"""Every reader for a minute with damaged files: a refusal in one line, no hang, no more than a gigabyte and a half.

    pytest -q -s tests/bench/test_fuzz_readers.py            # a minute a reader
    GLOSSARY_FUZZ_SECONDS=5 pytest -q -s tests/bench/test_fuzz_readers.py

Readers of entries, of translation units, of alignments and of documents. Each runs in a process of its own with a limit
on its memory; the seed is fixed, and a failing file is kept.
"""

from __future__ import annotations

import io
import os
import random
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from glossary.documents import read_document
from glossary.errors import DocumentError, ExchangeError
from glossary.exchange import BITEXT_READERS, IMPORTERS, read, read_bitext, read_units, write, write_bitext
from tests.documents.mutating import mutated
from tests.documents.test_hostile import GOOD

SECONDS = float(os.environ.get("GLOSSARY_FUZZ_SECONDS", "60"))
LONGEST_FILE = 10  # seconds one small file may take
MOST_MEMORY = 1_500_000_000  # bytes of address space, the interpreter's and the libraries' own included
TOKENS = [
    b"<", b">", b"&", b"&a;", b"&#0;", b"]]>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b'"', b"'", b"\\", b"\\u", b"\t", b"\r", b"\n\n", b";" * 50, b"[" * 2000, b"{" * 2000, b"9" * 400, b"-1", b"1e999",
    b"NaN", b"msgid ", b'msgid "a"\nmsgstr ""\n', b"#~ ", b"#, fuzzy\n", b"xml:lang=''", b"<term/>", b"<langSec>",
    b"null", b"\xf0\xa0\xae\xb7", b"\xed\xa0\x80", b"_xD800_", b"ZZZZ9", b"a" * 100_000, b" " * 100_000,
]  # fmt: skip


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The content after one to six changes: bytes changed, pieces cut, doubled, moved, tokens put in."""
    made = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(made) + 1)
        end = min(len(made), at + rng.choice([1, 2, 10, 100, 1000]))
        kind = rng.randrange(6)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] = rng.randrange(256)
        elif kind == 1:
            del made[at:end]
        elif kind == 2:
            made[at:at] = made[at:end] * rng.choice([1, 2, 50])
        elif kind == 3:
            piece = made[at:end]
            del made[at:end]
            other = rng.randrange(len(made) + 1)
            made[other:other] = piece
        else:
            made[at:at] = rng.choice(TOKENS)
    return bytes(made)


def damaged_workbook(content: bytes, rng: random.Random) -> bytes:
    """A workbook with one part damaged, or with its own bytes damaged."""
    if rng.random() < 0.3:
        return damaged(content, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        chosen = rng.choice(good.namelist())
        for name in good.namelist():
            part = good.read(name)
            bad.writestr(name, damaged(part, rng) if name == chosen else part)
    return out.getvalue()


def check(message: str) -> None:
    """One line of a length people read."""
    assert "\n" not in message, message
    assert len(message) < 1000, message[:2000]


@dataclass(frozen=True)
class Subject:
    """A reader, a good file of its kind, and how to damage one."""

    suffix: str
    good: bytes
    read: Callable[[Path], object]
    damage: Callable[[bytes, random.Random], bytes] = damaged


def entries_of(format: str, folder: Path) -> Subject:
    from tests.exchange.conftest import sample_entries

    write(sample_entries(), format, folder / "good")
    damage = damaged_workbook if format == "xlsx" else damaged
    return Subject(
        format, (folder / "good").read_bytes(), lambda p: list(read(p, format, lang="zh-Hans").entries), damage
    )


def units_of(name: str, folder: Path) -> Subject:
    from tests.exchange.test_units import FILES

    return Subject(Path(name).suffix[1:], FILES[name][0].encode(), lambda path: list(read_units(path)))


def bitext_of(format: str, folder: Path) -> Subject:
    from tests.exchange.conftest import sample_bitext

    write_bitext(sample_bitext(), format, folder / f"good.{format}")
    return Subject(format, (folder / f"good.{format}").read_bytes(), read_bitext)


def document_of(name: str, folder: Path) -> Subject:
    return Subject(Path(name).suffix[1:], DOCUMENTS[name], read_document, mutated)


PROSE = "# Title\n\nThe **port** keeps a [ledger](a.html).\n\n- 港口有`账本`。\n\n[^1]: A ledger is a book.\n"
DOCUMENTS = {**GOOD, "a.txt": PROSE.encode(), "a.md": PROSE.encode(), "b.txt": PROSE.encode("gb18030")}
KINDS = {"entries": entries_of, "units": units_of, "bitext": bitext_of, "document": document_of}
SUBJECTS = [
    *(f"entries {format}" for format in sorted(IMPORTERS)),
    *(f"units {name}" for name in ("a.xlf", "b.xliff", "c.po", "d.tmx", "e.tsv")),
    *(f"bitext {format}" for format in sorted(BITEXT_READERS)),
    *(f"document {name}" for name in sorted(DOCUMENTS)),
]


def fuzz(kind: str, name: str, folder: Path, seconds: float) -> None:
    """Reads damaged files until the time is over; prints how many. Any exception but a GlossaryError passes."""
    subject = KINDS[kind](name, folder)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    rng = random.Random(f"{kind} {name} 2")
    path = folder / f"fuzz.{subject.suffix}"
    count = refused = 0
    slowest = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        content = rng.randbytes(rng.randrange(2000)) if rng.random() < 0.05 else subject.damage(subject.good, rng)
        path.write_bytes(content)
        count += 1
        started = time.process_time()
        signal.alarm(LONGEST_FILE)
        try:
            subject.read(path)
        except (ExchangeError, DocumentError) as error:
            refused += 1
            check(str(error))
        signal.alarm(0)
        slowest = max(slowest, time.process_time() - started)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = f"{count} files, {refused} refused, {count - refused} read, slowest {slowest:.2f} s, {memory} MB at most"
    sys.stdout.write(f"{kind} {name}: {figures}\n")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_damaged_files_are_refused_in_one_line_or_read(subject: str, tmp_path: Path) -> None:
    run = [sys.executable, "-m", "tests.bench.test_fuzz_readers", *subject.split(" "), str(tmp_path), str(SECONDS)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        run, cwd=root, capture_output=True, text=True, timeout=SECONDS * 4 + 60, check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, f"{done.stderr[-3000:]}\nthe file: {tmp_path}/fuzz.*"


if __name__ == "__main__":
    fuzz(sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]))
