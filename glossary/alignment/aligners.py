"""The four aligners behind one interface, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from glossary.alignment.confidence import bead_scores
from glossary.alignment.galechurch import length_path
from glossary.alignment.lattice import Path
from glossary.alignment.model import Model, load_weights
from glossary.alignment.passes import (
    TextPair,
    bead_priors,
    first_windows,
    read_pair,
    score_beads,
    second_pair,
    settle,
    unrelated,
    windows_around,
)
from glossary.alignment.structure import NO_STRUCTURE, Structure, clipped, with_structure
from glossary.embedding import load_encoder
from glossary.language import base_language, is_chinese
from glossary.lexicon import PairLexicon, load_cedict


@dataclass(frozen=True, slots=True)
class Outcome:
    """Bead shapes in order and a score in 0..1 for each; null beads have 0."""

    path: Path
    scores: list[float]
    signature: str  # what decided it besides the version: weights, encoder, dictionary


class Aligner(Protocol):
    """Aligns two texts of sentences. Both have at least one sentence; the result tiles both."""

    def __call__(
        self, source: Sequence[str], target: Sequence[str], languages: tuple[str, str], *,
        encoder: str, extra: Sequence[PairLexicon], structure: Structure | None,
    ) -> Outcome:  # fmt: skip
        """The best path of beads."""
        ...


def _swapped(languages: tuple[str, str]) -> bool:
    """True when the texts must change places: Chinese goes first, other languages in the order of their tags.

    So both directions see the same texts in the same order, and give the same beads.
    """
    first, second = (base_language(lang) for lang in languages)
    return (not is_chinese(first), first) > (not is_chinese(second), second)


def _is_chinese_english(languages: tuple[str, str]) -> bool:
    return {base_language(lang) for lang in languages} == {"zh", "en"}


@dataclass(frozen=True, slots=True)
class LearnedAligner:
    """Two passes of the learnt model over the evidence it is allowed to see.

    Needs: `combined` and `embedding` the encoder's languages, any pair; `lexical` a dictionary (Chinese-English) or
    related languages with cognates. Limits: beads of types in features.TYPES only; no crossing beads.
    """

    variant: str  # combined, embedding, lexical
    use_encoder: bool
    use_words: bool

    def __call__(
        self, source: Sequence[str], target: Sequence[str], languages: tuple[str, str], *,
        encoder: str = "use", extra: Sequence[PairLexicon] = (), structure: Structure | None = None,
    ) -> Outcome:  # fmt: skip
        """See Aligner."""
        if _swapped(languages):
            layout = structure.turned() if structure else None
            turned = self(target, source, (languages[1], languages[0]), encoder=encoder, extra=extra, structure=layout)
            return Outcome([(b, a) for a, b in turned.path], turned.scores, turned.signature)
        weights = load_weights()
        with_english = _is_chinese_english(languages)
        lexicon = load_cedict() if with_english and self.use_words else None
        words = self.use_words and (with_english or not is_chinese(languages[0]))  # else Chinese has no words to match
        chosen = load_encoder(encoder if self.use_encoder else "none")
        name = weights.variant(self.variant, encoded=chosen.dimension > 0, chinese=with_english)
        pair = read_pair(
            source, target, languages, encoder=chosen, lexicon=lexicon, use_words=words or bool(extra), extra=extra
        )
        path, scores = two_passes(pair, weights.models[name], weights.calibration[name], structure or NO_STRUCTURE)
        signed = [f"weights:{weights.signature}", name, chosen.signature]
        signed += [lexicon.signature] if lexicon else []
        return Outcome(path, scores, "+".join([*signed, *(pairs.signature for pairs in extra)]))


def two_passes(
    pair: TextPair, models: tuple[Model, Model], calibration: tuple[float, float], layout: Structure
) -> tuple[Path, list[float]]:
    """The path that the second model finds along the first one's, and the scores of its beads."""
    n, m = pair.evidence.n, pair.evidence.m
    windows = clipped(first_windows(pair), layout.pins, m)
    path, _ = settle(with_structure(layout, score_beads(pair.evidence, windows, models[0], {})), models[0], n, m)
    if unrelated(pair.evidence, path):
        return [(1, 0)] * n + [(0, 1)] * m, [0.0] * (n + m)
    pair = second_pair(pair, path)
    windows = clipped(windows_around(path, n, m), layout.pins, m)
    scored = with_structure(layout, score_beads(pair.evidence, windows, models[1], bead_priors(path)))
    path, rates = settle(scored, models[1], n, m)
    return path, bead_scores(scored, models[1], rates, path, calibration)


@dataclass(frozen=True, slots=True)
class LengthAligner:
    """Gale and Church's aligner: sentence lengths alone, any pair of languages.

    Limits: knows 1-1, 1-0, 2-1 and 2-2; loses its way after a long insertion.
    """

    def __call__(
        self, source: Sequence[str], target: Sequence[str], languages: tuple[str, str], *,
        encoder: str = "none", extra: Sequence[PairLexicon] = (), structure: Structure | None = None,
    ) -> Outcome:  # fmt: skip
        """See Aligner; encoder and extra are not used."""
        path, scores = length_path(source, target, structure.pins if structure else ())
        return Outcome(path, scores, "gale-church-1993")


ALIGNERS: dict[str, Aligner] = {
    "combined": LearnedAligner("combined", use_encoder=True, use_words=True),
    "embedding": LearnedAligner("embedding", use_encoder=True, use_words=False),
    "lexical": LearnedAligner("lexical", use_encoder=False, use_words=True),
    "length": LengthAligner(),
}
"""Aligners by name."""
