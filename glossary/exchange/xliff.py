"""Translation units of XLIFF 1.2 and 2.0/2.1: text of source and target, inline codes left out.

Source: OASIS XLIFF 1.2 (2008), trans-unit; XLIFF 2.0 (2014), unit and segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from glossary.datamodel import TranslationUnit
from glossary.errors import ExchangeError
from glossary.exchange.xml_text import elements, local_name
from glossary.language import canonical_tag

_CODES = frozenset({"x", "bx", "ex", "ph", "bpt", "ept", "it", "sub", "sc", "ec", "sm", "em", "cp"})
"""Inline elements that stand for codes: their content is no text."""

_DEEPEST = 200
"""Elements nested deeper than this are refused: no translation file has them, and recursion has a limit."""


def read_xliff(path: Path) -> Iterator[TranslationUnit]:
    """The units of an XLIFF file in order.

    Raises: ExchangeError with file and line when it is no well-formed XLIFF or declares entities.
    """
    langs, second = ("und", "und"), False
    for element in elements(path, frozenset({"xliff"}), frozenset({"trans-unit", "unit"}), kind="XLIFF"):
        name = local_name(element)
        if name == "xliff":
            second = str(element.get("version", "")).startswith("2")
            langs = _tag(path, element.get("srcLang")), _tag(path, element.get("trgLang"))
        elif name in ("trans-unit", "unit") and element.get("translate") != "no":
            yield from _second(path, element, langs) if second else _first(path, element)


def _first(path: Path, unit: etree._Element) -> Iterator[TranslationUnit]:
    """A trans-unit of XLIFF 1.2; its file element names the languages."""
    file = next(unit.iterancestors("{*}file"), None)
    attributes: Mapping[str, str] = {} if file is None else {str(k): str(v) for k, v in file.attrib.items()}
    langs = _tag(path, attributes.get("source-language")), _tag(path, attributes.get("target-language"))
    yield _unit(path, unit, unit, langs, unit.get("id") or "")


def _second(path: Path, unit: etree._Element, langs: tuple[str, str]) -> Iterator[TranslationUnit]:
    """The segments of a unit of XLIFF 2."""
    for segment in unit.iter("{*}segment"):
        name = "/".join(part for part in (unit.get("id"), segment.get("id")) if part)
        yield _unit(path, unit, segment, langs, name)


def _unit(
    path: Path, unit: etree._Element, holder: etree._Element, langs: tuple[str, str], name: str
) -> TranslationUnit:
    source, target = holder.find("{*}source"), holder.find("{*}target")
    if source is None:
        raise ExchangeError(f"{path}:{unit.sourceline}: a unit without a source")
    text = "" if target is None else _text(path, target)
    return TranslationUnit(_text(path, source), text, *langs, str(path), _line(source), name)


def _text(path: Path, element: etree._Element, depth: int = 0) -> str:
    if depth > _DEEPEST:
        raise ExchangeError(f"{path}:{element.sourceline}: elements nested too deeply")
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname not in _CODES:
            parts.append(_text(path, child, depth + 1))
        parts.append(child.tail or "")
    return "".join(parts)


def _line(element: etree._Element) -> int:
    line: object = element.sourceline  # None for an element that was not parsed
    return line if isinstance(line, int) else 1


def _tag(path: Path, lang: str | None) -> str:
    try:
        return canonical_tag(lang) if lang else "und"
    except ValueError as error:
        raise ExchangeError(f"{path}: {error}") from None
