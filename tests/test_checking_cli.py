"""`glossary annotate` and `glossary check` as a user runs them, on the sample glossary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Built, RunGlossary


def test_a_text_is_marked(built: Built, glossary: RunGlossary, tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("A consortium blockchain in Hangzhou.", encoding="utf-8")
    done = glossary("annotate", text, "--store", built.store, "--lang", "zh-Hans")
    assert done.stdout == "A consortium blockchain[联盟链] in Hangzhou[杭州]."
    rows = glossary("annotate", text, "--store", built.store, "--format", "tsv").stdout.splitlines()
    assert rows[0] == "term\trenderings\tplaces"
    assert len(rows) == 3


def test_an_html_file_keeps_its_markup(built: Built, glossary: RunGlossary, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("<!DOCTYPE html><title>Hangzhou</title><p class=x>Hangzhou</p>", encoding="utf-8")
    marked = glossary("annotate", page, "--store", built.store, "--lang", "zh-Hans").stdout
    assert marked.startswith("<!DOCTYPE html><title>Hangzhou</title><p class=x><mark ")


def test_a_missing_file_is_one_line(built: Built, glossary: RunGlossary, tmp_path: Path) -> None:
    for name in ("a.txt", "a.html"):
        done = glossary("annotate", tmp_path / name, "--store", built.store)
        assert done.exit_code == 1
        assert done.stderr.count("\n") == 1
        assert name in done.stderr


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "w.tsv"
    path.write_text("source\ttarget\nHangzhou has 5 banks\t北京有六家银行\n", encoding="utf-8")
    return path


def test_findings_are_lines_with_places_and_exit_code_1(built: Built, glossary: RunGlossary, wrong: Path) -> None:
    done = glossary("check", wrong, "--store", built.store)
    assert done.exit_code == 1
    assert f"{wrong}:2: E301 " in done.stdout
    assert f"{wrong}:2: W102 " in done.stdout
    assert "1 units: 1 error, " in done.stderr


def test_ignored_codes_are_left_out(built: Built, glossary: RunGlossary, wrong: Path) -> None:
    done = glossary("check", wrong, "--store", built.store, "--ignore", "e301,W102,W302")
    assert (done.exit_code, done.stdout) == (0, "")
    assert glossary("check", wrong, "--store", built.store, "--ignore", "E999").exit_code == 1


def test_every_machine_format_parses(built: Built, glossary: RunGlossary, wrong: Path) -> None:
    def run(name: str) -> str:
        return glossary("check", wrong, "--store", built.store, "--format", name).stdout

    assert {json.loads(line)["code"] for line in run("json").splitlines()} >= {"E301", "W102"}
    log = json.loads(run("sarif"))
    (one,) = log["runs"]
    known = {rule["id"] for rule in one["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in one["results"]} <= known
    assert log["version"] == "2.1.0"
    assert all(line.startswith(("::error file=", "::warning file=")) for line in run("github").splitlines())


def test_a_pair_of_texts_is_aligned_first(built: Built, glossary: RunGlossary, root: Path) -> None:
    pair = (root / "seeds/court-evidence.en.txt", root / "seeds/court-evidence.zh-Hant-TW.txt")
    done = glossary("check", *pair, "--store", built.store)
    assert "E1" not in done.stdout
    assert "units" in done.stderr
