"""Entries back from TBX: v3 in both styles (DCA, DCT), v2 with `tig` and `ntig`, from any tool, an entry at a time.

A category is the `type` of an element in DCA and the element's own name in DCT. Values are told from both versions
(`preferredTerm`, `preferredTerm-admn-sts`). What has no place in our records is counted: unknown categories, dates,
references. White space is kept in files of ours, which say so, and collapsed in others, where it is indentation.
Two sections of one language become one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from lxml import etree

from glossary.datamodel import ConceptEntry, Kind, TermSec, TermType
from glossary.errors import ExchangeError
from glossary.exchange.drafts import Draft, imported_context
from glossary.exchange.losses import Tally
from glossary.exchange.options import ImportOptions
from glossary.exchange.tbx_shared import (
    CANDIDATE,
    CASE_SENSITIVE,
    DO_NOT_TRANSLATE,
    FORBIDDEN,
    MARK,
    PARTS_OF_SPEECH,
    STATUS_IN,
    TERM_TYPES,
    read_id,
    read_note,
)
from glossary.exchange.values import KINDS, language
from glossary.exchange.xml_text import XML_LANG, elements, local_name

_ENTRIES = frozenset({"conceptEntry", "termEntry"})
_SECTIONS = frozenset({"langSec", "langSet"})
_TERMS = frozenset({"termSec", "tig", "ntig"})
_DCA = frozenset({"descrip", "admin", "termNote", "ref", "xref", "transac", "adminNote", "transacNote", "descripNote"})
_GROUPS = frozenset({"descripGrp", "adminGrp", "termNoteGrp", "termGrp", "transacGrp"})
_STATUSES = frozenset({"administrativeStatus", "normativeAuthorization"})

_Part = tuple[etree._Element, str, str, str]


@dataclass(slots=True)
class _File:
    path: Path
    tally: Tally
    lang: str
    verbatim: bool = False
    tags: dict[str, str] = field(default_factory=dict)

    def language(self, tag: str, element: etree._Element) -> str:
        """The tag in our form; a file has few."""
        if tag not in self.tags:
            self.tags[tag] = language(tag, self.at(element))
        return self.tags[tag]

    def at(self, element: etree._Element) -> str:
        return f"{self.path}:{element.sourceline}"

    def text(self, element: etree._Element | None) -> str:
        if element is None:
            return ""
        text = element.text or "" if len(element) == 0 else "".join(str(t) for t in element.itertext())
        return text if self.verbatim else " ".join(text.split())


def read_tbx(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of a TBX file of either version.

    Raises: ExchangeError with file and line for what is no TBX, an entry without a term, an empty term or no language.
    """
    file = _File(path, tally, options.source_lang)
    seen: set[str] = set()
    for element in elements(path, frozenset({"tbx", "martif"}), _ENTRIES, also=frozenset({"p"})):
        name = local_name(element)
        if name == "p" and element.get("type") == MARK:
            file.verbatim = element.text == "preserved"
        elif name in _ENTRIES:
            entry = _entry(element, file)
            if entry.id in seen and entry.id:
                raise ExchangeError(f"{file.at(element)}: a second entry with the id {entry.id!r}")
            seen.add(entry.id)
            yield entry


def _entry(element: etree._Element, file: _File) -> ConceptEntry:
    draft = Draft(id=read_id((element.get("id") or "").strip()))
    definitions: list[tuple[str, str, str]] = []
    for child, name, category, source in _parts(element):
        if name in _SECTIONS:
            _section(child, draft, file)
        elif category == "definition":
            definitions.append((child.get(XML_LANG) or "", file.text(child), source))
        else:
            _of_entry(draft, category, file.text(child), file)
    if draft.is_empty:
        raise ExchangeError(f"{file.at(element)}: an entry without a term")
    for lang, text, source in definitions:
        tag = file.language(lang, element) if lang else next(iter(draft.terms))
        draft.add_definition(tag, text, source)
    return draft.entry()


def _parts(element: etree._Element) -> Iterator[_Part]:
    """The children with their names and categories, groups opened, each with the source its group names."""
    for child in element:
        name = local_name(child)
        if name in _DCA:  # `definition` for `<descrip type="definition">` (DCA) and `<basic:definition>` (DCT)
            yield child, name, (child.get("type") or "").strip(), ""
        elif name in _GROUPS:
            yield from _opened(child, name)
        elif name:
            yield child, name, name, ""


def _opened(group: etree._Element, name: str) -> Iterator[_Part]:
    parts = [*_parts(group)]
    own = (inner for inner, _, category, _ in parts if category == "source" and inner.getparent() is group)
    source = next(own, None)
    named = "".join(str(t) for t in source.itertext()) if source is not None else ""
    for inner, inner_name, category, _ in parts:
        if inner is not source or name == "adminGrp":
            yield inner, inner_name, category, named


def _of_entry(draft: Draft, category: str, text: str, file: _File) -> None:
    if not text:
        return
    if category == "subjectField":
        draft.subject_field = f"{draft.subject_field}; {text}" if draft.subject_field else text
    elif category == "note":
        key, value = read_note(text)
        if key == DO_NOT_TRANSLATE:
            draft.do_not_translate = True
        elif key == "Kind" and value in KINDS:
            draft.kind = cast(Kind, value)
        else:
            draft.add_note(value if not key else text)
    else:
        file.tally.add(f"{category} of entries", text)


def _section(element: etree._Element, draft: Draft, file: _File) -> None:
    tag = element.get(XML_LANG) or element.get("lang")
    if not tag:
        raise ExchangeError(f"{file.at(element)}: a {local_name(element)} without xml:lang")
    lang = file.language(tag, element)
    if lang in draft.terms:
        file.tally.add("sections of one language, joined", f"{draft.id} {lang}")
    for child, name, category, source in _parts(element):
        if name in _TERMS:
            _term(child, lang, draft, file)
        elif category == "definition":
            draft.add_definition(lang, file.text(child), _plain(source, file))
        elif category == "note":
            draft.add_note(read_note(file.text(child))[1] or file.text(child))
        else:
            file.tally.add(f"{category} of languages", file.text(child))


def _plain(source: str, file: _File) -> str:
    return source if file.verbatim else " ".join(source.split())


def _term(element: etree._Element, lang: str, draft: Draft, file: _File) -> None:
    made: dict[str, object] = {"score": draft.score, "review_state": "approved"}
    notes: list[str] = []
    sentences: list[tuple[str, str]] = []
    term = ""
    for child, _, category, source in _parts(element):
        text = file.text(child)
        if category == "term":
            term = text if file.verbatim else text.strip()
        elif category == "context":
            sentences.append((text, _plain(source, file)))
        elif category == "definition":
            draft.add_definition(lang, text, _plain(source, file))
        elif category == "note":
            _note(text, made, notes)
        elif text and not _told(category, text, made):
            file.tally.add(f"{category} of terms", text)
    if not term.strip():
        raise ExchangeError(f"{file.at(element)}: a {local_name(element)} without a term")
    draft.contexts += [imported_context(text, lang, term, source) for text, source in sentences]
    if notes:
        made["note"] = "\n".join(notes)
    if not draft.add_term(lang, TermSec(term, **made)):  # type: ignore[arg-type]
        file.tally.add("terms that stand twice in a language", term)


def _note(text: str, made: dict[str, object], notes: list[str]) -> None:
    key, value = read_note(text)
    if key == FORBIDDEN:
        made["administrative_status"] = "forbidden"
    elif key == CASE_SENSITIVE:
        made["case_sensitive"] = True
    elif key == "Converted":
        made["origin"] = "converted"
        made["converted_from"], _, made["conversion"] = value.partition(", ")
    elif key in ("Pinyin", "Jyutping"):
        made[key.lower()] = value
    elif text:
        notes.append(value if not key else text)


def _told(category: str, text: str, made: dict[str, object]) -> bool:
    """Takes a category of a term over; False when our records have no place for it or its value."""
    if category in _STATUSES:
        status = STATUS_IN.get(text.removesuffix("-admn-sts"))
        if status and made.get("administrative_status") != "forbidden":
            made["administrative_status"] = status
        return status is not None
    if category == "partOfSpeech":
        made["part_of_speech"] = text if text in PARTS_OF_SPEECH else "other"
        return text in PARTS_OF_SPEECH
    if category == "termType":
        if text in TERM_TYPES:
            made["term_type"] = cast(TermType, text)
        return text in TERM_TYPES
    if category == "geographicalUsage":
        made["geographical_usage"] = text
        return True
    if category == "source":
        made["source"] = f"{made['source']}; {text}" if "source" in made else text
        return True
    if category == "projectSubset" and text == CANDIDATE:
        made["review_state"] = "proposed"
        return True
    return False
