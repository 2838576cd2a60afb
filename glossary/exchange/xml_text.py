"""XML as text out, and XML in without entities, network, external files or endless trees.

Source: XML 1.0 (Fifth Edition), 2.2 Characters; libxml2's limits on depth and text length stay on (huge_tree=False).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, Protocol, cast
from xml.sax.saxutils import escape

from lxml import etree

from glossary.errors import ExchangeError
from glossary.exchange.lines import check_size


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, none at the end."""


XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ud800-\udfff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold. Lone surrogates pass, so that writing them fails and names them."""

_SPECIAL = re.compile("[&<>\r]")
_SPECIAL_IN_ATTRIBUTE = re.compile('[&<>"\r\n\t]')

MOST_SIGNS = 500_000
"""Signs `<` and `=` of one entry or row that is read: two a tag pair, one an attribute. An entry with 10,000 terms has
about 300,000. A limit of ours."""
MOST_TEXT = 20_000_000
"""Bytes of one entry or row that are read. A limit of ours."""


def xml_text(text: str) -> str:
    """The text with U+FFFD for every character XML cannot hold.

    >>> xml_text("a\\x00b 區\\x0b")
    'a\\ufffdb 區\\ufffd'
    """
    return text if text.isprintable() else _NOT_XML.sub("\ufffd", text)


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
    if _SPECIAL_IN_ATTRIBUTE.search(text):
        text = escape(text, {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
    return f'"{text}"'


def elements(
    path: Path, roots: frozenset[str], units: frozenset[str], *, also: frozenset[str] = frozenset(), kind: str = ""
) -> Iterator[etree._Element]:
    """The root as it begins, then the elements whose local name is in `units` or `also` as they end.

    A unit is whole; it and all before it are forgotten when the next element is asked for, so memory does not grow with
    the file. Units inside units are their parts. `kind` is the format's name.

    Raises: ExchangeError in one line with file and line when the file is not well-formed, declares entities, is too
        large, or its root is none of `roots`.
    """
    try:
        check_size(path)
        with path.open("rb") as stream:
            found = ended(Limited(stream, str(path)), roots | also, units)
            root = next(found)
            check_root(path, root, roots, kind)
            yield root
            yield from found
    except etree.XMLSyntaxError as error:
        message = " ".join((error.msg or "").split()) or "no XML"
        raise ExchangeError(f"{path}:{error.lineno or 1}: not well-formed XML: {message}") from None
    except (OSError, ValueError) as error:
        raise ExchangeError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


class Limited:
    """A stream that refuses to go on when one unit, or what stands between two, is over the limits of this module."""

    def __init__(self, stream: Readable, name: str) -> None:
        self._stream, self._name = stream, name
        self._bytes = self._signs = 0
        self.unit: etree._Element | None = None  # the one that is being read

    def read(self, size: int = -1) -> bytes:
        """Some bytes. Raises: ExchangeError over a limit."""
        some = self._stream.read(size)
        self._bytes += len(some)
        self._signs += some.count(b"<") + some.count(b"=")
        if self._bytes > MOST_TEXT or self._signs > MOST_SIGNS:
            at, what = self._name, "a part"
            if self.unit is not None:
                at, what = f"{at}:{self.unit.sourceline}", f"one {local_name(self.unit)}"
            limits = f"{MOST_SIGNS:,} signs < and =, or {MOST_TEXT:,} bytes"
            raise ExchangeError(f"{at}: {what} of over {limits}; refused")
        return some

    def ended(self) -> None:
        """Begins to count anew: a unit has ended."""
        self.unit, self._bytes, self._signs = None, 0, 0


def ended(stream: Limited, others: frozenset[str], units: frozenset[str]) -> Iterator[etree._Element]:
    """The root as it begins, then units as they end, and elements of `others` outside of them. See `elements`.

    Raises: ExchangeError for a unit over the limits of this module, XMLSyntaxError.
    """
    events = etree.iterparse(
        cast(IO[bytes], stream), events=("start", "end"), tag=[f"{{*}}{name}" for name in sorted(units | others)],
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    first = True
    for event, element in cast("Iterator[tuple[str, etree._Element]]", events):
        if first:
            yield element.getroottree().getroot()
            first = False
        if stream.unit is None and event == "start" and local_name(element) in units:
            stream.unit = element
        elif event == "end" and element is stream.unit:
            yield element
            stream.ended()
            _forget(element)
        elif event == "end" and stream.unit is None and element.getparent() is not None:
            yield element
    if first:
        yield cast(etree._Element, events.root)


def _forget(element: etree._Element) -> None:
    """Empties an element and takes out all that stands before it."""
    element.clear()
    inner: etree._Element | None = element
    while inner is not None:
        parent = inner.getparent()
        while parent is not None and inner.getprevious() is not None:
            del parent[0]
        inner = parent


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
    return _local(element.tag)


@lru_cache(maxsize=1 << 12)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
