"""English sentences: sentencex's boundaries, repaired where it cuts after an abbreviation or an enumerator."""

from __future__ import annotations

import re
from typing import TypedDict, cast

import sentencex

Span = tuple[int, int]

CHUNK = 5_000
"""Characters given to sentencex at a time: its time is quadratic in unbalanced curly quotes and in Chinese (20 s for
600,000 characters measured), linear otherwise."""

_ABBREVIATION = re.compile(
    r"\b(?:approx|est|ca|cf|eqs?|secs?|figs?|tabs?|nos?|pp?|vols?|chs?|chaps?|arts?|paras?|al|vs|viz|resp|incl|excl"
    r"|tel|ext|op|cit|ed|eds|transl|min|max|avg|dept|govt|reg|mt|ft|sq)\.$",
    re.IGNORECASE,
)
"""Never a sentence's last word when a digit or a lower-case letter follows. From the failures of sentencex 1.0 on
tests/cases/segmentation/en.txt and the reference abbreviations of scholarly and news style guides."""

_ENUMERATOR = re.compile(r"^[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]\]?$")
_PARENTHESIS_END = re.compile(r"[.!?][\"'”’]?[)\]]\s+(?=[\"'“‘(\[]?[A-Z])")


_CLOSING_MARK = re.compile(r"”|(?<=\S)\"")
_STRAY_MARK = re.compile(r"\s*[”’\"')\]]+(?=\s|$)")

LONG_QUOTATION = 300
"""Characters from which a sentence that holds a quotation is cut inside it: about fifty words, two long sentences."""


class _Boundary(TypedDict):
    start_index: int
    end_index: int


def english_sentences(text: str, language: str = "en") -> list[Span]:
    """The sentences of one paragraph as spans without white space at their edges; they cover every other character.

    Limits: a quotation followed by a new sentence (`"It works." Then he left.`) is always cut.

    >>> text = "See Eq. 4.2 by Dr. Li. It holds."
    >>> [text[a:b] for a, b in english_sentences(text)]
    ['See Eq. 4.2 by Dr. Li.', 'It holds.']
    """
    spans: list[Span] = []
    for start, end in _chunks(text):
        for a, b in _boundaries(text[start:end], language):
            for span in _split_after_parenthesis(text, (start + a, start + b)):
                spans.extend(_split_long_quotation(text, span, language))
    whole = _keep_closing_marks(text, spans)
    return _join_false_cuts(text, [trimmed for span in whole if (trimmed := trim(text, span))])


def trim(text: str, span: Span) -> Span | None:
    """The span without white space at its edges, None when nothing is left.

    >>> trim(" a b ", (0, 5)), trim("  ", (0, 2)), trim("\u3000区块\u3000", (0, 4))
    ((1, 4), None, (1, 3))
    """
    start, end = span
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return (start, end) if start < end else None


def _chunks(text: str) -> list[Span]:
    """Pieces of at most CHUNK characters, cut after a stop and white space where there is one, else at white space."""
    pieces: list[Span] = []
    start = 0
    while len(text) - start > CHUNK:
        window = text[start : start + CHUNK]
        stops = [m.end() for m in re.finditer(r"[.!?][\"'”’)\]]*\s+(?=[A-Z\"'“‘(\[])", window)]
        cut = stops[-1] if stops else max(window.rfind(" ") + 1, 0) or CHUNK
        pieces.append((start, start + cut))
        start += cut
    return [*pieces, (start, len(text))]


def _boundaries(text: str, language: str) -> list[Span]:
    encodable = re.sub("[\ud800-\udfff]", "\ufffd", text)
    found = cast("list[_Boundary]", sentencex.get_sentence_boundaries(language, encodable))
    return [(b["start_index"], b["end_index"]) for b in found]


def _split_after_parenthesis(text: str, span: Span) -> list[Span]:
    """`(A note.) The next.` is two sentences when the bracket opens the sentence."""
    start, end = span
    piece = text[start:end]
    if piece.lstrip()[:1] not in ("(", "["):
        return [span]
    cut = _PARENTHESIS_END.search(piece)
    if cut is None or "(" in piece.lstrip()[1 : cut.start()]:
        return [span]
    return [(start, start + cut.end()), (start + cut.end(), end)]


def _split_long_quotation(text: str, span: Span, language: str) -> list[Span]:
    """sentencex never cuts inside quotation marks; a speech of several sentences is cut by hiding its closing marks."""
    start, end = span
    if end - start < LONG_QUOTATION:
        return [span]
    hidden = _CLOSING_MARK.sub(" ", text[start:end])
    return [(start + a, start + b) for a, b in _boundaries(hidden, language)]


def _keep_closing_marks(text: str, spans: list[Span]) -> list[Span]:
    """Spans with a closing mark at the front of one moved to the end of the one before."""
    kept: list[Span] = []
    for start, end in spans:
        mark = _STRAY_MARK.match(text, start, end)
        if kept and mark:
            kept[-1] = (kept[-1][0], mark.end())
            start = mark.end()
        kept.append((start, end))
    return kept


def _join_false_cuts(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and _is_false_cut(text[joined[-1][0] : joined[-1][1]], text[span[0] : span[1]]):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _is_false_cut(before: str, after: str) -> bool:
    """True when no sentence can end between the two pieces.

    >>> _is_false_cut("See Eq.", "4.2 for details."), _is_false_cut("1.", "Open it."), _is_false_cut("It ends.", "Yes.")
    (True, True, False)
    """
    if not re.search(r"[^\W_]", after) or _ENUMERATOR.match(before):
        return True
    tail = before[-12:]
    return bool(_ABBREVIATION.search(tail)) and (after[0].isdigit() or after[0].islower())
