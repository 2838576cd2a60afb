"""PDF files: lines to paragraphs, running headers, page numbers, what cannot be read."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest

from glossary.datamodel import Document
from glossary.documents import read_document
from glossary.errors import DocumentError
from glossary.segmentation import segment
from tests.documents.making import Placed, column, pdf


def read(folder: Path, raw: bytes) -> Document:
    (folder / "a.pdf").write_bytes(raw)
    return read_document(folder / "a.pdf")


def texts(folder: Path, *pages: list[Placed]) -> list[str]:
    return read(folder, pdf(pages)).text.split("\n\n")


LINES = ["The port has kept a ledger of all its containers", "since the spring of last year, and every carrier"]


def test_the_lines_of_a_paragraph_are_joined_and_a_parted_word_is_whole(tmp_path: Path) -> None:
    page = column([LINES[0] + ", car-", "riers and brokers, since the spring of last year, and", "all write."])
    assert texts(tmp_path, page) == [
        "The port has kept a ledger of all its containers, carriers and brokers, since the spring of last year, and "
        "all write."
    ]


def test_a_hyphen_the_text_writes_elsewhere_stays(tmp_path: Path) -> None:
    page = column(
        ["A well-known port keeps a ledger that is so well-", "known that all the others have copied it by now."]
    )
    assert "so well-known that" in texts(tmp_path, page)[0]


def test_chinese_lines_are_joined_without_a_space(tmp_path: Path) -> None:
    page = column(["區塊鏈是一種分散式的帳本，供應鏈上的每一家公司都", "可以寫入資料，但誰也不能更改別人所寫的內容。"])
    assert texts(tmp_path, page) == [
        "區塊鏈是一種分散式的帳本，供應鏈上的每一家公司都可以寫入資料，但誰也不能更改別人所寫的內容。"
    ]


def test_a_gap_an_indent_and_a_short_line_end_a_paragraph(tmp_path: Path) -> None:
    page = [
        *column([*LINES, "writes to it"], top=700),
        *column(LINES, top=640),  # after a gap
        *column(["An indented line begins another paragraph here"], x=92, top=612),
        *column(LINES, top=598),
    ]
    assert [t[:12] for t in texts(tmp_path, page)] == ["The port has", "The port has", "An indented "]
    assert len(texts(tmp_path, column(["The port has kept it.", *LINES]))) == 2


def test_a_short_line_is_continued_when_its_sentence_is_open(tmp_path: Path) -> None:
    page = column([LINES[0] + " and their seals, it says", "who wrote to it, when it was done,", "and why."])
    assert len(texts(tmp_path, page)) == 1


def test_short_lines_of_a_list_stay_apart(tmp_path: Path) -> None:
    assert texts(tmp_path, column(["supply chain", "smart contract", "ledger"])) == [
        "supply chain",
        "smart contract",
        "ledger",
    ]


def test_larger_letters_are_a_heading_and_bullets_items(tmp_path: Path) -> None:
    page = [
        (70, 740, 18, "What is written?"),
        *column(["• The seal", "• The number of the container", "and its owner"], top=700),
    ]
    assert texts(tmp_path, page)[:2] == ["# What is written?", "• The seal"]


def test_cells_with_a_wide_gap_are_paragraphs_of_their_own(tmp_path: Path) -> None:
    page = [(70, 700, 11, "Blockchain"), (300, 700, 11, "區塊鏈"), (70, 680, 11, "Carrier"), (300, 680, 11, "船公司")]
    assert texts(tmp_path, page) == ["Blockchain", "區塊鏈", "Carrier", "船公司"]


def test_running_headers_and_page_numbers_are_dropped_and_pages_counted(tmp_path: Path) -> None:
    words = ["alpha", "beta", "gamma", "delta"]
    pages = [
        [(70, 770, 9, "The harbour ledger"), *column([f"Page text about {w} ends here."]), (300, 30, 9, f"– {i} –")]
        for i, w in enumerate(words, 1)
    ]
    document = read(tmp_path, pdf(pages))
    assert document.text == "\n\n\f".join(f"Page text about {w} ends here." for w in words)
    assert [document.line_at(s.start) for s in segment(document)] == [1, 2, 3, 4]


def test_what_a_browser_prints_around_a_page_is_dropped(tmp_path: Path) -> None:
    top = [(20, 780, 8, "11/22/26, 2:35 AM"), (250, 780, 8, "Tab title")]
    bottom = [(20, 15, 8, "https://example.org/a?b=c"), (560, 15, 8, "1/1")]
    assert texts(tmp_path, [*top, *column(LINES), *bottom]) == [" ".join(LINES)]


def test_numbered_chapter_titles_at_the_top_of_pages_are_kept(tmp_path: Path) -> None:
    pages = [
        [(70, 760, 18, f"Chapter {i}"), *column([f"{w} is the text."])]
        for i, w in enumerate(["One", "Two", "Three"], 1)
    ]
    assert [t.strip() for t in texts(tmp_path, *pages)][::2] == ["# Chapter 1", "# Chapter 2", "# Chapter 3"]


def test_a_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    assert texts(tmp_path, column(LINES), column(["writes to it every day."])) == [
        f"{LINES[0]} {LINES[1]} writes to it every day."
    ]


def test_radicals_and_ligatures_are_the_letters_they_stand_for(tmp_path: Path) -> None:
    assert texts(tmp_path, column(["中⽂⻓城⻑ oﬃce ﬁle"])) == ["中文长城長 office file"]


def test_the_declared_language_counts_if_the_letters_agree(tmp_path: Path) -> None:
    assert read(tmp_path, pdf([column(LINES)], lang="en-US")).lang == "en"
    assert read(tmp_path, pdf([column(["區塊鏈"])], lang="en-US")).lang is None


def test_a_picture_of_a_page_is_said_to_hold_no_text(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"a\.pdf: no text in it, only pictures"):
        read(tmp_path, pdf([[]]))


@pytest.mark.parametrize(("password", "readable"), [("", True), ("secret", False)])
def test_a_password_to_open_refuses_and_one_to_change_does_not(tmp_path: Path, password: str, readable: bool) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([column(LINES)])))
    writer.encrypt(password, owner_password="other", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    if readable:
        assert read(tmp_path, out.getvalue()).text.startswith("The port")
    else:
        with pytest.raises(DocumentError, match=r"a\.pdf: encrypted"):
            read(tmp_path, out.getvalue())
