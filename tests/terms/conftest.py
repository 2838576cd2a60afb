"""Articles extracted once for all tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from glossary.datamodel import Bead, Bitext, Extraction, Segment
from glossary.documents import DocumentPair
from glossary.pipeline import Options, extract_pair

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
def harbour(root: Path) -> Extraction:
    """The bilingual news page among the project's own articles."""
    return extract_pair(DocumentPair(root / "seeds" / "harbour-ledger.txt"), Options())


@pytest.fixture(scope="session")
def own_articles(root: Path, harbour: Extraction) -> dict[str, Extraction]:
    """The project's own articles by name."""
    court = DocumentPair(root / "seeds" / "court-evidence.en.txt", root / "seeds" / "court-evidence.zh-Hant-TW.txt")
    return {
        "harbour-ledger": harbour,
        "tea-garden": extract_pair(DocumentPair(root / "seeds" / "tea-garden.txt"), Options()),
        "court-evidence": extract_pair(court, Options()),
    }


@pytest.fixture(scope="session")
def real_articles(shared: Path) -> dict[str, Extraction]:
    """The five real articles by the first three letters of their names."""
    paths = sorted((shared / "seeds").glob("*.txt"))
    return {path.name[:3]: extract_pair(DocumentPair(path), Options()) for path in paths}
