"""Entries as TSV for a spreadsheet and as JSON Lines that read back equal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given

from glossary.datamodel import ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange import read, write
from glossary.exchange.files import escape_field, unescape_field

from . import strategies


def rows(entries: list[ConceptEntry], **options: str) -> list[dict[str, str]]:
    stream = io.StringIO()
    write(entries, "tsv", stream, **options)  # type: ignore[arg-type]
    header, *lines = [line.split("\t") for line in stream.getvalue().removesuffix("\n").split("\n")]
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_a_column_per_variant(entries: list[ConceptEntry]) -> None:
    first = rows(entries)[0]
    assert list(first) == [
        "id", "source", "target_zh-Hans", "target_zh-Hant", "target_zh-Hant-TW", "target_zh-Hant-HK",
        "kind", "status", "source_status", "score", "definition", "subject_field", "note", "do_not_translate",
        "source_document", "flags", "details",
    ]  # fmt: skip
    assert first["source"] == "NFT; non-fungible token"
    assert first["target_zh-Hant"] == "非同質化代幣; NFT"
    assert first["target_zh-Hans"] == "非同质化代币; NFT"
    assert first["status"] == "admitted, proposed"
    assert first["flags"] == "converted:zh-Hans; converted:zh-Hant-TW; converted:zh-Hant-HK"
    assert first["definition"] == "NFT stands for non-fungible token."
    assert first["note"] == "Check the Taiwan\\nusage."


def test_one_language_one_column(entries: list[ConceptEntry]) -> None:
    for lang in ("zh-Hant", "zh-Hant-TW"):
        first = rows(entries, lang=lang)[0]
        assert [name for name in first if name.startswith("target_")] == [f"target_{lang}"]
        assert first[f"target_{lang}"] == "非同質化代幣; NFT"


def test_language_names_are_read_as_people_write_them(entries: list[ConceptEntry]) -> None:
    assert "target_zh-Hant-TW" in rows(entries, lang="zh_TW")[0]
    assert rows(entries, lang="zh") == rows(entries)
    with pytest.raises(ExchangeError, match="is not a language tag"):
        rows(entries, lang="Chinese, please")


def test_no_cell_is_a_formula(entries: list[ConceptEntry]) -> None:
    assert "'=cmd()" in [row["source"] for row in rows(entries)]


def test_every_entry_is_one_row(glossaries: list[list[ConceptEntry]]) -> None:
    assert [len(rows(entries)) for entries in glossaries] == [len(entries) for entries in glossaries]


def test_jsonl_of_one_language(entries: list[ConceptEntry], tmp_path: Path) -> None:
    write(entries, "jsonl", tmp_path / "e.jsonl", lang="zh")
    assert [e.id[:2] for e in read(tmp_path / "e.jsonl").entries] == ["0f", "2c", "1b", "5a", "5b", "4e"]


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", "{}", '"x"', '{"id": 3}', "[" * 100_000, '{"id":"a","lang_secs":[],"kind":"dog","score":1}',
        '{"id":"a","lang_secs":[],"kind":"concept","score":1.0,"more":' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"id":"a","lang_secs":[],"kind":"concept","score":1' + "0" * 400 + "}",
        '{"id":"a","lang_secs":[],"kind":"concept","score":1e999}',
    ],
)  # fmt: skip
def test_malformed_jsonl_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "e.jsonl"
    path.write_text("\n" + line + "\n")
    with pytest.raises(ExchangeError, match=r"e.jsonl:2: not a glossary entry") as caught:
        list(read(path).entries)
    assert "\n" not in str(caught.value)


@given(strategies.text)
def test_escaped_field_is_one_field_and_comes_back(text: str) -> None:
    assert not set("\t\n\r") & set(escape_field(text))
    assert unescape_field(escape_field(text)) == text
