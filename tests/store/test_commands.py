"""The commands do the same on PostgreSQL as on a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from glossary.codec import from_json
from glossary.datamodel import Change, ConceptEntry
from glossary.store import Store
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


def test_history_is_listed_and_undone(
    store: Store, url: str, entry: Callable[..., ConceptEntry], glossary: RunGlossary
) -> None:
    first, second = entry("ledger", "賬本"), entry("chain", "鏈")
    done = store.save_many([first, second], who="mei")
    store.save(replace(first, note="a\tb"), who="ann\n")
    lines = glossary("store", "history", "--store", url).stdout.splitlines()
    assert [line.split("\t")[:1] + line.split("\t")[2:] for line in lines] == [
        ["3", "ann", "edit", first.id, "ledger", ""],
        ["2", "mei", "import", second.id, "chain", done.group],
        ["1", "mei", "import", first.id, "ledger", done.group],
    ]
    of_one = glossary("store", "history", second.id, "--store", url, "--format", "jsonl").stdout
    assert from_json(Change, json.loads(of_one)) == store.changes(second.id)[0]
    refused = glossary("store", "undo", "1", "--store", url, "--who", "li", "--group")
    assert (refused.exit_code, "by change 3 (edit by ann" in refused.stderr) == (1, True)
    assert glossary("store", "undo", "3", "--store", url, "--who", "li").exit_code == 0
    assert store.entry(first.id) == first
    assert glossary("store", "undo", "2", "--store", url, "--who", "li", "--group").exit_code == 0
    assert store.count() == 0
    assert glossary("store", "undo", "99", "--store", url, "--who", "li", "--group").exit_code == 1


def test_duplicates_are_listed(
    store: Store, url: str, entry: Callable[..., ConceptEntry], glossary: RunGlossary
) -> None:
    store.sync_entries([replace(entry("ledger", "賬本"), id=name) for name in ("a", "b")])
    listed = glossary("store", "duplicates", "--store", url).stdout
    assert listed == "a b\tthe same term pair: the same en term 'ledger', the same zh term '賬本'\n"
