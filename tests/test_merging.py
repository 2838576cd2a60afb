"""Files into a termbase: nothing is lost, nothing is silent, all of it or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import ConceptEntry, Context, Definition, LangSec, Provenance, TermSec
from glossary.errors import ExchangeError
from glossary.exchange import IMPORTERS, read, write
from glossary.merging import ImportReport, import_entries
from glossary.store import Store, open_store
from tests.deciding import decide

from .exchange.conftest import sample_entries


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "terms.db")) as opened:
        yield opened


def entry(english: str, chinese: str = "", entry_id: str = "", **fields: object) -> ConceptEntry:
    sections = [LangSec("en", (TermSec(english, review_state="approved"),))] if english else []
    if chinese:
        sections.append(LangSec("zh-Hans", (TermSec(chinese, review_state="approved"),)))
    return ConceptEntry(entry_id, tuple(sections), "concept", 1.0, **fields)  # type: ignore[arg-type]


def taken(store: Store, *entries: ConceptEntry, **options: object) -> ImportReport:
    return import_entries(store, entries, who="Li", **options)  # type: ignore[arg-type]


def everything(store: Store) -> list[ConceptEntry]:
    return list(store.entries())


def forms(store: Store) -> list[list[str]]:
    return sorted([t.term for s in e.lang_secs for t in s.terms] for e in everything(store))


class TestWhatIsNew:
    def test_new_and_untranslated_terms_are_added_with_who_brought_them(self, store: Store) -> None:
        report = taken(store, entry("tea", "茶"), entry("pot"))
        assert [(i.action, i.label, i.reason) for i in report.items] == [
            ("added", "tea = 茶", "new"), ("added", "pot", "new"),
        ]  # fmt: skip
        assert forms(store) == [["pot"], ["tea", "茶"]]
        proof = everything(store)[0].lang_secs[0].terms[0].provenance
        assert [(p.rule, p.who) for p in proof] == [("imported", "Li")]

    def test_the_same_again_changes_nothing_and_says_so(self, store: Store) -> None:
        taken(store, entry("tea", "茶"), entry("pot"))
        before = everything(store)
        report = taken(store, entry("tea", "茶"), entry("pot"))
        assert [(i.action, i.reason) for i in report.items] == [
            ("skipped", "same term pair; nothing new"),
            ("skipped", "same term, one of the two without a rendering; nothing new"),
        ]
        assert everything(store) == before

    def test_homonyms_stay_apart(self, store: Store) -> None:
        taken(store, entry("chain", "链"))
        report = taken(store, entry("chain", "连锁店"))
        assert "with another rendering" in report.added[0].reason
        assert len(forms(store)) == 2
        ambiguous = taken(store, entry("chain"))
        assert "2 stored entries have this term" in taken(store, entry("chain")).items[0].reason or ambiguous.conflicts

    def test_ambiguous_term_is_added_once(self, store: Store) -> None:
        taken(store, entry("chain", "链"), entry("chain", "连锁店"))
        assert "it was not joined" in taken(store, entry("chain")).conflicts[0].reason
        assert taken(store, entry("chain")).skipped
        assert len(forms(store)) == 3

    def test_foreign_id_of_another_entry_is_no_match(self, store: Store) -> None:
        taken(store, entry("tea", "茶", "c1"))
        report = taken(store, entry("pot", "壶", "c1"))
        assert "belongs to another entry" in report.conflicts[0].reason
        assert forms(store) == [["pot", "壶"], ["tea", "茶"]]

    def test_an_entry_twice_in_a_file_is_joined(self, store: Store) -> None:
        for dry_run in (True, False):
            report = taken(store, entry("tea", "茶"), entry("tea", "茶", note="hot"), dry_run=dry_run)
            assert [i.action for i in report.items] == ["added", "changed"]
        assert everything(store)[0].note == "hot"

    def test_traditional_finds_simplified(self, store: Store) -> None:
        taken(store, entry("blockchain", "区块链"))
        traditional = replace(entry("Blockchain"), lang_secs=(
            LangSec("en", (TermSec("blockchain"),)), LangSec("zh-Hant-TW", (TermSec("區塊鏈"),)),
        ))  # fmt: skip
        report = taken(store, traditional)
        assert report.changed[0].reason == "same term pair; adds zh-Hant-TW 區塊鏈"
        assert forms(store) == [["blockchain", "区块链", "區塊鏈"]]


class TestWhatIsThere:
    def test_merge_fills_what_is_missing_and_reports_what_differs(self, store: Store) -> None:
        first = entry("tea", "茶", "a", subject_field="drinks", note="hot")
        taken(store, first)
        definition = Definition("A leaf.", "en", "", 0, 0, "imported", "a book")
        richer = LangSec("en", (TermSec("tea", part_of_speech="verb", pinyin="cha2"), TermSec("cha")), (definition,))
        given = replace(first, lang_secs=(richer,), subject_field="plants", note="green")
        report = taken(store, given)
        (after,) = everything(store)
        english = after.lang_secs[0]
        assert [t.term for t in english.terms] == ["tea", "cha"]
        assert (english.terms[0].part_of_speech, english.terms[0].pinyin) == ("verb", "cha2")
        assert (after.subject_field, after.note, english.definitions) == ("drinks", "hot\ngreen", (definition,))
        assert [i.reason for i in report.conflicts] == [
            "subject field: 'drinks' here, 'plants' in the file; the stored one stays"
        ]

    def test_overwrite_takes_the_files_values_and_keeps_the_rest(self, store: Store) -> None:
        taken(store, entry("tea", "茶", "a", subject_field="drinks"))
        report = taken(store, entry("tea", "", "a", subject_field="plants"), policy="overwrite")
        (after,) = everything(store)
        assert after.subject_field == "plants"
        assert [s.lang for s in after.lang_secs] == ["en", "zh-Hans"]
        assert "the file's one stays" in report.conflicts[0].reason

    def test_keep_leaves_stored_entries_alone(self, store: Store) -> None:
        taken(store, entry("tea", "茶", "a"))
        before = everything(store)
        report = taken(store, entry("tea", "茶", "a", note="x"), entry("pot", "壶", "b"), policy="keep")
        assert [i.reason for i in report.skipped] == ["same id; the stored entry is kept"]
        assert [e for e in everything(store) if e.id == "a"] == before
        assert len(report.added) == 1

    @pytest.mark.parametrize("policy", ["merge", "overwrite"])
    def test_a_rejected_term_stays_rejected(self, store: Store, policy: str) -> None:
        taken(store, entry("tea", "茶", "a"))
        decide(store, "a", "zh-Hans", "茶", "rejected", who="Wang")
        report = taken(store, entry("tea", "茶", "a"), policy=policy)
        assert everything(store)[0].lang_secs[1].terms[0].review_state == "rejected"
        assert "it is rejected" in report.conflicts[0].reason

    def test_approval_in_a_file_counts(self, store: Store) -> None:
        proof = (Provenance("d", 0, 1, "parenthesis", 0.9),)
        seen = ConceptEntry("a", (LangSec("en", (TermSec("tea", provenance=proof),)),), "concept", 0.9)
        taken(store, seen)
        assert taken(store, entry("tea", "", "a")).changed[0].reason == "same id; tea: approved"

    def test_a_sentence_that_is_there_is_not_added(self, store: Store) -> None:
        pair = Context("We drink tea.", "我们喝茶。", "en", "zh-Hans", (), (), "b", 1, "a.txt", 3, 0.9)
        half = replace(pair, target="", target_lang="und", bitext_id="", bead=None)
        other = replace(half, source="Tea is hot.")
        taken(store, entry("tea", "茶", "a", contexts=(pair,)))
        taken(store, entry("tea", "茶", "a", contexts=(half, other)))
        assert [c.source for c in everything(store)[0].contexts] == ["We drink tea.", "Tea is hot."]


class TestWholeOrNot:
    def test_dry_run_reports_the_same_and_writes_nothing(self, store: Store) -> None:
        taken(store, entry("tea", "茶", "a"))
        before = everything(store)
        news = [entry("tea", "茶", "a", note="x"), entry("pot", "壶"), entry("cup", "杯")]
        dry = taken(store, *news, dry_run=True)
        assert everything(store) == before
        wet = taken(store, *news)
        assert dry.items == wet.items
        assert (dry.group, bool(wet.group)) == ("", True)
        assert dry.summary() == "would be: 2 added, 1 changed, 0 skipped, 0 conflicts"

    def test_bad_row_leaves_the_store_as_it_was(self, store: Store, tmp_path: Path) -> None:
        taken(store, entry("tea", "茶", "a"))
        before = everything(store)
        rows = "\n".join(f"term {i},词{i}," for i in range(1200))
        (tmp_path / "a.csv").write_text(f"en,zh-CN,status\n{rows}\nlast,末,nice\n", encoding="utf-8")
        with pytest.raises(ExchangeError, match=r"a.csv:1202: column status"):
            import_entries(store, read(tmp_path / "a.csv").entries, who="Li")
        assert everything(store) == before

    def test_an_import_is_undone_as_one(self, store: Store) -> None:
        taken(store, entry("tea", "茶", "a"))
        before = everything(store)
        report = taken(store, *(entry(f"term {i}", f"词{i}") for i in range(1200)), entry("tea", "茗", "a"))
        assert store.count() == 1201
        store.undo_group(report.group, who="Li")
        assert everything(store) == before

    def test_unknown_policy_lists_the_known(self, store: Store) -> None:
        with pytest.raises(ExchangeError, match=r"Unknown policy 'x'. Available: keep, merge, overwrite"):
            taken(store, policy="x")


@pytest.mark.parametrize("format", sorted(IMPORTERS))
def test_a_termbase_that_takes_its_own_export_stays_as_it_is(format: str, store: Store, tmp_path: Path) -> None:
    store.sync_entries(e for e in sample_entries() if not e.id.startswith("2c"))  # two forms that fold alike: see below
    before = everything(store)
    write(before, format, tmp_path / "a", lang="zh-Hans" if format in ("po", "omegat") else None)
    report = import_entries(store, read(tmp_path / "a", format, lang="zh-Hans").entries, who="Li")
    if format != "jieba":  # words alone are entries of their own where a homonym makes them doubtful
        assert not report.added
        assert not report.changed
        assert everything(store) == before
