"""How good an alignment is, against gold, by the field's definitions.

strict    a bead is right when exactly this bead is in the gold; null beads count in precision and recall
          (Source: bfsujason/aligner-eval, whose figures MAC-Test publishes)
vecalign  the same, but null beads count in precision only
          (Source: thompsonb/vecalign score.py, and Bertalign's scorer for Text+Berg)
lax       a non-null bead is right when it shares a source-target sentence pair with some gold bead
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glossary.alignment.golden import GoldBead


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one definition; add them up over documents, then ask for the figures."""

    right_predicted: int = 0
    predicted: int = 0
    right_gold: int = 0
    gold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.right_predicted + other.right_predicted,
            self.predicted + other.predicted,
            self.right_gold + other.right_gold,
            self.gold + other.gold,
        )

    @property
    def precision(self) -> float:
        """Share of predicted beads that are right; 1.0 when nothing was predicted."""
        return self.right_predicted / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of gold beads that were found; 1.0 when there is no gold."""
        return self.right_gold / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def strict(predicted: Iterable[GoldBead], gold: Iterable[GoldBead]) -> Tally:
    """Exact beads, null beads included.

    >>> strict([((0,), (0,)), ((1,), ())], [((0,), (0,)), ((1,), (1,))]).f1
    0.5
    """
    first, second = set(predicted), set(gold)
    right = len(first & second)
    return Tally(right, len(first), right, len(second))


def vecalign(predicted: Iterable[GoldBead], gold: Iterable[GoldBead]) -> Tally:
    """Exact beads by Vecalign's scorer: null beads count in precision only, and only predicted ones.

    >>> vecalign([((0,), (0,)), ((1,), ())], [((0,), (0,)), ((1,), (1,))])
    Tally(right_predicted=1, predicted=2, right_gold=1, gold=2)
    """
    first, second = set(predicted), set(gold)
    full = {bead for bead in second if bead[0] and bead[1]}
    return Tally(len(first & second), len(first), len(full & first), len(full))


def lax(predicted: Iterable[GoldBead], gold: Iterable[GoldBead]) -> Tally:
    """Non-null beads that overlap a bead of the other side in at least one sentence pair.

    >>> lax([((0, 1), (0,))], [((0,), (0,)), ((1,), (1,))])
    Tally(right_predicted=1, predicted=1, right_gold=1, gold=2)
    """
    first = [bead for bead in set(predicted) if bead[0] and bead[1]]
    second = [bead for bead in set(gold) if bead[0] and bead[1]]
    return Tally(_overlapping(first, second), len(first), _overlapping(second, first), len(second))


def _overlapping(beads: Sequence[GoldBead], others: Sequence[GoldBead]) -> int:
    pairs = {(i, j) for source, target in others for i in source for j in target}
    return sum(any((i, j) in pairs for i in source for j in target) for source, target in beads)


def by_type(predicted: Iterable[GoldBead], gold: Iterable[GoldBead]) -> dict[str, Tally]:
    """Strict tallies per bead type such as '1-2', most frequent in the gold first; '0-1' and '1-0' are nulls."""
    first, second = set(predicted), set(gold)
    counts = Counter(_type(bead) for bead in second)
    for bead in first:
        counts.setdefault(_type(bead), 0)
    out = {}
    for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        own, wanted = {b for b in first if _type(b) == name}, {b for b in second if _type(b) == name}
        out[name] = Tally(len(own & wanted), len(own), len(own & wanted), len(wanted))
    return out


def _type(bead: GoldBead) -> str:
    return f"{len(bead[0])}-{len(bead[1])}"


@dataclass(frozen=True, slots=True)
class Reliability:
    """Scored beads in ten bins of score: how many, their mean score, the share that is right."""

    bins: tuple[tuple[int, float, float], ...]

    @property
    def expected_error(self) -> float:
        """Expected calibration error: mean distance of score and share of right beads, weighted by beads."""
        total = sum(count for count, _, _ in self.bins)
        return sum(count * abs(score - right) for count, score, right in self.bins) / total if total else 0.0


def reliability(scored: Iterable[tuple[float, bool]]) -> Reliability:
    """Bins of width .1 over (score, is right) of non-null beads.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks, eq. 3.

    >>> reliability([(0.9, True), (0.92, True), (0.95, False)]).bins[9]
    (3, 0.9233333333333333, 0.6666666666666666)
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for score, right in scored:
        bins[min(9, int(score * 10))].append((score, right))
    return Reliability(
        tuple(
            (len(b), sum(s for s, _ in b) / len(b), sum(r for _, r in b) / len(b)) if b else (0, 0.0, 0.0) for b in bins
        )
    )
