"""What TBX v3 and v2 share: categories, picklists, the notes that hold what TBX-Basic has no category for.

TBX-Basic has nothing for do-not-translate, forbidden, case, readings, converted forms and our kinds of concept: each is
a note of a fixed wording. A user's note that looks like one of these is written after `Note: `, so every note comes
back as it was.

Source: ISO 30042:2019; TBX-Basic dialect package (Schematron rules of its DCA style).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from glossary.datamodel import AdministrativeStatus, ConceptEntry, Context, TermSec
from glossary.exchange.drafts import Room, imported_context, project
from glossary.exchange.options import ExportOptions
from glossary.exchange.xml_text import xml_text

STATUS_OUT: dict[AdministrativeStatus, str] = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
    "forbidden": "deprecatedTerm-admn-sts",
}
STATUS_IN: dict[str, AdministrativeStatus] = {
    "preferredTerm": "preferred",
    "admittedTerm": "admitted",
    "deprecatedTerm": "deprecated",
    "supersededTerm": "deprecated",
}
PARTS_OF_SPEECH = frozenset({"noun", "verb", "adjective", "adverb", "other"})
TERM_TYPES = frozenset({"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"})
_UNUSED: frozenset[AdministrativeStatus] = frozenset({"deprecated", "forbidden"})
CANDIDATE = "candidate"

DO_NOT_TRANSLATE = "Do not translate"
FORBIDDEN = "Forbidden"
CASE_SENSITIVE = "Case sensitive"
KEYS = ("Kind", "Pinyin", "Jyutping", "Converted")
_RESERVED = re.compile(
    rf"(Note: |({'|'.join(KEYS)}): |({DO_NOT_TRANSLATE}|{FORBIDDEN}|{CASE_SENSITIVE})\Z)", re.IGNORECASE
)
_OUR_ID = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
MARK = "whiteSpace"
"""Type of the header paragraph that says white space in our own files counts; in other files it is collapsed."""


def own_note(text: str) -> str:
    """A user's note as it is written.

    >>> own_note("Ask Li."), own_note("Pinyin: ask Li.")
    ('Ask Li.', 'Note: Pinyin: ask Li.')
    """
    return f"Note: {text}" if _RESERVED.match(text) else text


def read_note(text: str) -> tuple[str, str]:
    """A written note as (fixed wording or key, value): ('', text) for a user's own.

    >>> read_note("Pinyin: shu4 zi4"), read_note("Forbidden"), read_note("Note: Pinyin: ask Li."), read_note("Ask Li.")
    (('Pinyin', 'shu4 zi4'), ('Forbidden', ''), ('', 'Pinyin: ask Li.'), ('', 'Ask Li.'))
    """
    if text[:6].lower() == "note: ":
        return "", text[6:] if _RESERVED.match(text[6:]) else text
    found = _RESERVED.match(text)
    if not found:
        return "", text
    if found[3]:
        return found[3].capitalize(), ""
    return found[2].capitalize(), text[found.end() :]


def written_id(entry_id: str) -> str:
    """An entry's id as an XML ID; `read_id` gives it back.

    >>> written_id("0f3a9c21d4e5b687"), written_id("IATE-88"), written_id("3 a")
    ('c0f3a9c21d4e5b687', 'IATE-88', 'x.332061')
    """
    if _OUR_ID.fullmatch(entry_id):
        return f"c{entry_id}"
    if _NAME.fullmatch(entry_id) and not _OUR_ID.fullmatch(entry_id[1:]):
        return entry_id
    return f"x.{entry_id.encode().hex()}"


def read_id(name: str) -> str:
    """The entry's id that an XML ID stands for.

    >>> read_id("c0f3a9c21d4e5b687"), read_id("IATE-88"), read_id("x.332061")
    ('0f3a9c21d4e5b687', 'IATE-88', '3 a')
    """
    if name.startswith("c") and _OUR_ID.fullmatch(name[1:]):
        return name[1:]
    if name.startswith("x."):
        try:
            return bytes.fromhex(name[2:]).decode()
        except ValueError:
            return name
    return name


def carried(entry: ConceptEntry, options: ExportOptions) -> ConceptEntry | None:
    """What TBX-Basic carries of an entry: all but scores, provenance, flags and the other half of contexts.

    Terms nobody should use come last in their language: Translate Toolkit and Weblate take the first one.
    """
    kept = project(_usable_first(entry), _ROOM)
    if kept is None or all(_fitting(t) is t for s in kept.lang_secs for t in s.terms):
        return kept
    sections = (replace(s, terms=tuple(map(_fitting, s.terms))) for s in kept.lang_secs)
    return replace(kept, lang_secs=tuple(sections))


def _usable_first(entry: ConceptEntry) -> ConceptEntry:
    if not any(t.administrative_status in _UNUSED for s in entry.lang_secs for t in s.terms):
        return entry
    ordered = (sorted(s.terms, key=lambda t: t.administrative_status in _UNUSED) for s in entry.lang_secs)
    sections = (replace(s, terms=tuple(terms)) for s, terms in zip(entry.lang_secs, ordered, strict=True))
    return replace(entry, lang_secs=tuple(sections))


def _fitting(term: TermSec) -> TermSec:
    """The term with a part of speech of the picklist, and a conversion only if it was converted."""
    if term.part_of_speech not in PARTS_OF_SPEECH:
        term = replace(term, part_of_speech="other")
    if term.origin == "observed" and (term.conversion or term.converted_from):
        term = replace(term, conversion="", converted_from="")
    return term


def _contexts(entry: ConceptEntry) -> tuple[Context, ...]:
    """One sentence a term, in the order of the terms: the first context that shows it."""
    if not entry.contexts:
        return ()
    seen = _sentences(entry)
    terms = ((s.lang, t.term) for s in entry.lang_secs for t in s.terms if t.review_state in _ROOM.reviews)
    found = ((lang, xml_text(term), seen.get((lang, term.casefold()))) for lang, term in terms)
    return tuple(imported_context(c[0], lang, term, c[1]) for lang, term, c in found if c is not None)


def _sentences(entry: ConceptEntry) -> dict[tuple[str, str], tuple[str, str]]:
    """(sentence, where it stands) by language and marked words."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for context in entry.contexts:
        place = f"{context.uri}:{context.line}" if context.line else context.uri
        sides = (
            (context.source_lang, context.source, context.source_marks),
            (context.target_lang, context.target, context.target_marks),
        )
        for lang, text, marks in sides:
            if text.strip():
                for start, end in marks:
                    seen.setdefault((lang, text[start:end].casefold()), (xml_text(text), xml_text(place)))
    return seen


_ROOM = Room(
    frozenset({"id", "kind", "subject_field", "note", "do_not_translate"}),
    frozenset({
        "term_type", "part_of_speech", "administrative_status", "review_state", "case_sensitive", "origin",
        "conversion", "converted_from", "geographical_usage", "note", "source", "pinyin", "jyutping",
    }),
    xml_text,
    contexts=_contexts,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Element names of one version of TBX."""

    entry: str
    lang: str
    term: str


def term_notes(term: TermSec) -> Iterator[str]:
    """The notes of a term, in the order they are written."""
    if term.administrative_status == "forbidden":
        yield FORBIDDEN
    if term.case_sensitive:
        yield CASE_SENSITIVE
    if term.origin == "converted":
        yield f"Converted: {term.converted_from}, {term.conversion}"
    if term.pinyin:
        yield f"Pinyin: {term.pinyin}"
    if term.jyutping:
        yield f"Jyutping: {term.jyutping}"
    if term.note:
        yield own_note(term.note)


def entry_notes(entry: ConceptEntry) -> Iterator[str]:
    """The notes of an entry, in the order they are written."""
    if entry.do_not_translate:
        yield DO_NOT_TRANSLATE
    if entry.kind != "concept":
        yield f"Kind: {entry.kind}"
    if entry.note:
        yield own_note(entry.note)
