"""Entries as TMX 1.4b, for tools that take terms as a translation memory, and back.

One tu an entry with the entry's id as tuid, one tuv a term: the best of each language, then the others, so that tools
that look at the first two tuv (Translate Toolkit) or at one a language see the best pair. Forbidden, deprecated and
rejected terms are left out, because a memory would offer them. Props: `x-kind`, `x-subject-field`, `x-score`,
`x-do-not-translate`; of a tuv `x-status` and `x-term-type`. Definitions are `x-definition` props with their language,
notes are notes. No dates.

Read: any TMX; inline tags are dropped, their text is kept. Units that say nothing of a status hold approved terms.

Source: TMX 1.4b Specification (LISA OSCAR, 2005).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from lxml import etree

from glossary.datamodel import AdministrativeStatus, ConceptEntry, Kind, ReviewState, TermSec, TermType
from glossary.errors import ExchangeError
from glossary.exchange.drafts import Draft, Room, project
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions, ImportOptions
from glossary.exchange.values import KINDS, REVIEWS, STATUSES, TERM_TYPES, language
from glossary.exchange.xml_text import XML_LANG, attribute, elements, escaped, local_name, xml_text

_HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
    '<header creationtool="bitext-glossary" creationtoolversion="1" segtype="phrase" o-tmf="termbase" '
    'adminlang="en" srclang={lang} datatype="plaintext"/>\n<body>\n'
)
_USUAL = ("admitted", "approved")
_ROOM = Room(
    frozenset({"id", "kind", "score", "subject_field", "note", "do_not_translate"}),
    frozenset({"administrative_status", "review_state", "term_type"}),
    xml_text,
    definition_sources=False,
    statuses=frozenset({"preferred", "admitted"}),
    score_digits=3,
)


def carried(entry: ConceptEntry, options: ExportOptions) -> ConceptEntry | None:
    """What a tu carries of an entry: preferred and admitted terms, score to three digits."""
    return project(entry, _ROOM)


def write_tmx_terms(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """A TMX file of entries as `carried` leaves them."""
    yield _HEADER.format(lang=attribute(options.source_lang))
    for entry in entries:
        yield "".join(_unit(entry))
    yield "</body>\n</tmx>\n"


def _unit(entry: ConceptEntry) -> Iterator[str]:
    yield f"<tu tuid={attribute(xml_text(entry.id))}>\n"
    if entry.note:
        yield f"<note>{escaped(entry.note)}</note>\n"
    yield _prop("x-kind", entry.kind) + _prop("x-score", f"{entry.score:.3f}")
    if entry.subject_field:
        yield _prop("x-subject-field", entry.subject_field)
    if entry.do_not_translate:
        yield _prop("x-do-not-translate", "yes")
    for section in entry.lang_secs:
        for definition in section.definitions:
            yield f'<prop type="x-definition" xml:lang={attribute(section.lang)}>{escaped(definition.text)}</prop>\n'
    for section in entry.lang_secs:
        yield from _tuv(section.lang, section.terms[0])
    for section in entry.lang_secs:
        for term in section.terms[1:]:
            yield from _tuv(section.lang, term)
    yield "</tu>\n"


def _tuv(lang: str, term: TermSec) -> Iterator[str]:
    yield f"<tuv xml:lang={attribute(lang)}>"
    if (term.administrative_status, term.review_state) != _USUAL:
        yield _prop("x-status", f"{term.administrative_status}, {term.review_state}")
    if term.term_type != "fullForm":
        yield _prop("x-term-type", term.term_type)
    yield f"<seg>{escaped(term.term)}</seg></tuv>\n"


def _prop(kind: str, value: str) -> str:
    return f'<prop type="{kind}">{escaped(value)}</prop>\n'


def read_tmx_terms(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """An entry a tu.

    Raises: ExchangeError with file and line for what is no TMX, a tuv without xml:lang or seg, or an empty unit.
    """
    seen: set[str] = set()
    for element in elements(path, frozenset({"tmx"}), frozenset({"tu"})):
        if local_name(element) != "tu":
            continue
        entry = _entry(element, f"{path}:{element.sourceline}", tally)
        if entry.id and entry.id in seen:
            raise ExchangeError(f"{path}:{element.sourceline}: a second unit with the tuid {entry.id!r}")
        seen.add(entry.id)
        yield entry


def _entry(element: etree._Element, at: str, tally: Tally) -> ConceptEntry:
    draft = Draft(id=element.get("tuid") or "")
    definitions: list[tuple[str, str]] = []
    for child in element:
        name = local_name(child)
        if name == "prop" and child.get("type") == "x-definition":
            definitions.append((child.get(XML_LANG) or "", _text(child)))
        elif name == "prop":
            _prop_told(child.get("type") or "", _text(child), draft, tally)
        elif name == "note":
            draft.add_note(_text(child))
    for child in element:
        if local_name(child) == "tuv":
            _variant(child, draft, at, tally)
    if draft.is_empty:
        raise ExchangeError(f"{at}: a unit without a term")
    for lang, text in definitions:
        draft.add_definition(language(lang, at) if lang else next(iter(draft.terms)), text)
    return draft.entry()


def _text(element: etree._Element) -> str:
    return "".join(str(t) for t in element.itertext())


def _prop_told(kind: str, text: str, draft: Draft, tally: Tally) -> None:
    if kind == "x-kind" and text in KINDS:
        draft.kind = cast(Kind, text)
    elif kind == "x-subject-field":
        draft.subject_field = text
    elif kind == "x-do-not-translate":
        draft.do_not_translate = text == "yes"
    elif kind == "x-score" and _score(text) is not None:
        draft.score = _score(text) or 0.0
    else:
        tally.add(f"props {kind[:40]}", text)


def _score(text: str) -> float | None:
    try:
        score = float(text)
    except ValueError:
        return None
    return score if 0 <= score <= 1 else None


def _variant(element: etree._Element, draft: Draft, at: str, tally: Tally) -> None:
    lang = element.get(XML_LANG) or element.get("lang")
    seg = next((c for c in element if local_name(c) == "seg"), None)
    if not lang or seg is None:
        raise ExchangeError(f"{at}: a tuv without xml:lang or seg")
    status: AdministrativeStatus = "admitted"
    review: ReviewState = "approved"
    kind: TermType = "fullForm"
    for prop in (c for c in element if local_name(c) == "prop"):
        words = [w.strip() for w in _text(prop).split(",")]
        status = next((s for s in STATUSES if s in words), status)
        review = next((r for r in REVIEWS if r in words), review)
        kind = cast(TermType, next((w for w in words if w in TERM_TYPES), kind))
    term = _text(seg)
    if not term.strip():
        raise ExchangeError(f"{at}: an empty seg")
    made = TermSec(term, kind, administrative_status=status, review_state=review, score=draft.score)
    if not draft.add_term(language(lang, at), made):
        tally.add("terms that stand twice in a language", term)
