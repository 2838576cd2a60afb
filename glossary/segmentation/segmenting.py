"""A Document as Segments: paragraphs, their roles, their sentences, numbered per language."""

from __future__ import annotations

import re

from glossary.datamodel import Document, Role, Segment
from glossary.errors import SegmentationError
from glossary.language import canonical_tag, detect_script, has_han, is_chinese
from glossary.segmentation.blocks import Paragraph, paragraphs
from glossary.segmentation.chinese import chinese_sentences
from glossary.segmentation.english import Span, english_sentences
from glossary.segmentation.roles import roles_of


def segment(document: Document, *, presegmented: bool = False, lang: str | None = None) -> tuple[Segment, ...]:
    """The segments of a document in order, article text and all else, told apart by `role`.

    `lang` (BCP 47) wins over `document.lang`; a declared language holds for the whole document, and without one each
    paragraph is English or Chinese by its letters. Chinese is zh-Hans or zh-Hant by the majority of the document.
    `Segment.index` counts per language, all roles together, from 0.

    With `presegmented` each line is one body segment, white space at its edges left out, and a blank line is an empty
    segment, so that the nth segment is the nth line, as in other tools. A line break at the end opens no line. Of texts
    taken out of a format (`Document.kind`) each paragraph is a segment and none is empty.

    Raises: SegmentationError when `lang` is no language tag.
    """
    declared = _declared_tag(lang) or document.lang
    if presegmented:
        return _lines(document, declared)
    found = paragraphs(document, declared)
    made: list[Segment] = []
    counts: dict[str, int] = {}
    for block, (paragraph, role) in enumerate(zip(found, roles_of(found), strict=True)):
        for start, end in _sentences(paragraph, role):
            index = counts.get(paragraph.lang, 0)
            counts[paragraph.lang] = index + 1
            text = document.text[start:end]
            made.append(Segment(document.id, index, paragraph.lang, text, start, end, role, block))
    return tuple(made)


def _declared_tag(lang: str | None) -> str | None:
    if lang is None:
        return None
    try:
        return canonical_tag(lang)
    except ValueError as error:
        raise SegmentationError(f"{error}") from None


def _sentences(paragraph: Paragraph, role: Role) -> list[Span]:
    """The sentences of a paragraph as offsets into the document; headings and furniture stay whole."""
    if role in ("heading", "furniture"):
        return [(paragraph.start, paragraph.end)]
    if is_chinese(paragraph.lang):
        spans = chinese_sentences(paragraph.text)
    else:
        spans = english_sentences(paragraph.text, paragraph.lang.split("-")[0])
    return [(paragraph.start + a, paragraph.start + b) for a, b in spans]


def _lines(document: Document, declared: str | None) -> tuple[Segment, ...]:
    if not document.text:
        return ()
    lang = declared or ("zh" if has_han(document.text) else "en")
    if lang == "zh":
        lang = detect_script(document.text)
    made: list[Segment] = []
    if not document.is_verbatim:
        for i, p in enumerate(paragraphs(document, lang)):
            made.append(Segment(document.id, i, p.lang, document.text[p.start : p.end], p.start, p.end, "body", i))
        return tuple(made)
    for index, line in enumerate(re.finditer(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)", document.text)):
        if line.start() == len(document.text) and index:
            break
        start = line.start() + len(line[1]) - len(line[1].lstrip())
        end = max(start, line.start() + len(line[1].rstrip()))
        made.append(Segment(document.id, index, lang, document.text[start:end], start, end, "body", index))
    return tuple(made)
