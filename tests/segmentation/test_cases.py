"""Hard cases of sentence segmentation, one expected sentence a line; the files say how a case is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from glossary.segmentation.chinese import chinese_sentences
from glossary.segmentation.english import english_sentences

CASES = Path(__file__).parent.parent / "cases" / "segmentation"
SPLITTERS: dict[str, tuple[Callable[[str], list[tuple[int, int]]], str]] = {
    "en": (english_sentences, " "),
    "zh": (chinese_sentences, ""),
}


def load(language: str) -> list[tuple[list[str], str]]:
    """(expected lines, reason why it fails or '') of each case."""
    found = []
    for block in (CASES / f"{language}.txt").read_text("utf-8").split("\n\n"):
        reason = block.partition("# known failure:")[2].split("\n")[0].strip()
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        if lines:
            found.append((lines, reason))
    return found


def params(language: str) -> list[object]:
    return [
        pytest.param(lines, id=lines[0][:40], marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else [])
        for lines, reason in load(language)
    ]


def split(lines: list[str], language: str) -> list[str]:
    splitter, joint = SPLITTERS[language]
    text = joint.join(lines).replace("⏎" + joint, "\n")
    return [text[start:end] for start, end in splitter(text)]


@pytest.mark.parametrize("lines", params("en"))
def test_english_case_is_cut_where_a_reader_cuts_it(lines: list[str]) -> None:
    assert split(lines, "en") == lines


@pytest.mark.parametrize("lines", params("zh"))
def test_chinese_case_is_cut_where_a_reader_cuts_it(lines: list[str]) -> None:
    assert split(lines, "zh") == [line.rstrip("⏎") for line in lines]
