"""Subtitles (SubRip, WebVTT, Advanced SubStation Alpha) as text: sentences that run over cues are one paragraph.

Times, cue numbers, tags, styles and comments are left out. A cue in two languages gives each its own paragraph; a line
that starts with a dash is another speaker. Where a language is written without stops, as Chinese subtitles are, a cue
is a paragraph.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from glossary.documents.decoding import decode
from glossary.documents.extracted import Block, Extract, composed, unbroken
from glossary.documents.limits import MAX_CUES
from glossary.errors import DocumentError
from glossary.language import han_share, join_segments

MAX_JOINED = 12
"""Cues of one paragraph: a sentence hardly runs longer, so the stop was forgotten. A choice, not measured."""

MIN_STOPPED = 0.3
"""Share of cues that end in a stop from which a language is written with stops. A choice, not measured."""

_TIMES = re.compile(r"^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?[ \t]*-->[ \t]*\d{1,3}:\d{1,2}")
_DIALOGUE = re.compile(r"^Dialogue:[^,]*,\s*(\d+):(\d+):(\d+)[.,](\d+)((?:,[^,]*){7}),(.*)$")
_DRAWING = re.compile(r"\{[^}]*\\p[1-9]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>|<[\d:.]+>|\{\\[^{}]{0,500}\}")
_DASH = re.compile(r"\s*[-–—‐]+\s*(?=\S)")
_STOP = re.compile(r"[.!?…。！？♪♫][\"'”’」』)）\]]*$|[\])）♪♫]$")
_COMMA = re.compile(r"[,，、;；:：]$")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a cue, its place among all lines; a line that starts with a dash opens a paragraph."""

    text: str
    cue: int
    place: int
    opens: bool = False


def read(raw: bytes, name: str, encoding: str | None) -> Extract:
    """The text of a subtitle file.

    Raises: DocumentError for a file that cannot be decoded, holds no cue, or holds more than MAX_CUES.
    """
    text = decode(raw, name=name, encoding=encoding)
    lines = text.splitlines()
    if name.lower().endswith((".ass", ".ssa")):
        cues = list(_ass(lines))
    else:
        cues = list(_timed(lines, is_vtt=text.lstrip().startswith("WEBVTT")))
    if not cues:
        raise DocumentError(f"{name}: no subtitles in it; give a .srt, .vtt or .ass file with timed lines")
    if len(cues) > MAX_CUES:
        raise DocumentError(f"{name}: {len(cues):,} cues, at most {MAX_CUES:,} are read; cut it into parts")
    ordered = [content for _, content in sorted(cues, key=lambda cue: cue[0])]
    return Extract(composed(_paragraphs(ordered)), "subtitles")


_Cue = tuple[int, list[str]]  # when it starts in milliseconds, its lines


def _timed(lines: list[str], *, is_vtt: bool) -> Iterator[_Cue]:
    """The cues of SubRip and WebVTT: what stands between two lines of times, without the number or name before them."""
    marks = [(i, match) for i, line in enumerate(lines) if (match := _TIMES.match(line))]
    ends = [*(i for i, _ in marks[1:]), len(lines)]
    last = ""
    for (at, match), end in zip(marks, ends, strict=False):
        content = [line.strip() for line in lines[at + 1 : end]]
        if is_vtt:
            content = content[: content.index("")] if "" in content else content
            content = [html.unescape(line) for line in content]
        elif end < len(lines) and content and content[-1].isdigit():
            content.pop()
        clean = _clean(content)
        if is_vtt and len(clean) > 1 and clean[0] == last:  # rolled-up captions show the last line again
            clean = clean[1:]
        last = clean[-1] if clean else ""
        yield _milliseconds(match), clean


def _ass(lines: Iterable[str]) -> Iterator[_Cue]:
    for line in lines:
        match = _DIALOGUE.match(line)
        if match and not _DRAWING.search(match[6]):
            yield _milliseconds(match), _clean(re.split(r"\\[Nn]", match[6].replace("\\h", " ")))


def _milliseconds(match: re.Match[str]) -> int:
    hours, minutes, seconds, rest = match.groups()[:4]
    return (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int((rest or "0").ljust(3, "0"))


def _clean(lines: Iterable[str]) -> list[str]:
    """The lines without tags and without empty ones."""
    return [text for line in lines if (text := unbroken(_TAG.sub("", line)))]


def _paragraphs(cues: list[list[str]]) -> list[Block]:
    """The paragraphs of all cues, by where they start; each language is joined for itself."""
    streams: dict[bool, list[_Line]] = {False: [], True: []}
    chinese = False
    for number, cue in enumerate(cues):
        for text in cue:
            dash = _DASH.match(text)
            if re.search(r"[^\W\d_]", text):
                chinese = han_share(text) >= 0.5
            place = len(streams[False]) + len(streams[True])
            streams[chinese].append(_Line(text[dash.end() :] if dash else text, number, place, dash is not None))
    made = [found for is_han, stream in streams.items() for found in _joined(stream, is_han=is_han)]
    return [Block(text) for _, text in sorted(made)]


@dataclass(slots=True)
class _Open:
    first: _Line
    last: int  # its last cue
    texts: list[str] = field(default_factory=list)

    def closed(self, *, spaced: bool) -> tuple[int, str]:
        return self.first.place, " ".join(self.texts) if spaced else join_segments(self.texts)


def _joined(stream: list[_Line], *, is_han: bool) -> Iterator[tuple[int, str]]:
    """The lines of one language as paragraphs, each with the place of its first line."""
    lasts = list({line.cue: line.text for line in stream}.values())
    stopped = sum(bool(_STOP.search(text)) for text in lasts) >= MIN_STOPPED * len(lasts)
    spaced = is_han and not stopped  # a space stands for the stop that is not written
    current: _Open | None = None
    for line in stream:
        if current is not None and not _goes_on(current, line, stopped=stopped):
            yield current.closed(spaced=spaced)
            current = None
        if current is None:
            current = _Open(line, line.cue)
        current.texts.append(line.text)
        current.last = line.cue
    if current is not None:
        yield current.closed(spaced=spaced)


def _goes_on(current: _Open, line: _Line, *, stopped: bool) -> bool:
    text = current.texts[-1]
    if line.opens or line.cue - current.first.cue >= MAX_JOINED:
        return False
    if line.cue == current.last:
        return True
    if _STOP.search(text):
        return False
    return stopped or line.text[:1].islower() or _COMMA.search(text) is not None
