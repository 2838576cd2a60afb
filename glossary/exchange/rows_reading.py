"""Rows of a sheet back to entries: ours, and those people make (see `rows` for the columns)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from glossary.codec import from_json, holds_nul
from glossary.datamodel import AdministrativeStatus, ConceptEntry, Kind, ReviewState, TermSec, altered
from glossary.errors import ExchangeError
from glossary.exchange.drafts import Draft
from glossary.exchange.headings import TARGET, field_of, terms_of
from glossary.exchange.lines import UNSTORABLE
from glossary.exchange.losses import Tally
from glossary.exchange.options import ImportOptions
from glossary.exchange.rows import DERIVED, SOURCE, SOURCE_STATUS, STATUS, Details, separated
from glossary.exchange.values import KINDS, REVIEWS, STATUSES, language
from glossary.language import is_chinese

Row = tuple[int, list[str]]  # line or row number, cells

_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"", "no", "n", "false", "0"})
_UNSTATED = ("admitted", "approved")
"""Status of a term whose row says none: somebody's sheet is taken at its word, and prefers nothing."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a sheet has what."""

    plain: dict[str, int]
    languages: tuple[tuple[int, str, bool], ...]  # column, tag, whether it is the source


def read_rows(rows: Iterator[Row], path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of a sheet. Blank rows are passed over; an empty sheet has none.

    Raises: ExchangeError with file and row when no column holds terms, or a row is malformed.
    """
    header = next(((n, cells) for n, cells in rows if any(c.strip() for c in cells)), None)
    if header is None:
        return
    columns = _columns(header[1], f"{path}:{header[0]}", options, tally)
    seen: set[str] = set()
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        at = f"{path}:{number}"
        if len(cells) > len(header[1]) and any(c.strip() for c in cells[len(header[1]) :]):
            raise ExchangeError(f"{at}: {len(cells)} cells for {len(header[1])} columns")
        if options.storable and "\0" in "".join(cells):
            raise ExchangeError(f"{at}: {UNSTORABLE}")
        entry = _entry(cells, columns, at, options, tally)
        if entry.id and entry.id in seen:
            raise ExchangeError(f"{at}: a second entry with the id {entry.id!r}")
        seen.add(entry.id)
        yield entry


def _columns(header: list[str], at: str, options: ImportOptions, tally: Tally) -> _Columns:
    plain: dict[str, int] = {}
    languages: list[tuple[int, str, bool]] = []
    for number, cell in enumerate(header):
        name = cell.strip()
        if field := field_of(name):
            if field not in plain:
                plain[field] = number
            elif header[plain[field]].strip().lower() == name.lower():
                raise ExchangeError(f"{at}: two columns {name!r}")
            else:
                tally.add("columns that are not read beside another of their kind", name)
        elif terms := terms_of(name):
            languages.append((number, *_language(terms, name, at, options)))
        elif name and name.lower().replace(" ", "_") not in DERIVED:
            tally.add("columns that are not known", name)
    tags = [tag for _, tag, _ in languages]
    if not languages:
        raise ExchangeError(f"{at}: no column holds terms; name one source, English, zh-Hant-TW or by another language")
    if options.lang and is_chinese(options.lang) and options.lang not in tags:
        languages = [(n, options.lang if tag == "zh" else tag, own) for n, tag, own in languages]
    if len(set(tags)) < len(tags):
        raise ExchangeError(f"{at}: two columns of one language among {', '.join(tags)}")
    return _Columns(plain, tuple(sorted(languages, key=lambda column: not column[2])))


def _language(terms: str, name: str, at: str, options: ImportOptions) -> tuple[str, bool]:
    """The tag of a column of terms, and whether they are the source's."""
    if terms == SOURCE:
        return options.source_lang, True
    if terms != TARGET:
        return terms, terms == options.source_lang
    if options.lang is None:
        raise ExchangeError(f"{at}: the column {name!r} does not say its language; name it with --lang")
    return options.lang, False


def _entry(cells: list[str], columns: _Columns, at: str, options: ImportOptions, tally: Tally) -> ConceptEntry:
    cell = {name: cells[i] if i < len(cells) else "" for name, i in columns.plain.items()}
    details = _details(cell.get("details", ""), at, options)
    draft = Draft(
        id=cell.get("id", "").strip(),
        kind=_kind(cell.get("kind", ""), at),
        score=_score(cell.get("score", ""), at),
        subject_field=cell.get("subject_field", ""),
        note=cell.get("note", ""),
        do_not_translate=_yes(cell.get("do_not_translate", ""), at),
    )
    own = details.source_lang or options.source_lang
    found = [
        (own if is_source else tag, is_source, separated(cells[i]) if i < len(cells) else [])
        for i, tag, is_source in columns.languages
    ]
    for is_source, column in ((True, SOURCE_STATUS), (False, STATUS)):
        terms = [(lang, term) for lang, source, listed in found for term in listed if source is is_source]
        states = _states(cell.get(column, ""), len(terms), f"{at}: column {column}")
        for (lang, term), (status, review) in zip(terms, states, strict=True):
            known = next((t for t in details.terms.get(lang, ()) if t.term == term), None)
            if known is None:
                made = TermSec(term, administrative_status=status, review_state=review, score=draft.score)
            else:
                made = _scored(known, draft, administrative_status=status, review_state=review)
            _add(draft, lang, made, at, tally)
    for lang, listed in details.languages.items():
        for known in listed:
            _add(draft, language(lang, f"{at}: column details"), _scored(known, draft), at, tally)
    if draft.is_empty:
        raise ExchangeError(f"{at}: no term in this row")
    _define(draft, cell.get("definition", ""), details, at)
    draft.flags = details.flags
    return draft.entry()


def _scored(known: TermSec, draft: Draft, **states: str) -> TermSec:
    return altered(known, score=draft.score, provenance=(), **states)


def _add(draft: Draft, lang: str, term: TermSec, at: str, tally: Tally) -> None:
    if not term.term.strip():
        raise ExchangeError(f"{at}: column details: an empty term")
    if not draft.add_term(lang, term):
        tally.add("terms that stand twice in a cell", term.term)


def _define(draft: Draft, text: str, details: Details, at: str) -> None:
    first = next(iter(draft.terms))
    of_cell = altered(details.definition, text=text)
    for definition in (of_cell, *details.definitions):
        lang = language(definition.lang, f"{at}: column details") if definition.lang else first
        draft.add_definition(lang, definition.text, definition.source)


def _states(cell: str, count: int, at: str) -> list[tuple[AdministrativeStatus, ReviewState]]:
    """A status and a review state a term; one for all when the cell has one."""
    each = [_state(part, at) for part in cell.split(";") if part.strip()] or [_state("", at)]
    if len(each) == 1:
        return each * count
    if len(each) != count:
        raise ExchangeError(f"{at}: {len(each)} for {count} terms; give one for all, or one a term")
    return each


def _state(text: str, at: str) -> tuple[AdministrativeStatus, ReviewState]:
    status, review = _UNSTATED
    for word in (w.strip().lower() for w in text.split(",")):
        if word in STATUSES:
            status = word
        elif word in REVIEWS:
            review = word
        elif word and word != "no rendering":
            known = ", ".join((*STATUSES, *REVIEWS))
            raise ExchangeError(f"{at}: {word[:40]!r} is no status; known are {known}")
    return cast(AdministrativeStatus, status), cast(ReviewState, review)


def _kind(cell: str, at: str) -> Kind:
    name = cell.strip() or "concept"
    if name not in KINDS:
        raise ExchangeError(f"{at}: column kind: {name[:40]!r} is none of {', '.join(sorted(KINDS))}")
    return cast(Kind, name)


def _score(cell: str, at: str) -> float:
    if not cell.strip():
        return Draft().score
    try:
        score = float(cell)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise ExchangeError(f"{at}: column score: {cell[:40]!r} is no number from 0 to 1")
    return score


def _yes(cell: str, at: str) -> bool:
    word = cell.strip().lower()
    if word not in _YES | _NO:
        raise ExchangeError(f"{at}: column do_not_translate: {cell[:40]!r} is neither yes nor no")
    return word in _YES


def _details(cell: str, at: str, options: ImportOptions) -> Details:
    if not cell.strip():
        return Details()
    if options.storable and holds_nul(cell):
        raise ExchangeError(f"{at}: column details: {UNSTORABLE}")
    try:
        return from_json(Details, json.loads(cell))
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{at}: column details: {error}") from None
