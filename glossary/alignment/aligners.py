"""The four aligners behind one interface, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from glossary.alignment.confidence import bead_scores
from glossary.alignment.galechurch import length_path
from glossary.alignment.lattice import Path
from glossary.alignment.model import load_weights
from glossary.alignment.passes import (
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
    """True when the texts must change places: a model sees the Chinese text first."""
    return is_chinese(languages[1]) and not is_chinese(languages[0])


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
        n, m = len(source), len(target)
        first, second = weights.models[name]
        layout = structure or NO_STRUCTURE
        windows = clipped(first_windows(pair), layout.pins, m)
        path, _ = settle(with_structure(layout, score_beads(pair.evidence, windows, first, {})), first, n, m)
        if unrelated(pair.evidence, path):
            path = [(1, 0)] * n + [(0, 1)] * m
            return Outcome(path, [0.0] * len(path), f"weights:{weights.signature}+{name}+{chosen.signature}+unrelated")
        pair = second_pair(pair, path)
        windows = clipped(windows_around(path, n, m), layout.pins, m)
        scored = with_structure(layout, score_beads(pair.evidence, windows, second, bead_priors(path)))
        path, rates = settle(scored, second, n, m)
        scores = bead_scores(scored, second, rates, path, weights.calibration[name])
        signed = [f"weights:{weights.signature}", name, chosen.signature]
        signed += [lexicon.signature] if lexicon else []
        return Outcome(path, scores, "+".join([*signed, *(pairs.signature for pairs in extra)]))


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
        path, scores = length_path(source, target)
        return Outcome(path, scores, "gale-church-1993")


ALIGNERS: dict[str, Aligner] = {
    "combined": LearnedAligner("combined", use_encoder=True, use_words=True),
    "embedding": LearnedAligner("embedding", use_encoder=True, use_words=False),
    "lexical": LearnedAligner("lexical", use_encoder=False, use_words=True),
    "length": LengthAligner(),
}
"""Aligners by name."""
