"""Entries as TBX: v3 (ISO 30042:2019, dialect TBX-Basic, style DCA) and v2 (martif, TBX-Basic), an entry at a time.

Version 3 is valid against the core RNG and the Schematron rules of TBX-Basic. Version 2 is for OmegaT, Weblate and
Translate Toolkit, which read nothing newer; its tags are the ones they compare (zh-CN, zh-TW, zh-HK). It names no
DTD, so that no reader looks for one.

Source: ISO 30042:2019; ISO 30042:2008 and TBX-Basic 3.0 (TerminOrgs, 2014) for version 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glossary.datamodel import ConceptEntry, Context, LangSec, TermSec
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions
from glossary.exchange.tbx_shared import (
    CANDIDATE,
    MARK,
    STATUS_OUT,
    Names,
    entry_notes,
    term_notes,
    written_id,
)
from glossary.exchange.xml_text import attribute, escaped

_V3 = Names("conceptEntry", "langSec", "termSec")
_V2 = Names("termEntry", "langSet", "tig")
_V2_TAGS = {"zh-Hans": "zh-CN", "zh-Hant-TW": "zh-TW", "zh-Hant-HK": "zh-HK"}

_SOURCE = f'<sourceDesc>\n<p>bitext-glossary</p>\n<p type="{MARK}">preserved</p>\n</sourceDesc>\n'
_V3_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<tbx type="TBX-Basic" style="dca" xml:lang={lang} xmlns="urn:iso:std:iso:30042:ed-2">\n'
    f"<tbxHeader>\n<fileDesc>\n{_SOURCE}</fileDesc>\n</tbxHeader>\n<text>\n"
)
_V2_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<martif type="TBX-Basic" xml:lang={lang}>\n'
    f"<martifHeader>\n<fileDesc>\n{_SOURCE}</fileDesc>\n"
    '<encodingDesc>\n<p type="XCSURI">TBXBasicXCSV02.xcs</p>\n</encodingDesc>\n</martifHeader>\n<text>\n'
)


def write_tbx(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """A TBX v3 file of entries as `tbx_shared.carried` leaves them."""
    yield _V3_HEAD.format(lang=attribute(options.source_lang))
    yield from _body(entries, _V3, {})
    yield "</text>\n</tbx>\n"


def write_tbx2(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """A TBX v2 file of entries as `tbx_shared.carried` leaves them."""
    yield _V2_HEAD.format(lang=attribute(_V2_TAGS.get(options.source_lang, options.source_lang)))
    yield from _body(entries, _V2, _V2_TAGS)
    yield "</text>\n</martif>\n"


def _body(entries: Iterable[ConceptEntry], names: Names, tags: dict[str, str]) -> Iterator[str]:
    """The body; the schema of version 3 wants none when there is no entry."""
    opened = False
    for entry in entries:
        if not opened:
            yield "<body>\n"
            opened = True
        yield "".join(_entry(entry, names, tags))
    if opened:
        yield "</body>\n"
    elif names is _V2:
        yield "<body/>\n"


def _entry(entry: ConceptEntry, names: Names, tags: dict[str, str]) -> Iterator[str]:
    yield f"<{names.entry} id={attribute(written_id(entry.id))}>\n"
    if entry.subject_field:
        yield f'<descrip type="subjectField">{escaped(entry.subject_field)}</descrip>\n'
    for note in entry_notes(entry):
        yield f"<note>{escaped(note)}</note>\n"
    for section in entry.lang_secs:
        yield f"<{names.lang} xml:lang={attribute(tags.get(section.lang, section.lang))}>\n"
        for definition in section.definitions:
            yield _grouped("definition", definition.text, definition.source)
        contexts = _placed(section, entry.contexts)
        for term, shown in zip(section.terms, contexts, strict=True):
            yield from _term(term, shown, names)
        yield f"</{names.lang}>\n"
    yield f"</{names.entry}>\n"


def _placed(section: LangSec, contexts: tuple[Context, ...]) -> list[list[Context]]:
    """The contexts of a language with the terms they show; their order stays as it is."""
    placed: list[list[Context]] = [[] for _ in section.terms]
    at = 0
    for context in contexts:
        if context.source_lang == section.lang:
            shown = {context.source[slice(*mark)].casefold() for mark in context.source_marks}
            rest = range(at, len(section.terms))
            at = next((i for i in rest if section.terms[i].term.casefold() in shown), at)
            placed[at].append(context)
    return placed


def _grouped(category: str, text: str, source: str) -> str:
    descrip = f'<descrip type="{category}">{escaped(text)}</descrip>'
    if not source:
        return f"{descrip}\n"
    return f'<descripGrp>{descrip}<admin type="source">{escaped(source)}</admin></descripGrp>\n'


def _term(term: TermSec, contexts: list[Context], names: Names) -> Iterator[str]:
    yield f"<{names.term}>\n<term>{escaped(term.term)}</term>\n"
    yield f'<termNote type="termType">{term.term_type}</termNote>\n'
    yield f'<termNote type="partOfSpeech">{term.part_of_speech}</termNote>\n'
    yield f'<termNote type="administrativeStatus">{STATUS_OUT[term.administrative_status]}</termNote>\n'
    if term.geographical_usage:
        yield f'<termNote type="geographicalUsage">{escaped(term.geographical_usage)}</termNote>\n'
    for context in contexts:
        yield _grouped("context", context.source, context.uri)
    if term.source:
        yield f'<admin type="source">{escaped(term.source)}</admin>\n'
    if term.review_state == "proposed":
        yield f'<admin type="projectSubset">{CANDIDATE}</admin>\n'
    for note in term_notes(term):
        yield f"<note>{escaped(note)}</note>\n"
    yield f"</{names.term}>\n"
