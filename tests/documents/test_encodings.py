"""Which bytes become which text, and which are refused with the place named."""

from __future__ import annotations

import pytest

from glossary.documents import read_text
from glossary.errors import DocumentError

TRADITIONAL = (
    "區塊鏈服務網路在三年內發布了一百九十七個項目，涵蓋法律、金融、農業。\r\n「數位收藏品」不能轉售 (NFT)。\r\n"
)
SIMPLIFIED = "区块链服务网络在三年内发布了一百九十七个项目，涵盖法律、金融、农业。\n“数字藏品”不能转售 (NFT)。\n"
ENGLISH = "The ledger’s price rose by 3.5%.\r\nIt costs €5.\r\n"


@pytest.mark.parametrize("text", [TRADITIONAL, SIMPLIFIED, ENGLISH], ids=["traditional", "simplified", "english"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_verbatim_with_and_without_bom(text: str, codec: str) -> None:
    assert read_text(text.encode(codec)).text == text


def test_big_endian_utf16_with_bom_is_read() -> None:
    assert read_text(b"\xfe\xff" + TRADITIONAL.encode("utf-16-be")).text == TRADITIONAL


def test_chinese_utf16_without_one_ascii_character_is_read() -> None:
    text = "区块链服务网络在三年内发布了一百九十七个项目，涵盖法律、金融、农业。"
    assert read_text(text.encode("utf-16-le")).text == text


@pytest.mark.parametrize("codec", ["gb18030", "gbk", "gb2312"])
def test_mainland_encodings_are_told_from_big5(codec: str) -> None:
    assert read_text(SIMPLIFIED.encode(codec)).text == SIMPLIFIED


@pytest.mark.parametrize("codec", ["big5", "cp950", "big5hkscs"])
def test_big5_is_told_from_mainland_encodings(codec: str) -> None:
    assert read_text(TRADITIONAL.encode(codec)).text == TRADITIONAL


def test_traditional_text_in_gb18030_is_read() -> None:
    assert read_text(TRADITIONAL.encode("gb18030")).text == TRADITIONAL


@pytest.mark.parametrize("text", ["a\r\nb\rc\n", "cafe\u0301", "e\u0301\u3000\u00a0。", "𠮷野家。"])
def test_line_ends_and_normalisation_form_are_kept(text: str) -> None:
    assert read_text(text.encode()).text == text


def test_a_named_encoding_is_used() -> None:
    assert read_text("café".encode("latin-1"), encoding="latin-1").text == "café"


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"good\nbad \xff\xfe here and \xe4\xb8\xad", 2, "not valid utf-8 at byte 9 (0xFF)"),
        (b"one\ntwo\nthree \xed\xa0\x80", 3, "a lone surrogate at byte 14"),
        ("一行\n二行".encode() + b"\xe4\xb8", 2, "not valid utf-8 at byte 13"),
        (b"\xff\xfea\0\n\0\x00\xd8b\0", 2, "a lone surrogate at byte 6"),
        (b"text\n\0\0\0\x01\x02\0\xff\x13", 2, "binary content"),
        (b"caf\xe9 au lait", 1, "not valid utf-8 at byte 3 (0xE9)"),
    ],
)
def test_wrong_bytes_are_named_by_line_and_offset(raw: bytes, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_text(raw, uri="x.txt")
    message = str(caught.value)
    assert message.startswith(f"x.txt:{line}: ")
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "only white space"),
        (b" \r\n\t", "only white space"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b"PK\x03\x04\x14\0", "a ZIP archive"),
        (b"%PDF-1.7", "a PDF file"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(raw: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        read_text(raw, uri="x.txt")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["klingon", "base64", "rot13", "utf-16"])
def test_an_encoding_that_is_none_or_does_not_fit_is_refused(encoding: str) -> None:
    with pytest.raises(DocumentError):
        read_text(b"abc", uri="x.txt", encoding=encoding)


def test_windows_1252_is_never_read_as_chinese() -> None:
    with pytest.raises(DocumentError, match="not valid utf-8"):
        read_text("The ledger’s “price” rose – by é and è, naïve façade.".encode("cp1252"), uri="x.txt")
