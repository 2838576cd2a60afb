"""Bad files: each is a DocumentError of one line that names the file, and nothing else comes out."""

from __future__ import annotations

import random
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from glossary.documents import READERS, limits, read_document
from glossary.errors import DocumentError
from tests.documents.making import book_parts, chapter, column, docx, paragraph, pdf, table, word_parts, zipped
from tests.documents.mutating import mutated

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><a>&i;</a>"
)
SUBTITLES = "1\n00:00:01,000 --> 00:00:02,000\nThe port\n\n2\n00:00:03,000 --> 00:00:04,000\n港口有账本。\n"
PAGE = "<html lang=en><main><h1>Title</h1><p>One&nbsp;<b>two</b>.<ul><li>三<table><tr><td>四</table></main><nav>x</nav>"
GOOD: dict[str, bytes] = {
    "a.html": PAGE.encode(),
    "a.xhtml": chapter("<h1>One</h1><p>Two &amp; three.</p>").encode(),
    "a.docx": docx(paragraph("One.", '<w:pStyle w:val="1"/>') + table([["Two", "二"]]), notes={1: paragraph("n")}),
    "a.epub": zipped(book_parts({"c.xhtml": chapter("<h1>One</h1><p>Two.</p>")})),
    "a.pdf": pdf([column(["The port has kept a ledger", "區塊鏈是帳本。"]), column(["Next page."])], lang="en"),
    "a.srt": SUBTITLES.encode(),
    "a.vtt": f"WEBVTT\n\n{SUBTITLES.replace(',', '.')}".encode(),
    "a.ass": b"Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,{\\i1}The{\\i0} port\\Nand more.",
}


def refusal(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


def test_every_reader_has_a_good_file_here() -> None:
    assert {Path(name).suffix for name in GOOD} == set(READERS) - {".txt", ".text", ".md", ".markdown", ".htm"}


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    assert read_document(tmp_path / name).text


@pytest.mark.parametrize("name", GOOD)
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "empty" in refusal(tmp_path / name, b"")


@pytest.mark.parametrize("name", ["a.docx", "a.epub", "a.pdf", "a.srt", "a.vtt", "a.ass"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    for other, raw in {**GOOD, "a.txt": b"Text."}.items():
        if Path(other).suffix != Path(name).suffix and not (name[2:] in ("srt", "vtt") and other[2:] in ("srt", "vtt")):
            refusal(tmp_path / name, raw)


@pytest.mark.parametrize("name", ["a.docx", "a.epub", "a.pdf"])
def test_a_truncated_file_is_refused_or_read_in_part(tmp_path: Path, name: str) -> None:
    refusal(tmp_path / name, GOOD[name][: len(GOOD[name]) // 4])


@pytest.mark.parametrize("name", ["a.docx", "a.epub"])
def test_an_encrypted_archive_is_refused(tmp_path: Path, name: str) -> None:
    raw = bytearray(GOOD[name])
    for at in range(len(raw) - 4):
        if raw[at : at + 4] == b"PK\x01\x02":
            raw[at + 8] |= 1
        elif raw[at : at + 4] == b"PK\x03\x04":
            raw[at + 6] |= 1
    assert "encrypted" in refusal(tmp_path / name, bytes(raw))
    assert "encrypted" in refusal(tmp_path / name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    parts = word_parts("")
    parts["word/document.xml"] = b"\0" * (limits.MAX_UNPACKED_BYTES // 3)
    started = time.process_time()
    path = tmp_path / "a.docx"
    raw = zipped(parts)
    packed = time.process_time() - started
    started = time.process_time()
    assert "zip bomb" in refusal(path, raw)
    assert time.process_time() - started < max(0.2, packed)


def test_a_bomb_that_hides_its_size_is_unpacked_no_further_than_it_says(tmp_path: Path) -> None:
    raw = zipped({**word_parts(""), "word/document.xml": b"<a>" + b" " * 40_000_000})
    size, hidden = (40_000_003).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert raw.count(size) == 2  # before the member and in the directory
    tracemalloc.start()
    assert "damaged" in refusal(tmp_path / "a.docx", raw.replace(size, hidden))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_an_archive_packed_in_another_way_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bz.zip", "w", zipfile.ZIP_BZIP2) as archive:
        for name, content in word_parts(paragraph("x")).items():
            archive.writestr(name, content)
    assert "never is" in refusal(tmp_path / "a.docx", (tmp_path / "bz.zip").read_bytes())


def test_an_archive_of_very_many_files_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.epub", "w") as archive:
        for i in range(limits.MAX_MEMBERS + 1):
            archive.writestr(str(i), b"")
    assert "files inside" in refusal(tmp_path / "a.epub", (tmp_path / "many.epub").read_bytes())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_are_refused_everywhere(tmp_path: Path, encoding: str) -> None:
    laughs = LAUGHS.encode(encoding)
    for part in ("word/document.xml", "word/styles.xml", "_rels/.rels"):
        assert "entities" in refusal(tmp_path / "a.docx", zipped({**word_parts(paragraph("x")), part: laughs}))
    chapters = {"c.xhtml": chapter("<p>x</p>")}
    for part in ("META-INF/container.xml", "OPS/book.opf"):
        assert "entities" in refusal(tmp_path / "a.epub", zipped({**book_parts(chapters), part: laughs}))
    assert "entities" in refusal(tmp_path / "a.xhtml", ('<?xml version="1.0"?>' + LAUGHS).encode())


def test_a_file_named_in_an_entity_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    outside = f'<!DOCTYPE a [<!ENTITY s SYSTEM "file://{tmp_path}/secret.txt">]>'
    (tmp_path / "a.html").write_text(f"{outside}<p>Text &s; here.</p>")
    assert "the secret" not in read_document(tmp_path / "a.html").text
    assert "entities" in refusal(tmp_path / "a.xhtml", f'<?xml version="1.0"?>{outside}<p>&s;</p>'.encode())


@pytest.mark.parametrize("markup", ["<div>" * 100_000, '<?xml version="1.0"?>' + "<div>" * 100_000])
def test_deep_nesting_is_refused(tmp_path: Path, markup: str) -> None:
    assert "deep" in refusal(tmp_path / "a.html", markup.encode())


@pytest.mark.parametrize(
    ("name", "limit", "value", "words"),
    [
        ("a.pdf", "pdf.MAX_PAGES", 1, "2 pages"),
        ("a.pdf", "pdf.MAX_PDF_SECONDS", -1.0, "seconds"),
        ("a.pdf", "pdf.MAX_PAGE_OPERATIONS", 1, "drawing operations"),
        ("a.html", "html.MAX_ELEMENTS", 3, "elements"),
        ("a.html", "markup.MAX_MARKUP_BYTES", 20, "bytes of markup"),
        ("a.srt", "subtitles.MAX_CUES", 1, "2 cues"),
        ("a.docx", "archives.MAX_UNPACKED_BYTES", 100, "zip bomb"),
        ("a.docx", "reading.MAX_FILE_BYTES", 100, "bytes"),
    ],
)
def test_every_limit_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: str, value: float, words: str
) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    read_document(tmp_path / name)  # the module is imported, and the file is good
    monkeypatch.setattr(f"glossary.documents.{limit}", value)
    assert words in refusal(tmp_path / name, GOOD[name])


def fate(path: Path) -> tuple[str, str]:
    """What reading a file gives: its text, or what the refusal says."""
    try:
        return read_document(path).text, ""
    except DocumentError as error:
        return "", str(error)


@pytest.mark.parametrize("name", GOOD)
def test_damaged_files_are_read_or_refused_and_nothing_else(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for seed in range(40):
        path.write_bytes(mutated(GOOD[name], random.Random(seed)))
        text, refusal = fate(path)
        assert text.strip() or str(path) in refusal, seed
        assert "\n" not in refusal, seed
        assert not set(text) & {"\0", "\ufeff"}, seed
