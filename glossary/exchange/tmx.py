"""Bitexts as TMX 1.4b translation units, written as text and read with lxml.

Written: a tu per bead that has both sides, tuid from the bead's texts and place, props `x-score`, `x-beads` (vecalign's
notation) and `x-document`; no dates, so the same bitext gives the same bytes. Null beads have no place in TMX and are
lost. Characters XML cannot hold become U+FFFD.

Read: any TMX with at least two languages; of more than two, srclang and the first other. Inline tags are dropped, their
text is kept. Documents that declare entities are refused; none is ever fetched or expanded.

Source: TMX 1.4b Specification (LISA OSCAR, 2005).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lxml import etree

from glossary.datamodel import Bitext, TranslationUnit, content_id
from glossary.errors import ExchangeError
from glossary.exchange.bitext_lines import bead_text
from glossary.exchange.bitext_reading import Pair, bitext_of
from glossary.exchange.options import BitextOptions
from glossary.exchange.xml_text import XML_LANG, elements, escaped, local_name, xml_text
from glossary.language import base_language, canonical_tag

_UNSCORED = 1.0
"""The score of a unit that carries none: somebody's translation memory is taken at its word."""

_HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
    '<header creationtool="bitext-glossary" creationtoolversion="1" segtype="sentence" o-tmf="bitext" '
    'adminlang="en" srclang={lang} datatype="plaintext"/>\n<body>\n'
)


def write_tmx(bitext: Bitext, options: BitextOptions) -> Iterator[str]:
    """The bitext as TMX, a unit at a time."""
    langs = (bitext.source_lang, bitext.target_lang)
    yield _HEADER.format(lang=quoteattr(langs[0]))
    documents = " ".join(dict.fromkeys(u for u in (options.source_uri, options.target_uri) if u))
    for bead in bitext.beads:
        if bead.is_null:
            continue
        texts = (bead_text(bitext.source, bead.source), bead_text(bitext.target, bead.target))
        shape = f"{list(bead.source)}:{list(bead.target)}"
        yield f'<tu tuid="{content_id(shape, *texts)}">\n'
        yield _prop("x-score", f"{bead.score:.4f}") + _prop("x-beads", shape)
        yield _prop("x-document", documents) if documents else ""
        for lang, text in zip(langs, texts, strict=True):
            yield f"<tuv xml:lang={quoteattr(lang)}><seg>{_escaped(text)}</seg></tuv>\n"
        yield "</tu>\n"
    yield "</body>\n</tmx>\n"


def _prop(kind: str, value: str) -> str:
    return f'<prop type="{kind}">{_escaped(value)}</prop>\n'


def _escaped(text: str) -> str:
    return escaped(xml_text(text))


def read_tmx(path: Path) -> Bitext:
    """The bitext of a TMX file: one bead a unit.

    Raises: ExchangeError with file and line when it is no well-formed TMX, declares entities or holds fewer than two
        languages.
    """
    units = list(_units(path))
    langs = _languages(path, units)
    pairs = (Pair(texts.get(langs[0], ""), texts.get(langs[1], ""), score) for _, texts, score, _ in units)
    tags = [_tag(lang, path) for lang in langs]
    return bitext_of(pairs, (tags[0], tags[1]), path.name)


def read_tmx_units(path: Path) -> Iterator[TranslationUnit]:
    """The units of a TMX file with their lines, for checking translations. Raises: ExchangeError as `read_tmx`."""
    units = list(_units(path))
    source, target = _languages(path, units)
    tags = _tag(source, path), _tag(target, path)
    for _, texts, _, line in units:
        yield TranslationUnit(texts.get(source, ""), texts.get(target, ""), *tags, str(path), line)


_Unit = tuple[str, dict[str, str], float, int]  # srclang, text by language, score, line


def _units(path: Path) -> Iterator[_Unit]:
    srclang = ""
    for element in elements(path, frozenset({"tmx"}), frozenset({"tu"}), also=frozenset({"header"}), kind="TMX"):
        name = local_name(element)
        if name == "header":
            srclang = element.get("srclang") or ""
        elif name == "tu":
            yield (element.get("srclang") or srclang), _texts(path, element), _score(element), _line(element)


def _texts(path: Path, unit: etree._Element) -> dict[str, str]:
    texts: dict[str, str] = {}
    for tuv in unit.iterchildren("{*}tuv"):
        lang = tuv.get(XML_LANG) or tuv.get("lang")
        seg = tuv.find("{*}seg")
        if not lang or seg is None:
            raise ExchangeError(f"{path}:{tuv.sourceline}: a tuv without xml:lang or seg")
        texts[lang] = "".join(str(t) for t in seg.itertext()).strip("\n\t ")
    return texts


def _score(unit: etree._Element) -> float:
    prop = next((p for p in unit.iterchildren("{*}prop") if p.get("type") == "x-score"), None)
    try:
        score = float((prop.text or "") if prop is not None else _UNSCORED)
    except ValueError:
        return _UNSCORED
    return score if 0 <= score <= 1 else _UNSCORED


def _languages(path: Path, units: list[_Unit]) -> tuple[str, str]:
    """Source and target as the file spells them: srclang where it names one, else the first unit's first language."""
    if not units:
        return "und", "und"
    present = dict.fromkeys(lang for _, texts, _, _ in units for lang in texts)
    if len(present) < 2:
        raise ExchangeError(f"{path}: holds {len(present)} language; a bitext needs two")
    named = units[0][0].lower()
    exact = [lang for lang in present if lang.lower() == named]
    related = [lang for lang in present if base_language(lang) == base_language(named)]
    source = (exact + related + list(present))[0]
    return source, next(lang for lang in present if lang != source)


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


def _tag(lang: str, path: Path) -> str:
    try:
        return lang if lang == "und" else canonical_tag(lang)
    except ValueError as error:
        raise ExchangeError(f"{path}: {error}") from None
