"""`glossary export` and `glossary import` as people use them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.exchange import write
from tests.conftest import Built, RunGlossary, copy_store


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_losses_are_told_on_stderr_unless_quiet(built: Built, glossary: RunGlossary) -> None:
    loud = glossary("export", "--store", built.store, "--format", "csv", "-o", "a.csv")
    assert "not carried: provenance: " in loud.stderr
    assert loud.stdout == ""
    quiet = glossary("export", "--store", built.store, "--format", "csv", "-o", "b.csv", "--quiet")
    assert quiet.stderr == ""
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


def test_language_nobody_has_is_a_warning(built: Built, glossary: RunGlossary) -> None:
    result = glossary("export", "--store", built.store, "--lang", "fr")
    assert result.exit_code == 0
    assert "glossary: warning: no entry has a term in fr" in result.stderr


def test_bytes_go_to_standard_output(built: Built, glossary: RunGlossary) -> None:
    result = glossary("export", "--store", built.store, "--format", "xlsx", "--quiet")
    assert result.stdout_bytes.startswith(b"PK")


@pytest.mark.parametrize("format", ["csv", "jsonl", "tbx", "tbx2", "tmx", "tsv", "xlsx"])
def test_a_new_termbase_is_made_of_an_export(format: str, built: Built, glossary: RunGlossary) -> None:
    glossary("export", "--store", built.store, "--format", format, "-o", f"a.{format}", "--quiet")
    result = glossary("import", f"a.{format}", "--store", "new.db", "--format", format)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1].endswith("added, 0 changed, 0 skipped, 0 conflicts")
    again = glossary("import", f"a.{format}", "--store", "new.db", "--format", format)
    assert again.stdout.startswith("0 added, 0 changed, ")


def test_dry_run_into_no_termbase_makes_none(tmp_path: Path, glossary: RunGlossary) -> None:
    (tmp_path / "a.csv").write_text("English,繁體中文\ntea,茶\n", encoding="utf-8")
    result = glossary("import", tmp_path / "a.csv", "--store", tmp_path / "a.db", "--dry-run")
    assert result.stdout.splitlines()[-1] == "would be: 1 added, 0 changed, 0 skipped, 0 conflicts"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv"]


def test_dry_run_shows_the_difference_and_writes_nothing(built: Built, glossary: RunGlossary) -> None:
    copy_store(built.store, Path("a.db"))
    Path("a.csv").write_text("en,zh-CN,definition\nsaucepan,平底锅,A pan.\n", encoding="utf-8")
    before = Path("a.db").read_bytes()
    result = glossary("import", "a.csv", "--store", "a.db", "--dry-run")
    assert result.stdout.splitlines()[-1] == "would be: 1 added, 0 changed, 0 skipped, 0 conflicts"
    assert "saucepan = 平底锅: new" in result.stdout
    assert Path("a.db").read_bytes() == before
    assert glossary("import", "a.csv", "--store", "a.db").stdout.splitlines()[-1].startswith("1 added")
    assert "saucepan" in glossary("lookup", "平底鍋", "--store", "a.db").stdout


def test_standard_input_is_read(glossary: RunGlossary) -> None:
    result = glossary("import", "-", "--format", "csv", "--store", "a.db", stdin="en,zh-CN\ntea,茶\n".encode())
    assert result.stdout.splitlines()[-1].startswith("1 added")
    bad = glossary("import", "-", "--format", "csv", "--store", "a.db", stdin=b"x\n1\n")
    assert bad.exit_code == 1
    assert bad.stderr.startswith("glossary: stdin:1: no column holds terms")


def test_bad_file_makes_no_termbase(glossary: RunGlossary) -> None:
    Path("a.csv").write_text("en,score\ntea,1\npot,many\n", encoding="utf-8")
    result = glossary("import", "a.csv", "--store", "none.db")
    assert (result.exit_code, Path("none.db").exists()) == (1, False)
    assert result.stderr == "glossary: a.csv:3: column score: 'many' is no number from 0 to 1\n"


def test_empty_file_is_said_to_be_empty(built: Built, glossary: RunGlossary) -> None:
    copy_store(built.store, Path("a.db"))
    Path("a.csv").touch()
    result = glossary("import", "a.csv", "--store", "a.db")
    assert result.stdout == "0 added, 0 changed, 0 skipped, 0 conflicts\n"
    assert "warning: a.csv holds no entries" in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["import", "a.doc"], "a.doc: its suffix names no format"),
        (["import", "none.csv"], "none.csv: cannot be read"),
        (["import", "a.doc", "--format", "doc"], "Unknown format 'doc'"),
        (["export", "--status", "nice"], "Unknown status 'nice'"),
    ],
)
def test_mistakes_are_one_line(args: list[str], message: str, built: Built, glossary: RunGlossary) -> None:
    copy_store(built.store, Path("a.db"))
    result = glossary(*args, "--store", "a.db")
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("format", ["csv", "jsonl", "omegat", "tsv", "xlsx"])
def test_what_no_store_holds_is_named_by_file_and_line(format: str, glossary: RunGlossary) -> None:
    good = ConceptEntry("e1", (LangSec("en", (TermSec("good"),)), LangSec("zh-Hans", (TermSec("好"),))), "concept", 0.5)
    write([good, replace(good, id="e2", note="letters \\u0000")], format, Path("fine"))
    write([good, replace(good, id="e2", note="a\0b")], format, Path("bad"))
    if format == "omegat":  # its writer leaves the character out, other tools may not
        Path("bad").write_text("good\t好\na\0b\t坏\n", encoding="utf-8")
    lang = ("--lang", "zh-Hans") if format == "omegat" else ()
    assert glossary("import", "fine", "--format", format, "--store", "new.db", *lang).exit_code == 0
    result = glossary("import", "bad", "--format", format, "--store", "bad.db", *lang)
    assert result.exit_code == 1
    line = 2 if format in ("jsonl", "omegat") else 3
    assert result.stderr.startswith(f"glossary: bad:{line}: ")
    assert "U+0000" in result.stderr
    assert not Path("bad.db").exists()
