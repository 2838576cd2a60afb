"""The committed PO files of the sample articles are what `make locale` writes today."""

from pathlib import Path

import pytest

from tests.conftest import RunGlossary


def test_the_committed_terms_are_up_to_date(
    root: Path, glossary: RunGlossary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)  # addresses in the files are relative
    assert glossary("build", "seeds", "--store", tmp_path / "x.db", "--po-dir", tmp_path / "locale").exit_code == 0
    for path in sorted((tmp_path / "locale").rglob("*.po")):
        committed = root / "locale" / path.relative_to(tmp_path / "locale")
        assert committed.read_bytes() == path.read_bytes(), "run `make locale`"
