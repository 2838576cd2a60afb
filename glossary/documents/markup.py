"""XML and HTML as trees, without entities, external files or unbounded depth."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from lxml import etree

from glossary.documents.limits import MAX_MARKUP_BYTES
from glossary.errors import DocumentError

_ENTITY = re.compile(rb"<\0*!\0*E\0*N\0*T\0*I\0*T\0*Y")
"""An entity declaration in any encoding that writes ASCII letters as ASCII bytes, NUL bytes between or not."""


def parse_xml(raw: bytes, name: str) -> etree._Element:
    """The root of an XML file.

    Raises: DocumentError for XML that is too long, not well-formed, nested over 256 deep, or declares entities.
    """
    _check_size(raw, name)
    if _ENTITY.search(raw):
        raise DocumentError(f"{name}: declares XML entities; refused")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        where = error.lineno or 1
        raise DocumentError(f"{name}:{where}: not well-formed XML ({_first_line(error.msg)}); mend the file") from None
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise DocumentError(f"{name}: not well-formed XML ({_first_line(str(error))}); mend the file") from None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and list(_entities(dtd)):
        raise DocumentError(f"{name}: declares XML entities; refused")
    return root


def _entities(declared: etree.DTD) -> Iterable[object]:
    return cast(Iterable[object], getattr(declared, "iterentities")())  # noqa: B009  lxml-stubs does not know it


def parse_html(text: str, name: str) -> etree._Element:
    """The root of an HTML page, mended as browsers do.

    Raises: DocumentError for a page that is too long, has no element, or is nested over 256 deep.
    """
    raw = text.encode("utf-8", "replace")
    _check_size(raw, name)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        root, why = None, _first_line(error.msg)
    else:
        why = "no text in it"
    limit = [e for e in parser.error_log if e.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT or "xcessive" in e.message]
    if limit:
        raise DocumentError(f"{name}:{limit[0].line}: nested too deeply or too long ({_first_line(limit[0].message)})")
    if root is None:
        raise DocumentError(f"{name}: not a web page ({why}); give a file with text in it")
    return root


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def _check_size(raw: bytes, name: str) -> None:
    if len(raw) > MAX_MARKUP_BYTES:
        raise DocumentError(
            f"{name}: {len(raw):,} bytes of markup, at most {MAX_MARKUP_BYTES:,} are read; cut it into parts"
        )


def _first_line(message: str | None) -> str:
    return (message or "unknown fault").strip().splitlines()[0][:200] if (message or "").strip() else "unknown fault"
