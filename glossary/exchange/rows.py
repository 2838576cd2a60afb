"""Entries as rows of a sheet and back: the layout CSV, TSV and XLSX share. One entry a row.

| column | holds | read back |
|---|---|---|
| id | the entry's id; may be empty in a sheet of yours | yes |
| source | terms of the source language, best first, `; ` between them (`\\;` for a semicolon inside) | yes |
| target_TAG | terms of a language: target_zh-Hans, target_zh-Hant-TW; `fr`, 中文 (see `headings`) do too | yes |
| status | `preferred, approved` for all target terms, or one a term in the order of the columns, `; ` between | yes |
| source_status | the same for the source terms | yes |
| kind, score, subject_field, note, do_not_translate (yes) | of the entry | yes |
| definition | the first definition | yes |
| source_document, flags | for people: where it was seen; flags, and `converted:TAG` for forms no document showed | no |
| details | JSON: what the other columns cannot hold (term types, readings, more definitions, other languages) | yes |

Not carried: contexts, provenance, scores of single terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import cast

from glossary.codec import Json, JsonObject, dumps, to_json
from glossary.datamodel import ConceptEntry, Definition, Flag, LangSec, TermSec, altered
from glossary.exchange.drafts import Room, Text, project
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions
from glossary.language import ZH_TARGETS, base_language

SOURCE, STATUS, SOURCE_STATUS = "source", "status", "source_status"
TARGET_PREFIX = "target_"
DERIVED = frozenset({"flags", "source_document"})
REGION_UNKNOWN = "zh-Hant"
_DOCUMENTS_LISTED = 5

_CARRIED = frozenset({
    "term_type", "part_of_speech", "administrative_status", "review_state", "origin", "conversion", "converted_from",
    "flags", "case_sensitive", "geographical_usage", "note", "source", "pinyin", "jyutping",
})  # fmt: skip
_BLANK = TermSec("")
_ALL = tuple(sorted(_CARRIED))
_DETAILS = tuple(sorted(_CARRIED - {"administrative_status", "review_state"}))
_of_all, _of_details = attrgetter(*_ALL), attrgetter(*_DETAILS)
_USUAL_ALL, _USUAL_DETAILS = _of_all(_BLANK), _of_details(_BLANK)


@dataclass(frozen=True, slots=True)
class DefinitionDetails:
    """A definition that has no cell, or what the cell of one does not say."""

    lang: str = ""
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """The column `details`. Terms are partial: fields with their usual value are left out."""

    source_lang: str = ""  # of the column source, when it is not the file's
    definition: DefinitionDetails = DefinitionDetails()  # of the column definition
    definitions: tuple[DefinitionDetails, ...] = ()
    terms: Mapping[str, tuple[TermSec, ...]] = field(default_factory=dict)  # by language, of terms in the columns
    languages: Mapping[str, tuple[TermSec, ...]] = field(default_factory=dict)  # terms that have no column
    flags: tuple[Flag, ...] = ()


def room(text: Text) -> Room:
    """What a row carries when a cell does this to a text."""
    names = frozenset({"id", "kind", "score", "subject_field", "note", "flags", "do_not_translate"})
    return Room(names, _CARRIED, text, reviews=frozenset({"proposed", "approved", "rejected"}), score_digits=3)


def carried(entry: ConceptEntry, options: ExportOptions, room: Room) -> ConceptEntry | None:
    """What a row carries of an entry: languages in the order of the columns, score to three digits."""
    kept = project(entry, room)
    if kept is None:
        return None
    order = {lang: at for at, lang in enumerate(_column_langs(kept, options))}
    sections = tuple(sorted(kept.lang_secs, key=lambda s: order.get(s.lang, len(order))))
    return kept if sections == kept.lang_secs else altered(kept, lang_secs=sections)


def targets(options: ExportOptions) -> tuple[str, ...]:
    """The languages that have a column of their own."""
    if options.lang in (None, "zh"):
        return (ZH_TARGETS[0], REGION_UNKNOWN, *ZH_TARGETS[1:])
    return (str(options.lang),)


def _column_langs(entry: ConceptEntry, options: ExportOptions) -> tuple[str, ...]:
    return (source_lang(entry, options), *targets(options))


def source_lang(entry: ConceptEntry, options: ExportOptions) -> str:
    """The entry's language that stands in the column `source`: the one asked for, else one related to it."""
    langs = [s.lang for s in entry.lang_secs]
    wanted = options.source_lang
    if wanted in langs:
        return wanted
    return next((lang for lang in langs if base_language(lang) == base_language(wanted)), wanted)


def rows(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[list[str]]:
    """A header row and one row an entry as `carried` leaves it."""
    columns = [f"{TARGET_PREFIX}{tag}" for tag in targets(options)]
    yield [
        "id", SOURCE, *columns, "kind", STATUS, SOURCE_STATUS, "score", "definition", "subject_field", "note",
        "do_not_translate", "source_document", "flags", "details",
    ]  # fmt: skip
    for entry in entries:
        yield _row(entry, options)


def _row(entry: ConceptEntry, options: ExportOptions) -> list[str]:
    source = source_lang(entry, options)
    langs = targets(options)
    sections = {s.lang: s for s in entry.lang_secs}
    empty = LangSec("", ())
    in_columns = [sections.get(lang, empty) for lang in langs if lang != source]
    definition = next((d for s in entry.lang_secs for d in s.definitions), None)
    documents = list(dict.fromkeys(c.uri for c in entry.contexts if c.uri))
    return [
        entry.id,
        joined(t.term for t in sections.get(source, empty).terms),
        *("" if lang == source else joined(t.term for t in sections.get(lang, empty).terms) for lang in langs),
        entry.kind,
        _status([t for s in in_columns for t in s.terms]),
        _status(sections.get(source, empty).terms),
        f"{entry.score:.3f}",
        definition.text if definition else "",
        entry.subject_field,
        entry.note,
        "yes" if entry.do_not_translate else "",
        "; ".join(documents[:_DOCUMENTS_LISTED]),
        "; ".join(_flags(entry, in_columns)),
        _details(entry, source, frozenset((source, *langs)), definition, options),
    ]


def _status(terms: Sequence[TermSec]) -> str:
    """One status when all terms have it, else one a term."""
    each = [f"{t.administrative_status}, {t.review_state}" for t in terms]
    return each[0] if len(set(each)) == 1 else "; ".join(each)


def _flags(entry: ConceptEntry, sections: Iterable[LangSec]) -> Iterator[str]:
    listed = list(sections)
    flags = [*entry.flags, *(f for s in listed for t in s.terms for f in t.flags)]
    yield from dict.fromkeys(f"{f.code}: {f.reason}" for f in flags)
    yield from (f"converted:{s.lang}" for s in listed if s.terms and s.terms[0].origin == "converted")


def _details(
    entry: ConceptEntry, source: str, in_columns: frozenset[str], first: Definition | None, options: ExportOptions
) -> str:
    made: JsonObject = {}
    if source != options.source_lang and entry.section(source):
        made["source_lang"] = source
    definitions = [d for s in entry.lang_secs for d in s.definitions]
    if first is not None and (first.source or first.lang != entry.lang_secs[0].lang):
        made["definition"] = _described(first)
    if len(definitions) > 1:
        made["definitions"] = [{**_described(d), "text": d.text} for d in definitions[1:]]
    for section in entry.lang_secs:
        outside = section.lang not in in_columns
        listed: list[Json] = [found for t in section.terms if (found := _special(t, outside))]
        if listed:
            cast(JsonObject, made.setdefault("languages" if outside else "terms", {}))[section.lang] = listed
    if entry.flags:
        made["flags"] = [to_json(f) for f in entry.flags]
    return dumps(made) if made else ""


def _described(definition: Definition) -> JsonObject:
    return {"lang": definition.lang, "source": definition.source}


def _special(term: TermSec, outside: bool) -> JsonObject:
    """What the other columns do not show of a term and is not as usual; `outside`: they do not even show the term."""
    names, values, usual = (
        (_ALL, _of_all(term), _USUAL_ALL) if outside else (_DETAILS, _of_details(term), _USUAL_DETAILS)
    )
    found: JsonObject = {}
    if values != usual:
        for name, value, blank in zip(names, values, usual, strict=True):
            if value != blank:
                found[name] = [to_json(f) for f in value] if name == "flags" else value
    return {"term": term.term, **found} if found or outside else {}


def joined(texts: Iterable[str]) -> str:
    r"""Terms as one cell; `separated` gives them back: `\` stands before `\`, `;` and white space at an end.

    >>> joined(["NFT", "a; b", " c"])
    'NFT; a\\; b; \\ c'
    """
    return "; ".join(_protected(t) for t in texts)


def _protected(text: str) -> str:
    if "\\" in text or ";" in text:
        text = text.replace("\\", "\\\\").replace(";", "\\;")
    if text[-1:].isspace():
        text = f"{text[:-1]}\\{text[-1]}"
    return f"\\{text}" if text[:1].isspace() else text


_TOKEN = re.compile(r"\\[\\;\s]|.", re.DOTALL)


def separated(cell: str) -> list[str]:
    r"""The terms of a cell, without white space around them; a backslash that protects nothing stays.

    >>> separated("NFT ; a\\; b;"), separated("C:\\new"), separated("\\ c")
    (['NFT', 'a; b'], ['C:\\new'], [' c'])
    """
    if "\\" not in cell:
        return [term for term in map(str.strip, cell.split(";")) if term]
    parts: list[list[str]] = [[]]
    for token in _TOKEN.findall(cell):
        if token == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return [term for term in map(_unprotected, parts) if term.strip()]


def _unprotected(tokens: list[str]) -> str:
    start, end = 0, len(tokens)
    while start < end and tokens[start].isspace():
        start += 1
    while end > start and tokens[end - 1].isspace():
        end -= 1
    return "".join(t[-1] for t in tokens[start:end])
