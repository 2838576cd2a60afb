"""Text taken out of a format that is not plain text: paragraphs with marks for what the format says they are.

A paragraph is one line, a blank line stands between two. A heading starts with `# `, a list item with `• `, a note with
`[^]: `; `segmentation` reads these marks and leaves them out of the segments. Pages of a PDF start with a form feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from glossary.language import HAN, base_language, canonical_tag, detect_script, han_share

Form = Literal["plain", "heading", "item", "note"]

MARKS: dict[Form, str] = {"plain": "", "heading": "# ", "item": "• ", "note": "[^]: "}

HEADING_LENGTH = 200
"""Characters past which what is marked up as a heading is a paragraph in large print. A choice, not measured."""

ENGLISH_TO = 0.2
CHINESE_FROM = 0.8
"""Shares of Han characters (language.han_share) up to which a text may be the English, and from which the Chinese, that
its own `lang` attribute says; between them both languages are in it. The limits `pipeline` has for file names."""

_SCRIPT_SAMPLE = 20_000

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Soft hyphens, zero-width spaces and controls: they only steer line breaks or are damage."""

_WIDE = rf"[{HAN}\u3000-\u303f\uff01-\uff60“”‘’…—]"
_HAN_BREAK = re.compile(rf"(?<={_WIDE})[ \t\r\f]*\n\s*(?={_WIDE})")
"""A line break between Chinese characters, where no space is meant."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph as a format gives it."""

    text: str
    form: Form = "plain"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader makes of a file: its text, the family of formats, the language the file itself declares."""

    text: str
    kind: str
    lang: str | None = None


def unbroken(text: str) -> str:
    """The text with white space runs as one space; line breaks between Chinese characters vanish.

    >>> unbroken("one \\n two"), unbroken("區塊\\n  鏈，\\n供應鏈")
    ('one two', '區塊鏈，供應鏈')
    """
    return re.sub(r"\s+", " ", _HAN_BREAK.sub("", text)).strip()


def composed(blocks: Iterable[Block]) -> str:
    """The text of a document from its paragraphs; empty ones are left out. Tabs stay: they part columns.

    >>> composed([Block("Title", "heading"), Block(" "), Block("One. \\xa0Two.")])
    '# Title\\n\\nOne. Two.'
    >>> composed([Block("區塊鏈", "item"), Block("註", "note")])
    '• 區塊鏈\\n\\n[^]: 註'
    """
    made: list[str] = []
    page = 1
    for block in blocks:
        text = _clean(block.text)
        if text:
            made.append("\f" * (block.page - page) + MARKS[_form(text, block.form)] + text)
            page = block.page
    return "\n\n".join(made)


def _form(text: str, form: Form) -> Form:
    return "plain" if form == "heading" and len(text) > HEADING_LENGTH else form


def _clean(text: str) -> str:
    return re.sub(r"[^\S\t]+", " ", re.sub(r"\s*\t\s*", "\t", _INVISIBLE.sub("", text))).strip()


def declared(lang: str | None, text: str) -> str | None:
    """The language a file declares for itself where its letters agree, else None: templates often name the wrong one.

    >>> declared("en-US", "A chain of blocks."), declared("en", "區塊鏈"), declared("en", "Chain 鏈 of blocks 區塊鏈")
    ('en', None, None)
    >>> declared("zh-CN", "区块链"), declared("zh-CN", "區塊鏈"), declared("no language", "text")
    ('zh-Hans', None, None)
    """
    try:
        tag = canonical_tag(lang or "")
    except ValueError:
        return None
    base, sample = base_language(tag), text[:_SCRIPT_SAMPLE]
    if base == "zh":
        fits = han_share(sample) >= CHINESE_FROM and (tag == "zh" or tag.startswith(detect_script(sample)))
    else:
        fits = base != "und" and (base == "ja" or han_share(sample) <= ENGLISH_TO)
    return (base if base == "en" else tag) if fits else None
