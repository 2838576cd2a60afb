"""Articles extracted once for all tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from glossary.datamodel import Bead, Bitext, Extraction, Segment
from glossary.documents import DocumentPair
from glossary.pipeline import Options, extract_pair
from tests.conftest import Once

MakeBitext = Callable[..., Bitext]


def _side(texts: Sequence[str], lang: str) -> tuple[Segment, ...]:
    made, at = [], 0
    for index, text in enumerate(texts):
        made.append(Segment("document", index, lang, text, at, at + len(text), block=index))
        at += len(text) + 1
    return tuple(made)


@pytest.fixture(scope="session")
def bitext_of() -> MakeBitext:
    """Pairs of texts as a Bitext, a bead a pair; '' on one side makes a null bead."""

    def make(pairs: Sequence[tuple[str, str]], langs: tuple[str, str] = ("en", "zh-Hant")) -> Bitext:
        source = _side([p[0] for p in pairs if p[0]], langs[0])
        target = _side([p[1] for p in pairs if p[1]], langs[1])
        beads, i, j = [], 0, 0
        for first, second in pairs:
            rows = range(i, i + bool(first)), range(j, j + bool(second))
            beads.append(Bead(*rows, 1.0 if first and second else 0.0))
            i, j = rows[0].stop, rows[1].stop
        return Bitext(source, target, tuple(beads))

    return make


@pytest.fixture(scope="session")
def harbour(own_articles: dict[str, Extraction]) -> Extraction:
    """The bilingual news page among the project's own articles."""
    return own_articles["harbour-ledger"]


@pytest.fixture(scope="session")
def own_articles(root: Path, once: Once) -> dict[str, Extraction]:
    """The project's own articles by name."""
    seeds = root / "seeds"
    return {
        "harbour-ledger": _extracted(once, seeds / "harbour-ledger.txt"),
        "tea-garden": _extracted(once, seeds / "tea-garden.txt"),
        "court-evidence": _extracted(once, seeds / "court-evidence.en.txt", seeds / "court-evidence.zh-Hant-TW.txt"),
    }


@pytest.fixture(scope="session")
def real_articles(shared: Path, once: Once) -> dict[str, Extraction]:
    """The five real articles by the first three letters of their names."""
    return {path.name[:3]: _extracted(once, path) for path in sorted((shared / "seeds").glob("*.txt"))}


def _extracted(once: Once, source: Path, target: Path | None = None) -> Extraction:
    return once.made(source.name, lambda: extract_pair(DocumentPair(source, target), Options()))
