"""Readers under damage, for as long as asked: `GLOSSARY_FUZZ_SECONDS=600 pytest -s tests/bench/test_documents.py`."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

from glossary.documents import READERS
from glossary.errors import DocumentError
from tests.documents.mutating import mutated
from tests.documents.test_hostile import GOOD

SECONDS = float(os.environ.get("GLOSSARY_FUZZ_SECONDS", "60"))
SLOWEST = 5.0  # seconds of processor time for one small file


def refused(raw: bytes, name: str) -> str | None:
    """What the refusal of a file says, None when it is read."""
    try:
        READERS[Path(name).suffix](raw, name, None)
    except DocumentError as error:
        return str(error)
    return None


def test_damaged_files_are_read_or_refused_in_time() -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    end = time.monotonic() + SECONDS
    seed = 0
    while time.monotonic() < end:
        for name, raw in GOOD.items():
            seed += 1
            started = time.process_time()
            refusal = refused(mutated(raw, random.Random(seed)), name)
            assert refusal is None or (refusal.startswith(name) and "\n" not in refusal), seed
            assert time.process_time() - started < SLOWEST, (name, seed)
            outcomes[name, "read" if refusal is None else "refused"] += 1
    for (name, outcome), count in sorted(outcomes.items()):
        sys.stdout.write(f"{name} {outcome}: {count}\n")
    assert seed >= len(GOOD)
