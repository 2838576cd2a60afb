"""From files to a glossary: what is found again, what changes on a second run, what one bad file does to the others."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary.errors import AlignmentError, StoreError
from glossary.lookup import lookup
from glossary.pipeline import Options, align_files, extract_files, fill, known_terms
from glossary.store import open_store
from tests.conftest import Built, RunGlossary, copy_store


def dump(store: Path) -> list[str]:
    with closing(sqlite3.connect(store)) as database:
        return list(database.iterdump())


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_second_build_changes_nothing(built: Built, root: Path, glossary: RunGlossary, tmp_path: Path) -> None:
    store = tmp_path / "copy.db"
    copy_store(built.store, store)
    before = dump(store)
    again = glossary("build", root / "seeds", "--store", store, "--po-dir", tmp_path / "locale", "--quiet")
    assert "0 new or changed" in again.stdout
    assert "0 added, 0 changed, 0 removed" in again.stdout
    assert again.stderr == ""
    assert dump(store) == before
    assert tree(tmp_path / "locale") == tree(built.po_dir)


def test_the_samples_give_a_glossary_with_proof(built: Built) -> None:
    assert built.printed.startswith("3 documents, 3 new or changed, ")
    assert "Best terms" in built.printed
    assert "Sentence pairs" in built.printed
    with open_store(str(built.store), create=False) as store:
        entry = lookup(store, "blockchain")[0].entry
        assert {t.term for s in entry.lang_secs for t in s.terms} >= {"区块链", "區塊鏈"}
        assert any(c.source and c.target for c in entry.contexts)


def test_either_script_and_any_case_finds_the_entry(built: Built) -> None:
    with open_store(str(built.store), create=False) as store:
        found = {
            q: lookup(store, q)[0].entry.id for q in ("blockchain", "BLOCKCHAIN", "區塊鏈", "区块链", "Blockchains")
        }
    assert len(set(found.values())) == 1


def test_what_a_document_outside_the_glossary_is_told_by_known_terms(built: Built) -> None:
    with open_store(str(built.store), create=False) as store:
        known = known_terms(store)
    assert any(k.english == "blockchain" and k.chinese in ("区块链", "區塊鏈") for k in known)
    assert not any(k.rejected for k in known)


def test_one_bad_file_is_recorded_and_the_rest_goes_on(root: Path, glossary: RunGlossary, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    shutil.copy(root / "seeds" / "tea-garden.txt", folder)
    (folder / "broken.txt").write_bytes(b"\x00\x01\x02" * 99)
    result = glossary("build", folder, tmp_path / "none.txt", "--store", tmp_path / "x.db", "--quiet")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 document (2 more failed), 1 new or changed, ")
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [
        f"{tmp_path}/none.txt",
        f"{folder}/broken.txt:1",
    ]


def test_a_changed_file_replaces_its_own_part(root: Path, glossary: RunGlossary, tmp_path: Path) -> None:
    folder, store = tmp_path / "articles", tmp_path / "x.db"
    folder.mkdir()
    (folder / "one.txt").write_text("The Harbour Ledger (HLX) is new.\n\n海港賬本(HLX)是新的。\n", encoding="utf-8")
    (folder / "two.txt").write_text("The Garden Chain (GCX) is old.\n\n花園鏈(GCX)是舊的。\n", encoding="utf-8")
    glossary("build", folder, "--store", store)
    (folder / "two.txt").write_text("The Tea Chain (TCX) is old.\n\n茶鏈(TCX)是舊的。\n", encoding="utf-8")
    changed = glossary("build", folder, "--store", store).stdout
    assert changed.startswith("2 documents, 1 new or changed")
    with open_store(str(store), create=False) as termbase:
        assert len(termbase.documents()) == 2
        shown = {t.term for e in termbase.entries() for s in e.lang_secs for t in s.terms}
    assert "GCX" not in shown
    assert shown & {"HLX", "TCX"} == {"HLX", "TCX"}


def test_equal_file_names_in_two_folders_stay_two_documents(
    glossary: RunGlossary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "x.db"
    for folder, text in (("one", "The Harbour Ledger (HLX) is new.\n"), ("two", "The Tea Chain (TCX) is old.\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path / folder)
        glossary("build", "a.txt", "--store", store)
    monkeypatch.chdir(tmp_path)
    again = glossary("build", "one", "--store", store).stdout
    with open_store(str(store), create=False) as termbase:
        shown = {t.term for e in termbase.entries() for s in e.lang_secs for t in s.terms}
        assert len(termbase.documents()) == 2, again
    assert shown >= {"HLX", "TCX"}


def test_a_moved_file_stays_one_document(glossary: RunGlossary, tmp_path: Path) -> None:
    store, old, new = tmp_path / "x.db", tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("The Harbour Ledger (HLX) is new.\n", encoding="utf-8")
    glossary("build", old, "--store", store)
    old.rename(new)
    glossary("build", new, "--store", store)
    shutil.copy(new, old)
    with open_store(str(store), create=False) as termbase:
        assert [d.source_uri for d in termbase.documents()] == [str(new)]
    glossary("build", old, new, "--store", store)
    again = glossary("build", old, new, "--store", store).stdout
    assert "2 documents, 0 new or changed" in again


def test_a_file_of_one_language_still_gives_its_acronyms(tmp_path: Path) -> None:
    path = tmp_path / "only.en.txt"
    path.write_text("The Pearl River Trade Consortium (PRTC) met. The PRTC is large.\n", encoding="utf-8")
    made, failures = extract_files([path])
    assert not failures
    assert "PRTC" in {c.source for c in made[0].candidates}
    assert all(b.is_null for b in made[0].bitext.beads)


def test_a_failure_in_other_languages_names_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.de.txt").write_text("Die Kette ist öffentlich.\n", encoding="utf-8")
    (tmp_path / "a.fr.txt").write_text("La chaîne est publique.\n", encoding="utf-8")
    made, failures = extract_files([tmp_path])
    assert not made
    assert [message for _, message in failures] == [
        "a.de.txt + a.fr.txt: terms are extracted from English and Chinese; this text is in de, fr"
    ]


def test_named_languages_reach_the_bitext(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("The chain is public.\n", encoding="utf-8")
    (tmp_path / "b").write_text("這條鏈是公開的。\n", encoding="utf-8")
    options = Options(source_lang="en-GB", target_lang="zh-Hant-TW", aligner="length")
    bitext = align_files(tmp_path / "a", tmp_path / "b", options).bitext
    assert (bitext.source_lang, bitext.target_lang) == ("en-GB", "zh-Hant-TW")


def test_presegmented_text_comes_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The chain.\n鏈。\n", encoding="utf-8")
    with pytest.raises(AlignmentError, match="needs two files"):
        align_files(tmp_path / "a.txt", None, Options(presegmented=True))


LINES = st.lists(st.booleans(), min_size=1, max_size=9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(english=LINES, chinese=LINES)
def test_blank_lines_never_shift_a_number(tmp_path: Path, english: list[bool], chinese: list[bool]) -> None:
    for name, line, filled in (("a.en", "The chain is public.", english), ("a.zh", "這條鏈是公開的。", chinese)):
        text = "".join(f"{line if yes else ''}\n" for yes in [*filled, True])
        (tmp_path / name).write_text(text, encoding="utf-8")
    bitext = align_files(tmp_path / "a.en", tmp_path / "a.zh", Options(presegmented=True, aligner="length")).bitext
    assert [i for b in bitext.beads for i in b.source] == list(range(len(english) + 1))
    assert [i for b in bitext.beads for i in b.target] == list(range(len(chinese) + 1))
    assert [bool(s.text) for s in bitext.source] == [*english, True]
    at = [0, 0]
    for bead in bitext.beads:
        assert [bead.source.start, bead.target.start] == at
        at = [bead.source.stop, bead.target.stop]
        assert bead.is_null or any(bitext.source[i].text for i in bead.source)


def test_a_file_name_that_is_no_text_does_not_break_the_glossary(glossary: RunGlossary, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("The Harbour Ledger (HLX) is new.\n\n海港賬本(HLX)是新的。\n", encoding="utf-8")
    result = glossary("build", path, "--store", tmp_path / "x.db", "--quiet")
    assert result.exit_code == 0, result.stderr
    with open_store(str(tmp_path / "x.db"), create=False) as store:
        assert store.documents()[0].source_uri.endswith("caf\\xe9.txt")


def test_a_build_that_fails_at_the_end_leaves_the_store_as_it_was(
    built: Built, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "copy.db"
    copy_store(built.store, store)
    before = dump(store)
    article = tmp_path / "new.txt"
    article.write_text("The Harbour Ledger (HLX) is new.\n", encoding="utf-8")
    made, _ = extract_files([article])
    twice = [*made, replace(made[0], source=replace(made[0].source, uri="other", text="\ud800"))]
    with open_store(str(store)) as termbase, pytest.raises(StoreError):
        fill(termbase, twice)
    assert dump(store) == before
