"""Subtitles: cues to sentences, in one language or two."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.documents import read_document
from glossary.errors import DocumentError
from glossary.segmentation import segment


def srt(*cues: str) -> str:
    return "\n".join(f"{i}\n00:00:{i:02d},000 --> 00:00:{i:02d},900\n{cue}\n" for i, cue in enumerate(cues, 1))


def paragraphs(folder: Path, text: str, name: str = "a.srt") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    document = read_document(folder / name)
    assert document.kind == "subtitles"
    return document.text.split("\n\n")


def test_a_sentence_over_several_cues_is_one_paragraph_without_times_and_tags(tmp_path: Path) -> None:
    text = srt(
        "<i>The harbour\nkeeps</i> a {\\an8}ledger", 'of every <font color="#fff">container.</font>', "It is 12:30."
    )
    assert paragraphs(tmp_path, text) == ["The harbour keeps a ledger of every container.", "It is 12:30."]


def test_chinese_without_stops_stays_a_paragraph_a_cue(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, srt("我知道你在想什么", "但是这不可能", "你看，\n港口在那里")) == [
        "我知道你在想什么", "但是这不可能", "你看， 港口在那里",
    ]  # fmt: skip


def test_both_languages_of_a_cue_are_joined_for_themselves(tmp_path: Path) -> None:
    text = srt("港口有一本\nThe harbour keeps", "很旧的账本。\na very old ledger.", "是的。\nYes.")
    assert paragraphs(tmp_path, text) == [
        "港口有一本很旧的账本。",
        "The harbour keeps a very old ledger.",
        "是的。",
        "Yes.",
    ]


def test_a_dash_opens_the_line_of_another_speaker(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, srt("- Who wrote it\n- Nobody did.")) == ["Who wrote it", "Nobody did."]


def test_a_subtitle_without_a_stop_is_no_heading(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(srt("但是这不可能", "Not at all"), encoding="utf-8")
    assert {s.role for s in segment(read_document(tmp_path / "a.srt"))} == {"body"}


def test_webvtt_names_notes_and_styles_are_left_out(tmp_path: Path) -> None:
    text = """WEBVTT - title

STYLE
::cue { color: red }

NOTE by hand

opening
00:01.000 --> 00:02.000 align:start
<v Mary>Hello <c.loud>you</c> &amp; <00:01.500>me.

00:00:03.000 --> 00:00:04.000
Hello you & me.
Rolled up.
"""
    assert paragraphs(tmp_path, text, "a.vtt") == ["Hello you & me.", "Rolled up."]


def test_substation_styles_and_drawings_are_left_out_and_times_order(tmp_path: Path) -> None:
    text = """[Script Info]
Title: x
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,Later, much later.
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}First{\\i0} of all.\\N你好。
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9
Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,A remark.
"""
    assert paragraphs(tmp_path, text, "a.ass") == ["First of all.", "你好。", "Later, much later."]


def test_a_number_in_a_subtitle_is_text_and_its_own_number_is_not(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, srt("In the year", "2022.")) == ["In the year 2022."]


def test_a_file_without_cues_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no subtitles"):
        paragraphs(tmp_path, "Just text.")
