"""Text taken out of docx, PDF, web pages, e-books and subtitles: marks, pages, lines."""

from __future__ import annotations

from glossary.datamodel import Document, content_id
from glossary.segmentation import segment

TEXT = "# What is a ledger?\n\n• Seals\n\nOne port. Two ports.\n\n\f區塊鏈是帳本。\n\n[^]: NFT stands for token."


def document(text: str, kind: str = "html", lang: str | None = None) -> Document:
    return Document(content_id(text), "a", text, lang, kind)


def test_the_marks_tell_headings_items_and_notes_and_stay_outside() -> None:
    found = segment(document(TEXT))
    assert [(s.text, s.role) for s in found] == [
        ("What is a ledger?", "heading"),
        ("Seals", "body"),
        ("One port.", "body"),
        ("Two ports.", "body"),
        ("區塊鏈是帳本。", "body"),
        ("NFT stands for token.", "footnote"),
    ]
    assert all(TEXT[s.start : s.end] == s.text for s in found)


def test_plain_text_with_the_same_signs_keeps_them() -> None:
    assert segment(document("# What is a ledger?", "text"))[0].text == "# What is a ledger?"


def test_lines_of_such_a_text_are_never_joined() -> None:
    lines = "\n\n".join(["A line of sixty columns that would look like wrapped text to us"] * 5)
    assert len(segment(document(lines))) == 5


def test_presegmented_takes_a_paragraph_as_a_segment_without_its_mark() -> None:
    found = segment(document(TEXT, lang="en"), presegmented=True)
    assert [(s.index, s.text) for s in found][:3] == [
        (0, "What is a ledger?"),
        (1, "Seals"),
        (2, "One port. Two ports."),
    ]


def test_a_page_starts_at_its_form_feed() -> None:
    paged = document(TEXT, "pdf")
    assert [paged.line_at(s.start) for s in segment(paged)] == [1, 1, 1, 1, 2, 2]


def test_a_mark_without_text_is_nothing() -> None:
    assert segment(document("# \n\n• \n\n\f")) == ()
