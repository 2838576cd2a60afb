"""Language tags in file names: `name.zh-Hant.txt`, `zh-tw.md`, `003.en`."""

from __future__ import annotations

import re
from pathlib import Path

from glossary.language import canonical_tag

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo "
    "es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka "
    "kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng "
    "nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su "
    "sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
    "cmn yue zho chi eng"
)
_LANGUAGES = frozenset(_CODES.split())
"""ISO 639-1, and the three-letter codes in use for Chinese and English: `md` and `txt` must not read as languages."""


def language_tag(part: str) -> str | None:
    """The canonical tag a piece of a file name stands for, or None.

    >>> language_tag("en"), language_tag("zh_tw"), language_tag("md"), language_tag("v2")
    ('en', 'zh-Hant-TW', None, None)
    """
    if re.split("[-_]", part)[0].lower() not in _LANGUAGES:
        return None
    try:
        return canonical_tag(part)
    except ValueError:
        return None


def split_name(path: Path, suffixes: frozenset[str]) -> tuple[str, str | None]:
    """The name of a text without language and suffix, and its language tag; `en.txt` has the name ''.

    >>> known = frozenset({".txt", ".md"})
    >>> split_name(Path("harbour.en.txt"), known), split_name(Path("zh-tw.md"), known)
    (('harbour', 'en'), ('', 'zh-Hant-TW'))
    >>> split_name(Path("003.zh"), known), split_name(Path("區塊鏈.txt"), known)
    (('003', 'zh'), ('區塊鏈', None))
    """
    stem = path.name[: -len(path.suffix)] if path.suffix.lower() in suffixes else path.name
    name, _, last = stem.rpartition(".")
    tag = language_tag(last)
    return (name, tag) if tag else (stem, None)
