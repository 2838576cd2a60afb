"""Every reported place of all dev pages, in both directions, slices to a form of its term. Minutes of CPU time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terms.offsets import extracted, faults, pages


@pytest.mark.shared
@pytest.mark.parametrize("english_first", [True, False], ids=["en-zh", "zh-en"])
def test_places_in_all_dev_pages(shared: Path, english_first: bool) -> None:
    wrong = {}
    for page in pages(shared):
        found = faults(extracted(*page, english_first=english_first))[1]
        if found:
            wrong[page[1].parent.name] = found[:3]
    assert not wrong
