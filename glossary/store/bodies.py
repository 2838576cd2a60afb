"""Entries to the JSON text the store keeps of them, and back.

The text is the one of codec.py: `{"id":"...","lang_secs":[...],...}`, each field by its name; the history and JSONL
files hold the same. Fields that a record got after the text was written have their defaults.
"""

from __future__ import annotations

from glossary import codec
from glossary.datamodel import ConceptEntry
from glossary.errors import StoreError


def body_of(entry: ConceptEntry) -> str:
    """The text of an entry. Raises: StoreError for a score that is no number and a text with U+0000, which SQLite takes
    for its end and PostgreSQL refuses."""
    try:
        text = codec.text_of(entry)
    except ValueError as error:
        raise StoreError(f"entry {entry.id}: cannot be stored: {error}") from error
    if codec.holds_nul(text):
        raise StoreError(f"entry {entry.id}: a text holds the character U+0000; it cannot be stored, correct the text")
    return text


def entry_of(body: str) -> ConceptEntry:
    """The entry of a text that `body_of` made.

    Raises: StoreError for another text.
    """
    try:
        return codec.entry_of(body)
    except ValueError as error:
        raise StoreError(f"an entry is damaged ({error}); `glossary store check` tells which") from error
