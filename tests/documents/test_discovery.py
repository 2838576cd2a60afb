"""Which files under a path are one text and its translation."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.documents import discover
from glossary.errors import DocumentError


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def found(folder: Path, *paths: str) -> list[tuple[str, str | None]]:
    pairs = discover([folder / p for p in paths] or [folder])
    return [
        (p.source.relative_to(folder).as_posix(), p.target.relative_to(folder).as_posix() if p.target else None)
        for p in pairs
    ]


def test_files_that_differ_in_their_language_tag_are_a_pair(tmp_path: Path) -> None:
    make(tmp_path, "name.zh-Hant.txt", "name.en.txt", "other.en.txt")
    assert found(tmp_path) == [("name.en.txt", "name.zh-Hant.txt"), ("other.en.txt", None)]


def test_files_named_by_their_language_alone_are_pairs(tmp_path: Path) -> None:
    make(tmp_path, "dao/en.txt", "dao/zh-tw.txt", "dao/zh-cn.txt")
    assert found(tmp_path) == [("dao/en.txt", "dao/zh-cn.txt"), ("dao/en.txt", "dao/zh-tw.txt")]


def test_the_suffixes_of_a_pair_may_differ(tmp_path: Path) -> None:
    make(tmp_path, "name.en.md", "name.zh.txt")
    assert found(tmp_path) == [("name.en.md", "name.zh.txt")]


def test_a_language_in_two_formats_pairs_format_by_format(tmp_path: Path) -> None:
    make(tmp_path, "en.md", "en.txt", "zh.md", "zh.txt")
    assert found(tmp_path) == [("en.md", "zh.md"), ("en.txt", "zh.txt")]


def test_the_first_tag_of_the_alphabet_leads_where_there_is_no_english(tmp_path: Path) -> None:
    make(tmp_path, "a.zh.txt", "a.de.txt", "a.fr.txt")
    assert found(tmp_path) == [("a.de.txt", "a.fr.txt"), ("a.de.txt", "a.zh.txt")]


def test_a_language_tag_may_be_the_suffix(tmp_path: Path) -> None:
    make(tmp_path, "003.en", "003.zh", "003.gold", "lib.so")
    assert found(tmp_path) == [("003.en", "003.zh")]


def test_a_folder_offers_no_readme_gold_hidden_or_unknown_file(tmp_path: Path) -> None:
    make(
        tmp_path,
        "README.md",
        "readme.zh.txt",
        "gold.tsv",
        "gold.en.txt",
        ".hidden.txt",
        ".git/a.txt",
        "a.png",
        "LICENSE",
    )
    assert found(tmp_path) == []


def test_folders_are_walked_in_order_and_each_file_counts_once(tmp_path: Path) -> None:
    make(tmp_path, "b/z.txt", "a/y.txt", "a/deep/er/x.md")
    assert found(tmp_path, ".", "a", "a/y.txt") == [("a/deep/er/x.md", None), ("a/y.txt", None), ("b/z.txt", None)]


def test_files_named_one_by_one_pair_like_those_of_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "a.en.txt", "a.zh.txt", "README.md")
    assert found(tmp_path, "a.zh.txt", "a.en.txt", "README.md") == [("README.md", None), ("a.en.txt", "a.zh.txt")]


def test_same_names_in_different_folders_are_no_pair(tmp_path: Path) -> None:
    make(tmp_path, "en/a.txt", "zh/a.txt")
    assert found(tmp_path) == [("en/a.txt", None), ("zh/a.txt", None)]


def test_files_of_every_format_are_paired_by_their_tags(tmp_path: Path) -> None:
    make(tmp_path, "a.en.docx", "a.zh-Hant.docx", "b.en.html", "b.zh-CN.pdf", "film.en.srt", "film.zh.vtt", "book.epub")
    assert found(tmp_path) == [
        ("a.en.docx", "a.zh-Hant.docx"),
        ("b.en.html", "b.zh-CN.pdf"),
        ("book.epub", None),
        ("film.en.srt", "film.zh.vtt"),
    ]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert discover([tmp_path]) == ()
    assert discover([]) == ()


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file or folder"):
        discover([tmp_path / "none"])


def test_an_unknown_type_named_outright_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "a.rtf")
    with pytest.raises(DocumentError, match=r"Available: .*\.txt"):
        discover([tmp_path / "a.rtf"])


def test_the_sample_folder_holds_two_bilingual_files_and_a_pair(root: Path) -> None:
    names = [(p.source.name, p.target.name if p.target else None) for p in discover([root / "seeds"])]
    assert names == [
        ("court-evidence.en.txt", "court-evidence.zh-Hant-TW.txt"),
        ("harbour-ledger.txt", None),
        ("tea-garden.txt", None),
    ]
