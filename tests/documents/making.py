"""Files of every format a test asks for, made in memory: Word documents, e-books, PDFs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

STYLES = (
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My chapter"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    """A Word paragraph in one run."""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{run(text)}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def word_parts(body: str, *, notes: Mapping[int, str] | None = None, space: str = W) -> dict[str, str | bytes]:
    """The parts of a Word document with this body; notes by their number."""

    def part(name: str, content: str) -> str:
        return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} xmlns:w="{space}">{content}</w:{name}>'

    listed = "".join(
        f'<w:footnote w:id="{n}"{" w:type=" + chr(34) + "separator" + chr(34) if n < 1 else ""}>{text}</w:footnote>'
        for n, text in (notes or {}).items()
    )
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relations({"styles": "styles.xml", "footnotes": "footnotes.xml"}),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/styles.xml": part("styles", STYLES),
        "word/footnotes.xml": part("footnotes", listed),
    }


def _relations(targets: Mapping[str, str]) -> str:
    made = (
        f'<Relationship Id="r{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(made)}</Relationships>'


def docx(body: str, *, notes: Mapping[int, str] | None = None) -> bytes:
    return zipped(word_parts(body, notes=notes))


def book_parts(chapters: Mapping[str, str], lang: str = "en") -> dict[str, str | bytes]:
    """The parts of an e-book whose chapters have these file names, in this order, after a table of contents."""
    items = "".join(
        f'<item id="c{i}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for i, name in enumerate(chapters)
    )
    spine = '<itemref idref="nav"/>' + "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:language>{lang}</dc:language></metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>'
        f"<spine>{spine}</spine></package>",
        "OPS/nav.xhtml": "<html><body><ol><li>Contents</li></ol></body></html>",
        **{f"OPS/{name}": text for name, text in chapters.items()},
    }


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
    )


Placed = tuple[float, float, float, str]
"""x and y from the bottom left, size, text."""


def pdf(pages: Sequence[Sequence[Placed]], *, lang: str = "", extra: str = "") -> bytes:
    """A PDF with this text on its pages; every character is a glyph of one composite font, by its code point."""
    used = sorted({ord(c) for page in pages for *_, text in page for c in text})
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        + " ".join(f"1 beginbfchar <{c:04X}> <{c:04X}> endbfchar" for c in used)
        + " endcmap end"
    )
    first = 6
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(pages)))
    narrow = " ".join(f"{c} [500]" for c in used if c < 0x2000)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {f'/Lang ({lang})' if lang else ''} {extra} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /DW 1000 /W [{narrow}] /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".encode(),
        _stream(cmap.encode()),
    ]
    for i, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {first + 2 * i + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(_stream("\n".join(_shown(*placed) for placed in page).encode()))
    return _numbered(objects)


def _shown(x: float, y: float, size: float, text: str) -> str:
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{''.join(f'{ord(c):04X}' for c in text)}> Tj ET"


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _numbered(objects: Sequence[bytes]) -> bytes:
    made = io.BytesIO(b"%PDF-1.7\n")
    made.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(made.tell())
        made.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = made.tell()
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    made.writelines(b"%010d 00000 n \n" % place for place in places)
    made.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return made.getvalue()


def column(
    lines: Sequence[str], *, x: float = 70, top: float = 700, size: float = 11, leading: float = 14
) -> list[Placed]:
    """Lines one below the other."""
    return [(x, top - i * leading, size, line) for i, line in enumerate(lines)]
