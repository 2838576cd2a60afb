"""Entries as JSON Lines: one `ConceptEntry` a line with all it holds; reads back equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from glossary.codec import from_json, holds_nul, same_entry, text_of
from glossary.datamodel import ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange.lines import UNSTORABLE, text_lines
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions, ImportOptions


def carried(entry: ConceptEntry, options: ExportOptions) -> ConceptEntry | None:
    """All of it."""
    return entry


def write_jsonl(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """One line an entry."""
    for entry in entries:
        yield text_of(entry) + "\n"


def read_jsonl(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of a JSONL file.

    Raises: ExchangeError with file and line when a line is no entry, has no term, or stands for an id that was there.
    """
    seen: set[str] = set()
    with text_lines(path, storable=options.storable) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                if options.storable and holds_nul(line):
                    raise ExchangeError(f"{path}:{number}: {UNSTORABLE}")
                entry = _entry(line, f"{path}:{number}")
                if entry.id in seen and entry.id:
                    raise ExchangeError(f"{path}:{number}: a second entry with the id {entry.id!r}")
                seen.add(entry.id)
                yield entry


def _entry(line: str, at: str) -> ConceptEntry:
    entry = same_entry(line.rstrip("\r\n")) or _checked(line, at)
    langs = [s.lang for s in entry.lang_secs]
    if len(set(langs)) < len(langs):
        raise ExchangeError(f"{at}: two sections of one language among {', '.join(langs)[:80]}")
    if not any(s.terms for s in entry.lang_secs) or any(not t.term.strip() for s in entry.lang_secs for t in s.terms):
        raise ExchangeError(f"{at}: an entry without a term, or an empty term")
    return entry


def _checked(line: str, at: str) -> ConceptEntry:
    """The entry of a line that is not as we would write it."""
    try:
        entry = from_json(ConceptEntry, _JSON.decode(line))
        text_of(entry).encode("utf-8")  # an escaped lone surrogate is no text, 1e999 no number
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{at}: not a glossary entry: {error}") from None
    return entry


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


_JSON = json.JSONDecoder(parse_constant=_no_number)
