"""Word documents: order, tracked changes, tables, notes, styles."""

from __future__ import annotations

import io
from pathlib import Path

import docx as python_docx
import pytest

from glossary.datamodel import Document
from glossary.documents import read_document
from glossary.errors import DocumentError
from glossary.pipeline import align_files
from glossary.segmentation import segment
from tests.documents.making import docx, paragraph, run, table, word_parts, zipped

MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def read(folder: Path, raw: bytes, name: str = "a.docx") -> Document:
    (folder / name).write_bytes(raw)
    return read_document(folder / name)


def texts(folder: Path, body: str) -> list[str]:
    return read(folder, docx(body)).text.split("\n\n")


def test_paragraphs_and_cells_come_in_order(tmp_path: Path) -> None:
    body = paragraph("Before.") + table([["Cell one", "格一"], ["Cell two", "格二"]]) + paragraph("After.")
    assert texts(tmp_path, body) == ["Before.", "Cell one", "格一", "Cell two", "格二", "After."]


def test_a_document_python_docx_writes_is_read_whole(tmp_path: Path) -> None:
    made = python_docx.Document()
    made.add_heading("The harbour ledger", 1)
    made.add_paragraph("Every carrier ").add_run("writes").bold = True
    made.add_paragraph("Containers", style="List Bullet")
    made.add_table(rows=1, cols=2).cell(0, 1).text = "區塊鏈"
    out = io.BytesIO()
    made.save(out)
    assert read(tmp_path, out.getvalue()).text.split("\n\n") == [
        "# The harbour ledger", "Every carrier writes", "• Containers", "區塊鏈",
    ]  # fmt: skip


def test_insertions_are_kept_and_deletions_are_not(tmp_path: Path) -> None:
    deleted = "<w:r><w:delText>gone</w:delText></w:r>"
    body = (
        f"<w:p>{run('Kept, ')}<w:ins>{run('inserted')}</w:ins><w:del>{deleted}</w:del>"
        f"<w:moveFrom>{run(' moved')}</w:moveFrom><w:moveTo>{run(' here')}</w:moveTo>{run('.')}</w:p>"
    )
    assert texts(tmp_path, body) == ["Kept, inserted here."]


def test_paragraphs_whose_break_was_deleted_are_one(tmp_path: Path) -> None:
    body = paragraph("First, ", "<w:rPr><w:del/></w:rPr>") + paragraph("and more.") + paragraph("Next.")
    assert texts(tmp_path, body) == ["First, and more.", "Next."]


def test_links_are_text_and_field_codes_are_not(tmp_path: Path) -> None:
    link = f"<w:hyperlink>{run('the docs')}</w:hyperlink><w:r><w:instrText> PAGEREF x </w:instrText></w:r>"
    assert texts(tmp_path, f"<w:p>{run('See ')}{link}{run('.')}</w:p>") == ["See the docs."]


def test_a_text_box_comes_once_after_the_paragraph_it_hangs_on(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    choice = f'<mc:AlternateContent xmlns:mc="{MARKUP}">{both}</mc:AlternateContent>'
    body = f"<w:p>{run('The outer ')}<w:r>{choice}</w:r>{run('paragraph.')}</w:p>"
    assert texts(tmp_path, body) == ["The outer paragraph.", "In the box."]


def test_headings_are_known_by_the_name_their_style_builds_on(tmp_path: Path) -> None:
    body = "".join(
        paragraph(t, f'<w:pStyle w:val="{s}"/>') for t, s in [("One?", "1"), ("Two", "Mine"), ("One 1", "TOC1")]
    )
    assert texts(tmp_path, body) == ["# One?", "# Two"]


def test_list_items_line_breaks_and_tabs(tmp_path: Path) -> None:
    body = (
        paragraph("Seals", "<w:numPr/>")
        + f"<w:p>{run('One')}<w:r><w:br/></w:r>{run('two')}<w:r><w:tab/></w:r>{run('二')}</w:p>"
    )
    assert texts(tmp_path, body) == ["• Seals", "One", "two\t二"]


def test_hidden_text_and_placeholders_are_left_out(tmp_path: Path) -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r>'
    holder = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here')}</w:sdtContent></w:sdt>"
    assert texts(tmp_path, f"<w:p>{hidden}{shown}{holder}</w:p>") == ["shown"]


def test_notes_follow_the_text_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    notes = {
        0: paragraph("separator"),
        2: paragraph("Second."),
        1: paragraph("NFT stands for token."),
        3: paragraph("Unused."),
    }
    refer = "".join(
        f'{run(t)}<w:r><w:footnoteReference w:id="{n}"/></w:r>' for t, n in [("An NFT", 1), (" is sold.", 2)]
    )
    document = read(tmp_path, docx(f"<w:p>{refer}</w:p>", notes=notes))
    assert document.text.split("\n\n") == ["An NFT is sold.", "[^]: NFT stands for token.", "[^]: Second."]
    assert [s.role for s in segment(document)] == ["body", "footnote", "footnote"]


def test_strict_documents_are_read_too(tmp_path: Path) -> None:
    parts = word_parts(paragraph("Strict."), space="http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read(tmp_path, zipped(parts)).text == "Strict."


def test_a_table_with_a_language_per_column_is_aligned_row_by_row(tmp_path: Path) -> None:
    rows = [
        ["The port keeps a ledger of its containers.", "港口有一本記錄貨櫃的帳本。"],
        ["Every carrier writes to it.", "每家船公司都可以寫入。"],
        ["No one can change what another has written.", "誰也不能更改別人寫的內容。"],
    ]
    (tmp_path / "a.docx").write_bytes(docx(table(rows)))
    bitext = align_files(tmp_path / "a.docx").bitext
    assert [(bitext.source[b.source[0]].text, bitext.target[b.target[0]].text) for b in bitext.beads] == [
        (one, two) for one, two in rows
    ]


@pytest.mark.parametrize("missing", ["word/document.xml", "[Content_Types].xml"])
def test_what_is_no_word_document_is_refused(tmp_path: Path, missing: str) -> None:
    parts = word_parts(paragraph("x"))
    del parts[missing]
    del parts["word/document.xml" if missing != "word/document.xml" else "word/styles.xml"]
    with pytest.raises(DocumentError, match=r"a\.docx: .*Word document"):
        read(tmp_path, zipped(parts))
