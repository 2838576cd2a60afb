"""What the heading of a sheet's column says it holds: ours, language tags, and what people and other tools write above
their terms: English, Chinese_PRC, 繁體中文（台灣）, 備註."""

from __future__ import annotations

import re

from glossary.exchange.rows import SOURCE, SOURCE_STATUS, STATUS, TARGET_PREFIX
from glossary.language import canonical_tag, fold

PLAIN = frozenset({
    "id", "kind", "score", "definition", "subject_field", "note", "do_not_translate", "details", STATUS, SOURCE_STATUS,
})  # fmt: skip
"""Columns that hold no terms."""

TARGET = "target"

_SAME = {
    "term": SOURCE, "source term": SOURCE, "术语": SOURCE, "原文": SOURCE, "词条": SOURCE,
    "translation": TARGET, "target term": TARGET, "rendering": TARGET, "译文": TARGET, "译法": TARGET, "译名": TARGET,
    "chinese": "zh", "中文": "zh", "汉语": "zh", "华语": "zh", "english": "en", "英文": "en", "英语": "en",
    "定义": "definition", "comment": "note", "comments": "note", "notes": "note", "备注": "note", "注释": "note",
    "subject": "subject_field", "domain": "subject_field", "领域": "subject_field", "状态": STATUS,
    "dnt": "do_not_translate",
}  # fmt: skip
_CHINESE = {
    "simplified": "zh-Hans", "prc": "zh-Hans", "china": "zh-Hans", "mainland": "zh-Hans", "mainland china": "zh-Hans",
    "simplified china": "zh-Hans", "simplified prc": "zh-Hans",
    "简体": "zh-Hans", "简体中文": "zh-Hans", "中文简体": "zh-Hans", "简中": "zh-Hans", "大陆": "zh-Hans",
    "中国大陆": "zh-Hans",
    "traditional": "zh-Hant", "繁体": "zh-Hant", "繁体中文": "zh-Hant", "中文繁体": "zh-Hant", "繁中": "zh-Hant",
    "taiwan": "zh-Hant-TW", "traditional taiwan": "zh-Hant-TW", "台湾": "zh-Hant-TW", "正体": "zh-Hant-TW",
    "正体中文": "zh-Hant-TW", "繁体中文 台湾": "zh-Hant-TW", "繁体 台湾": "zh-Hant-TW", "中文 台湾": "zh-Hant-TW",
    "hong kong": "zh-Hant-HK", "traditional hong kong": "zh-Hant-HK", "hong kong sar": "zh-Hant-HK",
    "traditional hong kong sar": "zh-Hant-HK", "香港": "zh-Hant-HK", "繁体中文 香港": "zh-Hant-HK",
    "繁体 香港": "zh-Hant-HK", "中文 香港": "zh-Hant-HK", "中文 简体": "zh-Hans", "中文 繁体": "zh-Hant",
}  # fmt: skip
"""What stands beside `Chinese`, or alone in Chinese, without signs; hand-made from the headings MultiTerm, memoQ and
Excel users write."""

_LANGUAGE = re.compile(r"(?:[a-z]{2}|yue|cmn|nan|hak|wuu|lzh)(?:[-_].*)?$", re.IGNORECASE)
"""Tags a bare heading may be: `ref` and `pos` are no languages."""
_TERM_OF = re.compile(r"^(?:source|target|term)s? (.+?)$|^(.+?) (?:term|terms|术语|名称|词)$|^(.+?[^ ])(?:术语|名称)$")


def meaning(heading: str) -> str:
    """A name of PLAIN, SOURCE, TARGET, or the tag of the terms' language; '' when the heading is not known.

    >>> [meaning(h) for h in ("zh-TW", "Chinese (Traditional, Taiwan)", "Chinese_PRC", "英文術語", "備註", "POS")]
    ['zh-Hant-TW', 'zh-Hant-TW', 'zh-Hans', 'en', 'note', '']
    """
    name = heading.strip()
    key = name.lower().replace(" ", "_")
    if key in PLAIN or key in (SOURCE, TARGET):
        return key
    if key.startswith(TARGET_PREFIX) and (tag := _tag(name[len(TARGET_PREFIX) :])):
        return tag
    if _LANGUAGE.match(name) and (tag := _tag(name)):
        return tag
    words = " ".join(re.findall(r"\w+", fold(name).text.replace("_", " ")))
    return _named(words) or next((_named(own) for own in _within(words)), "")


def _within(words: str) -> tuple[str, ...]:
    """The heading without `term` or what else says that it is one."""
    found = _TERM_OF.match(words)
    return tuple(part for part in found.groups() if part) if found else ()


def _named(words: str) -> str:
    known = _SAME.get(words) or _CHINESE.get(words)
    if known:
        return known
    first, _, rest = words.partition(" ")
    if first == "english":
        return "en"
    if first in ("chinese", "中文") and rest in _CHINESE:
        return _CHINESE[rest]
    tag = words.replace(" ", "-")
    return (_tag(tag) or "") if _LANGUAGE.match(tag) else ""


def _tag(text: str) -> str | None:
    try:
        return canonical_tag(text)
    except ValueError:
        return None
