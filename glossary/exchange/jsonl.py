"""Entries as JSON Lines: one `ConceptEntry` a line with all it holds; reads back equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from glossary.codec import dumps, from_json, to_json
from glossary.datamodel import ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange.files import read_text
from glossary.exchange.options import ExportOptions


def write_jsonl(entries: Iterable[ConceptEntry], options: ExportOptions) -> Iterator[str]:
    """One line an entry; `options.lang` leaves out entries without a section of that language (`zh`: any zh)."""
    for entry in entries:
        if options.lang is None or any(f"{s.lang}-".startswith(f"{options.lang}-") for s in entry.lang_secs):
            yield dumps(to_json(entry)) + "\n"


def read_jsonl(path: str | Path) -> tuple[ConceptEntry, ...]:
    """The entries of a JSONL file.

    Raises: ExchangeError with file and line when a line is no entry.
    """
    return tuple(
        _entry(line, f"{path}:{number}")
        for number, line in enumerate(read_text(path).split("\n"), start=1)
        if line.strip()
    )


def _entry(line: str, at: str) -> ConceptEntry:
    try:
        return from_json(ConceptEntry, json.loads(line))
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{at}: not a glossary entry: {error}") from None
