"""What the layout of two documents says about their alignment: user's anchors, headings, paragraphs.

Anchors are hard: the boundary before each anchored line is on the path (`pins`). So are headings with a number
(Chapter 1, 第一章) when both texts number theirs alike and the user gave no anchors. Other headings and paragraph
breaks are soft: scores are added to beads. Their sizes are set by hand, on the log-probability scale, because none of
the gold corpora has layout; paragraphs count only when both texts have them and in like number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glossary.alignment.corridor import Windows
from glossary.alignment.features import LONGEST, TYPES
from glossary.alignment.lattice import NOTHING
from glossary.alignment.passes import Scored
from glossary.alignment.tokens import chinese_number
from glossary.datamodel import Segment
from glossary.errors import AlignmentError

Array = NDArray[np.float32]
Grid = tuple[Sequence[Array], NDArray[np.int64], NDArray[np.int64]]

HEADING_MERGED = -8.0  # a heading in one bead with body text of its own side
HEADING_BOTH = 1.5  # heading with heading
HEADING_ONE = -3.0  # heading with body text
BREAK_INSIDE = -1.0  # a paragraph break inside a bead, per side
BREAK_BOTH = 0.4  # a bead that starts a paragraph on both sides
BREAK_ONE = -0.4  # on one side only
LIKE_NUMBER = 0.7  # paragraphs of the text that has fewer, as a share of the other's


@dataclass(frozen=True, slots=True)
class Structure:
    """Layout of both texts; arrays are empty when it says nothing."""

    headings: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    breaks: tuple[NDArray[np.bool_], NDArray[np.bool_]]  # sentence starts a paragraph
    pins: tuple[tuple[int, int], ...] = ()

    def turned(self) -> Structure:
        """The same with source and target exchanged."""
        return Structure(self.headings[::-1], self.breaks[::-1], tuple((j, i) for i, j in self.pins))


_CHAPTER = re.compile(
    r"第\s*(?P<han>[\d〇零一二两三四五六七八九十百]+)\s*[章节節回卷部篇课課]"
    r"|(?:chapter|part|book|section|kapitel|teil|chapitre|partie|cap[ií]tulo|capitolo|parte)\s+"
    r"(?:(?P<digits>\d{1,4})|(?P<roman>[ivxlc]+))\b"
    r"|(?P<plain>\d{1,4})(?:[.．:：、)）](?!\d)|$)",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

_NONE = np.zeros(0, np.bool_)
NO_STRUCTURE = Structure((_NONE, _NONE), (_NONE, _NONE))


def structure_of(source: Sequence[Segment], target: Sequence[Segment], anchors: str | None) -> Structure:
    """The layout that both texts share.

    Raises: AlignmentError for a malformed anchor expression, or one that matches unequal numbers of segments.
    """
    pins = _pins(source, target, anchors) if anchors else _chapters(source, target)
    headings = tuple(np.array([s.role == "heading" for s in side], np.bool_) for side in (source, target))
    breaks = tuple(_breaks(side) for side in (source, target))
    counts = sorted(int(b.sum()) for b in breaks)
    tell = all(1 < b.sum() < 0.8 * len(b) for b in breaks) and counts[0] >= LIKE_NUMBER * counts[1]
    return Structure(
        (headings[0], headings[1]) if any(h.any() for h in headings) else (_NONE, _NONE),
        (breaks[0], breaks[1]) if tell else (_NONE, _NONE),
        pins,
    )


def _breaks(side: Sequence[Segment]) -> NDArray[np.bool_]:
    return np.array([k == 0 or side[k - 1].block != s.block for k, s in enumerate(side)], np.bool_)


def _pins(source: Sequence[Segment], target: Sequence[Segment], anchors: str) -> tuple[tuple[int, int], ...]:
    try:
        pattern = re.compile(anchors)
    except re.error as error:
        raise AlignmentError(f"anchor expression {anchors!r} is malformed: {error}") from error
    found = [[k for k, s in enumerate(side) if pattern.search(s.text)] for side in (source, target)]
    if len(found[0]) != len(found[1]):
        raise AlignmentError(
            f"anchor expression {anchors!r} matches {len(found[0])} source and {len(found[1])} target segments;"
            " it must match as many on both sides"
        )
    return tuple(zip(*found, strict=True))


def _chapters(source: Sequence[Segment], target: Sequence[Segment]) -> tuple[tuple[int, int], ...]:
    """The numbered headings of both texts as pins, none unless the numbers are the same in the same order."""
    found = [
        [(k, n) for k, s in enumerate(side) if s.role == "heading" and (n := chapter_number(s.text)) is not None]
        for side in (source, target)
    ]
    if [n for _, n in found[0]] != [n for _, n in found[1]]:
        return ()
    return tuple((i, j) for (i, _), (j, _) in zip(*found, strict=True))


def chapter_number(heading: str) -> int | None:
    """The number a heading starts with, None when there is none.

    >>> [chapter_number(t) for t in ("Chapter 12", "第十二章 贸易", "Kapitel IV: Krieg", "3. Trade", "3.5 per cent")]
    [12, 12, 4, 3, None]
    """
    match = _CHAPTER.match(heading.strip())
    if match is None:
        return None
    if match["roman"]:
        values = [*(_ROMAN[c] for c in match["roman"].lower()), 0]
        return sum(-one if one < after else one for one, after in pairwise(values))
    if match["han"] and not match["han"].isdigit():
        return chinese_number(match["han"])
    return int(match["han"] or match["digits"] or match["plain"])


def with_structure(structure: Structure, scored: Scored) -> Scored:
    """The scores of a pass with layout taken into account."""
    if not (structure.pins or len(structure.headings[0]) or len(structure.breaks[0])):
        return scored
    beads = [array.copy() for array in scored.beads]
    n, m = len(beads) - 1, int(scored.rights[-1])
    own = [_own(structure, n, a) for a in range(LONGEST + 1)]
    other = {
        (b, h, s): _other(structure, m, b, h, s)
        for b in range(LONGEST + 1)
        for h in (False, True)
        for s in (False, True)
    }
    for row in range(n):
        here = slice(int(scored.lefts[row]), int(scored.rights[row]) + 1)
        for k, (a, b) in enumerate(TYPES):
            penalty, has_heading, starts = own[a][0][row], bool(own[a][1][row]), bool(own[a][2][row])
            beads[row][k] += other[b, has_heading, starts][here] + penalty
    rows, lefts, rights = pinned((beads, scored.lefts, scored.rights), structure.pins, TYPES)
    return replace(scored, beads=list(rows), lefts=lefts, rights=rights)


def _own(structure: Structure, n: int, size: int) -> tuple[Array, Array, Array]:
    """Per start of `size` source sentences: what is wrong with them alone, has a heading, starts a paragraph."""
    heads, inner = _count(structure.headings[0], n, size), _count(structure.breaks[0], n, size - 1, ahead=1)
    merged = HEADING_MERGED * ((heads > 0) & (heads < size)) + BREAK_INSIDE * inner
    return merged.astype(np.float32), heads, _count(structure.breaks[0], n, 1)


def _other(structure: Structure, m: int, size: int, heading: bool, starts: bool) -> Array:
    """Per start of `size` target sentences: their own penalty, and what their layout is worth beside the source's."""
    heads, inner = _count(structure.headings[1], m, size), _count(structure.breaks[1], m, size - 1, ahead=1)
    out = HEADING_MERGED * ((heads > 0) & (heads < size)) + BREAK_INSIDE * inner
    out = out + np.where(heads > 0, HEADING_BOTH if heading else HEADING_ONE, HEADING_ONE if heading else 0.0)
    if len(structure.breaks[1]):
        begins = _count(structure.breaks[1], m, 1) > 0
        out = out + np.where(begins, BREAK_BOTH if starts else BREAK_ONE, BREAK_ONE if starts else 0.0)
    return np.asarray(out, np.float32)


def _count(flags: NDArray[np.bool_], length: int, size: int, ahead: int = 0) -> Array:
    """Flags among the `size` sentences from k + ahead on, for k in 0..length; zeros when there are no flags."""
    if not len(flags) or size <= 0:
        return np.zeros(length + 1, np.float32)
    sums = np.concatenate([[0], np.cumsum(flags)])
    starts = np.arange(length + 1) + ahead
    return np.asarray(sums[np.minimum(starts + size, len(flags))] - sums[np.minimum(starts, len(flags))], np.float32)


def clipped(windows: Windows, pins: Sequence[tuple[int, int]], m: int) -> Windows:
    """The corridor between the pins; where it would run elsewhere, everything between them."""
    out = windows.copy()
    for (top, left), (bottom, right) in zip([(0, 0), *pins], [*pins, (len(windows), m)], strict=True):
        part = out[top:bottom]
        outside = (part[:, 1] <= left) | (part[:, 0] >= right)
        part[:, 0] = np.where(outside, left, np.clip(part[:, 0], left, right))
        part[:, 1] = np.where(outside, right, np.clip(part[:, 1], left, right))
    return out


def pinned(grid: Grid, pins: Sequence[tuple[int, int]], types: Sequence[tuple[int, int]]) -> Grid:
    """Only paths through every pin are left: its row may be entered up to it and left from it on.

    A grid is what a Lattice holds of it: bead scores by row, first and last boundary of each row.
    """
    if not pins:
        return grid
    n, m = len(grid[0]) - 1, int(grid[2][-1])
    beads, lefts, rights = list(grid[0]), grid[1].copy(), grid[2].copy()
    before = 0
    for (top, left), (bottom, right) in pairwise([(0, 0), *pins, (n, m)]):
        for row in range(top, bottom + (bottom == n)):
            low = int(np.clip(grid[1][row], before if row == top else left, left if row == top else right))
            high = m if row == n else max(left, int(np.clip(grid[2][row], left, right)))
            beads[row] = _cut_out(grid, row, (low, high), types)
            start = np.arange(low, high + 1)
            for k, (a, b) in enumerate(types):
                beads[row][k, (start < left) | (start + b > right) | (row + a > bottom)] = NOTHING
            lefts[row], rights[row] = low, high
        before = left
    return beads, lefts, rights


def _cut_out(grid: Grid, row: int, window: tuple[int, int], types: Sequence[tuple[int, int]]) -> Array:
    """Bead scores of a row for the boundaries of a window, NOTHING where the row had none."""
    low, high = window
    out = np.full((len(types), high - low + 1), NOTHING, np.float32)
    was = int(grid[1][row])
    first, last = max(low, was), min(high, int(grid[2][row]))
    if last >= first:
        out[:, first - low : last - low + 1] = grid[0][row][:, first - was : last - was + 1]
    return out
