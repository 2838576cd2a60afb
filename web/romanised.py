"""How the Chinese renderings of an entry are read: in an editor's words, else as the machine reads them.

Nothing made here is stored: files and the API have the readings that people wrote.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from glossary.datamodel import ConceptEntry
from glossary.language import HAN, is_chinese, to_simplified
from glossary.readings import jyutping, pinyin
from glossary.variants import Rendering
from web.shown import term_of

CANTONESE = ("HK", "MO")
"""Regions whose readers are shown jyutping."""

TAGS: Mapping[str, str] = {"pinyin": "zh-Latn-pinyin", "jyutping": "yue-Latn-jyutping"}
"""Both variants are in IANA's registry of language subtags."""

_SYLLABLE = re.compile(r"([A-Za-zÜü]+)([0-5])(?!\d)")
_MARKS = ("", "\u0304", "\u0301", "\u030c", "\u0300", "")
"""Combining marks by the number of the tone; 0 and 5 are the neutral one."""

_WIDE = "（）「」『』《》〈〉〔〕【】，、。；：？！"
_NO_GAP = re.compile(f"(?<=[{_WIDE}“‘(]) | (?=[{_WIDE}”’)])")
"""Spaces at signs that are as wide as a character, and inside quotes and brackets."""


@dataclass(frozen=True, slots=True)
class Romanised:
    """A reading as it is shown, its language tag, and whether the machine made it."""

    text: str
    lang: str
    made: bool


def romanised(entry: ConceptEntry, rendering: Rendering) -> tuple[Romanised, ...]:
    """The readings to show under a rendering: jyutping in Hong Kong, pinyin elsewhere, and what else an editor wrote
    of this form.

    A converted form of the same characters is read as its source; a form without Han has no reading of the machine.
    """
    if not is_chinese(rendering.lang):
        return ()
    own = "jyutping" if any(part in CANTONESE for part in rendering.lang.split("-")) else "pinyin"
    found = []
    for kind in TAGS if rendering.origin == "observed" else [own]:
        written = _written(entry, rendering, kind)
        if written:
            found.append(Romanised(_shown(written, kind, rendering.term), TAGS[kind], made=False))
        elif kind == own and (read := _machine(rendering.term, kind)):
            found.append(Romanised(read, TAGS[kind], made=True))
    return tuple(found)


@lru_cache(maxsize=1 << 12)
def _machine(form: str, kind: str) -> str:
    """The usual reading; two variants of an entry often have one form, and a card is drawn in four languages."""
    return _shown(pinyin(form) if kind == "pinyin" else jyutping(form), kind, form)


def _shown(reading: str, kind: str, form: str) -> str:
    return _NO_GAP.sub("", accented(reading, form) if kind == "pinyin" else reading)


def _written(entry: ConceptEntry, rendering: Rendering, kind: str) -> str:
    """What an editor wrote of the term or of the one it was converted from; '' for nothing."""
    term = term_of(entry, rendering)
    source = entry.section(rendering.converted_from) if rendering.origin == "converted" else None
    terms = [term] if term else []
    terms += [t for t in source.terms if getattr(t, kind) and _alike(t.term, rendering.term)] if source else []
    return next((reading for t in terms if (reading := str(getattr(t, kind)))), "")


def _alike(form: str, other: str) -> bool:
    return to_simplified(form) == to_simplified(other)


def accented(reading: str, term: str = "") -> str:
    """Numbered pinyin with marks for the tones; what stands in the term itself stays, and so does what has no number.

    >>> accented("lv4 se4"), accented("Bei3jing1"), accented("wo3 men5"), accented("liu2 shui3"), accented("bàn")
    ('lǜ sè', 'Běijīng', 'wǒ men', 'liú shuǐ', 'bàn')
    >>> accented("Web3 qian2 bao1", "Web3錢包"), accented("ng4")
    ('Web3 qián bāo', 'ng4')
    """
    as_written = set(re.split(rf"[{HAN}\s]+", term))
    parts = unicodedata.normalize("NFC", reading).split()
    return " ".join([part if part in as_written else _SYLLABLE.sub(_with_mark, part) for part in parts])


def _with_mark(syllable: re.Match[str]) -> str:
    letters = re.sub("(?<=[LNln])v", "ü", syllable[1])
    low = letters.lower()
    vowels = [at for at, letter in enumerate(low) if letter in "aeiouü"]
    if not vowels:
        return syllable[0]
    first = [low.find(sign) for sign in ("a", "e", "ou") if sign in low]
    at = first[0] if first else vowels[-1]
    marked = letters[: at + 1] + _MARKS[int(syllable[2])] + letters[at + 1 :]
    return unicodedata.normalize("NFC", marked)


def warm() -> None:
    """Reads the tables of readings in the background (.8 s), so that the first card need not wait for them."""
    threading.Thread(target=lambda: (pinyin("中"), jyutping("中")), daemon=True).start()
