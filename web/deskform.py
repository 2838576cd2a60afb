"""The form of the alignment editor: fields in, a change of the alignment out. Pure; no Flask, no store.

| field | what |
|---|---|
| `op` | merge, split, up, down, link, unlink, none, check, break, join, or `cut s12 45`: sentence 12 at character 45 |
| `bead` | ticked beads, each by its sentences: `7-9.6-7` is source 8 to 9 with target 7 |
| `s`, `t` | ticked source and target sentences, from 1 |
| `here`, `focus` | the bead and, `s12` or `t12`, the sentence the keyboard is at; they count when nothing is ticked |

A bead is named by its sentences and not by its number, so a form that is out of date is told from one that is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from glossary.alignment import AlignmentEdit
from glossary.datamodel import Bead, Bitext

Fields = Callable[[str], Sequence[str]]
"""The values of a field, as `request.form.getlist` gives them."""

SIDES = {"s": "source", "t": "target"}
MOST_TICKED = 1000  # more than a page of beads has fields

_BEAD = re.compile(r"([0-9]{1,9})-([0-9]{1,9})\.([0-9]{1,9})-([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_SENTENCE = re.compile(r"([st])([0-9]{1,9})")
_CUT = re.compile(r"cut ([st])([0-9]{1,9}) ([0-9]{1,9})")

Sentence = tuple[str, int]
"""A side, `source` or `target`, and a sentence of it, from 0."""


class Malformed(ValueError):
    """Fields no page of ours sends."""


class Stale(ValueError):
    """The form names beads or sentences that are no more."""


class Refused(ValueError):
    """What is asked cannot be done; the argument is a code of `REFUSALS`."""


REFUSALS = (
    "nothing", "one bead", "gap", "first", "last", "one sentence", "which", "single", "top", "bottom", "partner",
    "linked", "last sentence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation with the beads and sentences it is about, both in order, as numbers from 0."""

    op: str
    beads: tuple[int, ...]
    sentences: tuple[Sentence, ...] = ()


def bead_value(bead: Bead) -> str:
    """The name of a bead in the form.

    >>> bead_value(Bead(range(7, 9), range(6, 6), 0.0))
    '7-9.6-6'
    """
    return f"{bead.source.start}-{bead.source.stop}.{bead.target.start}-{bead.target.stop}"


def bead_label(bead: Bead) -> str:
    """The name of a bead for people: its sentences, from 1.

    >>> bead_label(Bead(range(7, 9), range(6, 7), 1.0)), bead_label(Bead(range(3, 4), range(2, 2), 0.0))
    ('8–9 ↔ 7', '4 ↔ –')
    """
    parts = (
        "–" if not r else str(r.start + 1) if len(r) == 1 else f"{r.start + 1}–{r.stop}"
        for r in (bead.source, bead.target)
    )
    return " ↔ ".join(parts)


def read(fields: Fields, bitext: Bitext) -> Asked:
    """What a form asks for. Raises: Malformed; Stale; Refused when it names neither beads nor sentences."""
    op = "".join(fields("op")[:1])
    numbers = {bead_value(bead): number for number, bead in enumerate(bitext.beads)}
    ticked = {_numbered(value, numbers) for value in _values(fields, "bead")}
    sentences = {
        (side, _sentence(value, side, bitext)) for key, side in SIDES.items() for value in _values(fields, key)
    }
    if not ticked and not sentences:
        sentences = {_focus(value, bitext) for value in _values(fields, "focus")}
        ticked = set() if sentences else {_numbered(value, numbers) for value in _values(fields, "here")}
    beads = ticked | {bead_with(bitext, side, n) for side, n in sentences}
    if not beads and not _CUT.fullmatch(op):
        raise Refused("nothing")
    return Asked(op, tuple(sorted(beads)), tuple(sorted(sentences)))


def bead_with(bitext: Bitext, side: str, sentence: int) -> int:
    """The number of the bead a sentence stands in. Raises: Stale when there is none."""
    found = (number for number, bead in enumerate(bitext.beads) if sentence in getattr(bead, side))
    try:
        return next(found)
    except StopIteration:
        raise Stale(f"no {side} sentence {sentence + 1}") from None


def near(value: str, bitext: Bitext) -> int:
    """The number of the bead that now holds the first sentence a bead's name speaks of; 0 when none does."""
    found = _BEAD.fullmatch(value)
    starts = (int(found[1]), int(found[3])) if found else (0, 0)
    there = (n for n, b in enumerate(bitext.beads) if starts[0] in b.source or starts[1] in b.target)
    return next(there, 0)


def _values(fields: Fields, name: str) -> list[str]:
    found = [value for value in fields(name) if value]
    if len(found) > MOST_TICKED:
        raise Malformed(name)
    return found


def _numbered(value: str, numbers: dict[str, int]) -> int:
    if not _BEAD.fullmatch(value):
        raise Malformed(value[:40])
    if value not in numbers:
        raise Stale(value)
    return numbers[value]


def _sentence(value: str, side: str, bitext: Bitext) -> int:
    if not _NUMBER.fullmatch(value):
        raise Malformed(value[:40])
    number = int(value) - 1
    if not 0 <= number < len(getattr(bitext, side)):
        raise Stale(value)
    return number


def _focus(value: str, bitext: Bitext) -> Sentence:
    found = _SENTENCE.fullmatch(value)
    if not found:
        raise Malformed(value[:40])
    side = SIDES[found[1]]
    return side, _sentence(found[2], side, bitext)


def edit_of(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    """The change that is asked for. Raises: Refused; Malformed for an unknown operation; Stale."""
    cut = _CUT.fullmatch(asked.op)
    if cut:
        side = SIDES[cut[1]]
        return AlignmentEdit("break", side=side, count=_sentence(cut[2], side, bitext), other=int(cut[3]))  # type: ignore[arg-type]
    if asked.op not in _READERS:
        raise Malformed(asked.op[:40])
    return _READERS[asked.op](asked, bitext)


def _merge(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    beads = asked.beads
    if any(b - a > 1 for a, b in pairwise(beads)):
        raise Refused("gap")
    count = max(1, len(beads) - 1)
    if beads[0] + count >= len(bitext.beads):
        raise Refused("last")
    return AlignmentEdit("merge", beads[0], count=count)


def _link(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    """Beads as `merge`; one null bead with the one beside it that lacks the other side."""
    if len(asked.beads) > 1:
        return _merge(asked, bitext)
    here = asked.beads[0]
    for first in (here, here - 1):
        pair = bitext.beads[max(first, 0) : first + 2] if first >= 0 else ()
        if len(pair) == 2 and all(b.is_null for b in pair) and bool(pair[0].source) != bool(pair[1].source):
            return AlignmentEdit("merge", first)
    raise Refused("partner")


def _split(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    if len(asked.beads) != 1:
        raise Refused("one bead")
    bead = bitext.beads[asked.beads[0]]
    cuts: dict[str, int] = {}
    for side, n in reversed(asked.sentences):
        if n > getattr(bead, side).start:
            cuts[side] = n - getattr(bead, side).start
    if not cuts:
        longest = max(len(bead.source), len(bead.target))
        if longest != 2:
            raise Refused("single" if longest < 2 else "which")
        cuts = {side: 1 for side in SIDES.values() if len(getattr(bead, side)) == 2}
    for side, other in (("source", "target"), ("target", "source")):
        if side not in cuts:
            cuts[side] = _fitting(_lengths(bitext, bead, side), _lengths(bitext, bead, other), cuts[other])
    return AlignmentEdit("split", asked.beads[0], count=cuts["source"], other=cuts["target"])


def _lengths(bitext: Bitext, bead: Bead, side: str) -> list[int]:
    return [len(getattr(bitext, side)[i].text) for i in getattr(bead, side)]


def _fitting(lengths: list[int], others: list[int], cut: int) -> int:
    """Where to cut one side so that the parts are as long as those of the other, cut after `cut` sentences.

    >>> _fitting([10, 10, 10], [20, 12], 1), _fitting([9], [10, 30], 1), _fitting([9], [30, 10], 1)
    (2, 0, 1)
    """
    share = sum(others[:cut]) / sum(others)
    places = range(1, len(lengths)) if len(lengths) > 1 else range(len(lengths) + 1)
    return min(places, key=lambda k: (abs(sum(lengths[:k]) / (sum(lengths) or 1) - share), -k))


def sentence_of(asked: Asked, bitext: Bitext) -> Sentence:
    """The one sentence an operation is about: the one named, or the only one of its bead. Raises: Refused."""
    if len(asked.sentences) == 1:
        return asked.sentences[0]
    if not asked.sentences and len(asked.beads) == 1:
        bead = bitext.beads[asked.beads[0]]
        alone = [(side, getattr(bead, side).start) for side in SIDES.values() if len(getattr(bead, side)) == 1]
        if len(alone) == 1 and bead.is_null:
            return alone[0]
    raise Refused("one sentence")


def _move(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    up = asked.op == "up"
    if asked.sentences:
        side, n = sentence_of(asked, bitext)
        number = bead_with(bitext, side, n)
        where: range = getattr(bitext.beads[number], side)
        if n != (where.start if up else where.stop - 1):
            raise Refused("top" if up else "bottom")
    else:
        if len(asked.beads) != 1 or not bitext.beads[asked.beads[0]].is_null:
            raise Refused("one sentence")
        number = asked.beads[0]
        side = "source" if bitext.beads[number].source else "target"
    if not 0 <= number + (-1 if up else 1) < len(bitext.beads):
        raise Refused("first" if up else "last")
    return AlignmentEdit(asked.op, number, side=side)  # type: ignore[arg-type]


def _unlink(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    linked = [n for n in asked.beads if not bitext.beads[n].is_null]
    if not linked:
        raise Refused("linked")
    return AlignmentEdit("unlink", linked[0], more=tuple(linked[1:]))


def _at_all(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    return AlignmentEdit(asked.op, asked.beads[0], more=asked.beads[1:])


def _join(asked: Asked, bitext: Bitext) -> AlignmentEdit:
    named = asked.sentences
    if len(named) == 2 and named[0][0] == named[1][0] and named[1][1] == named[0][1] + 1:
        side, n = named[0]
    else:
        side, n = sentence_of(asked, bitext)
    if n + 1 >= len(getattr(bitext, side)):
        raise Refused("last sentence")
    return AlignmentEdit("join", side=side, count=n)  # type: ignore[arg-type]


_READERS: dict[str, Callable[[Asked, Bitext], AlignmentEdit]] = {
    "merge": _merge, "split": _split, "up": _move, "down": _move, "link": _link, "unlink": _unlink, "none": _at_all,
    "check": _at_all, "join": _join,
}  # fmt: skip


def place_after(edit: AlignmentEdit, before: Bitext, after: Bitext) -> int:
    """The number of the bead to look at when the edit has been made."""
    if edit.op in ("break", "join"):
        return bead_with(after, edit.side, edit.count)
    if edit.op in ("up", "down"):
        where: range = getattr(before.beads[edit.bead], edit.side)
        return bead_with(after, edit.side, where.start if edit.op == "up" else where.stop - 1)
    return min((edit.bead, *edit.more))


def place_before(edit: AlignmentEdit, before: Bitext) -> int:
    """The number of the bead to look at when the edit has been taken back."""
    return bead_with(before, edit.side, edit.count) if edit.op in ("break", "join") else min((edit.bead, *edit.more))
