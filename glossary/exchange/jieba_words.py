"""Chinese terms as a user dictionary of jieba (`word freq tag`) and back.

jieba cuts a text at every character outside its own list before it looks at words, so a term with a space, a slash, a
middle dot or a rare Han character never comes out whole: such terms are left out and reported, and so are forbidden
and rejected ones. Read back, every word is an entry of its own, proposed: a dictionary
of words says nothing of what a person decided.

Source: jieba 0.42.1, `jieba/__init__.py` (re_han_default, re_userdict, load_userdict).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from glossary.datamodel import ConceptEntry, Kind, LangSec, TermSec
from glossary.errors import ExchangeError
from glossary.exchange.drafts import IMPORTED_SCORE
from glossary.exchange.forms import target_forms
from glossary.exchange.lines import text_lines
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions, ImportOptions

_HONOURED = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%]+")
"""Characters of words that jieba keeps whole. The hyphen is left out: only the default mode of 0.42 keeps it."""

FREQUENCY = 12_000
"""Outweighs any two words of jieba's dictionary that stand where the term stands: a word beats its two halves when
its count times the dictionary's total is more than the product of theirs. The two most frequent words have 883,634
and 796,991 of 60,101,967: their product over the total is 11,718. Counted in jieba 0.42.1's dict.txt."""

_TAGS: dict[Kind, str] = {
    "acronym": "eng", "organisation": "nt", "person": "nr", "place": "ns", "product": "nz", "concept": "n",
}  # fmt: skip
_KINDS = {tag: kind for kind, tag in _TAGS.items()}
_LINE = re.compile(r"^(.+?)(?: ([0-9]+))?(?: ([a-z]+))?$")


def clean(text: str) -> str:
    """The term as jieba would have it in a text: as it is."""
    return text.strip()


def honoured(term: str) -> bool:
    """True when jieba can keep the term whole.

    >>> honoured("区块链"), honoured("BaaS平台"), honoured("亨利·福特"), honoured("供应 链")
    (True, True, False, False)
    """
    return _HONOURED.fullmatch(term) is not None


def _words(entry: ConceptEntry, options: ExportOptions) -> Iterator[str]:
    for _, form in target_forms(entry, options.target, clean):
        if form.administrative_status != "forbidden":
            yield clean(form.term)


def carried(entry: ConceptEntry, options: ExportOptions) -> ConceptEntry | None:
    """What the dictionary says of an entry: its words and the kind."""
    found = filter(honoured, _words(entry, options))
    words = tuple(TermSec(w, score=IMPORTED_SCORE) for w in found)
    if not words:
        return None
    return ConceptEntry("", (LangSec(options.target, words),), entry.kind, IMPORTED_SCORE)


def write_jieba(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """A line a word, in the order of the entries; the same word comes once."""
    seen: set[str] = set()
    for entry in entries:
        for word in _words(entry, options):
            if not honoured(word):
                tally.add("terms jieba cannot keep whole (a space, a sign or a rare character)", word)
            elif word not in seen:
                seen.add(word)
                yield f"{word} {FREQUENCY} {_TAGS[entry.kind]}\n"


def read_jieba(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """An entry a word. Lines are `word`, `word tag`, `word freq` or `word freq tag`.

    Raises: ExchangeError with file and line for a line that is none of these, or when no language is named.
    """
    if options.lang is None:
        raise ExchangeError(f"{path}: a dictionary of jieba does not say its variant of Chinese; name it with --lang")
    seen: set[str] = set()
    with text_lines(path, storable=options.storable) as lines:
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            if not text:
                continue
            found = _LINE.match(text)
            if found is None:
                raise ExchangeError(f"{path}:{number}: not `word freq tag`")
            if found[1] in seen:
                tally.add("words that stand twice", found[1])
                continue
            seen.add(found[1])
            if found[3] and found[3] not in _KINDS:
                tally.add("tags that name no kind of concept", f"{found[1]} {found[3]}")
            kind = _KINDS.get(found[3] or "n", "concept")
            term = TermSec(found[1], score=IMPORTED_SCORE)
            yield ConceptEntry("", (LangSec(options.lang, (term,)),), kind, IMPORTED_SCORE)
