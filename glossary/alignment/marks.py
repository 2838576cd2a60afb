"""What the punctuation of a sentence says: how it ends, and where quotations open and close."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENDINGS = ("none", "stop", "question", "exclamation", "colon", "comma", "ellipsis")
_CLASS = {
    **dict.fromkeys(".。．｡", 1), **dict.fromkeys("?？", 2), **dict.fromkeys("!！", 3), **dict.fromkeys(":：", 4),
    **dict.fromkeys(",，、;；-—–", 5), **dict.fromkeys("…⋯", 6),
}  # fmt: skip
_OPEN = set("“‘「『«〈《")
_CLOSE = set("”’」』»〉》")
_CLAUSE = re.compile("[,，、;；:：.。?？!！—–…]+")
_TRAILING = re.compile("[\\s\"'”’」』»）)\\]〉》*_]+$")


@dataclass(frozen=True)
class Marks:
    """Marks per sentence of one text, all arrays (n,)."""

    ending: NDArray[np.int8]  # index into ENDINGS
    opens: NDArray[np.bool_]  # begins with an opening quotation mark
    closes: NDArray[np.bool_]  # ends with a closing quotation mark
    quotes: NDArray[np.float32]  # quotation marks in it
    balance: NDArray[np.float32]  # opening minus closing marks
    clauses: NDArray[np.float32]  # commas, semicolons, dashes and stops in it, at least 1
    length: NDArray[np.float32]  # characters without spaces, at least 1


def ending_of(text: str) -> int:
    """How a sentence ends, as an index into ENDINGS; closing quotes and brackets do not count.

    >>> [ENDINGS[ending_of(t)] for t in ('"Why?"', "他说：", "“好……”", "Chapter 1")]
    ['question', 'colon', 'ellipsis', 'none']
    """
    bare = _TRAILING.sub("", text)
    if bare.endswith("..."):
        return 6
    return _CLASS.get(bare[-1:], 0)


def _quote_shape(text: str) -> tuple[bool, bool, int, int]:
    """Opens, closes, number of marks, balance. Straight quotes open after a space or at the start, close otherwise."""
    opening = closing = 0
    for at, char in enumerate(text):
        before, after = text[at - 1] if at else " ", text[at + 1 : at + 2]
        if char in '"＂' or (char == "'" and not (before.isalpha() and after.isalpha())):
            if before.isspace() or before in "([—-“‘":
                opening += 1
            else:
                closing += 1
        elif char in _OPEN:
            opening += 1
        elif char in _CLOSE and not (char == "’" and before.isalpha() and after.isalpha()):
            closing += 1
    bare = text.strip()
    opens = bare[:1] in _OPEN or bare[:1] in {'"', "'", "＂"}
    closes = bare[-1:] in _CLOSE or bare[-1:] in {'"', "'", "＂"}
    return opens, closes, opening + closing, opening - closing


def marks_of(texts: Sequence[str]) -> Marks:
    """The marks of every sentence of a text.

    >>> marks = marks_of(['"Go," he said.', "“走吧。”"])
    >>> marks.opens.tolist(), marks.closes.tolist(), marks.quotes.tolist()
    ([True, True], [False, True], [2.0, 2.0])
    """
    shapes = [_quote_shape(text[:2000]) for text in texts]
    columns = list(zip(*shapes, strict=True)) if shapes else [(), (), (), ()]
    return Marks(
        ending=np.array([ending_of(text) for text in texts], np.int8),
        opens=np.array(columns[0], np.bool_),
        closes=np.array(columns[1], np.bool_),
        quotes=np.array(columns[2], np.float32),
        balance=np.array(columns[3], np.float32),
        clauses=np.array([max(1, len(_CLAUSE.findall(text[:2000]))) for text in texts], np.float32),
        length=np.array([max(1, len("".join(text.split()))) for text in texts], np.float32),
    )
