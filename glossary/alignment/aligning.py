"""What the door's `align` does: choose the aligner, run it, and make a Bitext of its outcome."""

from __future__ import annotations

from collections.abc import Sequence

from glossary import __version__
from glossary.alignment.aligners import ALIGNERS, Outcome
from glossary.alignment.structure import structure_of
from glossary.datamodel import Bead, Bitext, Segment
from glossary.errors import AlignmentError, unknown
from glossary.lexicon import PairLexicon


def align_segments(
    source: Sequence[Segment], target: Sequence[Segment], *, aligner: str, min_score: float, encoder: str,
    lexicon: PairLexicon | None, anchors: str | None,
) -> Bitext:  # fmt: skip
    """See glossary.alignment.align."""
    if aligner not in ALIGNERS:
        raise AlignmentError(unknown("aligner", aligner, ALIGNERS))
    if not 0.0 <= min_score <= 1.0:
        raise AlignmentError(f"min_score is {min_score}, not between 0 and 1")
    structure = structure_of(source, target, anchors)
    if source and target:
        outcome = ALIGNERS[aligner](
            [s.text for s in source], [t.text for t in target], (source[0].lang, target[0].lang),
            encoder=encoder, extra=[lexicon] if lexicon else [], structure=structure,
        )  # fmt: skip
    else:
        outcome = Outcome([(1, 0)] * len(source) + [(0, 1)] * len(target), [0.0] * (len(source) + len(target)), "empty")
    beads = _beads(outcome, min_score)
    settings = f"min_score:{min_score:g}" + (f"+anchors:{anchors}" if anchors else "")
    signature = f"glossary:{__version__}+{aligner}+{outcome.signature}+{settings}"
    return Bitext(tuple(source), tuple(target), tuple(beads), signature)


def _beads(outcome: Outcome, min_score: float) -> list[Bead]:
    beads: list[Bead] = []
    i = j = 0
    for (a, b), score in zip(outcome.path, outcome.scores, strict=True):
        if a and b and score < min_score:
            beads += [Bead(range(k, k + 1), range(j, j), 0.0) for k in range(i, i + a)]
            beads += [Bead(range(i + a, i + a), range(k, k + 1), 0.0) for k in range(j, j + b)]
        else:
            beads.append(Bead(range(i, i + a), range(j, j + b), score if a and b else 0.0))
        i, j = i + a, j + b
    return beads
