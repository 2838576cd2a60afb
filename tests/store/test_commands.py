"""The commands do the same on PostgreSQL as on a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import RunGlossary
from tests.postgres import empty_schema


@pytest.mark.postgres
def test_build_lookup_and_export_are_the_same_on_both(
    postgres: str, path: str, root: Path, tmp_path: Path, glossary: RunGlossary
) -> None:
    article = root / "seeds" / "tea-garden.txt"
    with empty_schema(postgres) as url:
        printed: list[list[str]] = []
        for number, store in enumerate((path, url)):
            out = tmp_path / f"{number}.jsonl"
            steps = (
                ("build", article, "--store", store),
                ("build", article, "--store", store),
                ("export", "--store", store, "--format", "jsonl", "-o", out),
                ("lookup", "tea", "--store", store),
                ("lookup", "茶", "--store", store),
            )
            results = [glossary(*step) for step in steps]
            assert [r.exit_code for r in results] == [0] * len(steps), [r.stderr for r in results]
            printed.append([*(r.stdout for r in results), out.read_text(encoding="utf-8")])
            assert "sound" in glossary("store", "check", "--store", store).stdout
        assert printed[0] == printed[1]
        assert len(printed[0][-1].splitlines()) > 10
