"""A text with the glossary's terms marked: in plain text, Markdown and HTML, what is markup stays as it is.

    annotator = Annotator(store.entries(), target_lang="zh-Hant-TW")
    for place in annotator.find(text, kind="markdown"): print(place.text, place.renderings)
    marked(text, annotator.find(text), kind="text")   # smart contract[智能合約]

Rejected terms are not marked. A term of one language gets the renderings of the other: Chinese for English, and the
reverse. Where a form is the same in both (NFT), the language most of the text is in counts.

Limits: a term cut by inline markup (smart <b>contract</b>) is not found. Code and link targets are left out.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from glossary.datamodel import ConceptEntry
from glossary.language import base_language, han_share, is_chinese
from glossary.matching import Mark, Matcher, MatchTerm
from glossary.segmentation import markdown_prose, mask_inline
from glossary.variants import renderings

TextKind = Literal["text", "markdown", "html"]

SHOWN_RENDERINGS = 3
"""Renderings written beside a marked term: more do not fit into a line of text."""

_SKIPPED = "script|style|title|textarea|code|pre|kbd|samp|svg|math|template|noscript"
_TAG = r"<[/!?]?[A-Za-z\[-](?:[^>\"']|\"[^\"]*\"|'[^']*')*>"
_NOT_HTML_TEXT = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({_SKIPPED})\b[^>]*>.*?(?:</\1\s*>|\Z)|{_TAG}", re.DOTALL | re.IGNORECASE
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A place where a term stands: offsets into the text, the term's language, its concepts, renderings."""

    start: int
    end: int
    text: str
    lang: str
    entry_ids: tuple[str, ...]
    renderings: tuple[str, ...]
    status: str  # the term's administrative status


class Annotator:
    """A glossary ready to mark texts. `target_lang`: the variant offered for English terms; None: those observed."""

    def __init__(self, entries: Iterable[ConceptEntry], *, target_lang: str | None = None) -> None:
        self._target = target_lang
        self._entries = {entry.id: entry for entry in entries}
        self._status: dict[tuple[str, str, str], str] = {}
        self._matcher = Matcher(self._terms())

    def _terms(self) -> Iterator[MatchTerm]:
        for entry in self._entries.values():
            for section in entry.lang_secs:
                for term in section.terms:
                    if term.review_state != "rejected":
                        self._status[entry.id, section.lang, term.term] = term.administrative_status
                        yield MatchTerm(term.term, section.lang, entry.id, term.case_sensitive, term.part_of_speech)

    def find(self, text: str, *, kind: TextKind = "text", lang: str | None = None) -> list[Annotation]:
        """The terms in a text, in order, none inside another. `lang`: the text's language; None: told by its script.

        Linear in the text plus the places found.
        """
        own = base_language(lang) if lang else ("zh" if han_share(text[:_SAMPLE]) > 0.5 else "en")
        made = []
        for start, piece, back in _PIECES[kind](text):
            for mark in self._matcher.find(piece):
                first, last = (back(mark.start), back(mark.end)) if back else (mark.start, mark.end)
                made.append(self._annotation(text, start + first, start + last, mark, own))
        return made

    def _annotation(self, text: str, start: int, end: int, mark: Mark, own: str) -> Annotation:
        terms = [t for t in mark.terms if base_language(t.lang) == own] or list(mark.terms)
        lang = terms[0].lang
        ids = tuple(dict.fromkeys(t.entry_id for t in terms if base_language(t.lang) == base_language(lang)))
        found = dict.fromkeys(r for i in ids for r in self._renderings(self._entries[i], lang))
        status = self._status[terms[0].entry_id, terms[0].lang, terms[0].term]
        return Annotation(start, end, text[start:end], lang, ids, tuple(found), status)

    def _renderings(self, entry: ConceptEntry, lang: str) -> Iterator[str]:
        """What a term of `lang` is rendered by, best first; an entry marked do-not-translate by itself."""
        if entry.do_not_translate:
            return
        usable = ("preferred", "admitted")
        if is_chinese(lang):
            others = [t for s in entry.lang_secs if not is_chinese(s.lang) for t in s.terms]
            yield from (t.term for t in others if t.review_state != "rejected" and t.administrative_status in usable)
            return
        wanted = (self._target,) if self._target else tuple(s.lang for s in entry.lang_secs if is_chinese(s.lang))
        forms = [r for r in renderings(entry, targets=wanted) if r.administrative_status in usable]
        exact = [r for r in forms if r.lang == self._target] if self._target else forms
        observed = [r for r in exact if self._target or r.origin == "observed"] or exact or forms
        untranslated = {t.term for s in entry.lang_secs if not is_chinese(s.lang) for t in s.terms}
        yield from (r.term for r in sorted(observed, key=lambda r: r.term in untranslated))


_SAMPLE = 20_000


class _Back:
    """Offsets of a text without character references as offsets of the text with them."""

    def __init__(self, piece: str) -> None:
        self.text, self._at, self._shift = "", [0], [0]
        done = shift = 0
        for found in _REFERENCE.finditer(piece):
            plain = html.unescape(found[0])
            if plain == found[0]:
                continue
            self.text += piece[done : found.start()] + plain
            done = found.end()
            shift += len(found[0]) - len(plain)
            self._at.append(len(self.text))
            self._shift.append(shift)
        self.text += piece[done:]

    def __call__(self, offset: int) -> int:
        return offset + self._shift[bisect_right(self._at, offset) - 1]


_Piece = tuple[int, str, _Back | None]
"""Where a stretch of text starts, what to look for terms in, and the way back to the offsets of the stretch."""


def _text_pieces(text: str) -> Iterator[_Piece]:
    yield 0, text, None


def _markdown_pieces(text: str) -> Iterator[_Piece]:
    for prose in markdown_prose(text):
        yield prose.start, mask_inline(text[prose.start : prose.end], "\n"), None


def _html_pieces(text: str) -> Iterator[_Piece]:
    at = 0
    for found in [*_NOT_HTML_TEXT.finditer(text), None]:
        end = found.start() if found else len(text)
        if end > at and not text[at:end].isspace():
            back = _Back(text[at:end])
            yield at, back.text, back
        at = found.end() if found else end


_PIECES = {"text": _text_pieces, "markdown": _markdown_pieces, "html": _html_pieces}


def marked(text: str, found: Sequence[Annotation], *, kind: TextKind = "text", once: bool = False) -> str:
    """The text with every place marked, or the first of each concept: brackets in plain text, <mark> in markup.

    >>> place = Annotation(0, 3, "NFT", "en", ("1",), ("非同質化代幣",), "admitted")
    >>> marked("NFT sales", [place]), marked("NFT sales", [place], kind="html")
    ('NFT[非同質化代幣] sales', '<mark class="term admitted" title="非同質化代幣">NFT</mark> sales')
    """
    out, at, seen = [], 0, set()
    for place in found:
        if once and place.entry_ids in seen:
            continue
        seen.add(place.entry_ids)
        out += [text[at : place.start], _marked_place(text[place.start : place.end], place, kind)]
        at = place.end
    return "".join([*out, text[at:]])


def _marked_place(written: str, place: Annotation, kind: TextKind) -> str:
    shown = "; ".join(place.renderings[:SHOWN_RENDERINGS])
    if kind != "text":
        title = html.escape(shown or "no rendering")
        return f'<mark class="term {place.status}" title="{title}">{written}</mark>'
    return f"{written}[{shown}]" if shown else f"{written}[-]"


def html_page(text: str, found: Sequence[Annotation], *, title: str, lang: str) -> str:
    """A plain text as a self-contained page with its terms marked, and the list of them below."""
    out, at = [], 0
    for place in found:
        out += [html.escape(text[at : place.start]), _marked_place(html.escape(place.text), place, "html")]
        at = place.end
    body = "".join([*out, html.escape(text[at:])])
    rows = "".join(
        f"<tr><td>{html.escape(form)}</td><td>{html.escape('; '.join(shown))}</td><td>{count}</td></tr>\n"
        for form, shown, count in counted(found)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(lang)}">\n<head><meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(title)}</title>\n'
        f'<style>{_STYLE}</style></head>\n<body>\n<h1>{html.escape(title)}</h1>\n<div class="text">{body}</div>\n'
        f"<table><thead><tr><th>Term</th><th>Rendering</th><th>Places</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
        "</body>\n</html>\n"
    )


_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.7 system-ui, sans-serif; margin: 2rem auto; max-width: 48rem; padding: 0 1rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: light-dark(#fff2b8, #4a3f12); color: inherit; border-radius: .15em; }
mark.forbidden, mark.deprecated { background: light-dark(#ffd9d6, #5a1f1c); }
table { border-collapse: collapse; margin-top: 2rem; width: 100%; }
td, th { border-top: 1px solid light-dark(#ddd, #444); padding: .3rem .6rem; text-align: start; }
"""


def counted(found: Iterable[Annotation]) -> list[tuple[str, tuple[str, ...], int]]:
    """The terms found: the form first seen, what it is rendered by, how many places; the commonest first."""
    first: dict[tuple[str, ...], Annotation] = {}
    counts: dict[tuple[str, ...], int] = {}
    for place in found:
        first.setdefault(place.entry_ids, place)
        counts[place.entry_ids] = counts.get(place.entry_ids, 0) + 1
    order = sorted(first, key=lambda ids: (-counts[ids], first[ids].start))
    return [(first[ids].text, first[ids].renderings, counts[ids]) for ids in order]
