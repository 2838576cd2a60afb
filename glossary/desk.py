"""What people do to alignments in a termbase: edit, undo, redo, extract the terms again.

    edited(store, bitext_id, AlignmentEdit("merge", 3), who="mei", expected=7)
    undone(store, bitext_id, expected=8)
    extracted_again(store, bitext_id)
    steps(open_desk(store, bitext_id))             # what was changed, by whom, with the alignment before and after

Every change is stored at once and can be undone, also after a restart. Term pairs whose sides no longer stand in one
bead go at once; new ones come when the terms are extracted again.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from glossary.alignment import AlignmentEdit, apply_edit, replay
from glossary.codec import dumps, from_json, to_json
from glossary.datamodel import Bitext, Extraction, KnownTerm, Occurrence, Segment, TermCandidate
from glossary.errors import AlignmentError, StoreConflict
from glossary.pipeline import refresh
from glossary.store import AlignmentLog, Changes, Store
from glossary.terms import DEFAULT_MIN_SCORE, extract_terms


@dataclass(frozen=True, slots=True)
class Desk:
    """One document's alignment as it is now, with its history."""

    extraction: Extraction
    log: AlignmentLog

    @property
    def version(self) -> int:
        """Grows with every change; an editor says which one they saw."""
        return self.log.version

    @property
    def can_undo(self) -> AlignmentEdit | None:
        """The change that undo takes back, or None."""
        return _edit(self.log, self.log.done - 1) if self.log.done else None

    @property
    def can_redo(self) -> AlignmentEdit | None:
        """The change that redo makes again, or None."""
        return _edit(self.log, self.log.done) if self.log.done < len(self.log.edits) else None


@dataclass(frozen=True, slots=True)
class Step:
    """A change that is in force: who made it and when (ISO 8601, UTC), and the alignment before and after it."""

    edit: AlignmentEdit
    who: str
    when: str
    before: Bitext
    after: Bitext


def _edit(log: AlignmentLog, at: int) -> AlignmentEdit:
    return from_json(AlignmentEdit, json.loads(log.edits[at].edit))


def steps(desk: Desk, *, since: str = "") -> tuple[Step, ...]:
    """The changes in force that were made after the moment `since` ('' for all), the oldest first."""
    found, bitext, texts = [], desk.log.base, _texts(desk.extraction)
    for at, logged in enumerate(desk.log.edits[: desk.log.done]):
        edit = _edit(desk.log, at)
        before, bitext = bitext, apply_edit(bitext, edit, texts)
        if logged.when > since:
            found.append(Step(edit, logged.who, logged.when, before, bitext))
    return tuple(found)


def open_desk(store: Store, bitext_id: str) -> Desk:
    """The alignment of a document. Raises: AlignmentError when there is no such document."""
    extraction = store.extraction(bitext_id)
    if extraction is None:
        raise AlignmentError(f"there is no document {bitext_id!r} in {store.name}")
    return Desk(extraction, store.work.alignment_log(extraction))


def edited(store: Store, bitext_id: str, edit: AlignmentEdit, *, who: str, expected: int) -> Desk:
    """The alignment after one change, stored.

    Raises: AlignmentError when the edit cannot be done; StoreConflict when someone else changed it since `expected`.
    """
    return changed(store, _fresh(store, bitext_id, expected), edit, who=who)


def changed(store: Store, desk: Desk, edit: AlignmentEdit, *, who: str) -> Desk:
    """The alignment on a desk after one change, stored. Raises: as `edited`, for one changed since it was opened."""
    bitext = apply_edit(desk.extraction.bitext, edit, _texts(desk.extraction))
    return _stored(store, desk, bitext, desk.log.with_edit(dumps(to_json(edit)), who))


def undone(store: Store, bitext_id: str, *, expected: int) -> Desk:
    """The alignment without its last change, stored. Raises: AlignmentError when there is none; as `edited`."""
    return taken_back(store, _fresh(store, bitext_id, expected))


def taken_back(store: Store, desk: Desk) -> Desk:
    """The alignment on a desk without its last change, stored. Raises: as `undone`."""
    if not desk.log.done:
        raise AlignmentError("there is nothing to undo")
    edits: Sequence[AlignmentEdit] = [_edit(desk.log, at) for at in range(desk.log.done - 1)]
    bitext = replay(desk.log.base, edits, _texts(desk.extraction))
    return _stored(store, desk, bitext, replace(desk.log, done=len(edits)))


def redone(store: Store, bitext_id: str, *, expected: int) -> Desk:
    """The alignment with the change that was undone last, stored. Raises: as `undone`."""
    return made_again(store, _fresh(store, bitext_id, expected))


def made_again(store: Store, desk: Desk) -> Desk:
    """The alignment on a desk with the change that was undone last, stored. Raises: as `undone`."""
    edit = desk.can_redo
    if edit is None:
        raise AlignmentError("there is nothing to redo")
    bitext = apply_edit(desk.extraction.bitext, edit, _texts(desk.extraction))
    return _stored(store, desk, bitext, replace(desk.log, done=desk.log.done + 1))


def _fresh(store: Store, bitext_id: str, expected: int) -> Desk:
    desk = open_desk(store, bitext_id)
    if desk.version != expected:
        raise StoreConflict("this alignment was changed by someone else meanwhile; look at it again")
    return desk


def _stored(store: Store, desk: Desk, bitext: Bitext, log: AlignmentLog) -> Desk:
    extraction = replace(desk.extraction, bitext=bitext, candidates=_moved(desk.extraction, bitext))
    kept = store.work.put_alignment(extraction, log, expected=desk.version, before=desk.extraction)
    return Desk(extraction, kept)


def _moved(extraction: Extraction, bitext: Bitext) -> tuple[TermCandidate, ...]:
    """The candidates with the beads their places are in now; places whose two sides are no longer one bead go."""
    sides = (
        _Stretches.of(bitext.source, (b.source for b in bitext.beads)),
        _Stretches.of(bitext.target, (b.target for b in bitext.beads)),
    )
    kept = []
    for candidate in extraction.candidates:
        held = tuple(o for o in (_placed(o, sides) for o in candidate.occurrences) if o is not None)
        if held or not candidate.occurrences:
            kept.append(replace(candidate, occurrences=held))
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Which part of a document each bead takes up on one side, in order; without those that have no sentence there."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    beads: tuple[int, ...]

    @classmethod
    def of(cls, segments: Sequence[Segment], ranges: Iterable[range]) -> _Stretches:
        """The stretches of one side of a bitext."""
        there = [(number, where) for number, where in enumerate(ranges) if where]
        return cls(
            tuple(segments[where.start].start for _, where in there),
            tuple(segments[where.stop - 1].end for _, where in there),
            tuple(number for number, _ in there),
        )

    def bead_of(self, span: tuple[int, int]) -> int | None:
        """The bead a span of the document lies in, None when it lies in none or in several."""
        at = bisect_right(self.starts, span[0]) - 1
        return self.beads[at] if at >= 0 and span[1] <= self.ends[at] else None


def _placed(occurrence: Occurrence, sides: tuple[_Stretches, _Stretches]) -> Occurrence | None:
    if occurrence.bead is None:
        return occurrence
    spans = (occurrence.source, occurrence.target)
    found = {side.bead_of(span) for side, span in zip(sides, spans, strict=True) if span is not None}
    bead = found.pop() if len(found) == 1 else None
    return None if bead is None else replace(occurrence, bead=bead)


def _texts(extraction: Extraction) -> tuple[str, str]:
    return extraction.source.text, extraction.target.text


def extracted_again(
    store: Store, bitext_id: str, *, known: Sequence[KnownTerm] = (), min_score: float = DEFAULT_MIN_SCORE
) -> Changes:
    """Extracts the terms of a document from its alignment as it is now, and brings the entries up to date.

    What people change while this goes on is kept: the terms found are brought to the alignment as it is at the end.
    """
    begun = open_desk(store, bitext_id).extraction
    found = tuple(extract_terms(begun.bitext, extra=begun.extra, min_score=min_score, known=tuple(known)))
    with store.together():
        now = open_desk(store, bitext_id).extraction
        if _texts(now) == _texts(begun):  # else the document was read anew, with terms of its own
            made = replace(now, candidates=found)
            store.put(made if now.bitext == begun.bitext else replace(made, candidates=_moved(made, now.bitext)))
        return refresh(store)
