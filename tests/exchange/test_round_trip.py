"""Reading back what was written gives what the format carries, whatever the glossary holds."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import ConceptEntry
from glossary.exchange import EXPORTERS, read, write
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions

BY_ENTRY = ["csv", "jsonl", "tbx", "tbx2", "tmx", "tsv", "xlsx"]
"""Formats that keep entries apart; the others are compared as the pairs or words they hold."""

OPTIONS = ExportOptions(lang="zh-Hans")
Glossaries = list[list[ConceptEntry]]


def back(entries: list[ConceptEntry], format: str, lang: str | None = None) -> list[ConceptEntry]:
    """What comes back. Written to memory first: a file would be synced to the disk each time."""
    stream = io.BytesIO()
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    write(entries, format, text, lang=lang)
    text.detach()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"terms.{format}")
        path.write_bytes(stream.getvalue())
        return list(read(path, format, lang="zh-Hans").entries)


def carried(entries: list[ConceptEntry], format: str, options: ExportOptions) -> list[ConceptEntry]:
    kept = (EXPORTERS[format].carried(entry, options) for entry in entries)
    return [entry for entry in kept if entry is not None]


def fits_excel(entry: ConceptEntry) -> bool:
    """False when a cell would be longer than Excel holds: that is reported, and tested in test_sheets."""
    return not any("longer than Excel holds" in loss.kind for loss in write([entry], "xlsx", io.BytesIO()).losses)


@pytest.mark.parametrize("format", BY_ENTRY)
def test_hostile_entries_come_back_as_the_format_carries_them(format: str, glossaries: Glossaries) -> None:
    compared = 0
    for entries in glossaries:
        some = [entry for entry in entries if format != "xlsx" or fits_excel(entry)]
        assert back(some, format) == carried(some, format, ExportOptions())
        compared += len(some)
    assert compared > len(glossaries) / 4


@pytest.mark.parametrize("format", [f for f in BY_ENTRY if f != "jsonl"])
def test_what_a_format_carries_it_carries_again(format: str, glossaries: Glossaries) -> None:
    for entries in glossaries:
        once = carried(entries, format, ExportOptions())
        assert carried(once, format, ExportOptions()) == [replace(e) for e in once]


@pytest.mark.parametrize("format", sorted(EXPORTERS))
def test_what_is_not_carried_is_reported_and_nothing_else(format: str, glossaries: Glossaries) -> None:
    options = ExportOptions() if format in BY_ENTRY else OPTIONS
    for entry in (entry for entries in glossaries for entry in entries):
        tally = Tally(format)
        kept = EXPORTERS[format].carried(entry, options)
        tally.compare(entry, kept)
        same = kept is not None and sorted_out(kept) == sorted_out(entry)
        assert (tally.report().losses == ()) is same, tally.report()


def sorted_out(entry: ConceptEntry) -> ConceptEntry:
    """The entry with its languages and terms in one order: a format may have an order of its own."""
    sections = (replace(s, terms=tuple(sorted(s.terms, key=lambda t: t.term))) for s in entry.lang_secs)
    return replace(entry, lang_secs=tuple(sorted(sections, key=lambda s: s.lang)))


def test_messages_of_a_concept_come_back_as_one_entry(glossaries: Glossaries) -> None:
    for entries in glossaries:
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


def test_pairs_come_back_from_omegat(glossaries: Glossaries) -> None:
    for entries in glossaries:
        assert pairs(back(entries, "omegat", "zh-Hans")) == pairs(carried(entries, "omegat", OPTIONS))


def test_one_entry_of_one_source_term_comes_back_whole_from_omegat(glossaries: Glossaries) -> None:
    compared = 0
    for entry in (entry for entries in glossaries for entry in entries):
        kept = carried([entry], "omegat", OPTIONS)
        if kept and len(kept[0].lang_secs[0].terms) == 1:
            assert back([entry], "omegat", "zh-Hans") == kept
            compared += 1
    assert compared


def test_words_come_back_from_jieba(glossaries: Glossaries) -> None:
    for entries in glossaries:
        words = [t.term for e in carried(entries, "jieba", OPTIONS) for t in e.lang_secs[0].terms]
        assert [e.lang_secs[0].terms[0].term for e in back(entries, "jieba", "zh-Hans")] == list(dict.fromkeys(words))
