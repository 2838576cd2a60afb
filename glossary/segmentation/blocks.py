"""Paragraphs and their languages: a bilingual file holds blocks of each, one after the other or interleaved."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from glossary.datamodel import Document
from glossary.language import HAN, HAN_CHAR, detect_script, han_share, has_han, is_chinese
from glossary.segmentation.english import Span, trim
from glossary.segmentation.markdown import markdown_prose, mask_inline

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_BULLET = re.compile(r"\s*(?:[•●▪◦‣○■□◆◇※]|[-*–—](?=\s))\s*")
_EXTRACT_MARK = re.compile(r"[\f\s]*(# |• |\[\^\]: )?")
_EXTRACT_FORMS = {"# ": "heading", "• ": "item", "[^]: ": "note"}
"""The marks `documents` puts before headings, list items and notes of what it takes out of docx, pdf, html and epub."""

_PARENTHESES = re.compile(r"[(（][^()（）]{0,80}[)）]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STOP_AT_END = re.compile(r"[.!?。！？…：:；;][\"'”’」』)）\]]*(?:\[\d{1,3}\])*$")

_CHANGE = re.compile(
    rf"\t+|(?<=[.!?])[\"”’)]*[ \u3000]+(?=[「『“《（(]?[{HAN}])|(?<=[。！？」”])\s*(?=[\"“‘]?[A-Z][a-z'’]* [a-z])"
)
"""Where one language may follow the other within a line: a tab, or a stop before a sentence of the other."""

_WRAP_WIDTHS = range(50, 121)
"""Columns a hard-wrapped text may have. Below, lines are verse or lists; above, they are paragraphs."""

_MIN_WRAPPED = 0.7
"""Share of line breaks at which the next word would not have fitted that makes a text hard-wrapped."""

_CHINESE_SHARE = 0.5
"""Han characters against Latin words (`language.han_share`) from which a paragraph is Chinese."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """document.text[start:end], with the same number of characters in `text`, soft breaks and markup masked."""

    start: int
    end: int
    text: str
    lang: str = "und"
    form: str = "plain"  # plain, heading, item, note: what the markup says

    @property
    def words(self) -> int:
        """Latin words, or Han characters where there are any, of the first thousand characters."""
        head = self.text[:1000]
        return len(HAN_CHAR.findall(head)) or len(_WORD.findall(head))

    @property
    def is_sentence(self) -> bool:
        """True when it reads as a sentence: five words or more and a stop at its end, or a stop inside."""
        enough = self.words >= (8 if is_chinese(self.lang) else 5)
        return enough and bool(
            _STOP_AT_END.search(self.text[-20:]) or re.search(r"[。！？]|[.!?][\"”’']? [A-Z]", self.text)
        )


def paragraphs(document: Document, lang: str | None = None) -> list[Paragraph]:
    """The paragraphs of a document with their languages; a declared language holds for all of them."""
    if document.is_verbatim:
        found = _markdown(document.text) if document.kind == "markdown" else _plain(document.text)
    else:
        found = _extracted(document)
    declared = lang or document.lang
    if declared is not None:
        return _declared(found, declared)
    return _detected(found)


def _markdown(text: str) -> list[Paragraph]:
    return [
        Paragraph(p.start, p.end, mask_inline(_unbroken(text[p.start : p.end])), form=p.form)
        for p in markdown_prose(text)
    ]


def _plain(text: str) -> list[Paragraph]:
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if m.group().strip()]
    spans = _unwrap(text, lines)
    return [_strip(text, start, end) for start, end in spans]


def _extracted(document: Document) -> list[Paragraph]:
    """The paragraphs of a text taken out of a format, by the marks its reader left; each line is one.

    A subtitle is never a heading: most stand without a stop.
    """
    found: list[Paragraph] = []
    usual = "item" if document.kind == "subtitles" else "plain"
    for line in _LINE.finditer(document.text):
        mark = _EXTRACT_MARK.match(line.group())
        start = line.start() + mark.end() if mark else line.start()
        start, end = trim(document.text, (start, line.end())) or (start, start)
        if start < end:
            form = _EXTRACT_FORMS[mark[1]] if mark and mark[1] else usual
            found.append(Paragraph(start, end, document.text[start:end], form=form))
    return found


def _strip(text: str, start: int, end: int) -> Paragraph:
    """The paragraph without white space and list bullet."""
    piece = text[start:end]
    bullet = _BULLET.match(piece)
    form = "item" if bullet and bullet.end() < len(piece.rstrip()) else "plain"
    start += bullet.end() if bullet and form == "item" else len(piece) - len(piece.lstrip())
    end = start + len(text[start:end].rstrip())
    return Paragraph(start, end, _unbroken(text[start:end]), form=form)


def _unbroken(text: str) -> str:
    return re.sub(r"[\r\n\u2028\u2029]", " ", text)


def _unwrap(text: str, lines: list[Span]) -> list[Span]:
    """Lines as paragraphs; where a language is hard-wrapped, its lines between blank ones are joined."""
    groups: list[list[Span]] = []
    for line in lines:
        if groups and _is_adjacent(text[groups[-1][-1][1] : line[0]]):
            groups[-1].append(line)
        else:
            groups.append([line])
    tall = [(has_han(text[g[0][0] : g[-1][1]]), g) for g in groups if len(g) > 1]
    wrapped = {han for han in (False, True) if _is_wrapped(text, [g for other, g in tall if other == han])}
    if not wrapped:
        return lines
    return [span for g in groups for span in (_joined(text, g) if has_han(text[g[0][0] : g[-1][1]]) in wrapped else g)]


def _is_wrapped(text: str, groups: list[list[Span]]) -> bool:
    """True when most lines end where the next word would have passed the widest line."""
    width = max((_width(text[a:b]) for g in groups for a, b in g), default=0)
    breaks = [(one, two) for g in groups for one, two in pairwise(g)]
    if width not in _WRAP_WIDTHS or len(breaks) < 2:
        return False
    full = sum(_width(text[one[0] : one[1]]) + _first_word(text, two) >= width for one, two in breaks)
    return full / len(breaks) >= _MIN_WRAPPED


def _joined(text: str, group: list[Span]) -> list[Span]:
    """The lines of a block as one paragraph, list items apart."""
    merged = [group[0]]
    for line in group[1:]:
        if _BULLET.match(text, line[0], line[1]):
            merged.append(line)
        else:
            merged[-1] = (merged[-1][0], line[1])
    return merged


def _is_adjacent(between: str) -> bool:
    return len(between.replace("\r\n", "\n")) == 1


def _width(line: str) -> int:
    """Columns on a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip())


def _first_word(text: str, line: Span) -> int:
    """Columns the first word of a line and the space before it take."""
    piece = text[line[0] : line[1]].lstrip()
    if has_han(piece[:1]):
        return 2
    return len(piece.split(maxsplit=1)[0]) + 1


def _declared(found: list[Paragraph], lang: str) -> list[Paragraph]:
    if lang == "zh":
        lang = detect_script("".join(p.text for p in found))
    return [replace(p, lang=lang) for p in found]


def _detected(found: list[Paragraph]) -> list[Paragraph]:
    found = _by_language(found)
    chinese = detect_script("".join(p.text for p in found if is_chinese(language_of(p.text) or "")))
    tagged: list[Paragraph] = []
    last = next((tag for p in found if (tag := language_of(p.text))), "en")
    for paragraph in found:
        last = language_of(paragraph.text) or last
        tagged.append(replace(paragraph, lang=chinese if last == "zh" else last))
    return _without_stray_english(tagged, chinese)


def _by_language(found: list[Paragraph]) -> list[Paragraph]:
    """Paragraphs that hold both languages side by side cut in two, where at least half of those with Han are so."""
    pieces = [_pieces(p) for p in found]
    mixed = sum(len(p) > 1 for p in pieces)
    if mixed * 2 < sum(has_han(p.text) for p in found) or not mixed:
        return found
    return [piece for group in pieces for piece in group]


def _pieces(paragraph: Paragraph) -> list[Paragraph]:
    """The English and Chinese halves of a paragraph, itself when it is not clearly of two halves."""
    text = paragraph.text
    cuts = [m.end() for m in _CHANGE.finditer(text)] if has_han(text) else []
    spans = [s for s in map(partial(trim, text), pairwise([0, *cuts, len(text)])) if s]
    tags = [language_of(text[a:b]) for a, b in spans]
    clear = all(_is_clear(text[a:b], tag) for (a, b), tag in zip(spans, tags, strict=True))
    if len(spans) < 2 or not clear or any(one == two for one, two in pairwise(tags)):
        return [paragraph]
    return [replace(paragraph, start=paragraph.start + a, end=paragraph.start + b, text=text[a:b]) for a, b in spans]


def _is_clear(text: str, tag: str | None) -> bool:
    return tag == "zh" or (tag == "en" and not has_han(_PARENTHESES.sub(" ", text)))


def language_of(text: str) -> str | None:
    """zh or en by the letters of a paragraph, glosses in parentheses left aside; None without letters.

    Limits: every paragraph in Latin letters counts as English; other languages must be declared.

    >>> language_of("Tencent (騰訊控股) and JD.com (京東)"), language_of("公司 IDC 監測 BaaS 市場"), language_of("***")
    ('en', 'zh', None)
    """
    bare = _PARENTHESES.sub(" ", text)
    judged = bare if _WORD.search(bare) else text
    if not _WORD.search(judged):
        return None
    return "zh" if han_share(judged) >= _CHINESE_SHARE else "en"


def _without_stray_english(found: list[Paragraph], chinese: str) -> list[Paragraph]:
    """In a Chinese text with a few Latin lines (`DeFi`, `Web3`) and no English sentence, all is Chinese."""
    english = [p for p in found if p.lang == "en"]
    if any(p.is_sentence for p in english) or len(english) * 4 > len(found):
        return found
    return [replace(p, lang=chinese) for p in found]
