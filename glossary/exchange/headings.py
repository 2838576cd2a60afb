"""What the heading of a sheet's column says it holds: ours, language tags, and what people and other tools write above
their terms: English, Chinese_PRC, 繁體中文（台灣）, 備註."""

from __future__ import annotations

import re

from glossary.exchange.rows import SOURCE, SOURCE_STATUS, STATUS, TARGET_PREFIX
from glossary.language import canonical_tag, fold

TARGET = "target"

_FIELDS = frozenset({
    "id", "kind", "score", "definition", "subject_field", "note", "do_not_translate", "details", STATUS, SOURCE_STATUS,
})  # fmt: skip
_FIELD_WORDS = {
    "定义": "definition", "释义": "definition", "comment": "note", "comments": "note", "notes": "note",
    "remark": "note", "remarks": "note", "备注": "note", "注释": "note", "subject": "subject_field",
    "domain": "subject_field", "领域": "subject_field", "dnt": "do_not_translate",
}  # fmt: skip
_SIDES = {
    "term": SOURCE, "terms": SOURCE, "source term": SOURCE, "术语": SOURCE, "原文": SOURCE, "词条": SOURCE,
    "translation": TARGET, "target term": TARGET, "rendering": TARGET, "译文": TARGET, "译法": TARGET, "译名": TARGET,
}  # fmt: skip
_LANGUAGES = {
    "english": "en", "en": "en", "英文": "en", "英语": "en",
    "chinese": "zh", "zh": "zh", "中文": "zh", "汉语": "zh", "华语": "zh",
    "simplified": "zh-Hans", "hans": "zh-Hans", "prc": "zh-Hans", "china": "zh-Hans", "cn": "zh-Hans",
    "mainland": "zh-Hans", "大陆": "zh-Hans", "中国大陆": "zh-Hans",
    "简体": "zh-Hans", "简体字": "zh-Hans", "简中": "zh-Hans",
    "traditional": "zh-Hant", "hant": "zh-Hant", "繁体": "zh-Hant", "繁体字": "zh-Hant", "繁中": "zh-Hant",
    "taiwan": "zh-Hant-TW", "tw": "zh-Hant-TW", "台湾": "zh-Hant-TW", "正体": "zh-Hant-TW",
    "hongkong": "zh-Hant-HK", "hk": "zh-Hant-HK", "香港": "zh-Hant-HK",
}  # fmt: skip
"""Words that name a language or a variant of it; hand-made, as the next two, from the headings MultiTerm, memoQ and
Excel users write."""

_OF_TERMS = frozenset({
    "source", "target", "term", "terms", "translation", "name", "sar", "术语", "名称", "译名", "译法", "译文", "词",
})  # fmt: skip
"""Words beside the name of a language that say its terms stand there; all others say that something else does."""

_OF_ENGLISH = frozenset({"us", "usa", "united", "states", "uk", "kingdom", "gb", "american", "british"})

_ISO_639_1 = """
aa ab ae af ak ar av ay az ba bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff
fi fj fo fr fy ga gd gl gn gu gv ha hi ho hr ht hu hy hz ia ie ig ii ik io it iu ja jv ka kg ki kj kk kl km kn ko kr ks
ku kv kw ky lb lg li ln lt lu lv mg mh mi mk ml mn mr ms mt na nb nd ne ng nl nn nv ny oc oj om os pa pi pl ps pt qu rm
rn ro ru rw sa sc sd se sg si sk sl sm sn sq sr ss st su sv sw ta te tg th ti tk tl tn tr ts tt ty ug uk ur uz ve vi vo
wa wo xh yi yo za zh zu yue cmn nan hak wuu lzh
"""
_CODES = frozenset(_ISO_639_1.split())
"""Languages that a bare heading may name: two letters, or a kind of Chinese. Left out are those that are words or
numbers in a heading: am an as be he id is la lo my no nr or so to, and tw, which is Taiwan here; `target_no` names
them."""

_BARE = re.compile(
    r"([a-z]{2,3})(?:[-_](?:hans|hant|latn|cyrl|arab|chs|cht))?(?:[-_](?:[a-z]{2}|\d{3}))?", re.IGNORECASE
)
_CHINESE_WORD = re.compile("|".join(sorted((w for w in {*_LANGUAGES, *_OF_TERMS} if not w.isascii()), key=len)[::-1]))


def field_of(heading: str) -> str:
    """The name of the column that holds no terms; '' when there is none.

    >>> [field_of(h) for h in ("ID", "Subject field", "備註", "No.", "English definition")]
    ['id', 'subject_field', 'note', '', '']
    """
    key = heading.strip().lower().replace(" ", "_")
    return key if key in _FIELDS else _FIELD_WORDS.get(_words(heading), "")


def terms_of(heading: str) -> str:
    """SOURCE, TARGET or the tag of the terms' language; '' when the heading is not known to stand above terms.

    >>> [terms_of(h) for h in ("zh-TW", "Chinese (Traditional, Taiwan)", "Chinese_PRC", "英文術語", "term_fr")]
    ['zh-Hant-TW', 'zh-Hant-TW', 'zh-Hans', 'en', 'fr']
    >>> [terms_of(h) for h in ("No.", "POS", "Term ID", "English definition", "中文定義")]
    ['', '', '', '', '']
    """
    name = heading.strip()
    if name.lower() in (SOURCE, TARGET):
        return name.lower()
    if name.lower().startswith(TARGET_PREFIX) and (tag := _tag(name[len(TARGET_PREFIX) :])):
        return tag
    words = _words(name)
    return _bare(name) or _SIDES.get(words) or _named(words)


def _words(heading: str) -> str:
    """The words of a heading without case, signs and script."""
    return " ".join(re.findall(r"\w+", fold(heading).text.lower().replace("_", " ")))


def _bare(text: str) -> str:
    """The tag a text is."""
    found = _BARE.fullmatch(text)
    return _tag(text) if found and found[1].lower() in _CODES else ""


def _named(text: str) -> str:
    """The tag that the words name together, beside what says that they are terms."""
    words = _CHINESE_WORD.sub(r" \g<0> ", text.replace("hong kong", "hongkong")).split()
    rest = [word for word in words if word not in _OF_TERMS]
    if "english" in rest:
        rest = [word for word in rest if word not in _OF_ENGLISH]
    tags = [_LANGUAGES.get(word, "") for word in rest]
    if not all(tags):
        return _bare("-".join(rest))
    most = max(tags, key=len, default="")
    return most if all(most.startswith(tag) for tag in tags) else ""


def _tag(text: str) -> str:
    try:
        return canonical_tag(text)
    except ValueError:
        return ""
