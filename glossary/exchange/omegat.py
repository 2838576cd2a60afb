"""Entries as an OmegaT glossary: `source<TAB>target<TAB>comment`, UTF-8, one line a pair of synonyms, and back.

One file a Chinese variant: OmegaT compares only `zh`. The comment starts with what is not usual, in brackets
(`[forbidden]`, `[preferred, proposed]`), then the first definition. Save the file as .txt or .utf8 in the project's
`glossary` folder. Fields have no tabs or line breaks. A term without a rendering has no line.

Carried: pairs, the status of the rendering, a definition. Read back, the lines of one source term are one
entry, up to a comment `# another concept`, which our own files have between homonyms.

Source: OmegaT user manual, "Glossaries".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from glossary.datamodel import AdministrativeStatus, ConceptEntry, LangSec, ReviewState, TermSec
from glossary.errors import ExchangeError
from glossary.exchange.drafts import IMPORTED_SCORE, Draft, imported_definition
from glossary.exchange.files import one_line
from glossary.exchange.forms import source_terms, target_forms
from glossary.exchange.lines import text_lines
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions, ImportOptions
from glossary.exchange.values import REVIEWS, STATUSES

_STATE = re.compile(r"\[([a-z, ]+)\] ?")
_USUAL = ("admitted", "approved")
_COMMENT_SIGN = "#"
_ANOTHER = "# another concept"
"""Stands before the lines of an entry whose term an earlier entry has: OmegaT passes over it, reading does not."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file: a pair."""

    source: str
    target: str
    status: AdministrativeStatus
    review: ReviewState
    definition: str


def _lines(entry: ConceptEntry, options: ExportOptions) -> Iterator[_Line]:
    sources = dict.fromkeys(one_line(t.term) for _, t in source_terms(entry, options.source_lang))
    forms = target_forms(entry, options.target, one_line)
    definition = one_line(next((d.text for s in entry.lang_secs for d in s.definitions if one_line(d.text)), ""))
    for source in filter(None, sources):
        for _, form in forms:
            yield _Line(source, one_line(form.term), form.administrative_status, form.review_state, definition)


def carried(entry: ConceptEntry, options: ExportOptions) -> ConceptEntry | None:
    """What the lines of an entry say, as one entry: no id, source terms, their renderings, one definition."""
    lines = list(_lines(entry, options))
    if not lines:
        return None
    names = dict.fromkeys(x.source for x in lines)
    review: ReviewState = "approved" if any(x.review == "approved" for x in lines) else "proposed"
    sources = tuple(TermSec(s, review_state=review, score=IMPORTED_SCORE) for s in names)
    seen = {x.target: _term(x) for x in lines}
    definitions = (imported_definition(lines[0].definition, options.source_lang),) if lines[0].definition else ()
    sections = (LangSec(options.source_lang, sources, definitions), LangSec(options.target, tuple(seen.values())))
    return ConceptEntry("", sections, "concept", IMPORTED_SCORE)


def _term(line: _Line) -> TermSec:
    return TermSec(line.target, administrative_status=line.status, review_state=line.review, score=IMPORTED_SCORE)


def write_omegat(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """The lines of the entries, in their order; the same pair comes once."""
    seen: set[tuple[str, str]] = set()
    sources: set[str] = set()
    for entry in entries:
        lines = list(_lines(entry, options))
        own = {line.source for line in lines}
        if own & sources:
            yield f"{_ANOTHER}\n"
        sources |= own
        for line in lines:
            if (line.source, line.target) in seen:
                tally.add("pairs that stand in the file already", f"{line.source} = {line.target}")
                continue
            seen.add((line.source, line.target))
            usual = (line.status, line.review) == _USUAL
            state = "" if usual else f"[{line.status}, {line.review}]"
            comment = " ".join(filter(None, (state, _shielded(line.definition))))
            yield "\t".join((_first(line.source), line.target, comment)).rstrip("\t") + "\n"


def _first(source: str) -> str:
    """A source term as a line may begin: OmegaT takes a line that starts with # for a comment."""
    return f"\\{source}" if source.lstrip("\\").startswith(_COMMENT_SIGN) else source


def _shielded(definition: str) -> str:
    """A definition that is not taken for a status when it comes first."""
    return f"[] {definition}" if _STATE.match(definition) or definition.startswith("[]") else definition


_Pairs = dict[str, list[tuple[str, str]]]
"""Per source term its lines, target and comment; as texts, for lines of one term may stand at both ends of a file."""


def read_omegat(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of a glossary, one a source term, in the order of their first lines.

    Raises: ExchangeError with file and line for a line without a tab or a term, or when no target language is named.
    """
    if options.lang is None:
        raise ExchangeError(f"{path}: a glossary of OmegaT does not say its target language; name it with --lang")
    pairs: _Pairs = {}
    seen: set[tuple[str, str]] = set()
    with text_lines(path, storable=options.storable) as lines:
        for number, line in enumerate(lines, start=1):
            text = line.rstrip("\r\n")
            if text == _ANOTHER:
                yield from _entries(pairs, options.source_lang, options.lang)
                pairs, seen = {}, set()
            if not text.strip() or text.startswith(_COMMENT_SIGN):
                continue
            source, target, comment = _fields(text, f"{path}:{number}")
            if target and (source, target) in seen:
                tally.add("pairs that stand twice", f"{source} = {target}")
            seen.add((source, target))
            pairs.setdefault(source, []).append((target, comment))
    yield from _entries(pairs, options.source_lang, options.lang)


def _fields(text: str, at: str) -> tuple[str, str, str]:
    source, tab, rest = text.partition("\t")
    target, _, comment = rest.partition("\t")
    source = source.strip()
    if source.lstrip("\\").startswith(_COMMENT_SIGN):
        source = source[1:]
    if not tab or not source:
        raise ExchangeError(f"{at}: not source<TAB>target<TAB>comment")
    return source, target.strip(), comment.strip()


def _entries(pairs: _Pairs, source_lang: str, lang: str) -> Iterator[ConceptEntry]:
    for source, listed in pairs.items():
        draft = Draft()
        told = [(target, *_told(comment)) for target, comment in listed]
        approved = any(review == "approved" for _, _, review, _ in told)  # who approved a rendering approved the term
        own: ReviewState = "approved" if approved else "proposed"
        draft.add_term(source_lang, TermSec(source, review_state=own, score=draft.score))
        for target, status, review, definition in told:
            if target:
                draft.add_term(
                    lang, TermSec(target, administrative_status=status, review_state=review, score=draft.score)
                )
            known = [d.text for d in draft.definitions.get(source_lang, ())]
            if definition and definition not in known:
                draft.add_definition(source_lang, definition)
        yield draft.entry()


def _told(comment: str) -> tuple[AdministrativeStatus, ReviewState, str]:
    status, review = _USUAL
    found = _STATE.match(comment)
    words = [w.strip() for w in found[1].split(",")] if found else []
    if found and all(w in STATUSES or w in REVIEWS for w in words):
        for word in words:
            if word in STATUSES:
                status = word
            else:
                review = word
        comment = comment[found.end() :]
    comment = comment[2:].lstrip() if comment.startswith("[]") else comment
    return cast(AdministrativeStatus, status), cast(ReviewState, review), comment
