"""What a terminologist does at a terminal: decide, give a status, merge, split, delete; each undone like any change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import ConceptEntry, Flag, LangSec, Provenance, TermSec
from glossary.store import open_store
from tests.conftest import RunGlossary


def entry(name: str, english: list[str], chinese: list[str]) -> ConceptEntry:
    proof = (Provenance("d", 0, 1, "written", 0.9),)
    sections = (("en", english), ("zh-Hant-TW", chinese))
    return ConceptEntry(
        name,
        tuple(LangSec(lang, tuple(TermSec(t, provenance=proof) for t in terms)) for lang, terms in sections),
        "concept",
        0.9,
    )


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = str(tmp_path / "terms.db")
    with open_store(path) as opened:
        opened.sync_entries(
            [
                entry("h1", ["hash"], ["雜湊"]),
                entry("h2", ["hash value"], ["哈希值", "雜湊值"]),
                entry("d1", ["file"], ["文件"]),
                entry("d2", ["document"], ["文件"]),
            ]
        )
    return path


def states(store: str, entry_id: str) -> dict[str, str]:
    with open_store(store) as opened:
        found = opened.entry(entry_id)
    return {t.term: t.review_state for s in found.lang_secs for t in s.terms if t.origin == "observed"} if found else {}


def test_what_waits_is_listed_approved_and_gone_from_the_list(store: str, glossary: RunGlossary) -> None:
    listed = glossary("review", "list", "--store", store).stdout.splitlines()
    assert "h2\t0.90\thash value\t哈希值, 雜湊值\t" in listed
    done = glossary("review", "approve", "雜湊值", "h1", "--who", "mei", "--store", store)
    assert (done.exit_code, done.stdout) == (0, "h2\thash value = 哈希值\tapproved\nh1\thash = 雜湊\tapproved\n")
    assert states(store, "h2") == {"hash value": "approved", "哈希值": "approved", "雜湊值": "approved"}
    assert len(glossary("review", "list", "--store", store).stdout.splitlines()) == len(listed) - 2


def test_one_term_is_rejected_and_reopened(store: str, glossary: RunGlossary) -> None:
    assert glossary("review", "reject", "h2", "--term", "哈希值", "--who", "mei", "--store", store).exit_code == 0
    assert states(store, "h2") == {"hash value": "proposed", "哈希值": "rejected", "雜湊值": "proposed"}
    assert glossary("review", "list", "--which", "rejected", "--store", store).stdout.startswith("h2\t")
    assert glossary("review", "reopen", "hash value", "--who", "mei", "--store", store).exit_code == 0
    assert set(states(store, "h2").values()) == {"proposed"}


def test_decisions_of_one_command_are_undone_together(store: str, glossary: RunGlossary) -> None:
    before = states(store, "h1"), states(store, "h2")
    glossary("review", "approve", "hash", "hash value", "--who", "mei", "--store", store)
    newest = glossary("store", "history", "--limit", "1", "--store", store).stdout.split("\t")[0]
    assert glossary("store", "undo", newest, "--group", "--who", "li", "--store", store).exit_code == 0
    assert (states(store, "h1"), states(store, "h2")) == before


def test_a_term_gets_its_status(store: str, glossary: RunGlossary) -> None:
    done = glossary("store", "status", "h2", "forbidden", "--term", "哈希值", "--who", "mei", "--store", store)
    assert done.stdout == "h2\thash value = 哈希值\t哈希值: forbidden\n"
    with open_store(store) as opened:
        found = opened.entry("h2")
        assert found is not None
        assert [t.administrative_status for t in found.lang_secs[1].terms] == ["forbidden", "admitted"]


def test_entries_are_merged_and_split_again(store: str, glossary: RunGlossary) -> None:
    assert glossary("store", "merge", "hash", "hash value", "--who", "mei", "--store", store).stdout.startswith("h1\t")
    assert (set(states(store, "h1")), states(store, "h2")) == ({"hash", "雜湊", "hash value", "哈希值", "雜湊值"}, {})
    moved = ["--term", "hash value", "--term", "哈希值", "--term", "雜湊值"]
    parts = glossary("store", "split", "h1", *moved, "--who", "mei", "--store", store).stdout.splitlines()
    assert [line.split("\t")[1] for line in parts] == ["hash = 雜湊", "hash value = 哈希值"]
    assert set(states(store, "h1")) == {"hash", "雜湊"}


def test_a_deleted_entry_is_gone_until_it_is_undone(store: str, glossary: RunGlossary) -> None:
    assert glossary("store", "delete", "hash", "--who", "mei", "--store", store).exit_code == 0
    assert states(store, "h1") == {}
    assert glossary("store", "undo", "1", "--who", "mei", "--store", store).exit_code == 0
    assert set(states(store, "h1")) == {"hash", "雜湊"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ["review", "approve", "文件"],
            "2 entries have the term '文件'; name one by its id: d1 (file = 文件), d2 (docum",
        ),
        (["review", "approve", "none"], "no entry has the id or the term 'none'"),
        (["review", "approve", "h1", "--term", "none"], "hash = 雜湊: has no term 'none'"),
        (["review", "reopen", "h1"], "hash = 雜湊: no term of it was decided"),
        (["review", "approve", "h1", "none"], "no entry has the id or the term 'none'"),
        (["store", "merge", "h1", "hash"], "two or more different entries"),
        (["store", "split", "h1", "--term", "hash", "--term", "雜湊"], "h1"),
        (["store", "delete", "h1", "none"], "no entry has the id or the term 'none'"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(
    args: list[str], message: str, store: str, glossary: RunGlossary
) -> None:
    result = glossary(*args, "--who", "mei", "--store", store)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    with open_store(store) as opened:
        assert opened.changes() == ()


def test_an_entry_that_is_named_twice_is_deleted_once(store: str, glossary: RunGlossary) -> None:
    done = glossary("store", "delete", "h1", "hash", "--who", "mei", "--store", store)
    assert (done.exit_code, done.stdout) == (0, "h1\thash = 雜湊\n")


def test_a_flag_of_several_terms_is_listed_once(store: str, glossary: RunGlossary) -> None:
    flag = (Flag("mixed-script", "both scripts"),)
    found = entry("m1", ["oolong"], ["烏龙", "乌龍"])
    sections = [replace(s, terms=tuple(replace(t, flags=flag) for t in s.terms)) for s in found.lang_secs]
    with open_store(store) as opened:
        opened.save(replace(found, lang_secs=tuple(sections)), who="mei")
    assert glossary("review", "list", "--which", "flagged", "--store", store).stdout.endswith("\tmixed-script\n")


@pytest.mark.parametrize(
    "args",
    [
        ["review", "list", "--limit"],
        ["store", "history", "--limit"],
        ["store", "undo", "--who", "mei"],
        ["store", "undo", "--group", "--who", "mei"],
    ],
)
def test_a_number_that_no_database_holds_is_one_line(args: list[str], store: str, glossary: RunGlossary) -> None:
    done = glossary(*args, "9" * 30, "--store", store)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("glossary: ")
    assert done.stderr.count("\n") == 1


def test_a_decision_needs_a_name(store: str, glossary: RunGlossary) -> None:
    assert glossary("review", "approve", "h1", "--store", store).exit_code == 2
