"""A text cut into what its page shows: plain stretches, terms that open a card, findings with their number. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters in a row; `card` names the card they open, '' for none."""

    text: str
    card: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Stretches inside one finding; number 0 is no finding. `kind`: warn or bad."""

    number: int
    kind: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A place with something wrong: offsets, the number of its finding, warn or bad."""

    start: int
    end: int
    number: int
    kind: str


def woven(text: str, terms: Iterable[tuple[int, int, str]], faults: Iterable[Fault]) -> list[Run]:
    """The text with terms (start, end, card) and findings in it. A term that a finding cuts in two is not marked.

    >>> woven("use an NFT now", [(7, 10, "c1")], [Fault(7, 10, 1, "bad")])[1]
    Run(number=1, kind='bad', stretches=(Stretch(text='NFT', card='c1'),))
    >>> [run.number for run in woven("帳號和帳本", [(3, 5, "c2")], [Fault(0, 2, 1, "warn"), Fault(1, 2, 2, "bad")])]
    [1, 0]
    """
    kept = separate(faults)
    marks = sorted((s, e, card) for s, e, card in terms if 0 <= s < e <= len(text))
    out: list[Run] = []
    at = 0
    for fault in kept:
        start, end = max(fault.start, at), min(fault.end, len(text))
        out += _run(text, at, start, marks, 0, "")
        out += _run(text, start, end, marks, fault.number, fault.kind)
        at = end
    return out + _run(text, at, len(text), marks, 0, "")


def separate(faults: Iterable[Fault]) -> list[Fault]:
    """The faults that can be drawn: in order, the first of those that overlap, none empty."""
    kept: list[Fault] = []
    for fault in sorted(faults, key=lambda f: (f.start, f.number)):
        if fault.start < fault.end and (not kept or fault.start >= kept[-1].end):
            kept.append(fault)
    return kept


def _run(text: str, start: int, end: int, marks: Sequence[tuple[int, int, str]], number: int, kind: str) -> list[Run]:
    if start >= end:
        return []
    pieces, at = [], start
    for first, last, card in marks:
        if first >= at and last <= end:
            if first > at:
                pieces.append(Stretch(text[at:first]))
            pieces.append(Stretch(text[first:last], card))
            at = last
    if at < end:
        pieces.append(Stretch(text[at:end]))
    return [Run(number, kind, tuple(pieces))]
