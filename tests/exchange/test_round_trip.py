"""Reading back what was written gives what the format carries, whatever the glossary holds."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from glossary.datamodel import ConceptEntry
from glossary.exchange import EXPORTERS, read, write
from glossary.exchange.options import ExportOptions

from . import strategies

BY_ENTRY = ["csv", "jsonl", "tbx", "tbx2", "tmx", "tsv", "xlsx"]
"""Formats that keep entries apart; the others are compared as the pairs or words they hold."""

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""Without shrinking: entries are large, and finding the smallest failing one takes minutes."""

OPTIONS = ExportOptions(lang="zh-Hans")

hostile = st.lists(strategies.rich_entries(), max_size=4, unique_by=lambda e: e.id)
often = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)


def back(entries: list[ConceptEntry], format: str, lang: str | None = None) -> list[ConceptEntry]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"terms.{format}")
        write(entries, format, path, lang=lang)
        return list(read(path, format, lang="zh-Hans").entries)


def carried(entries: list[ConceptEntry], format: str, options: ExportOptions) -> list[ConceptEntry]:
    kept = (EXPORTERS[format].carried(entry, options) for entry in entries)
    return [entry for entry in kept if entry is not None]


@pytest.mark.parametrize("format", BY_ENTRY)
@often
@given(entries=hostile)
def test_hostile_entries_come_back_as_the_format_carries_them(format: str, entries: list[ConceptEntry]) -> None:
    if format == "xlsx":  # Excel holds no more in a cell: reported, and tested in test_sheets
        report = write(entries, "xlsx", io.BytesIO())
        assume(not any("longer than Excel holds" in loss.kind for loss in report.losses))
    assert back(entries, format) == carried(entries, format, ExportOptions())


@pytest.mark.parametrize("format", [f for f in BY_ENTRY if f != "jsonl"])
@often
@given(entries=hostile)
def test_what_a_format_carries_it_carries_again(format: str, entries: list[ConceptEntry]) -> None:
    once = carried(entries, format, ExportOptions())
    assert carried(once, format, ExportOptions()) == [replace(e) for e in once]


@often
@given(entries=hostile)
def test_messages_of_a_concept_come_back_as_one_entry(entries: list[ConceptEntry]) -> None:
    kept = {e.id: e for e in carried(entries, "po", OPTIONS)}
    assert {e.id: e for e in back(entries, "po", "zh-Hans")} == kept


def pairs(entries: list[ConceptEntry]) -> set[tuple[str, ...]]:
    found = set()
    for entry in entries:
        sections = {s.lang: s for s in entry.lang_secs}
        for source in sections["en"].terms:
            for target in sections["zh-Hans"].terms:
                found.add((source.term, target.term))
    return found


@often
@given(entries=hostile)
def test_pairs_come_back_from_omegat(entries: list[ConceptEntry]) -> None:
    assert pairs(back(entries, "omegat", "zh-Hans")) == pairs(carried(entries, "omegat", OPTIONS))


@often
@given(entry=strategies.rich_entries())
def test_one_entry_of_one_source_term_comes_back_whole_from_omegat(entry: ConceptEntry) -> None:
    kept = carried([entry], "omegat", OPTIONS)
    if kept and len(kept[0].lang_secs[0].terms) == 1:
        assert back([entry], "omegat", "zh-Hans") == kept


@often
@given(entries=hostile)
def test_words_come_back_from_jieba(entries: list[ConceptEntry]) -> None:
    words = [t.term for e in carried(entries, "jieba", OPTIONS) for t in e.lang_secs[0].terms]
    assert [e.lang_secs[0].terms[0].term for e in back(entries, "jieba", "zh-Hans")] == list(dict.fromkeys(words))
