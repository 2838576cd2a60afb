"""A bitext seen as English and Chinese texts per bead, with the way back to document offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from glossary.datamodel import Bitext, Segment
from glossary.errors import TermError
from glossary.language import base_language, is_chinese
from glossary.terms.article import BeadPair

MARKUP_SIGN = "|"

_MARKUP = re.compile(
    r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s\"[^\"]*\")?\)"  # ](target)
    r"|\{#[\w-]+\}|https?://[^\s，。；、）】》]+|www\.[^\s，。；、）】》]+|\*\*|__|`|\[(?=[^\[\]]*\]\()|</?[A-Za-z][^<>]*>"
)


@dataclass(frozen=True, slots=True)
class Side:
    """The segments of one side of a bead, a line break between them, so that no term reaches over two."""

    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """The segments' texts, one a line."""
        return "\n".join(s.text for s in self.segments)

    def offsets(self, start: int, end: int) -> tuple[int, int] | None:
        """Document offsets of text[start:end], None when it reaches over two segments."""
        at = 0
        for segment in self.segments:
            if at <= start and end <= at + len(segment.text):
                return segment.start + start - at, segment.start + end - at
            at += len(segment.text) + 1
        return None


@dataclass(frozen=True, slots=True)
class BeadSides:
    """One bead: its number, its English and Chinese side; a null bead has one of them empty."""

    number: int
    english: Side
    chinese: Side
    score: float


def english_and_chinese(bitext: Bitext) -> tuple[list[BeadSides], bool]:
    """Every bead of a bitext as English and Chinese, and whether English is the source.

    Raises: TermError for a language pair other than English and Chinese.
    """
    langs = {base_language(s.lang) for s in (*bitext.source, *bitext.target)}
    if langs - {"en", "zh"}:
        listed = ", ".join(sorted(langs))
        raise TermError(f"terms are extracted from English and Chinese; this text is in {listed}")
    english_first = not is_chinese(bitext.source_lang) if bitext.source else is_chinese(bitext.target_lang)
    beads = []
    for number, bead in enumerate(bitext.beads):
        source = Side(_cut(bitext.source, bead.source))
        target = Side(_cut(bitext.target, bead.target))
        english, chinese = (source, target) if english_first else (target, source)
        beads.append(BeadSides(number, english, chinese, bead.score))
    return beads, english_first


def _cut(segments: Sequence[Segment], where: range) -> tuple[Segment, ...]:
    cut = segments[where.start : where.stop] if where else ()
    return tuple(replace(s, text=without_markup(s.text)) for s in cut)


def without_markup(text: str) -> str:
    """A text of the same length with web addresses, link targets and inline markup blanked by a sign no term crosses.

    >>> without_markup("[Ethereum](/eth/) is **open**"), without_markup("見 https://a.org/web3。")
    ('|Ethereum|||||||| is ||open||', '見 ||||||||||||||||||。')
    """
    return _MARKUP.sub(lambda m: MARKUP_SIGN * len(m.group()), text)


def pair_of(bead: BeadSides) -> BeadPair:
    """A bead's texts."""
    return BeadPair(bead.english.text, bead.chinese.text)
