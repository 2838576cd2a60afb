"""The sentences a term candidate was seen in, cut to readable length, with the term's places in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from glossary.datamodel import Definition, Document, Extraction, Occurrence, Segment, TermCandidate

MOST_CHARACTERS = 600
"""Characters shown of one segment. A choice: about six lines in a column of the page; longer ones are cut."""

CUT = "…"
"""Stands where a sentence was cut."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment, whole or cut, with the places of the term in it."""

    text: str
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a context: its language, document and 1-based line, and its segments."""

    lang: str
    uri: str
    line: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class SeenIn:
    """A bead a term stands in, or a footnote outside any; a side is None where nothing stands there."""

    source: Side | None
    target: Side | None
    score: float  # the bead's


@dataclass(slots=True)
class Lines:
    """Line numbers of offsets, each document's line ends looked for once."""

    _ends: dict[str, list[int]] = field(default_factory=dict)

    def at(self, document: Document, offset: int) -> int:
        """The 1-based line of an offset."""
        ends = self._ends.get(document.id)
        if ends is None:
            ends = self._ends[document.id] = [i for i, char in enumerate(document.text) if char == "\n"]
        return bisect_right(ends, offset - 1) + 1


def contexts(finds: Sequence[tuple[Extraction, TermCandidate]], lines: Lines, most: int) -> tuple[list[SeenIn], int]:
    """The best `most` contexts of a candidate over all documents, and how many there are: sentence pairs first."""
    grouped: dict[tuple[str, int | None, Span], tuple[Extraction, list[Occurrence]]] = {}
    for extraction, candidate in finds:
        for occurrence in candidate.occurrences:
            alone = (occurrence.source or occurrence.target or (0, 0)) if occurrence.bead is None else (0, 0)
            key = extraction.bitext_id, occurrence.bead, alone
            grouped.setdefault(key, (extraction, []))[1].append(occurrence)
    best = max((c for _, c in finds), key=lambda c: c.score)
    ranked = sorted(grouped.values(), key=lambda own: _rank(own[0], own[1], (best.source, best.target)))
    return [_seen(extraction, own, lines) for extraction, own in ranked[:most]], len(ranked)


def _rank(extraction: Extraction, own: Sequence[Occurrence], forms: tuple[str, str]) -> tuple[int, float]:
    """Sentence pairs that show both forms of the entry's head, other pairs, lone sentences, footnotes; by score."""
    number = own[0].bead
    if number is None:
        return 3, 0.0
    bead = extraction.bitext.beads[number]
    if bead.is_null:
        return 2, 0.0
    texts = extraction.source.text, extraction.target.text
    shown = [tuple(t[slice(*o)] if o else "" for t, o in zip(texts, (o.source, o.target), strict=True)) for o in own]
    return int(forms not in shown), -bead.score


def _seen(extraction: Extraction, own: Sequence[Occurrence], lines: Lines) -> SeenIn:
    bitext, number = extraction.bitext, own[0].bead
    spans = [o.source for o in own if o.source], [o.target for o in own if o.target]
    if number is None:
        around = [[s for s in extraction.extra if _holds(s, where)] for where in spans]
        score = 0.0
    else:
        bead = bitext.beads[number]
        around = [
            list(bitext.source[bead.source.start : bead.source.stop]) if bead.source else [],
            list(bitext.target[bead.target.start : bead.target.stop]) if bead.target else [],
        ]
        score = bead.score
    documents = extraction.source, extraction.target
    source, target = (
        _side(document, segments, where, lines)
        for document, segments, where in zip(documents, around, spans, strict=True)
    )
    return SeenIn(source, target, score)


def _holds(segment: Segment, spans: Sequence[Span]) -> bool:
    return any(segment.start <= start and end <= segment.end for start, end in spans)


def _side(document: Document, segments: Sequence[Segment], spans: Sequence[Span], lines: Lines) -> Side | None:
    if not segments:
        return None
    passages = tuple(_passage(s, spans) for s in segments)
    return Side(segments[0].lang, document.uri, lines.at(document, segments[0].start), passages)


def _passage(segment: Segment, spans: Sequence[Span]) -> Passage:
    inside = [(a - segment.start, b - segment.start) for a, b in spans if segment.start <= a and b <= segment.end]
    return cut(segment.text, sorted(set(inside)))


def cut(text: str, marks: Sequence[Span]) -> Passage:
    """A text around its first mark, at most MOST_CHARACTERS long; marks outside are dropped.

    >>> cut("a" * 900, [(2, 3)]).text[-2:], len(cut("a" * 2000, [(1000, 1003)]).text)
    ('a…', 602)
    >>> cut("NFT", [(0, 3)])
    Passage(text='NFT', marks=((0, 3),))
    """
    if len(text) <= MOST_CHARACTERS:
        return Passage(text, tuple(marks))
    first = marks[0][0] if marks else 0
    start = max(0, min(first - MOST_CHARACTERS // 3, len(text) - MOST_CHARACTERS))
    stop = start + MOST_CHARACTERS
    lead = CUT if start else ""
    shift = len(lead) - start
    kept = tuple((a + shift, b + shift) for a, b in marks if start <= a and b <= stop)
    return Passage(lead + text[start:stop] + (CUT if stop < len(text) else ""), kept)


def pieces(passage: Passage) -> Iterator[tuple[str, bool]]:
    """The text in order as (piece, whether it is the term); of overlapping marks the first counts.

    >>> list(pieces(Passage("An NFT is", ((3, 6),))))
    [('An ', False), ('NFT', True), (' is', False)]
    """
    at = 0
    for start, end in passage.marks:
        if start >= at:
            yield passage.text[at:start], False
            yield passage.text[start:end], True
            at = end
    yield passage.text[at:], False


def definition_place(definition: Definition, extraction: Extraction, lines: Lines) -> str:
    """`document:line` of a definition, '' when it is of neither document."""
    for document in (extraction.source, extraction.target):
        if document.id == definition.document_id:
            return f"{document.uri}:{lines.at(document, definition.start)}"
    return ""
