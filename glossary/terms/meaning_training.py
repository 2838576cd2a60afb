"""Learns the two directions of `meaning` from labelled pages.

The trees must see on the pages they learn from what they will see on new ones, so the columns of a page come from
directions that were learnt without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.terms.meaning import MEANING_FEATURES, Meaning, PairVectors, Vectors
from glossary.terms.ridge import ridge_logistic

Floats = NDArray[np.float64]

RIDGE = 3.0
"""Ridge weight of a direction, chosen over 3 and 12 on pages left out."""

PARTS = 4
"""Parts the pages are dealt into: the columns of a part come from directions learnt on the others; set by hand."""


class Lesson(NamedTuple):
    """A page's pairs: vectors, whether the labels hold the English, whether they hold the pair; shapes (pairs,)."""

    vectors: PairVectors
    source: Floats
    pair: Floats


def fit_meaning(lessons: Sequence[Lesson]) -> Meaning:
    """The directions that tell term from no term over all pages."""
    source = _direction([one.vectors.source for one in lessons], [one.source for one in lessons])
    target = _direction([one.vectors.target for one in lessons], [one.pair for one in lessons])
    made = Meaning(source, target, np.zeros(len(MEANING_FEATURES)))
    return replace(made, usual=np.vstack([made(one.vectors) for one in lessons]).mean(axis=0))


def crossed(lessons: Sequence[Lesson]) -> list[Floats]:
    """The MEANING_FEATURES of every page, from directions that did not see it."""
    if len(lessons) < PARTS:
        raise ValueError(f"{len(lessons)} labelled pages, {PARTS} are the least to learn from")
    made: dict[int, Floats] = {}
    for part in range(PARTS):
        meaning = fit_meaning([one for at, one in enumerate(lessons) if at % PARTS != part])
        made.update({at: meaning(lessons[at].vectors) for at in range(part, len(lessons), PARTS)})
    return [made[at] for at in range(len(lessons))]


def _direction(vectors: Sequence[Vectors], targets: Sequence[Floats]) -> Floats:
    return ridge_logistic(np.vstack(vectors).astype(np.float64), np.concatenate(targets), RIDGE)
