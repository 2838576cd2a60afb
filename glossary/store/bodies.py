"""Entries to the JSON text the store keeps of them, and back.

The text is the one of codec.py: `{"id":"...","lang_secs":[...],...}`, each field by its name; the history and JSONL
files hold the same. Fields that a record got after the text was written have their defaults.

Texts of our own are read without the codec's checks: 40 microseconds an entry of 2 kB, by name instead of by place 50.
"""

from __future__ import annotations

import json
import re
from typing import Any

from glossary.codec import text_of
from glossary.datamodel import ConceptEntry, Context, Definition, Flag, LangSec, Provenance, TermSec
from glossary.errors import StoreError

_Raw = dict[str, Any]

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 as JSON has it, not a backslash and the same letters."""


def body_of(entry: ConceptEntry) -> str:
    """The text of an entry. Raises: StoreError for a score that is no number and a text with U+0000, which SQLite takes
    for its end and PostgreSQL refuses."""
    try:
        text = text_of(entry)
    except ValueError as error:
        raise StoreError(f"entry {entry.id}: cannot be stored: {error}") from error
    if "\\u0000" in text and _NUL.search(text):
        raise StoreError(f"entry {entry.id}: a text holds the character U+0000; it cannot be stored, correct the text")
    return text


def entry_of(body: str) -> ConceptEntry:
    """The entry of a text that `body_of` made.

    Raises: StoreError for another text.
    """
    try:
        return _entry(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(f"an entry is damaged ({error}); `glossary store check` tells which") from error


# The values of a record stand in the order of its fields, as `to_json` writes them; new fields come at the end.


def _entry(raw: _Raw) -> ConceptEntry:
    raw["lang_secs"] = tuple([_section(one) for one in raw["lang_secs"]])
    raw["contexts"] = tuple([_context(one) for one in raw["contexts"]])
    raw["flags"] = tuple([Flag(*one.values()) for one in raw["flags"]])
    return ConceptEntry(*raw.values())


def _section(raw: _Raw) -> LangSec:
    raw["terms"] = tuple([_term(one) for one in raw["terms"]])
    raw["definitions"] = tuple([Definition(*one.values()) for one in raw["definitions"]])
    return LangSec(*raw.values())


def _term(raw: _Raw) -> TermSec:
    raw["provenance"] = tuple([Provenance(*one.values()) for one in raw["provenance"]])
    raw["flags"] = tuple([Flag(*one.values()) for one in raw["flags"]])
    return TermSec(*raw.values())


def _context(raw: _Raw) -> Context:
    for side in ("source_marks", "target_marks"):
        raw[side] = tuple([(start, end) for start, end in raw[side]])
    return Context(*raw.values())
