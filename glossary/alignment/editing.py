"""Changes people make to an alignment: each gives a new Bitext whose beads still tile both sides in order.

    bitext = apply_edit(bitext, AlignmentEdit("merge", 3), texts)
    bitext = replay(first, edits, texts)            # an alignment is its first state and the list of edits

A bead a person made or checked scores 1.0 and has the evidence `checked`; a null bead a person made keeps score 0.0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from glossary.datamodel import Bead, Bitext, Segment
from glossary.errors import AlignmentError, unknown

Side = Literal["source", "target"]
Texts = tuple[str, str]
"""The texts of the source and the target document."""

CHECKED = {"checked": 1.0}


@dataclass(frozen=True, slots=True)
class AlignmentEdit:
    """One change. `bead` is where; what the rest means depends on `op`:

    merge       beads `bead` to `bead + count` become one (link is the same, seen from the sentences)
    split       the first `count` source and `other` target sentences of the bead stay, the rest becomes the next bead
    up, down    the bead's first (last) sentence of `side` goes to the bead before (after)
    unlink      the bead becomes two null beads
    none        the bead's sentences of `side` have no translation: as unlink, and checked
    check       the bead is right
    break       sentence `count` of `side` is cut at offset `other` of its text
    join        sentence `count` of `side` takes in the one after it

    unlink, none and check are done to the beads `more` too, in the numbers all beads had before.
    """

    op: str
    bead: int = 0
    side: Side = "source"
    count: int = 1
    other: int = 0
    more: tuple[int, ...] = ()


def apply_edit(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    """The bitext after one edit. Raises: AlignmentError when it cannot be done, saying why."""
    if edit.op not in _EDITS:
        raise AlignmentError(unknown("alignment edit", edit.op, _EDITS))
    if edit.op not in ("break", "join") and not 0 <= edit.bead < len(bitext.beads):
        raise AlignmentError(f"there is no bead {edit.bead + 1}; the document has {len(bitext.beads)}")
    if edit.more:
        return _everywhere(bitext, edit, texts)
    return _EDITS[edit.op](bitext, edit, texts)


def _everywhere(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    """The bitext after the edit at all its beads, the last first, so that the numbers of the others hold."""
    if edit.op not in ("unlink", "none", "check"):
        raise AlignmentError(f"{edit.op} is done at one place at a time")
    for number in sorted({edit.bead, *edit.more}, reverse=True):
        bitext = apply_edit(bitext, replace(edit, bead=number, more=()), texts)
    return bitext


def replay(bitext: Bitext, edits: Iterable[AlignmentEdit], texts: Texts) -> Bitext:
    """The bitext after all edits, in order. Raises: AlignmentError as `apply_edit`."""
    for edit in edits:
        bitext = apply_edit(bitext, edit, texts)
    return bitext


def _bead(source: range, target: range) -> Bead:
    return Bead(source, target, 1.0 if source and target else 0.0, CHECKED)


def _replaced(bitext: Bitext, first: int, last: int, beads: Sequence[Bead]) -> Bitext:
    """The bitext with beads [first, last) in place of others."""
    return replace(bitext, beads=(*bitext.beads[:first], *beads, *bitext.beads[last:]))


def _merge(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    last = edit.bead + edit.count
    if edit.count < 1 or last >= len(bitext.beads):
        raise AlignmentError(f"bead {edit.bead + 1} has no bead after it to merge with")
    a, b = bitext.beads[edit.bead], bitext.beads[last]
    whole = _bead(range(a.source.start, b.source.stop), range(a.target.start, b.target.stop))
    return _replaced(bitext, edit.bead, last + 1, [whole])


def _split(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    bead = bitext.beads[edit.bead]
    if not (0 <= edit.count <= len(bead.source) and 0 <= edit.other <= len(bead.target)):
        raise AlignmentError(f"bead {edit.bead + 1} has not that many sentences")
    source, target = bead.source.start + edit.count, bead.target.start + edit.other
    parts = [
        (range(bead.source.start, source), range(bead.target.start, target)),
        (range(source, bead.source.stop), range(target, bead.target.stop)),
    ]
    if not all(s or t for s, t in parts):
        raise AlignmentError(f"bead {edit.bead + 1} cannot be split there: one part would be empty")
    return _replaced(bitext, edit.bead, edit.bead + 1, [_bead(*part) for part in parts])


def _move(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    step = -1 if edit.op == "up" else 1
    other = edit.bead + step
    if not 0 <= other < len(bitext.beads):
        raise AlignmentError(f"bead {edit.bead + 1} has no bead {'before' if step < 0 else 'after'} it")
    if not getattr(bitext.beads[edit.bead], edit.side):
        raise AlignmentError(f"bead {edit.bead + 1} has no {edit.side} sentence to move")
    first = min(edit.bead, other)
    pair = [bitext.beads[first], bitext.beads[first + 1]]
    ranges = [[b.source, b.target] for b in pair]
    at = 0 if edit.side == "source" else 1
    cut = ranges[0][at].stop + (1 if step < 0 else -1)
    ranges[0][at], ranges[1][at] = range(ranges[0][at].start, cut), range(cut, ranges[1][at].stop)
    return _replaced(bitext, first, first + 2, [_bead(*r) for r in ranges if r[0] or r[1]])


def _unlink(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    bead = bitext.beads[edit.bead]
    if bead.is_null:
        if edit.op == "unlink":
            raise AlignmentError(f"bead {edit.bead + 1} links nothing")
        return _replaced(bitext, edit.bead, edit.bead + 1, [replace(bead, score=0.0, evidence=CHECKED)])
    empty = range(bead.source.stop, bead.source.stop), range(bead.target.start, bead.target.start)
    return _replaced(bitext, edit.bead, edit.bead + 1, [_bead(bead.source, empty[1]), _bead(empty[0], bead.target)])


def _check(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    bead = bitext.beads[edit.bead]
    return _replaced(bitext, edit.bead, edit.bead + 1, [_bead(bead.source, bead.target)])


def _break(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    segments, old = _sentence(bitext, edit)
    first, second = old.text[: edit.other].rstrip(), old.text[edit.other :].lstrip()
    if not first or not second or not 0 < edit.other < len(old.text):
        raise AlignmentError(f"{edit.side} sentence {edit.count + 1} cannot be cut there: one part would be empty")
    parts = [
        replace(old, text=first, end=old.start + len(first)),
        replace(old, text=second, start=old.end - len(second)),
    ]
    return _resegmented(bitext, edit, [*segments[: edit.count], *parts, *segments[edit.count + 1 :]], 1)


def _join(bitext: Bitext, edit: AlignmentEdit, texts: Texts) -> Bitext:
    segments, first = _sentence(bitext, edit)
    if edit.count + 1 >= len(segments):
        raise AlignmentError(f"{edit.side} sentence {edit.count + 1} is the last one")
    second, text = segments[edit.count + 1], texts[0 if edit.side == "source" else 1]
    between = text[first.end : second.start]
    if between.strip() or first.role != second.role:
        raise AlignmentError(f"{edit.side} sentences {edit.count + 1} and {edit.count + 2} do not stand together")
    whole = replace(first, text=text[first.start : second.end], end=second.end)
    return _resegmented(bitext, edit, [*segments[: edit.count], whole, *segments[edit.count + 2 :]], -1)


def _sentence(bitext: Bitext, edit: AlignmentEdit) -> tuple[Sequence[Segment], Segment]:
    segments: Sequence[Segment] = getattr(bitext, edit.side)
    if not 0 <= edit.count < len(segments):
        raise AlignmentError(f"there is no {edit.side} sentence {edit.count + 1}; there are {len(segments)}")
    return segments, segments[edit.count]


def _resegmented(bitext: Bitext, edit: AlignmentEdit, segments: Sequence[Segment], grown: int) -> Bitext:
    """The bitext with one sentence more or less after sentence `edit.count`; a bead left empty goes."""
    at = edit.count + (1 if grown < 0 else 0)  # a joined sentence stays in the bead of its first part
    shifted = []
    for bead in bitext.beads:
        old: range = getattr(bead, edit.side)
        start, stop = (b + (grown if b > at else 0) for b in (old.start, old.stop))
        new = range(start, stop)
        shifted.append(replace(bead, source=new) if edit.side == "source" else replace(bead, target=new))
    numbers = [s.index for s in getattr(bitext, edit.side)]
    first = numbers[0] if numbers else 0
    renumbered = tuple(replace(s, index=first + i) for i, s in enumerate(segments))
    kept = tuple(b for b in shifted if b.source or b.target)
    if edit.side == "source":
        return replace(bitext, source=renumbered, beads=kept)
    return replace(bitext, target=renumbered, beads=kept)


_EDITS: dict[str, Callable[[Bitext, AlignmentEdit, Texts], Bitext]] = {
    "merge": _merge, "split": _split, "up": _move, "down": _move, "unlink": _unlink, "none": _unlink, "check": _check,
    "break": _break, "join": _join,
}  # fmt: skip
