"""The lines of PDF pages as paragraphs.

Every share and width below is a choice made on pages printed by Chromium and pages written by hand, none is fitted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from glossary.documents.extracted import Block, Form, unbroken
from glossary.language import has_han

CELL_GAP = 2.0
"""Em of empty space within a line from which what follows is another cell or column."""

NEW_SIZE = 1.12
HEADING_SIZE = 1.15
"""How many times larger letters are that make another paragraph, and that make a heading."""

PARAGRAPH_GAP = 1.25
"""How many times the usual distance of lines stands between paragraphs."""

NARROW = 16.0
"""Em a column has at least: shorter lines are cells, names or verse."""

INDENT = 0.8
"""Em by which the first line of a paragraph is set in."""

SHORT = 0.75
SHORT_AND_OPEN = 0.5
OPEN_WORDS = 6
SHORT_AFTER_STOP = 0.92
"""Share of the widest line of its run below which a line, the next word added, ends its paragraph; the same for a line
of six words or more that ends in a comma or goes on in a small letter; and the share of the widest line of the page for
one that ends in a stop: the sentence is whole either way, and lists are parted."""

EDGE_LINES = 3
REPEATED = 0.3
"""Lines at the top and at the bottom of a page that may be running headers and footers, and the share of pages, two or
more, on which these stand."""

_PAGE_NUMBER = re.compile(
    r"[-–—•|\[(]?\s*(?:page|p\.|第)?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[页頁]?\s*(?:(?:/|of|共)\s*\d{1,4}\s*[页頁]?)?\s*[-–—•|\])]?",
    re.IGNORECASE,
)
_PRINT_STAMP = re.compile(
    r"(?:https?|file)://\S+|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? (?:[上下中]午|凌晨|早上|晚上)?\d{1,2}:\d{2}(?: ?[AP]M)?"
)
"""What browsers print at the edge of a page, the title beside it: address, date and time."""

_BULLET = re.compile(r"\s*(?:[•●▪◦‣○■□◆◇※·\uf0b7]|[-–—*](?=\s))\s*")
_NUMBER = re.compile(r"\s*(?:\(?\d{1,2}[.)、]|[（(][一二三四五六七八九十]{1,3}[)）]|[①-⑳])\s*\S")
_STOP = re.compile(r"[.!?。！？…：:;；][\"”’」』)）\]]*$")
_HYPHEN = re.compile(r"(\w+)[-\u00ad\u2010]$")
_QUOTE_SPACE = re.compile(r"(?<=[\u3000-\u9fff\uff01-\uff60]) ?([“”‘’…—]) ?(?=[\u3000-\u9fff\uff01-\uff60“”‘’])")
_LIGATURES = re.compile("[\ufb00-\ufb06\u2f00-\u2fd5\u2e80-\u2ef3]+")

_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⺇⺊⺒⺓⺝⺧⺪⺬⺶⺼⻡⺎⺁",
    "母民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟几卜巳幺月牛疋示羊肉首兀厂",
)
"""Radicals without a decomposition that PDF printers write for whole characters; matched by their Unicode names."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a cell of one: its text, where its left end stands from the bottom left, the size of its letters."""

    text: str
    x: float
    y: float
    size: float
    page: int = 1

    @property
    def width(self) -> float:
        """Its width as estimated, in the unit of the page."""
        return self.size * _ems(self.text)


def _ems(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in text)


def line_of(pieces: Sequence[tuple[str, float, float, float]]) -> Iterator[Line]:
    """The cells of a line from its pieces (text, x, y, size): as a rule one."""
    cell: list[str] = []
    start: tuple[float, float, float] | None = None
    for text, x, y, size in pieces:
        if start is not None and text.strip():
            width = start[2] * _ems("".join(cell).rstrip())
            if x - start[0] - width > CELL_GAP * size + 0.2 * width:
                yield Line(_mended("".join(cell)), *start)
                cell, start = [], None
        if start is None and text.strip():
            start = (x, y, size)
        cell.append(text)
    if start is not None:
        yield Line(_mended("".join(cell)), *start)


def _mended(text: str) -> str:
    """Ligatures and radicals as the letters they stand for, no space beside Chinese quotation marks."""
    plain = _LIGATURES.sub(lambda m: unicodedata.normalize("NFKC", m.group().translate(_RADICALS)), text)
    return _QUOTE_SPACE.sub(r"\1", unbroken(plain.replace("\u00ad", "\u2010")))


def blocks_of(pages: Sequence[Sequence[Line]]) -> list[Block]:
    """The paragraphs of all pages; a paragraph that runs over a page counts to the page it starts on."""
    numbered = [[replace(line, page=n) for line in page if line.text] for n, page in enumerate(pages, 1)]
    lines = [line for page in _without_edges(numbered) for line in page]
    if not lines:
        return []
    groups: list[list[Line]] = []
    widest = {n: max((line.width for line in page), default=0.0) for n, page in enumerate(numbered, 1)}
    for run in _runs(lines):
        first, *others = _paragraphs(run, widest[run[0].page])
        if groups and _is_cut(groups[-1][-1], first[0]):
            groups[-1] += first
        else:
            groups.append(first)
        groups += others
    body = _body_size(lines)
    words = Counter(re.findall(r"\w+-\w+|\w+", " ".join(line.text for line in lines).lower()))
    return [_block(group, body, words) for group in groups]


def _without_edges(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without running headers, footers and page numbers."""
    body = _body_size([line for page in pages for line in page])
    edges = [_edges(page) for page in pages]
    same = Counter(text for edge in edges for text in {line.text for line in edge})
    alike = Counter(text for edge in edges for text in {_digitless(line) for line in edge})
    filled = sum(bool(page) for page in pages)
    stamped = {(e.page, round(e.y)) for edge in edges for e in edge if _PRINT_STAMP.fullmatch(e.text)}

    def is_running(line: Line) -> bool:
        if line.size > body * NEW_SIZE:
            return False
        if _PAGE_NUMBER.fullmatch(line.text):
            return True
        if (line.page, round(line.y)) in stamped and line.size * NEW_SIZE < body:
            return True
        often = REPEATED * filled
        return same[line.text] >= max(2, often) or (
            alike[_digitless(line)] >= max(3, often) and bool(re.search(r"\d", line.text))
        )

    return [
        [line for line in page if line not in edge or not is_running(line)]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edges(page: list[Line]) -> frozenset[Line]:
    heights = sorted({round(line.y) for line in page})
    outer = {*heights[:EDGE_LINES], *heights[-EDGE_LINES:]}
    return frozenset(line for line in page if round(line.y) in outer)


def _digitless(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _body_size(lines: Iterable[Line]) -> float:
    """The size most letters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _runs(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines one below the other at one distance and in one size: a paragraph, or all those of a column without gaps."""
    usual = _leadings(lines)
    runs = [[lines[0]]]
    for one, two in pairwise(lines):
        run = runs[-1]
        down = one.y - two.y
        distance = run[-2].y - one.y if len(run) > 1 else usual.get(_script(two), 1.2 * two.size)
        if one.page == two.page and 0.5 * two.size < down <= PARAGRAPH_GAP * distance and _is_alike(one, two):
            run.append(two)
        else:
            runs.append([two])
    return runs


def _is_alike(one: Line, two: Line) -> bool:
    return max(one.size, two.size) <= NEW_SIZE * min(one.size, two.size)


def _script(line: Line) -> tuple[int, bool]:
    return round(line.size), has_han(line.text)


def _leadings(lines: Sequence[Line]) -> dict[tuple[int, bool], float]:
    """The usual distance of lines for each size of letters, apart for Chinese, which is set wider."""
    found: dict[tuple[int, bool], list[float]] = {}
    for one, two in pairwise(lines):
        down = one.y - two.y
        if one.page == two.page and 0.5 * one.size < down < 3 * one.size and _script(one) == _script(two):
            found.setdefault(_script(one), []).append(down)
    return {script: median(gaps) for script, gaps in found.items()}


def _paragraphs(run: list[Line], widest: float) -> list[list[Line]]:
    """The paragraphs of a run: cut before indents and list items, and after lines that end early."""
    left = min(line.x for line in run)
    right = max(NARROW * run[0].size, *(line.x - left + line.width for line in run))
    groups = [[run[0]]]
    for one, two in pairwise(run):
        hangs = len(groups[-1]) == 1 and _starts_item(one.text)
        indented = two.x - one.x > INDENT * two.size and not hangs
        reach = one.x - left + one.width + one.size * _ems(_first_word(two.text))
        full = reach >= _needed(one.text, two.text, right, max(widest, right))
        if full and not indented and not _starts_item(two.text):
            groups[-1].append(two)
        else:
            groups.append([two])
    return groups


def _needed(one: str, two: str, right: float, widest: float) -> float:
    """How far a line must reach for the next one to continue it."""
    if _STOP.search(one):
        return SHORT_AFTER_STOP * widest
    is_open = len(one.split()) >= OPEN_WORDS and (two[:1].islower() or one.endswith(","))
    return (SHORT_AND_OPEN if is_open else SHORT) * right


def _is_cut(one: Line, two: Line) -> bool:
    """True when a paragraph goes on from the end of a column or page to the next."""
    jumps = one.page != two.page or two.y > one.y
    if not jumps or not _is_alike(one, two) or _STOP.search(one.text) or _starts_item(two.text):
        return False
    if two.text[:1].islower():
        return True
    return (has_han(one.text[-1]) or one.text[-1] in "，、") and has_han(two.text[0])


def _starts_item(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBER.match(text))


def _first_word(text: str) -> str:
    return text[:1] if has_han(text[:1]) else text.split(" ", 1)[0]


def _block(group: Sequence[Line], body: float, words: Counter[str]) -> Block:
    text = group[0].text
    for line in group[1:]:
        text = _put_together(text, line.text, words)
    bullet = _BULLET.match(text)
    form: Form = "heading" if group[0].size >= HEADING_SIZE * body else "item" if bullet else "plain"
    return Block(text[bullet.end() :] if bullet else text, form, group[0].page)


def _put_together(one: str, two: str, words: Counter[str]) -> str:
    """Two lines as one; a word parted at the end of the line is whole again."""
    parted = _HYPHEN.search(one)
    if parted and two[:1].islower():
        rest = re.match(r"\w*", two)
        compound = f"{parted[1]}-{rest[0] if rest else ''}".lower()
        return (one[:-1] + "-" if words[compound] else one[:-1]) + two
    return unbroken(f"{one}\n{two}")
