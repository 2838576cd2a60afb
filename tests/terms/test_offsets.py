"""Every reported place slices to a form of its term, in documents read from file; the full run is in tests/bench."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from glossary.datamodel import Extraction
from tests.terms.offsets import extracted, faults, pages

SPREAD = 30
"""Every so many pages are looked at here: four or five."""


def test_places_in_the_projects_articles(own_articles: dict[str, Extraction]) -> None:
    for extraction in own_articles.values():
        checked, wrong = faults(extraction)
        assert not wrong
        assert checked > 50


@pytest.mark.shared
def test_places_in_the_real_articles(real_articles: Mapping[str, Extraction]) -> None:
    for extraction in real_articles.values():
        checked, wrong = faults(extraction)
        assert not wrong
        assert checked


@pytest.mark.shared
def test_places_in_a_spread_of_dev_pages(shared: Path) -> None:
    sample = pages(shared)[5::SPREAD]
    assert len(sample) >= 3
    for number, page in enumerate(sample):
        checked, wrong = faults(extracted(*page, english_first=number % 2 == 0))
        assert not wrong, page
        assert checked > 100


def _stated() -> dict[tuple[str, str], set[str]]:
    path = Path(__file__).resolve().parents[1] / "cases" / "terms" / "seed_expansions.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {(article, acronym): set(full.split("; ")) for article, acronym, full in rows}


@pytest.mark.shared
def test_every_full_form_the_real_articles_state_is_found_and_none_invented(
    real_articles: Mapping[str, Extraction],
) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for name, extraction in real_articles.items():
        for c in (c for c in extraction.candidates if c.expansions):
            found.setdefault((name, c.source), set()).update(full.replace("’", "'") for full in c.expansions)
    assert found == _stated()
