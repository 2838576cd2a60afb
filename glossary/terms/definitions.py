"""Definitions a text gives: in its footnotes, and in sentences that say what a term is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from glossary.datamodel import Definition, Segment
from glossary.language import HAN, fold_key
from glossary.terms.units import unit_key_of

_NUMBER = re.compile(r"^\s*(?:\[?\d{1,2}\]?[.)、:]?|[*†‡¹²³⁴⁵⁶⁷⁸⁹]+)\s*")
_TRAILING_URL = re.compile(r"\s*[（(]?\s*https?://\S+\s*$")
_SUBJECT = (
    r"(?:(?:The|A|An)\s+)?(?P<term>[^\s,;:()（）][^,;:()（）]{0,58}?)(?:\s*[（(](?P<alias>[^()（）]{2,60})[)）])?"
)
_RULES = (
    ("stands-for", re.compile(rf"^{_SUBJECT}\s+(?:stands for|is short for)\s+\S")),
    ("refers-to", re.compile(rf"^{_SUBJECT}\s+(?:refers to|denotes|means)\s+\S")),
    ("is", re.compile(rf"^{_SUBJECT}\s+(?:is|are)\s+(?:the|a|an)\s+\S")),
)
_TERM_ZH = rf"(?:所謂|所谓)?[“「『《]?(?P<term>[{HAN}A-Za-z0-9·-]{{2,14}}?)[”」』》]?"
_ALIAS_ZH = r"(?:[（(][^（）()]{2,60}[)）])?"
_RULES_ZH = (
    ("refers-to", re.compile(rf"^{_TERM_ZH}{_ALIAS_ZH}\s*(?:是指|指的是|係指|系指)\s*\S")),
    ("is", re.compile(rf"^{_TERM_ZH}{_ALIAS_ZH}\s*(?:是|為|为)(?:一種|一种|一個|一个|一項|一项|一套)\s*\S")),
)
_LEAD_IN = re.compile(r"^(?:According to|In|As of|By)\b[^,]{0,60},\s*")


def footnote_definitions(notes: Sequence[Segment]) -> list[tuple[tuple[str, ...], Definition]]:
    """(names defined, definition) for every footnote that says what something is; the note's text without its number.

    Segments of one block are one note, which ends before a closing web address.
    """
    found = []
    for block in _blocks(notes):
        first = block[0]
        skip = _NUMBER.match(first.text)
        begin = skip.end() if skip else 0
        match = _match(first.text[begin:])
        if match is None:
            continue
        rule, names = match
        last = [s for s in block if _TRAILING_URL.sub("", s.text).strip(" ()（）")] or block[:1]
        text = _note_text(block, begin, last[-1])
        found.append(
            (names, Definition(text, first.lang, first.document_id, first.start + begin, _end(last[-1]), rule))
        )
    return found


def _end(segment: Segment) -> int:
    return segment.start + len(_TRAILING_URL.sub("", segment.text).rstrip())


def _note_text(block: Sequence[Segment], begin: int, last: Segment) -> str:
    """The note's sentences with single spaces, without number and address."""
    texts = [s.text if s is not block[0] else s.text[begin:] for s in block if s.start <= last.start]
    texts[-1] = _TRAILING_URL.sub("", texts[-1]).rstrip()
    return " ".join(t.strip() for t in texts if t.strip())


def _blocks(notes: Sequence[Segment]) -> Iterable[list[Segment]]:
    blocks: list[list[Segment]] = []
    for segment in notes:
        same = blocks and blocks[-1][0].block == segment.block and blocks[-1][0].lang == segment.lang
        if same and not _NUMBER.match(segment.text):
            blocks[-1].append(segment)
        else:
            blocks.append([segment])
    return blocks


def sentence_definitions(
    segments: Iterable[Segment], known: frozenset[str]
) -> list[tuple[tuple[str, ...], Definition]]:
    """(names, definition) for every English sentence that opens with a known name and says what it is.

    `known` holds keys of coined names and acronyms: `the market is a ...` is no definition.
    """
    found = []
    for segment in segments:
        lead = _LEAD_IN.match(segment.text)
        begin = lead.end() if lead else 0
        match = _match(segment.text[begin:])
        if match is None or not any(unit_key_of(name) in known for name in match[1]):
            continue
        rule, names = match
        found.append(
            (names, Definition(segment.text, segment.lang, segment.document_id, segment.start, segment.end, rule))
        )
    return found


def _match(sentence: str) -> tuple[str, tuple[str, ...]] | None:
    """The rule a sentence fits and the names it defines.

    >>> _match("NFT stands for Non-Fungible Token.")
    ('stands-for', ('NFT',))
    >>> _match("Ledger-as-a-service (LaaS) is the rental of shared ledgers.")
    ('is', ('Ledger-as-a-service', 'LaaS'))
    """
    for rule, pattern in _RULES:
        match = pattern.match(sentence)
        if match:
            names = tuple(n.strip(" \"“”'‘’") for n in (match["term"], match["alias"]) if n)
            return (rule, names) if len(names[0].split()) <= 6 else None
    return None


def chinese_definitions(segments: Iterable[Segment], known: frozenset[str]) -> list[tuple[str, Definition]]:
    """(name defined, definition) for every Chinese sentence that says what something is.

    `X 是指` defines anything in a footnote or in quotation marks; elsewhere, and for `X 是一種`, the folded name must
    be `known` (a stated short form, an acronym): 這是一種 is no definition.
    """
    found = []
    for segment in segments:
        skip = _NUMBER.match(segment.text) if segment.role == "footnote" else None
        begin = skip.end() if skip else 0
        for rule, pattern in _RULES_ZH:
            match = pattern.match(segment.text[begin:])
            if match is None:
                continue
            marked = rule == "refers-to" and (segment.role == "footnote" or match.start("term") > 0)
            if marked or segment.role == "footnote" or fold_key(match["term"]) in known:
                text = _TRAILING_URL.sub("", segment.text[begin:]).rstrip()
                start = segment.start + begin
                made = Definition(text, segment.lang, segment.document_id, start, start + len(text), rule)
                found.append((match["term"], made))
            break
    return found
