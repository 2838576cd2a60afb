"""E-books (.epub) as text: the chapters in reading order, each read as a web page.

Left out: the table of contents. Books under digital rights management are refused.
Source: EPUB 3.3, 4 (container) and 5 (package document); EPUB 2 books are read the same way.
"""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from lxml import etree

from glossary.documents.archives import Archive
from glossary.documents.extracted import Block, Extract, composed, declared
from glossary.documents.html import page_blocks, page_text, parse_page
from glossary.documents.markup import parse_xml
from glossary.errors import DocumentError

_WHAT = "an e-book (.epub)"
_PAGES = frozenset(("application/xhtml+xml", "text/html", "application/html"))


def read(raw: bytes, name: str, encoding: str | None) -> Extract:
    """The text of an e-book; its language when the one it declares agrees with the letters.

    Raises: DocumentError for a file that is no e-book, protected, damaged, without chapters or too large.
    """
    with Archive(raw, name, _WHAT) as archive:
        package = _package(archive)
        root = _part(archive, package)
        chapters = _chapters(archive, root, posixpath.dirname(package))
        _check_protection(archive, chapters)
        blocks = [block for member in chapters for block in _chapter(archive, member, encoding)]
    text = composed(blocks)
    lang = next((e.text for e in root.iter("{http://purl.org/dc/elements/1.1/}language")), None)
    return Extract(text, "epub", declared((lang or "").strip(), text))


def _part(archive: Archive, member: str) -> etree._Element:
    return parse_xml(archive.read(member), f"{archive.name} ({member})")


def _package(archive: Archive) -> str:
    """The member that describes the book."""
    for root in _part(archive, "META-INF/container.xml").iter("{*}rootfile"):
        path = root.get("full-path")
        if path:
            return posixpath.normpath(unquote(path) if path not in archive else path)
    raise DocumentError(f"{archive.name}: names no book inside, so not {_WHAT}; make the file again")


def _chapters(archive: Archive, package: etree._Element, folder: str) -> list[str]:
    """The pages of the book in the order of the spine, each once, without the table of contents."""
    items = {e.get("id"): e for e in package.iter("{*}item")}
    found: dict[str, None] = {}
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or (item.get("media-type") or "").lower() not in _PAGES:
            continue
        if "nav" not in (item.get("properties") or "").split():
            path = (item.get("href") or "").partition("#")[0]
            member = posixpath.normpath(posixpath.join(folder, path))
            found[member if member in archive else unquote(member)] = None
    if not found:
        raise DocumentError(f"{archive.name}: lists no chapters, so not {_WHAT}; make the file again")
    return list(found)


def _check_protection(archive: Archive, chapters: list[str]) -> None:
    """Raises: DocumentError when a chapter is encrypted; fonts may be."""
    if "META-INF/encryption.xml" not in archive:
        return
    references = _part(archive, "META-INF/encryption.xml").iter("{*}CipherReference")
    if {unquote(e.get("URI") or "") for e in references}.intersection(chapters):
        raise DocumentError(f"{archive.name}: protected (DRM); give a copy without protection")


def _chapter(archive: Archive, member: str, encoding: str | None) -> list[Block]:
    name = f"{archive.name} ({member})"
    root = parse_page(page_text(archive.read(member), name, encoding), name)
    return page_blocks(root, name)
