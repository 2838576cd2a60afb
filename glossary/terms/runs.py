"""Arrays that hold one group after the other: where groups begin, which member of its group a value is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def before(counts: Ints) -> Ints:
    """How many come before each group of so many.

    >>> before(np.array([2, 3])).tolist()
    [0, 2]
    """
    return np.cumsum(counts) - counts


def runs(first: Ints, counts: Ints) -> Ints:
    """The numbers first, first + 1, ... of every group of so many.

    >>> runs(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    return np.arange(int(counts.sum())) + np.repeat(first - before(counts), counts)


def turn(keys: Ints) -> Ints:
    """How many of the keys right before each one are the same.

    >>> turn(np.array([5, 7, 7, 7])).tolist()
    [0, 0, 1, 2]
    """
    new = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])
    return np.arange(len(keys)) - np.repeat(new, np.diff(np.append(new, len(keys))))
