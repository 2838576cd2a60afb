"""Many pairs from a list: outputs by name, one failure never all, one process or two."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.errors import AlignmentError
from glossary.pipeline import Options
from glossary.runner import read_list, run
from tests.conftest import RunGlossary


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pairs, the second without its translation, and their list."""
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.en").write_text(f"Chain {name} is public.\nNobody owns it.\n", encoding="utf-8")
        (tmp_path / f"{name}.zh").write_text("這條鏈是公開的。\n它不屬於任何人。\n", encoding="utf-8")
    (tmp_path / "two.zh").unlink()
    rows = [f"{name}.en\t{name}.zh" for name in ("one", "two", "three")]
    (tmp_path / "list.tsv").write_text("\r\n".join(["\ufeff" + rows[0], "", *rows[1:]]), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_failure_leaves_the_others(folder: Path, glossary: RunGlossary, jobs: int) -> None:
    out = folder / "new" / "out"
    result = glossary(
        "align", "--batch", folder / "list.tsv", "--out-dir", out, "--jobs", jobs, "--format", "vecalign",
        "--aligner", "length", "--quiet",
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "glossary: two.zh: no such file; check the path\n"
    assert sorted(p.name for p in out.iterdir()) == ["one.vecalign", "three.vecalign"]
    assert (out / "one.vecalign").read_text(encoding="utf-8").startswith("[0]:[0]:")


def test_two_processes_give_the_same_bytes_as_one(folder: Path) -> None:
    written = []
    for workers in (1, 2):
        jobs = read_list(folder / "list.tsv", folder / str(workers), "jsonl", Options(aligner="length"))
        assert [bool(outcome.message) for outcome in run(jobs, workers=workers)] == [False, True, False]
        written.append([job.output.read_bytes() for job in (jobs[0], jobs[2])])
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\tb\nonly one\n", "list.tsv:2: needs two paths"),
        ("a\tb\tc\n", "list.tsv:1: needs two paths"),
        ("x/a.en\tb\ny/a.en\tc\n", "list.tsv:2: .* is already the output of line 1"),
    ],
)
def test_a_malformed_list_is_refused_with_its_line(tmp_path: Path, content: str, expected: str) -> None:
    path = tmp_path / "list.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AlignmentError, match=expected):
        read_list(path, tmp_path / "out", "tsv", Options())


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(AlignmentError, match=r"list.tsv: not UTF-8 \(byte 0\)"):
        read_list(path, tmp_path, "tsv", Options())
    with pytest.raises(AlignmentError, match=r"none.tsv: cannot be read as a list of files: No such file"):
        read_list(tmp_path / "none.tsv", tmp_path, "tsv", Options())


def test_paths_are_looked_for_beside_the_list_then_in_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "list.tsv").write_text("one.en\tone.zh\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    assert read_list(folder / "sub" / "list.tsv", folder, "tsv", Options())[0].source == Path("one.en")
    assert read_list(folder / "list.tsv", folder, "tsv", Options())[0].source == folder / "one.en"
