"""E-books: reading order, notes, language, protection."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.datamodel import Document
from glossary.documents import read_document
from glossary.errors import DocumentError
from glossary.segmentation import segment
from tests.documents.making import book_parts, chapter, zipped

CHAPTERS = {
    "z 1.xhtml": chapter("<h1>One</h1><p>The first&nbsp;chapter<a epub:type='noteref' href='#n'>1</a>.</p>"
                         "<aside epub:type='footnote' id='n'><p>A note.</p></aside>"),
    "a.xhtml": chapter("<h1>Two</h1><p>The second chapter.</p>"),
}  # fmt: skip


def read(folder: Path, parts: dict[str, str | bytes]) -> Document:
    (folder / "a.epub").write_bytes(zipped(parts))
    return read_document(folder / "a.epub")


def test_chapters_come_in_the_order_of_the_spine_without_the_contents(tmp_path: Path) -> None:
    document = read(tmp_path, book_parts(CHAPTERS))
    assert document.text.split("\n\n") == [
        "# One", "The first chapter.", "[^]: A note.", "# Two", "The second chapter.",
    ]  # fmt: skip
    assert (document.kind, document.lang) == ("epub", "en")
    assert [s.role for s in segment(document)] == ["heading", "body", "footnote", "heading", "body"]


def test_a_book_in_another_language_than_it_says_has_none(tmp_path: Path) -> None:
    assert read(tmp_path, book_parts(CHAPTERS, lang="zh-TW")).lang is None


def test_a_missing_chapter_is_named(tmp_path: Path) -> None:
    parts = book_parts(CHAPTERS)
    del parts["OPS/a.xhtml"]
    with pytest.raises(DocumentError, match=r"a\.epub: no 'OPS/a\.xhtml' inside"):
        read(tmp_path, parts)


def test_a_protected_book_is_refused_and_one_with_scrambled_fonts_is_not(tmp_path: Path) -> None:
    parts = book_parts(CHAPTERS)
    parts["META-INF/encryption.xml"] = '<encryption><CipherReference URI="OPS/font.otf"/></encryption>'
    assert read(tmp_path, parts).text
    parts["META-INF/encryption.xml"] = '<encryption><CipherReference URI="OPS/a.xhtml"/></encryption>'
    with pytest.raises(DocumentError, match="protected"):
        read(tmp_path, parts)


@pytest.mark.parametrize("part", ["META-INF/container.xml", "OPS/book.opf"])
def test_a_zip_file_that_is_no_book_is_refused(tmp_path: Path, part: str) -> None:
    parts = book_parts(CHAPTERS)
    parts[part] = "<empty/>"
    with pytest.raises(DocumentError, match=r"not an e-book"):
        read(tmp_path, parts)
