"""The first and last word of a span, and what they say against it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from glossary.errors import TermError
from glossary.terms import shipped, span_words
from glossary.terms.span_words import CLASSES, NOTHING, UNKNOWN, SpanWords, count_classes

TEXT = "基于循环神经网络的固定闭塞系统中"
WORDS = {"循环", "神经", "神经网络", "网络", "系统"}


def _class(number: int) -> str:
    return {UNKNOWN: "unknown", NOTHING: "nothing"}.get(number) or CLASSES[number]


def _edges(span: str) -> tuple[int, str, int, str]:
    start = TEXT.index(span)
    found = SpanWords(["前文", TEXT], WORDS.__contains__)(
        np.array([1]), np.array([start]), np.array([start + len(span)])
    )
    first, opens, last, closes = (int(own[0]) for own in found)
    return first, _class(opens), last, _class(closes)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("基于循环神经网络", (2, "preposition", 4, "noun")),
        ("神经网络", (4, "nothing", 4, "nothing")),
        ("神经网", (2, "noun", 1, "unknown")),
        ("系统中", (2, "noun", 1, "localiser")),
        ("中", (1, "nothing", 1, "nothing")),
    ],
)
def test_a_span_has_a_first_and_a_last_word(span: str, expected: tuple[int, str, int, str]) -> None:
    assert _edges(span) == expected


def test_words_stand_before_and_after_a_span() -> None:
    words = SpanWords(["前文", TEXT, "后文"], WORDS.__contains__)
    places = [(TEXT.index(span), TEXT.index(span) + len(span)) for span in ("循环神经网络", TEXT)]
    start, end = np.array(places).T
    shown = [[int(one) for one in own] for own in words.around(np.array([1, 1]), start, end)]
    assert shown[0] == [2, 0]
    assert [_class(one) for one in shown[1]] == ["preposition", "nothing"]
    assert shown[2] == [1, 0]
    assert [_class(one) for one in shown[3]] == ["particle", "nothing"]


def test_no_text_has_no_words() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert [len(own) for own in SpanWords([], WORDS.__contains__)(nothing, nothing, nothing)] == [0, 0, 0, 0]


def test_only_words_that_are_no_nouns_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / span_words.CLASSES_FILE
    path.write_bytes(count_classes(["基于 100 p", "网络 100 n", "称为 1 v", "采用 50 v"]))
    monkeypatch.setattr(shipped, "files", lambda package: tmp_path)
    span_words.word_classes.cache_clear()
    try:
        assert {w: CLASSES[n] for w, n in span_words.word_classes().items()} == {
            "基于": "preposition",
            "采用": "verb",
        }
    finally:
        span_words.word_classes.cache_clear()


@pytest.mark.parametrize("cut", [0, 7, 200, -40])
def test_a_damaged_file_is_told_in_one_line(cut: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = count_classes(["基于 100 p", "采用 50 v"])
    (tmp_path / "words.npz").write_bytes(whole[:cut])
    monkeypatch.setattr(shipped, "files", lambda package: tmp_path)
    with pytest.raises(TermError, match="install the package again"):
        shipped.shipped_arrays("words.npz", "verb", "preposition")
