"""Bitexts back from TSV and JSONL lines, and the beginning of a document's text they imply.

Segments slice back to a text: `document_text` rebuilds it, unknown parts filled with line feeds. Where a format has no
offsets (TSV, TMX), segments stand one a line, and a bead's side is one segment: a joined text cannot be cut again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from glossary.codec import from_json
from glossary.datamodel import Bead, Bitext, Segment, content_id
from glossary.errors import ExchangeError
from glossary.exchange.bitext_lines import TSV_HEADER
from glossary.exchange.files import read_text, unescape_field
from glossary.language import detect_script, has_han

UNKNOWN = "und"
_SAMPLE = 200
"""Segments a language is guessed from: plenty for a script count, quick for any file."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One bead as the simpler formats give it: a text a side, '' for nothing."""

    source: str
    target: str
    score: float


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of our JSONL."""

    source_ids: tuple[int, ...]
    target_ids: tuple[int, ...]
    score: float
    evidence: Mapping[str, float]
    source: str
    target: str
    source_offsets: tuple[tuple[int, int], ...]
    target_offsets: tuple[tuple[int, int], ...]
    source_lang: str
    target_lang: str
    source_document: str
    target_document: str


def bitext_of(pairs: Iterable[Pair], langs: tuple[str, str], origin: str) -> Bitext:
    """A bitext of one segment a side and bead; `und` as a language is guessed by script."""
    listed = list(pairs)
    sides: tuple[list[Segment], list[Segment]] = ([], [])
    beads: list[Bead] = []
    texts = ([p.source for p in listed], [p.target for p in listed])
    tags = [lang if lang != UNKNOWN else guess(side) for lang, side in zip(langs, texts, strict=True)]
    ids = [content_id("bitext", tag, *side) for tag, side in zip(tags, texts, strict=True)]
    ends = [0, 0]
    for pair in listed:
        ranges = []
        for side, text in enumerate((pair.source, pair.target)):
            first = len(sides[side])
            if text:
                start, ends[side] = ends[side], ends[side] + len(text) + 1
                sides[side].append(Segment(ids[side], first, tags[side], text, start, ends[side] - 1, block=first))
            ranges.append(range(first, len(sides[side])))
        beads.append(Bead(ranges[0], ranges[1], pair.score))
    return Bitext(tuple(sides[0]), tuple(sides[1]), tuple(b for b in beads if b.source or b.target), f"read {origin}")


def guess(texts: Sequence[str]) -> str:
    """The language of some texts by script: a zh tag when most hold Han characters, `en` otherwise, `und` for none.

    >>> guess(["區塊鏈平台"]), guess(["A chain."]), guess([])
    ('zh-Hant', 'en', 'und')
    """
    sample = [t for t in texts if t][:_SAMPLE]
    if not sample:
        return UNKNOWN
    chinese = sum(has_han(t) for t in sample) * 2 > len(sample)
    return detect_script("".join(sample)) if chinese else "en"


def document_text(segments: Sequence[Segment]) -> str:
    """The text the segments slice back from, gaps filled with line feeds.

    Raises: ExchangeError when segments overlap.

    >>> document_text([Segment("d", 0, "en", "One.", 2, 6), Segment("d", 1, "en", "Two.", 7, 11)])
    '\\n\\nOne.\\nTwo.'
    """
    out: list[str] = []
    length = 0
    for segment in sorted(segments, key=lambda s: s.start):
        if segment.start < length:
            raise ExchangeError(f"segments overlap at offset {segment.start}; the file's offsets are wrong")
        out += ["\n" * (segment.start - length), segment.text]
        length = segment.start + len(segment.text)
    return "".join(out)


def read_tsv(path: Path) -> Bitext:
    """The bitext of a TSV file of ours. Raises: ExchangeError with file and line for a malformed line."""
    return bitext_of(_tsv_pairs(path), (UNKNOWN, UNKNOWN), path.name)


def _tsv_pairs(path: Path) -> Iterator[Pair]:
    lines = read_text(path).split("\n")
    if lines[0].rstrip("\r") != TSV_HEADER:
        _refuse(path, 1, f"the header must be {TSV_HEADER.split(chr(9))}")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        fields = line.rstrip("\r").split("\t")
        if len(fields) != len(TSV_HEADER.split("\t")):
            _refuse(path, number, f"{len(fields)} fields instead of 5")
        try:
            score = float(fields[2])
        except ValueError:
            _refuse(path, number, f"the score {fields[2]!r} is no number")
        if not 0 <= score <= 1:
            _refuse(path, number, f"the score {fields[2]} is not between 0 and 1")
        yield Pair(unescape_field(fields[3]), unescape_field(fields[4]), score)


def read_jsonl(path: Path) -> Bitext:
    """The bitext of a JSONL file of ours. Raises: ExchangeError with file and line for a malformed line."""
    sides: tuple[list[Segment], list[Segment]] = ([], [])
    beads: list[Bead] = []
    for number, text in enumerate(read_text(path).split("\n"), start=1):
        if not text.strip():
            continue
        line = _json_line(path, number, text)
        given = (
            (line.source_ids, line.source, line.source_offsets, line.source_lang, line.source_document),
            (line.target_ids, line.target, line.target_offsets, line.target_lang, line.target_document),
        )
        ranges = []
        for side, (ids, joined, offsets, lang, document) in zip(sides, given, strict=True):
            first = len(side)
            if list(ids) != list(range(first, first + len(ids))) or len(offsets) != len(ids):
                _refuse(path, number, f"segment numbers {list(ids)} do not go on from {first}, or an offset is missing")
            for piece, (start, end) in zip(_cut(path, number, joined, offsets), offsets, strict=True):
                side.append(Segment(document, len(side), lang, piece, start, end))
            ranges.append(range(first, len(side)))
        beads.append(Bead(ranges[0], ranges[1], line.score, line.evidence))
    return Bitext(tuple(sides[0]), tuple(sides[1]), tuple(beads), f"read {path.name}")


def _json_line(path: Path, number: int, text: str) -> _Line:
    try:
        line = from_json(_Line, json.loads(text))
    except (ValueError, RecursionError) as error:
        _refuse(path, number, f"not a bead: {str(error).removeprefix(f'{_Line.__name__}: ')}")
    if not 0 <= line.score <= 1:
        _refuse(path, number, f"the score {line.score} is not between 0 and 1")
    return line


def _cut(path: Path, number: int, joined: str, offsets: Sequence[tuple[int, int]]) -> list[str]:
    """The segments a joined text was made of: their lengths are known, a space between two is not part of either."""
    pieces: list[str] = []
    at = 0
    for start, end in offsets:
        length = end - start
        left = sum(last - first for first, last in offsets[len(pieces) :])
        spaces_left = len(joined) - at - left
        if pieces and length and spaces_left > 0 and joined[at : at + 1] == " ":
            at += 1
        pieces.append(joined[at : at + length])
        at += length
    if at != len(joined) or [len(p) for p in pieces] != [end - start for start, end in offsets]:
        _refuse(path, number, "the offsets do not fit the text")
    return pieces


def _refuse(path: Path, number: int, what: str) -> NoReturn:
    raise ExchangeError(f"{path}:{number}: {what}")
