"""Where the prose stands in Markdown: paragraphs without front matter, code, tags, rules and block-level marks.

Line by line, in one pass, after CommonMark 0.31 for what translated sites use. Segments keep inline markup (links,
emphasis, code), because they must slice back; `mask_inline` hides it from the sentence splitters.

Limits: indented code counts as text; each line of a block quote is a paragraph of its own; a table gives a paragraph
per cell; text between two inline tags on one line is one paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["plain", "heading", "item", "note"]


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of prose: text[start:end], without white space at its edges."""

    start: int
    end: int
    form: Form = "plain"


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$|^\s*=+\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}(?:\s+|$)")
_ANCHOR = re.compile(r"\{[#.:][^{}]*\}$")
_ANCHOR_LENGTH = 200
"""Characters an anchor `{#id}` at the end of a heading may have."""

_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+")
_NOTE = re.compile(r"^\s{0,3}\[\^[^\]]+\]:\s*")
_LINK_TARGET = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*\S+")
_DIRECTIVE = re.compile(r"^\s*:[\w-]+:(?:`[^`]*`)?\s*$|^\s*:{3,}.*$|^\s*\{%.*%\}\s*$|^(?:import|export) .+ from .+$")
_MATHS = re.compile(r"^\s*\$\$")
_TAG = r"<!--.*?-->|</?[A-Za-z][\w.:-]*(?:\s+[^<>]*)?/?>"
_TAGS_BEFORE = re.compile(rf"(?:\s*(?:{_TAG}))+\s*")
_TAG_OPEN = re.compile(r"^\s*</?[A-Za-z][\w.:-]*[^>]*$")
_IMAGES_ONLY = re.compile(r"^(?:\s*\[?!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])(?:\]\([^)]*\))?\s*)+$")
_INLINE = re.compile(r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|`[^`\n]+`|<[^<>\s][^<>]*>")


def mask_inline(text: str, mask: str = "x") -> str:
    """The text with link targets, code spans and inline tags replaced by as many letters: no sentence ends in them.

    >>> mask_inline("See [the docs](http://a.b/c). Run `a. B`."), mask_inline("見[文件](/a.b)。")
    ('See [the docs]xxxxxxxxxxxxxx. Run xxxxxx.', '見[文件]xxxxxx。')
    """
    return _INLINE.sub(lambda m: mask * len(m.group()), text)


def markdown_prose(text: str) -> list[Prose]:
    """The prose of a Markdown text in order.

    >>> text = "# Title {#a}\\n\\nOne\\ntwo.\\n```\\ncode\\n```\\n* 區塊鏈"
    >>> [(text[p.start:p.end], p.form) for p in markdown_prose(text)]
    [('Title', 'heading'), ('One\\ntwo.', 'plain'), ('區塊鏈', 'item')]
    """
    return _Scanner(text).run()


class _Scanner:
    """One pass over the lines; `open` is the paragraph that the next line may continue."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Prose] = []
        self.open: Prose | None = None
        self.skip_until: re.Pattern[str] | None = None

    def run(self) -> list[Prose]:
        for match in _LINE.finditer(self.text, _front_matter_end(self.text)):
            if match.group():
                self.line(match.start(), match.end())
        self.close()
        return [p for p in self.found if p.start < p.end]

    def close(self) -> None:
        if self.open is not None:
            self.found.append(self.trimmed(self.open.start, self.open.end, self.open.form))
        self.open = None

    def add(self, start: int, end: int, form: Form) -> None:
        """A paragraph that later lines may continue."""
        self.close()
        self.open = Prose(start, end, form)

    def trimmed(self, start: int, end: int, form: Form) -> Prose:
        """The stretch without white space, tags at its front and tags at its end."""
        piece = self.text[start:end]
        front = _TAGS_BEFORE.match(piece)
        start += front.end() if front else len(piece) - len(piece.lstrip())
        return Prose(start, start + len(_without_last_tags(self.text[start:end])), form)

    def line(self, start: int, end: int) -> None:
        line = self.text[start:end].rstrip("\r\n")
        if self.skip_until is not None:
            if self.skip_until.search(line):
                self.skip_until = None
            return
        skip = _skip_pattern(line)
        if skip is not None:
            self.close()
            self.skip_until = skip
        elif self.is_underline(line):
            self.underline()
        elif _is_markup_only(line):
            self.close()
        else:
            self.prose(start, line)

    def is_underline(self, line: str) -> bool:
        """True for the line under a setext heading."""
        return self.open is not None and self.open.form == "plain" and bool(re.match(r"^\s{0,3}(?:=+|-{2,})\s*$", line))

    def underline(self) -> None:
        if self.open is not None:
            self.open = Prose(self.open.start, self.open.end, "heading")
        self.close()

    def prose(self, start: int, line: str) -> None:
        quote = _QUOTE.match(line)
        offset = quote.end() if quote else 0
        rest = line[offset:]
        heading, item, note = _HEADING.match(rest), _ITEM.match(rest), _NOTE.match(rest)
        if heading:
            self.heading(start + offset + heading.end(), start + len(line))
        elif note:
            self.add(start + offset + note.end(), start + len(line), "note")
        elif rest.lstrip().startswith("|") and rest.count("|") > 1:
            self.cells(start + offset, rest)
        elif item:
            self.add(start + offset + item.end(), start + len(line), "item")
        elif self.open is not None and not quote:
            self.open = Prose(self.open.start, start + len(line), self.open.form)
        else:
            self.add(start + offset, start + len(line), "plain")

    def heading(self, start: int, end: int) -> None:
        title = self.text[start:end].rstrip()
        anchor = _ANCHOR.search(title[-_ANCHOR_LENGTH:])
        title = title[: len(title) - len(anchor.group())].rstrip() if anchor else title
        closed = title.rstrip("#")
        title = closed if closed != title and closed[-1:].isspace() else title
        self.add(start, start + len(title), "heading")
        self.close()

    def cells(self, start: int, row: str) -> None:
        for cell in re.finditer(r"(?:\\\||[^|])+", row):
            self.add(start + cell.start(), start + cell.end(), "item")
            self.close()


def _front_matter_end(text: str) -> int:
    """The offset after YAML or TOML front matter, 0 without one."""
    match = re.match(r"(---|\+\+\+)[ \t]*\r?\n(?:.*?\r?\n)?\1[ \t]*(?:\r?\n|$)", text, re.DOTALL)
    return match.end() if match else 0


def _without_last_tags(piece: str) -> str:
    """The text without white space and tags at its end.

    >>> _without_last_tags("區塊鏈 <br/></p> ")
    '區塊鏈'
    """
    piece = piece.rstrip()
    while piece.endswith(">") and re.fullmatch(_TAG, piece[piece.rfind("<") :]):
        piece = piece[: piece.rfind("<")].rstrip()
    return piece


def _skip_pattern(line: str) -> re.Pattern[str] | None:
    """What ends the block this line opens, None when it opens no block that is left out."""
    fence = _FENCE.match(line)
    if fence:
        mark = fence.group(1)
        return None if mark in line[fence.end() :] else re.compile(rf"^\s*{mark[0]}{{{len(mark)},}}\s*$")
    if _MATHS.match(line):
        return None if line.count("$$") > 1 else re.compile(r"\$\$")
    if "<!--" in line and "-->" not in line and not line.split("<!--")[0].strip():
        return re.compile("-->")
    if _TAG_OPEN.match(line):
        return re.compile(r">\s*$")
    if re.match(r"^\s*<(script|style|pre)\b", line) and not re.search(r"</(script|style|pre)>", line):
        return re.compile(r"</(script|style|pre)>")
    return None


def _is_markup_only(line: str) -> bool:
    if not line.strip() or _RULE.match(line) or _IMAGES_ONLY.match(line) or _DIRECTIVE.match(line):
        return True
    if _TABLE_RULE.match(line) and "-" in line:
        return True
    if _MATHS.match(line) or _FENCE.match(line) or (_LINK_TARGET.match(line) and not _NOTE.match(line)):
        return True
    tags = _TAGS_BEFORE.match(line)
    return tags is not None and tags.end() == len(line)
