"""XML as text out, and XML in without entities, network, external files or endless trees.

Source: XML 1.0 (Fifth Edition), 2.2 Characters; libxml2's limits on depth and text length stay on (huge_tree=False).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import cast
from xml.sax.saxutils import escape

from lxml import etree

from glossary.errors import ExchangeError
from glossary.exchange.lines import check_size

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ud800-\udfff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold. Lone surrogates pass, so that writing them fails and names them."""

_SPECIAL = re.compile("[&<>\r]")

MOST_ELEMENTS = 200_000
"""Elements of one entry or row that are read: an entry with 10,000 terms has 100,000. A limit of ours."""
MOST_TEXT = 20_000_000
"""Bytes of one entry or row that are read. A limit of ours."""
_CHECKED = 16  # elements between two looks at the limits: at most 160 MB, for libxml2 stops at 10 MB a text


def xml_text(text: str) -> str:
    """The text with U+FFFD for every character XML cannot hold.

    >>> xml_text("a\\x00b 區\\x0b")
    'a\\ufffdb 區\\ufffd'
    """
    return _NOT_XML.sub("\ufffd", text)


def escaped(text: str) -> str:
    """A text of XML characters as element content; a carriage return survives the parser.

    >>> escaped("a<b & c\\r")
    'a&lt;b &amp; c&#13;'
    """
    return escape(text, {"\r": "&#13;"}) if _SPECIAL.search(text) else text


def attribute(text: str) -> str:
    """A text of XML characters as an attribute value with its quotes, white space kept.

    >>> attribute('say "x"\\n')
    '"say &quot;x&quot;&#10;"'
    """
    return '"' + escape(text, {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}) + '"'


def elements(path: Path, roots: frozenset[str], units: frozenset[str], *, kind: str = "") -> Iterator[etree._Element]:
    """The root as it begins, then elements as they end: those whose local name is in `units`, and those outside.

    Every element is emptied before the next one comes: memory does not grow with the file. `kind` is the format's name.

    Raises: ExchangeError in one line with file and line when the file is not well-formed, declares entities, is too
        large, or its root is none of `roots`.
    """
    try:
        check_size(path)
        with path.open("rb") as stream:
            events = etree.iterparse(
                stream,
                events=("start", "end"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            yield from _units(path, events, stream.tell, roots, units, kind)
    except etree.XMLSyntaxError as error:
        message = " ".join((error.msg or "").split()) or "no XML"
        raise ExchangeError(f"{path}:{error.lineno or 1}: not well-formed XML: {message}") from None
    except (OSError, ValueError) as error:
        raise ExchangeError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _units(
    path: Path, events: Iterable[tuple[str, etree._Element]], position: Callable[[], int], roots: frozenset[str],
    units: frozenset[str], kind: str,
) -> Iterator[etree._Element]:  # fmt: skip
    first = True
    for element in ended(events, units, str(path), position):
        if first:
            root = element.getroottree().getroot()
            check_root(path, root, roots, kind)
            first = False
        yield element


def ended(
    events: Iterable[tuple[str, etree._Element]], units: frozenset[str], name: str, position: Callable[[], int]
) -> Iterator[etree._Element]:
    """The root as it begins, then elements as they end: those in `units`, whole, and those outside of them.

    Each is forgotten before the next one comes. `position` tells how many bytes the parser has taken.

    Raises: ExchangeError for a unit over the limits of this module.
    """
    first, unit = True, None
    count = begun = 0
    for event, element in events:
        if first:
            first = False
            yield element
        if unit is not None:
            if event == "start":
                count += 1
                if count % _CHECKED == 0 and (count > MOST_ELEMENTS or position() - begun > MOST_TEXT):
                    limits = f"{MOST_ELEMENTS:,} elements or {MOST_TEXT:,} bytes"
                    raise ExchangeError(f"{name}:{unit.sourceline}: one {local_name(unit)} of over {limits}; refused")
                continue
            if element is not unit:
                continue
            unit = None
            yield element
            element.clear()
        elif event == "start":
            if local_name(element) in units:
                unit, count, begun = element, 0, position()
            continue
        else:
            yield element
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def check_root(path: Path, root: etree._Element, roots: frozenset[str], kind: str = "") -> None:
    """Raises: ExchangeError for a file that declares entities or whose root is none of `roots`."""
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and list(_entities(declared)):
        raise ExchangeError(f"{path}:{root.sourceline}: declares XML entities; refused")
    if local_name(root) not in roots:
        named = kind or " or ".join(sorted(roots))
        raise ExchangeError(f"{path}:{root.sourceline}: the first element is <{local_name(root)}>, not {named}")


def _entities(declared: etree.DTD) -> Iterable[object]:
    return cast(Iterable[object], getattr(declared, "iterentities")())  # noqa: B009  lxml-stubs does not know it


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; '' for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
