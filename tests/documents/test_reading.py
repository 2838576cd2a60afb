"""Files to documents: suffixes, language tags, addresses, errors."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from glossary.datamodel import content_id
from glossary.documents import READERS, read_bytes, read_document
from glossary.errors import DocumentError


def test_a_document_is_named_by_its_content_and_found_by_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    Path("texts", "區塊鏈.txt").write_bytes("區塊鏈。\r\n".encode())
    document = read_document(tmp_path / "texts" / "區塊鏈.txt")
    assert (document.id, document.uri) == (content_id("區塊鏈。\r\n"), "texts/區塊鏈.txt")
    assert (document.lang, document.kind) == (None, "text")


def test_a_file_outside_the_working_directory_keeps_its_absolute_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert read_document("../a.txt").uri == (tmp_path / "a.txt").as_posix()


@pytest.mark.parametrize(
    ("name", "lang", "kind"),
    [
        ("name.zh-Hant.txt", "zh-Hant", "text"),
        ("zh-tw.md", "zh-Hant-TW", "markdown"),
        ("EN.TXT", "en", "text"),
        ("003.zh", "zh", "text"),
        ("a.b.zh_CN.markdown", "zh-Hans", "markdown"),
        ("report.final.txt", None, "text"),
        ("notes", None, "text"),
    ],
)
def test_the_language_comes_from_the_file_name(tmp_path: Path, name: str, lang: str | None, kind: str) -> None:
    (tmp_path / name).write_text("中文 text.")
    document = read_document(tmp_path / name)
    assert (document.lang, document.kind) == (lang, kind)


def test_a_given_language_wins_over_the_file_name(tmp_path: Path) -> None:
    (tmp_path / "a.zh.txt").write_text("中文")
    assert read_document(tmp_path / "a.zh.txt", lang="zh_HK").lang == "zh-Hant-HK"


def test_plain_text_is_read_without_the_parsers_of_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.en.txt").write_text("One.")
    code = (
        f"import sys; from glossary.documents import read_document; read_document({str(tmp_path / 'a.en.txt')!r})\n"
        "print({'lxml', 'pypdf', 'zipfile'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_an_upload_is_read_by_the_name_it_came_under() -> None:
    document = read_bytes("<h1>區塊鏈</h1>".encode(), "C/名.zh-TW.html")
    assert (document.text, document.lang, document.kind, document.uri) == (
        "# 區塊鏈", "zh-Hant-TW", "html", "C/名.zh-TW.html",
    )  # fmt: skip
    with pytest.raises(DocumentError, match="Unknown file type"):
        read_bytes(b"x", "a.exe")


def test_a_wrong_language_tag_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(DocumentError, match="not a language tag"):
        read_document(tmp_path / "a.txt", lang="Chinese!")


def test_standard_input_is_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("區塊鏈。".encode("utf-16"))))
    document = read_document("-")
    assert (document.uri, document.text) == ("-", "區塊鏈。")


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_bytes(b"{\\rtf1}")
    with pytest.raises(DocumentError, match=r"Unknown file type '\.rtf'") as caught:
        read_document(tmp_path / "a.rtf")
    assert all(suffix in str(caught.value) for suffix in READERS)


@pytest.mark.parametrize(("name", "words"), [("none.txt", "no such file"), (".", "a folder"), ("a\0b.txt", "cannot")])
def test_what_cannot_be_opened_is_said_in_one_line(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        read_document(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(DocumentError, match="no permission"):
        read_document(tmp_path / "a.txt")
