"""The command line: what each command prints; bad input is one line, exit code 1, and nothing half written."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import xml.dom.minidom
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Built, RunGlossary

ENGLISH = "The chain is public.\nEvery node keeps a copy of the ledger.\nNobody owns it.\n"
CHINESE = "這條鏈是公開的。\n每個節點都保存一份賬本。\n它不屬於任何人。\n"
GLOSSARY = [sys.executable, "-m", "glossary"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a pair of files in it."""
    monkeypatch.chdir(tmp_path)
    Path("a.en.txt").write_text(ENGLISH, encoding="utf-8")
    Path("a.zh-Hant.txt").write_text(CHINESE, encoding="utf-8")
    return tmp_path


def refused(result: object) -> str:
    """The one line of a command that failed as it should."""
    code, stdout, stderr = (getattr(result, name) for name in ("exit_code", "stdout", "stderr"))
    assert (code, stdout) == (1, "")
    assert re.fullmatch(r"glossary: [^\n]+\n", stderr)
    return str(stderr)


# bad documents

BAD_FILES = {
    "empty.txt": (b"", "empty.txt: the file is empty"),
    "spaces.txt": (b" \r\n\t\n", "spaces.txt: the file holds only white space"),
    "binary.txt": (bytes(range(256)) * 9, "binary.txt:1: binary content"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\x00\x00", "picture.txt: this is a PNG image"),
    "latin.txt": (b"A caf\xe9 is open.\n", "latin.txt:1: not valid utf-8 at byte 5"),
    "wtf8.txt": (b"good\nbad \xed\xa0\x80 bad\n", "wtf8.txt:2: a lone surrogate at byte 9"),
    "utf16.txt": (b"\xff\xfeA\x00\x00\xd8B\x00", "utf16.txt:1: a lone surrogate at byte 4"),
    "page.docx": (b"PK\x03\x04", "page.docx: not a Word document (.docx) or damaged"),
    "page.odt": (b"PK\x03\x04", "page.odt: Unknown file type '.odt'. Available: "),
}


@pytest.mark.parametrize("command", ["align", "extract", "build"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_line_with_its_place(folder: Path, glossary: RunGlossary, command: str, name: str) -> None:
    content, expected = BAD_FILES[name]
    (folder / name).write_bytes(content)
    before = sorted(folder.iterdir())
    assert expected in refused(glossary(command, name))
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("command", ["align", "extract", "build"])
def test_a_missing_file_is_named(folder: Path, glossary: RunGlossary, command: str) -> None:
    assert "glossary: none.txt: no such file" in refused(glossary(command, "none.txt"))
    assert not (folder / "glossary.db").exists()


def test_a_folder_is_no_text(folder: Path, glossary: RunGlossary) -> None:
    (folder / "sub").mkdir()
    assert "sub: this is a folder" in refused(glossary("align", "sub"))
    assert "sub: this is a folder" in refused(glossary("align", "a.en.txt", "sub"))


def test_one_language_cannot_be_aligned_with_itself(folder: Path, glossary: RunGlossary) -> None:
    assert "a.en.txt: holds only en text" in refused(glossary("align", "a.en.txt"))
    assert "standard input: holds only en text" in refused(glossary("align", "-", stdin=ENGLISH))
    assert "both are en" in refused(glossary("align", "a.en.txt", "a.en.txt"))


def test_swapped_languages_are_noticed(folder: Path, glossary: RunGlossary) -> None:
    swapped = glossary("align", "a.en.txt", "a.zh-Hant.txt", "--source-lang", "zh", "--target-lang", "en")
    assert "a.en.txt: said to be zh, but the text has hardly any Chinese in it" in refused(swapped)
    shutil.copy("a.zh-Hant.txt", "b.en.txt")
    assert "b.en.txt: said to be en, but the text is mostly Chinese" in refused(
        glossary("align", "b.en.txt", "a.zh-Hant.txt")
    )


def test_bom_and_crlf_change_nothing(folder: Path, glossary: RunGlossary) -> None:
    plain = glossary("align", "a.en.txt", "a.zh-Hant.txt", "--quiet").stdout
    Path("a.en.txt").write_bytes(b"\xef\xbb\xbf" + ENGLISH.replace("\n", "\r\n").encode())
    Path("a.zh-Hant.txt").write_bytes(CHINESE.replace("\n", "\r\n").encode("utf-16"))
    assert glossary("align", "a.en.txt", "a.zh-Hant.txt", "--quiet").stdout == plain


def test_a_dash_is_standard_output(folder: Path, glossary: RunGlossary) -> None:
    pair = ("align", "a.en.txt", "a.zh-Hant.txt", "--aligner", "length")
    assert glossary(*pair, "-o", "-").stdout == glossary(*pair).stdout != ""
    assert not Path("-").exists()


def test_one_enormous_line_is_no_trouble(folder: Path, glossary: RunGlossary) -> None:
    Path("a.en.txt").write_text("chain " * 35_000, encoding="utf-8")
    result = glossary("align", "a.en.txt", "a.zh-Hant.txt", "--aligner", "length", "-o", "out.tsv")
    assert result.exit_code == 0
    assert Path("out.tsv").stat().st_size > 200_000


def test_a_text_nobody_translated_stays_unaligned(folder: Path, glossary: RunGlossary) -> None:
    Path("a.zh-Hant.txt").write_text("廣告\n", encoding="utf-8")
    beads = glossary("align", "a.en.txt", "a.zh-Hant.txt", "--format", "vecalign", "--min-score", "1").stdout
    assert beads.count(":[]:0.000") == 3


# usage


@pytest.mark.parametrize(
    "args",
    [
        ["align"], ["align", "a", "b", "c"], ["align", "-", "-"], ["align", "a", "--source-lang", "klingonese"],
        ["align", "a", "b", "--batch", "list.tsv"], ["align", "a", "--min-score", "2"], ["extract"], ["lookup"],
        ["export", "--po-dir", "x"], ["unheard-of"],
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(folder: Path, glossary: RunGlossary, args: list[str]) -> None:
    result = glossary(*args)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--aligner", "Unknown aligner 'x'. Available: combined, embedding, length, lexical."),
        ("--format", "Unknown format 'x'. Available: html, jsonl, tmx, tsv, vecalign, xlsx."),
        ("--encoding", "a.en.txt: unknown encoding 'x'"),
    ],
)
def test_unknown_names_say_what_there_is(folder: Path, glossary: RunGlossary, option: str, expected: str) -> None:
    assert expected in refused(glossary("align", "a.en.txt", "a.zh-Hant.txt", option, "x"))


def test_a_long_term_is_repeated_in_part_only(glossary: RunGlossary, built: Built) -> None:
    message = refused(glossary("lookup", "鏈" * 10_000, "--store", built.store))
    assert message.startswith("glossary: no entry for '鏈鏈")
    assert len(message) < 120


def test_an_empty_language_is_refused(glossary: RunGlossary, built: Built) -> None:
    assert "'' is not a language tag" in refused(glossary("export", "--store", built.store, "--lang", ""))


# stores


def corrupted(path: Path, built: Built) -> None:
    with closing(sqlite3.connect(built.store)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(built.store.read_bytes())
    raw[4096:] = b"\xaa" * (len(raw) - 4096)
    path.write_bytes(raw)


@pytest.mark.parametrize("store", ["text.db", "corrupt.db", "folder", "nowhere/terms.db"])
@pytest.mark.parametrize(
    "command",
    [["lookup", "chain"], ["export"], ["build", "a.en.txt", "a.zh-Hant.txt"], ["build", "none.txt"]],
    ids=["lookup", "export", "build", "build-of-nothing"],
)
def test_a_store_that_cannot_be_used_is_one_line(
    folder: Path, built: Built, glossary: RunGlossary, store: str, command: list[str]
) -> None:
    (folder / "text.db").write_text("this is a letter, not a database", encoding="utf-8")
    corrupted(folder / "corrupt.db", built)
    (folder / "folder").mkdir()
    before = {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    assert store.split("/")[0] in refused(glossary(*command, "--store", store))
    assert {p: p.read_bytes() for p in folder.iterdir() if p.is_file() and "-" not in p.name} == {
        p: content for p, content in before.items() if "-" not in p.name
    }


@pytest.mark.parametrize("command", [["lookup", "chain"], ["export"], ["extract", "a.en.txt", "--glossary", "no.db"]])
def test_a_missing_store_says_how_to_make_one(folder: Path, glossary: RunGlossary, command: list[str]) -> None:
    store = [] if "--glossary" in command else ["--store", "no.db"]
    assert "no.db: no such glossary database; make one with" in refused(glossary(*command, *store))


def test_serving_a_broken_store_fails_before_it_starts(folder: Path, glossary: RunGlossary) -> None:
    Path("text.db").write_text("this is a letter, not a database", encoding="utf-8")
    assert "text.db: not a glossary database" in refused(glossary("serve", "--store", "text.db"))


# outputs


def test_a_place_that_cannot_be_written_keeps_nothing(folder: Path, glossary: RunGlossary) -> None:
    (folder / "sub").mkdir()
    pair = ["align", "a.en.txt", "a.zh-Hant.txt", "--quiet"]
    assert "no/x.tsv: not written: No such file" in refused(glossary(*pair, "-o", "no/x.tsv"))
    assert "sub: not written: is a folder" in refused(glossary(*pair, "-o", "sub"))
    assert "/dev/full: not written to the end: No space left" in refused(glossary(*pair, "-o", "/dev/full"))


def test_devices_are_written_into_and_never_replaced(folder: Path, glossary: RunGlossary) -> None:
    assert glossary("align", "a.en.txt", "a.zh-Hant.txt", "-o", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()
    assert Path("/dev/full").is_char_device()


def test_a_link_is_followed(folder: Path, glossary: RunGlossary) -> None:
    Path("link.tsv").symlink_to("real.tsv")
    glossary("align", "a.en.txt", "a.zh-Hant.txt", "-o", "link.tsv")
    assert Path("link.tsv").is_symlink()
    assert Path("real.tsv").read_text(encoding="utf-8").startswith("source_ids")


def test_a_full_disk_leaves_no_store(folder: Path) -> None:
    build = "ulimit -f 8; exec " + " ".join([*GLOSSARY, "build", "a.en.txt", "a.zh-Hant.txt", "--store", "full.db"])
    done = subprocess.run(["bash", "-c", build], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"glossary: full.db: [^\n]+\n", done.stderr)
    assert sorted(p.name for p in folder.iterdir()) == ["a.en.txt", "a.zh-Hant.txt"]


def test_the_end_of_a_command_passes_over_what_is_in_memory() -> None:
    code = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 10_000))\n"
        "from glossary.cli import main; main(['--version'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "True"


def test_a_reader_that_has_had_enough_is_no_error_message(built: Built) -> None:
    export = " ".join([*GLOSSARY, "export", "--format", "jsonl", "--store", str(built.store)])
    done = subprocess.run(
        ["bash", "-c", f"{export} | head -c 10"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (len(done.stdout), done.stderr) == (10, "")


def test_a_closed_standard_output_is_said(built: Built) -> None:
    export = " ".join([*GLOSSARY, "export", "--store", str(built.store)])
    done = subprocess.run(["bash", "-c", f"{export} >&-"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "glossary: standard output is closed; name a file with -o\n")


def test_ctrl_c_is_130_and_one_line(glossary: RunGlossary) -> None:
    class Interrupted(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if size == 0:  # click's runner only looks whether bytes come out
                return b""
            raise KeyboardInterrupt

    result = glossary("align", "-", stdin=Interrupted())
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "glossary: interrupted\n")


# align


def test_a_bilingual_file_may_come_on_standard_input(root: Path, glossary: RunGlossary) -> None:
    text = (root / "seeds" / "tea-garden.txt").read_text(encoding="utf-8")
    from_file = glossary("align", root / "seeds" / "tea-garden.txt", "--quiet").stdout
    assert glossary("align", "-", "--quiet", stdin=text).stdout == from_file


def test_the_order_of_two_files_changes_only_the_columns(root: Path, glossary: RunGlossary) -> None:
    pair = [root / "seeds" / f"court-evidence.{lang}.txt" for lang in ("en", "zh-Hant-TW")]
    one = [line.split(":") for line in glossary("align", *pair, "--format", "vecalign").stdout.splitlines()]
    other = [line.split(":") for line in glossary("align", *pair[::-1], "--format", "vecalign").stdout.splitlines()]
    assert sorted((b, a, score) for a, b, score in one) == sorted(tuple(line) for line in other)


def test_every_format_is_well_formed(folder: Path, glossary: RunGlossary) -> None:
    out = {}
    for name in ("tsv", "jsonl", "tmx", "vecalign", "html"):
        result = glossary(
            "align", "a.en.txt", "a.zh-Hant.txt", "--format", name, "--target-lang", "zh-Hant-TW", "-o", f"out.{name}"
        )
        assert (result.exit_code, result.stdout) == (0, "")
        out[name] = Path(f"out.{name}").read_text(encoding="utf-8")
    assert [len(line.split("\t")) for line in out["tsv"].splitlines()] == [5] * 4
    assert all(json.loads(line)["target_lang"] == "zh-Hant-TW" for line in out["jsonl"].splitlines())
    assert 'xml:lang="zh-Hant-TW"' in out["tmx"]
    assert xml.dom.minidom.parseString(out["tmx"].encode()).getElementsByTagName("tu").length == 3
    assert re.fullmatch(r"(\[[\d, ]*\]:\[[\d, ]*\]:\d\.\d{3}\n)+", out["vecalign"])
    assert out["html"].startswith("<!DOCTYPE html>")


def test_presegmented_lines_keep_their_numbers(folder: Path, glossary: RunGlossary) -> None:
    Path("a.en.txt").write_text("The chain is public.\n\nNobody owns it.\n", encoding="utf-8")
    Path("a.zh-Hant.txt").write_text("\n這條鏈是公開的。\n它不屬於任何人。\n\n", encoding="utf-8")
    result = glossary("align", "a.en.txt", "a.zh-Hant.txt", "--presegmented", "--format", "vecalign")
    beads = [line.rsplit(":", 1)[0] for line in result.stdout.splitlines()]
    assert beads == ["[]:[0]", "[0]:[1]", "[1]:[]", "[2]:[2]", "[]:[3]"]


# extract, evaluate


@pytest.mark.parametrize("form", ["tsv", "jsonl", "tmx"])
def test_terms_of_aligned_text_are_those_of_the_documents(
    folder: Path, root: Path, glossary: RunGlossary, form: str
) -> None:
    pair = [root / "seeds" / f"court-evidence.{lang}.txt" for lang in ("en", "zh-Hant-TW")]
    glossary("align", *pair, "--format", form, "-o", f"out.{form}")

    def terms(*args: str | Path) -> set[tuple[str, ...]]:
        lines = glossary("extract", *args, "--target-lang", "zh-Hant-TW").stdout.splitlines()[1:]
        return {tuple(line.split("\t")[:2]) for line in lines}

    from_documents, from_bitext = terms(*pair), terms(f"out.{form}")
    assert len(from_documents & from_bitext) >= 0.9 * len(from_documents | from_bitext) > 10


def test_malformed_aligned_text_is_refused_with_its_line(folder: Path, glossary: RunGlossary) -> None:
    Path("b.tsv").write_text("source_ids\ttarget_ids\tscore\tsource\ttarget\n0\t0\thigh\ta\tb\n", encoding="utf-8")
    Path("b.jsonl").write_text("{}\n", encoding="utf-8")
    Path("b.tmx").write_text("<tmx><body>", encoding="utf-8")
    assert "b.tsv:2: the score 'high' is no number" in refused(glossary("extract", "b.tsv"))
    assert "b.jsonl:1: not a bead" in refused(glossary("extract", "b.jsonl"))
    assert "b.tmx" in refused(glossary("extract", "b.tmx"))


def test_extract_lists_the_best_first_and_no_more_than_asked(root: Path, glossary: RunGlossary) -> None:
    lines = glossary("extract", root / "seeds" / "harbour-ledger.txt", "--top", "5").stdout.splitlines()
    assert lines[0].split("\t")[:6] == ["source", "target", "score", "kind", "status", "n_beads"]
    scores = [float(line.split("\t")[2]) for line in lines[1:]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)


def test_terms_are_measured_against_gold(folder: Path, glossary: RunGlossary) -> None:
    Path("found.tsv").write_text("source\ttarget\tscore\nchain\t鏈\t.9\nnode\t點\t.8\n", encoding="utf-8")
    Path("gold.tsv").write_text("source\ttarget\nchains\t链\nledger\t賬本\n", encoding="utf-8")
    shown = glossary("evaluate", "terms", "found.tsv", "gold.tsv", "--errors").stdout
    assert re.search(r"precision +0\.500", shown)
    assert "wrong   0.80  node = 點" in shown
    assert "missed        ledger = 賬本" in shown


def test_malformed_gold_is_refused_with_its_line(folder: Path, glossary: RunGlossary) -> None:
    Path("t.tsv").write_text("source\ttarget\tscore\na\tb\thigh\n", encoding="utf-8")
    Path("empty.tsv").touch()
    assert "t.tsv:2: score 'high' is no number" in refused(glossary("evaluate", "terms", "t.tsv", "t.tsv"))
    assert "empty.tsv: is empty" in refused(glossary("evaluate", "terms", "empty.tsv", "t.tsv"))
    assert "none.tsv: cannot be read" in refused(glossary("evaluate", "terms", "none.tsv", "t.tsv"))
    assert "none: no such folder" in refused(glossary("evaluate", "alignment", "none"))
    assert "no NAME.gold file" in refused(glossary("evaluate", "alignment", str(folder)))
    shutil.move("a.en.txt", "a.en")
    shutil.move("a.zh-Hant.txt", "a.zh")
    Path("a.gold").write_text("[0]:[0]\nnonsense\n", encoding="utf-8")
    assert "a.gold:2: 'nonsense' is no bead" in refused(glossary("evaluate", "alignment", "."))


def test_an_aligner_is_measured_against_gold(folder: Path, glossary: RunGlossary) -> None:
    shutil.move("a.en.txt", "a.en")
    shutil.move("a.zh-Hant.txt", "a.zh")
    Path("a.gold").write_text("[0]:[0]\n[1]:[1]\n[2]:[2]\n", encoding="utf-8")
    shown = glossary("evaluate", "alignment", ".", "--source-lang", "en", "--errors").stdout
    assert re.search(r"strict +1\.000 +1\.000 +1\.000", shown)
    assert "calibration error" in shown


def test_export_says_when_no_term_is_in_the_language(built: Built, glossary: RunGlossary) -> None:
    french = glossary("export", "--store", built.store, "--format", "po", "--lang", "fr")
    assert french.exit_code == 0
    assert "no entry has a term in fr" in french.stderr
    assert "no entry" not in glossary("export", "--store", built.store, "--format", "po", "--lang", "zh-Hant-HK").stderr


def test_a_bad_line_of_jsonl_is_named_without_class_names(folder: Path, glossary: RunGlossary) -> None:
    (folder / "bad.jsonl").write_text('{"score": 1}\n', encoding="utf-8")
    message = refused(glossary("extract", "bad.jsonl"))
    assert "bad.jsonl:1: not a bead: the field 'evidence' is missing" in message


def test_the_report_of_terms_is_written(root: Path, folder: Path, glossary: RunGlossary) -> None:
    article = root / "seeds" / "tea-garden.txt"
    assert glossary("extract", article, "--format", "html", "-o", "terms.html").exit_code == 0
    assert "<mark>" in (folder / "terms.html").read_text(encoding="utf-8")
