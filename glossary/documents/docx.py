"""Word documents (.docx) as text: paragraphs, table cells and text boxes in order, notes at the end.

Tracked changes are read as accepted: what was inserted or moved in stays, what was deleted or moved away goes. Left
out: page headers and footers, comments, hidden text, field codes, tables of contents, placeholders, formulas, pictures.

Limits: numbers that Word makes (lists, headings, notes) are not in the text.
Source: ECMA-376 Part 1, 17 (WordprocessingML), transitional and strict.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from glossary.documents.archives import Archive
from glossary.documents.extracted import Block, Extract, Form, composed
from glossary.documents.markup import parse_xml
from glossary.errors import DocumentError

_SPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WHAT = "a Word document (.docx)"
_DROPPED = frozenset(("del", "moveFrom", "rt", "sectPr", "fldData", "pPrChange", "rPrChange"))
_TYPED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class _Styles:
    """Ids of paragraph styles by what they mean."""

    headings: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Paragraph:
    place: int
    pieces: list[str] = field(default_factory=list)
    form: Form = "plain"
    goes_on: bool = False  # its end was deleted: the next paragraph continues it
    dropped: bool = False


def read(raw: bytes, name: str, encoding: str | None) -> Extract:
    """The text of a Word document; `encoding` plays no part.

    Raises: DocumentError for a file that is no Word document, encrypted, damaged or too large.
    """
    with Archive(raw, name, _WHAT) as archive:
        main = _main_part(archive)
        root = _part(archive, main)
        if _name(root) != "document":
            raise DocumentError(f"{name}: {main!r} inside is not a Word document; save it as .docx again")
        styles = _styles(archive, _related(archive, main, "styles"))
        body = _Body(styles)
        blocks = list(body.blocks(root))
        for kind in ("footnote", "endnote"):
            blocks += _notes(archive, _related(archive, main, f"{kind}s"), body.references[kind], styles)
    return Extract(composed(blocks), "docx")


def _part(archive: Archive, member: str) -> etree._Element:
    return parse_xml(archive.read(member), f"{archive.name} ({member})")


def _main_part(archive: Archive) -> str:
    if "[Content_Types].xml" not in archive and "word/document.xml" not in archive:
        raise DocumentError(f"{archive.name}: a zip file, but not {_WHAT}; give the document itself")
    return _related(archive, "", "officeDocument") or "word/document.xml"


def _related(archive: Archive, part: str, kind: str) -> str | None:
    """The part that a part (the package for '') names for a kind of relation, if it is there."""
    folder, base = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{base}.rels")
    if rels not in archive:
        return None
    for relation in _part(archive, rels).iter("{*}Relationship"):
        target = relation.get("Target") or ""
        if (relation.get("Type") or "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
            member = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            return member if member in archive else None
    return None


def _styles(archive: Archive, part: str | None) -> _Styles:
    """Which styles are headings, list items and tables of contents, by name, outline level and what they build on."""
    if part is None:
        return _Styles()
    kinds: dict[str, str] = {}
    based: dict[str, str] = {}
    for style in _children(_part(archive, part), "style"):
        identity = _value(style, "styleId")
        name = "".join(_value(n) for n in _children(style, "name")).lower()
        based[identity] = "".join(_value(b) for b in _children(style, "basedOn"))
        inside = {_name(e) for p in _children(style, "pPr") for e in p}
        if name.startswith(("toc ", "table of ")):
            kinds[identity] = "dropped"
        elif re.fullmatch(r"heading \d|title|subtitle", name) or "outlineLvl" in inside:
            kinds[identity] = "heading"
        elif "numPr" in inside or name.startswith("list "):
            kinds[identity] = "item"
    found: dict[str, set[str]] = {"dropped": set(), "heading": set(), "item": set()}
    for identity in based:
        kind = _inherited(identity, kinds, based)
        if kind:
            found[kind].add(identity)
    return _Styles(frozenset(found["heading"]), frozenset(found["item"]), frozenset(found["dropped"]))


def _inherited(identity: str, kinds: dict[str, str], based: dict[str, str]) -> str | None:
    seen: set[str] = set()
    while identity and identity not in seen:
        if identity in kinds:
            return kinds[identity]
        seen.add(identity)
        identity = based.get(identity, "")
    return None


def _notes(archive: Archive, part: str | None, ids: list[str], styles: _Styles) -> Iterator[Block]:
    """The notes in the order the text refers to them, each once, as one paragraph."""
    if part is None or not ids:
        return
    notes = {_value(n, "id"): n for n in _part(archive, part) if _name(n) in ("footnote", "endnote")}
    for identity in dict.fromkeys(ids):
        if identity in notes:
            blocks = _Body(styles).blocks(notes[identity])
            yield Block(" ".join(b.text.strip() for b in blocks), "note")


class _Body:
    """One walk over a part. Paragraphs nest (text boxes stand in a paragraph); the outer one comes first."""

    def __init__(self, styles: _Styles) -> None:
        self.styles = styles
        self.references: dict[str, list[str]] = {"footnote": [], "endnote": []}
        self.done: list[list[Block]] = []
        self.open: list[_Paragraph] = []
        self.carried: list[str] = []

    def blocks(self, root: etree._Element) -> Iterator[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = _name(element)
            if event == "start":
                if self.is_left_out(element, name):
                    walk.skip_subtree()
                else:
                    self.begin(element, name)
            elif name == "p" and self.open:
                self.close()
        if self.carried:
            self.done.append([Block("".join(self.carried))])
        for group in self.done:
            yield from group

    def is_left_out(self, element: etree._Element, name: str) -> bool:
        if name in _DROPPED or element.tag == f"{_MARKUP}Fallback":
            return True
        if name == "r":
            return any(_is_on(v) for p in _children(element, "rPr") for v in _children(p, "vanish"))
        if name == "sdt":
            return any(_is_on(v) for p in _children(element, "sdtPr") for v in _children(p, "showingPlcHdr"))
        return False

    def begin(self, element: etree._Element, name: str) -> None:
        if name == "p":
            self.open.append(_Paragraph(len(self.done), self.carried))
            self.done.append([])
            self.carried = []
        elif name == "pPr" and self.open:
            self.properties(element)
        elif name in ("footnoteReference", "endnoteReference"):
            self.references[name.removesuffix("Reference")].append(_value(element, "id"))
        elif self.open and name == "t":
            self.open[-1].pieces.append(element.text or "")
        elif self.open and name in _TYPED and _name(element.getparent()) == "r":
            self.open[-1].pieces.append(_TYPED[name])

    def properties(self, element: etree._Element) -> None:
        paragraph = self.open[-1]
        style = "".join(_value(s) for s in _children(element, "pStyle"))
        inside = {_name(e) for e in element}
        if style in self.styles.headings or "outlineLvl" in inside:
            paragraph.form = "heading"
        elif "numPr" in inside or style in self.styles.items:
            paragraph.form = "item"
        paragraph.dropped = style in self.styles.dropped
        paragraph.goes_on = any(_name(e) in ("del", "moveFrom") for p in _children(element, "rPr") for e in p)

    def close(self) -> None:
        paragraph = self.open.pop()
        if paragraph.goes_on:
            self.carried = paragraph.pieces
        elif not paragraph.dropped:
            text = "".join(paragraph.pieces)
            lines = [text.replace("\n", " ")] if paragraph.form == "heading" else text.split("\n")
            self.done[paragraph.place] = [Block(line, paragraph.form) for line in lines]


def _name(element: etree._Element | None) -> str:
    """The name of a WordprocessingML element, '' for any other."""
    tag = str(element.tag) if element is not None else ""
    return next((tag[len(space) :] for space in _SPACES if tag.startswith(space)), "")


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _name(child) == name)


def _value(element: etree._Element, attribute: str = "val") -> str:
    found = (element.get(f"{space}{attribute}") for space in _SPACES)
    return next((value for value in found if value), "")


def _is_on(element: etree._Element) -> bool:
    return _value(element) not in ("0", "false", "off")
