"""Segments of two languages in, a Bitext of scored beads out: `align`. This docstring is the room's manual.

    bitext = align(source_segments, target_segments)
    tallies = evaluate_folder(Path("gold"), aligner="combined").total.strict.f1

The way: sentences are encoded once (glossary.embedding) and looked up in a dictionary (glossary.lexicon) -> a corridor
of possible pairs (corridor.py) -> features of every bead in it (features.py, cover.py, marks.py) -> a learnt score
(model.py, weights.json) -> the best path through a lattice (lattice.py). A second pass looks again along the first
path, with the word pairs that path induced, the text's own shares of bead types and of untranslated sentences
(passes.py). Scores are posterior probabilities (confidence.py). The Chinese text always goes first inside, so both
directions give the same beads.

Aligners, by name in ALIGNERS: `combined` (default); `embedding` (no dictionary); `lexical` (no encoder); `length` (Gale
and Church). Languages: Chinese-English uses CC-CEDICT; any other pair of the encoder's 16 languages uses embedding,
length, numbers and cognates.

Limits: beads do not cross; a bead has at most 7 sentences on a side. Training: `python -m glossary.alignment.training`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glossary.alignment.aligners import ALIGNERS, Aligner, Outcome
    from glossary.alignment.editing import AlignmentEdit, apply_edit, replay
    from glossary.alignment.evaluation import (
        DocumentFigures,
        Evaluation,
        Figures,
        WrongBead,
        evaluate_folder,
    )
    from glossary.alignment.golden import GoldBead, GoldPair, find_gold, parse_gold, read_gold
    from glossary.alignment.scoring import Reliability, Tally, by_type, lax, reliability, strict, vecalign
    from glossary.datamodel import Bitext, Segment
    from glossary.lexicon import PairLexicon

__all__ = [
    "ALIGNERS",
    "Aligner",
    "AlignmentEdit",
    "DocumentFigures",
    "Evaluation",
    "Figures",
    "GoldBead",
    "GoldPair",
    "Outcome",
    "Reliability",
    "Tally",
    "WrongBead",
    "align",
    "apply_edit",
    "by_type",
    "evaluate_folder",
    "find_gold",
    "gold_beads",
    "lax",
    "parse_gold",
    "read_gold",
    "reliability",
    "replay",
    "strict",
    "vecalign",
]

_HOMES = {
    **dict.fromkeys(("AlignmentEdit", "apply_edit", "replay"), "editing"),
    **dict.fromkeys(("ALIGNERS", "Aligner", "Outcome"), "aligners"),
    **dict.fromkeys(("DocumentFigures", "Evaluation", "Figures", "WrongBead", "evaluate_folder"), "evaluation"),
    **dict.fromkeys(("GoldBead", "GoldPair", "find_gold", "parse_gold", "read_gold"), "golden"),
    **dict.fromkeys(("Reliability", "Tally", "by_type", "lax", "reliability", "strict", "vecalign"), "scoring"),
}


def __getattr__(name: str) -> object:
    """What stands in __all__, imported when first asked for: importing the room loads neither numpy nor weights."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def align(
    source: Sequence[Segment], target: Sequence[Segment], *, aligner: str = "combined", min_score: float = 0.0,
    encoder: str = "use", lexicon: PairLexicon | None = None, anchors: str | None = None,
) -> Bitext:  # fmt: skip
    """A Bitext whose beads tile both sides in order; null beads score 0.0, all others 0..1.

    Segments are article text only, in order; their languages are read from the first of each side. `lexicon` holds the
    user's own term pairs, `anchors` a regular expression for lines that must start together on both sides. Beads that
    score under `min_score` come back as null beads. Deterministic, and the same whichever side is called source.
    Time and memory are linear in the number of segments: about 2 ms each.

    Raises: AlignmentError for an unknown aligner, a min_score outside 0..1, or an anchor expression that is malformed
    or matches a different number of segments on the two sides; ConfigError for an unknown encoder.

    >>> from glossary.datamodel import Segment
    >>> en = [Segment("a", i, "en", t, 0, 0) for i, t in enumerate(["He bought a horse.", "It was white."])]
    >>> zh = [Segment("b", i, "zh-Hans", t, 0, 0) for i, t in enumerate(["他买了一匹马，是白色的。"])]
    >>> [(list(b.source), list(b.target)) for b in align(en, zh).beads]
    [([0, 1], [0])]
    """
    from glossary.alignment.aligning import align_segments

    return align_segments(
        source, target, aligner=aligner, min_score=min_score, encoder=encoder, lexicon=lexicon, anchors=anchors
    )


def gold_beads(bitext: Bitext) -> list[GoldBead]:
    """The beads of a Bitext as tuples of segment numbers, the form gold files and scorers use."""
    return [(tuple(bead.source), tuple(bead.target)) for bead in bitext.beads]
