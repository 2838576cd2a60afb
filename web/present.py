"""Presentation logic: records in, text and marked-up text out. Pure functions; everything else is in the templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import PurePath
from urllib.parse import unquote

from markupsafe import Markup, escape

from glossary.datamodel import Bead
from glossary.language import HAN, Folded, detect_script, fold, has_han, is_chinese

SURE = 0.8  # DESIGN.md section 4: sure from .80, doubtful from .50, weak below
DOUBTFUL = 0.5
HAN_RUN = re.compile(f"([{HAN}]+)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def clean_query(raw: str) -> str:
    """What a person typed, on one line: control characters and lone surrogates become a space, white space collapses.

    >>> clean_query("  smart\\x00 contract\\n"), clean_query("区\\ud800块链")
    ('smart contract', '区 块链')
    """
    return " ".join(CONTROL.sub(" ", raw).split())


def spans(marks: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Marks in order, clipped to the text, overlapping ones joined, empty ones dropped.

    >>> spans([(4, 9), (0, 2), (1, 3), (7, 99), (5, 5)], 10)
    [(0, 3), (4, 10)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted((max(0, s), min(length, e)) for s, e in marks):
        if start >= end:
            continue
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def runs(text: str, lang: str = "zh") -> Markup:
    """The text as HTML; inside another language than Chinese every Han run carries its own `lang`, for its font.

    >>> runs("DataQin (數秦科技)", "en")
    Markup('DataQin (<span lang="zh-Hant">數秦科技</span>)')
    >>> runs("用<b>", "zh-Hant")
    Markup('用&lt;b&gt;')
    """
    if is_chinese(lang):
        return escape(text)
    parts = HAN_RUN.split(text)
    return Markup().join(
        Markup('<span lang="{}">{}</span>').format(detect_script(part), part) if i % 2 else escape(part)
        for i, part in enumerate(parts)
    )


def marked(text: str, marks: Iterable[tuple[int, int]], lang: str = "zh", css: str = "t") -> Markup:
    """The text as HTML with each (start, end) inside `<mark class=css>`; everything escaped, Han runs as in `runs`.

    >>> marked("An <NFT> is", [(3, 8)], "en")
    Markup('An <mark class="t">&lt;NFT&gt;</mark> is')
    >>> marked("用區塊鏈", [(1, 4)])
    Markup('用<mark class="t">區塊鏈</mark>')
    """
    out, at = Markup(), 0
    for start, end in spans(marks, len(text)):
        out += runs(text[at:start], lang) + Markup('<mark class="{}">{}</mark>').format(
            css, runs(text[start:end], lang)
        )
        at = end
    return out + runs(text[at:], lang)


def hit(form: str, query: str) -> Markup:
    """A form with the part the query matched inside `<mark class="hit">`; plain when all of it or nothing matches.

    >>> hit("區塊鏈即服務", "区块链"), hit("Blockchain", "blockchain")
    (Markup('<mark class="hit">區塊鏈</mark>即服務'), Markup('Blockchain'))
    """
    folded, wanted = _folded(form), _folded(query)
    at = folded.text.find(wanted.text) if wanted.text else -1
    if at < 0 or len(wanted.text) == len(folded.text):
        return escape(form)
    start, end = folded.span(at, at + len(wanted.text))
    return Markup(f'{escape(form[:start])}<mark class="hit">{escape(form[start:end])}</mark>{escape(form[end:])}')


@lru_cache(maxsize=1 << 12)
def _folded(text: str) -> Folded:
    """The text as `fold` has it: the query is asked for with every form, and a form with every letter of the query."""
    return fold(text)


def score_text(score: float) -> str:
    """A score cut to two digits, without the zero: what shows .80 is sure.

    >>> score_text(0.976), score_text(0.7999), score_text(1.0)
    ('.97', '.79', '1.00')
    """
    text = f"{int(score * 100 + 1e-9) / 100:.2f}"
    return text[1:] if text.startswith("0") else text


def confidence(score: float) -> str:
    """sure, doubtful or weak.

    >>> confidence(0.8), confidence(0.79), confidence(0.2)
    ('sure', 'doubtful', 'weak')
    """
    return "sure" if score >= SURE - 1e-9 else "doubtful" if score >= DOUBTFUL - 1e-9 else "weak"


def bead_state(bead: Bead) -> str:
    """sure, checked (by a person), doubtful, weak or null.

    >>> bead_state(Bead(range(0, 1), range(0, 2), 0.6)), bead_state(Bead(range(0, 1), range(2, 2), 0.0))
    ('doubtful', 'null')
    >>> bead_state(Bead(range(0, 1), range(0, 1), 1.0, {"checked": 1.0}))
    'checked'
    """
    if bead.is_null:
        return "null"
    return "checked" if "checked" in bead.evidence else confidence(bead.score)


def overview(states: Sequence[str], cells: int = 240) -> list[str]:
    """The states of a whole document in at most so many cells; a cell shows its worst bead.

    >>> overview(["sure", "weak", "sure", "null", "null", "checked"], cells=3)
    ['weak', 'null', 'null']
    """
    worst = ("weak", "doubtful", "null", "sure", "checked")
    step = -(-len(states) // cells) or 1
    return [min(states[i : i + step], key=worst.index) for i in range(0, len(states), step)]


def file_name(uri: str) -> str:
    """The last part of a path or address.

    >>> file_name("/texts/003.txt"), file_name("https://example.org/a%20b.md?v=2"), file_name("")
    ('003.txt', 'a b.md', '')
    """
    if "://" in uri:
        uri = unquote(uri.split("?", 1)[0].split("#", 1)[0])
    return PurePath(uri).name or uri


def file_names(source_uri: str, target_uri: str) -> str:
    """A pair as one line; a bilingual file, or a file without a translation, once.

    >>> file_names("a/news.en.txt", "a/news.zh-Hant.txt"), file_names("a/both.txt", "a/both.txt")
    ('news.en.txt + news.zh-Hant.txt', 'both.txt')
    """
    names = [file_name(u) for u in dict.fromkeys((source_uri, target_uri)) if u]
    return " + ".join(names)


def text_lang(text: str) -> str:
    """The language tag of a few words, '' when their letters do not tell.

    >>> text_lang("区块链"), text_lang("區塊鏈"), text_lang("NFT")
    ('zh-Hans', 'zh-Hant', '')
    """
    return detect_script(text) if has_han(text) else ""


def text_script(text: str) -> str:
    """The variant a new term is offered as: English, or by its characters; Taiwan where they tell nothing more.

    >>> text_script("ledger"), text_script("账本"), text_script("帳本")
    ('en', 'zh-Hans', 'zh-Hant-TW')
    """
    if not has_han(text):
        return "en"
    return "zh-Hans" if detect_script(text) == "zh-Hans" else "zh-Hant-TW"
