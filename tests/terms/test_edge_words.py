"""The first and last word of a span, and what they say against it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from glossary.errors import TermError
from glossary.terms import edge_words
from glossary.terms.edge_words import CLASSES, UNKNOWN, WHOLE, EdgeWords, count_classes

TEXT = "基于循环神经网络的固定闭塞系统中"
WORDS = {"循环", "神经", "神经网络", "网络", "系统"}


def _class(number: int) -> str:
    return {UNKNOWN: "unknown", WHOLE: "whole"}.get(number) or CLASSES[number]


def _edges(span: str) -> tuple[int, str, int, str]:
    start = TEXT.index(span)
    found = EdgeWords(["前文", TEXT], WORDS.__contains__)(
        np.array([1]), np.array([start]), np.array([start + len(span)])
    )
    first, opens, last, closes = (int(own[0]) for own in found)
    return first, _class(opens), last, _class(closes)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("基于循环神经网络", (2, "preposition", 4, "noun")),
        ("神经网络", (4, "whole", 4, "whole")),
        ("神经网", (2, "noun", 1, "unknown")),
        ("系统中", (2, "noun", 1, "localiser")),
        ("中", (1, "whole", 1, "whole")),
    ],
)
def test_a_span_has_a_first_and_a_last_word(span: str, expected: tuple[int, str, int, str]) -> None:
    assert _edges(span) == expected


def test_no_text_has_no_words() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert [len(own) for own in EdgeWords([], WORDS.__contains__)(nothing, nothing, nothing)] == [0, 0, 0, 0]


def test_only_words_that_are_no_nouns_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / edge_words.CLASSES_FILE
    path.write_bytes(count_classes(["基于 100 p", "网络 100 n", "称为 1 v", "采用 50 v"]))
    monkeypatch.setattr(edge_words, "files", lambda package: tmp_path)
    edge_words.word_classes.cache_clear()
    try:
        assert {w: CLASSES[n] for w, n in edge_words.word_classes().items()} == {
            "基于": "preposition",
            "采用": "verb",
        }
        path.write_bytes(b"damaged")
        edge_words.word_classes.cache_clear()
        with pytest.raises(TermError, match="install the package again"):
            edge_words.word_classes()
    finally:
        edge_words.word_classes.cache_clear()
