"""What a person has touched is theirs: a rebuild only adds; nothing they took out comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.errors import StoreConflict, StoreError
from glossary.store import Changes, Store
from tests.deciding import decide

from .conftest import dump

Make = Callable[..., ConceptEntry]


def terms(store: Store, entry_id: str) -> dict[str, list[str]]:
    found = store.entry(entry_id)
    assert found is not None
    return {s.lang: [t.term for t in s.terms] for s in found.lang_secs}


def with_terms(entry: ConceptEntry, lang: str, *names: str) -> ConceptEntry:
    """The entry with exactly these terms in a language; those it has keep their fields."""
    section = entry.section(lang) or LangSec(lang, ())
    have = {t.term: t for t in section.terms}
    changed = replace(section, terms=tuple(have.get(n, TermSec(n)) for n in names))
    others = [s for s in entry.lang_secs if s.lang != lang]
    return replace(entry, lang_secs=(*others, *([changed] if names else [])))


class TestSaving:
    def test_saved_entry_comes_back_with_every_field(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        term = replace(
            given.lang_secs[1].terms[0], case_sensitive=True, geographical_usage="HK", note="a\nb", source="HKMA",
            pinyin="zhang4 ben3", jyutping="zoeng3 bun2", administrative_status="preferred",
        )  # fmt: skip
        given = replace(
            given, lang_secs=(given.lang_secs[0], LangSec("zh-Hant", (term,))), do_not_translate=True, note="n"
        )
        store.save(given, who="mei")
        assert store.entry(given.id) == given
        assert list(store.entries()) == [given]

    def test_version_is_nought_at_first_and_grows(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        assert store.version(given.id) == 0
        first = store.save(given, who="mei")
        second = store.save(replace(given, note="x"), who="mei", expected=first)
        assert 0 < first < second == store.version(given.id)

    def test_saving_the_same_again_writes_nothing(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        version = store.save(given, who="mei")
        before = dump(store)
        assert store.save(given, who="ann", expected=version) == version
        assert dump(store) == before

    def test_versions_of_many_are_those_of_each_and_none_is_above_the_newest(self, store: Store, entry: Make) -> None:
        ids = [entry("ledger", "賬本").id, entry("block", "區塊").id]
        store.save(entry("ledger", "賬本"), who="mei")
        store.save(entry("block", "區塊"), who="mei")
        found = store.versions([*ids, "none"])
        assert found == {entry_id: store.version(entry_id) for entry_id in ids}
        assert max(found.values()) == store.newest()
        assert store.versions([]) == {}

    def test_editor_who_saw_an_older_version_is_told_who_changed_it(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        seen = store.save(given, who="mei")
        store.save(replace(given, note="ann's"), who="ann", expected=seen)
        with pytest.raises(StoreConflict, match=r"edit by ann at 20\d\d-") as caught:
            store.save(replace(given, note="mei's"), who="mei", expected=seen)
        assert "\n" not in str(caught.value)
        with pytest.raises(StoreConflict):
            store.delete(given.id, who="mei", expected=seen)
        kept = store.entry(given.id)
        assert kept is not None
        assert kept.note == "ann's"

    def test_editor_is_told_when_a_rebuild_changed_the_entry(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        seen = store.version(given.id)
        store.sync_entries([replace(given, score=0.2)])
        with pytest.raises(StoreConflict, match="a rebuild from the documents"):
            store.save(replace(given, note="mei's"), who="mei", expected=seen)

    def test_new_entry_that_somebody_else_added_meanwhile_is_a_conflict(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.save(given, who="ann", expected=0)
        with pytest.raises(StoreConflict):
            store.save(replace(given, note="x"), who="mei", expected=0)

    def test_deleted_and_added_again_is_another_version(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        seen = store.save(given, who="mei")
        store.delete(given.id, who="ann")
        assert store.version(given.id) == 0
        assert store.save(given, who="ann") > seen

    def test_term_written_by_a_person_gets_their_name_as_provenance(self, store: Store, entry: Make) -> None:
        given = with_terms(entry("ledger", "賬本"), "zh-Hant", "賬本", "帳簿")
        store.save(given, who="mei")
        saved = store.entry(given.id)
        assert saved is not None
        (proof,) = saved.lang_secs[1].terms[1].provenance
        assert (proof.rule, proof.who, proof.document_id) == ("written", "mei", "")
        before = dump(store)
        store.save(given, who="ann")  # the same, still without provenance
        assert dump(store) == before

    def test_somebody_must_be_named(self, store: Store, entry: Make) -> None:
        with pytest.raises(StoreError, match="who"):
            store.save(entry("ledger", "賬本"), who=" ")


class TestRebuilds:
    def test_edited_entry_is_kept_whole_without_its_documents(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        edited = replace(given, note="mine", score=0.1)
        store.save(edited, who="mei")
        assert store.sync_entries([]) == Changes(unchanged=1)
        assert store.entry(given.id) == edited

    def test_rebuild_adds_contexts_provenance_and_proposed_terms_only(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        store.save(replace(given, note="mine"), who="mei")
        new = entry("ledger", "帳冊")
        proof = (replace(new.lang_secs[0].terms[0].provenance[0], document_id="doc2"),)
        english = replace(new.lang_secs[0].terms[0], provenance=proof, administrative_status="deprecated")
        context = replace(new.contexts[0], bitext_id="bitext2")
        new = replace(
            new, lang_secs=(LangSec("en", (english,)), new.lang_secs[1]), contexts=(context,), note="machine's",
            subject_field="machine's",
        )  # fmt: skip
        assert store.sync_entries([new]) == Changes(changed=1)
        kept = store.entry(given.id)
        assert kept is not None
        assert (kept.note, kept.subject_field) == ("mine", "")
        assert kept.lang_secs[0].terms[0].administrative_status == "admitted"
        assert [p.document_id for p in kept.lang_secs[0].terms[0].provenance] == ["doc1", "doc2"]
        assert terms(store, given.id)["zh-Hant"] == ["賬本", "帳冊"]
        assert [c.bitext_id for c in kept.contexts] == ["bitext1", "bitext2"]
        assert store.sync_entries([new]) == Changes(unchanged=1)

    def test_context_that_moved_in_its_document_is_not_doubled(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.save(given, who="mei")
        store.sync_entries([replace(given, contexts=(replace(given.contexts[0], bead=7, line=9),))])
        kept = store.entry(given.id)
        assert kept is not None
        assert [(c.bead, c.line) for c in kept.contexts] == [(7, 9)]

    def test_term_a_person_took_out_never_comes_back(self, store: Store, entry: Make) -> None:
        given = with_terms(entry("ledger", "賬本"), "zh-Hant", "賬本", "帳冊")
        store.save(given, who="mei")
        found = store.entry(given.id)
        assert found is not None
        store.save(with_terms(found, "zh-Hant", "賬本"), who="mei")
        store.sync_entries([found])
        assert terms(store, given.id)["zh-Hant"] == ["賬本"]

    def test_rejected_term_does_not_come_back_in_another_script(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        decide(store, given.id, "zh-Hant", "賬本", "rejected", who="mei")
        simplified = TermSec("账本", origin="converted", conversion="opencc t2s", converted_from="zh-Hant")
        store.sync_entries([replace(given, lang_secs=(*given.lang_secs, LangSec("zh-Hans", (simplified,))))])
        assert terms(store, given.id) == {"en": ["ledger"], "zh-Hant": ["賬本"]}

    def test_term_a_person_put_back_may_be_found_again(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.save(given, who="mei")
        store.save(with_terms(given, "zh-Hant", "帳簿"), who="mei")
        store.save(given, who="mei")
        store.sync_entries([given])
        assert terms(store, given.id)["zh-Hant"] == ["賬本"]

    def test_deleted_entry_never_comes_back(self, store: Store, entry: Make) -> None:
        given = entry("ledger", "賬本")
        store.sync_entries([given])
        store.delete(given.id, who="mei")
        assert store.sync_entries([given]) == Changes()
        assert store.count() == 0

    def test_concept_whose_id_changed_is_still_the_deleted_one(self, store: Store, entry: Make) -> None:
        given = entry("non-fungible token", "非同質化代幣")
        store.sync_entries([given])
        store.delete(given.id, who="mei")
        renumbered = replace(with_terms(given, "en", "non-fungible token", "NFT"), id="nft")
        renumbered = replace(
            renumbered, lang_secs=tuple(
                replace(s, terms=tuple(replace(t, provenance=given.lang_secs[0].terms[0].provenance) for t in s.terms))
                for s in renumbered.lang_secs
            ),
        )  # fmt: skip
        assert store.sync_entries([renumbered]) == Changes()

    def test_imported_entry_takes_what_the_documents_say_of_it(self, store: Store, entry: Make) -> None:
        imported = replace(entry("ledger", "賬本"), id="imported", contexts=())
        store.save_many([imported], who="mei")
        found = entry("Ledger", "賬本")
        assert store.sync_entries([found]) == Changes(changed=1)
        (kept,) = store.entries()
        assert kept.id == "imported"
        assert kept.contexts == found.contexts

    def test_other_sense_of_an_edited_word_stays_an_entry_of_its_own(self, store: Store, entry: Make) -> None:
        store.save(replace(entry("bank", "銀行"), id="mine"), who="mei")
        store.sync_entries([entry("bank", "河岸")])
        assert store.count() == 2


class TestMerging:
    @pytest.fixture
    def pair(self, store: Store, entry: Make) -> list[ConceptEntry]:
        given = [entry("NFT", "非同質化代幣"), entry("non-fungible token", "非同質化代幣")]
        given[1] = replace(
            given[1], note="n", contexts=(replace(given[1].contexts[0], bitext_id="b2"),), subject_field="law"
        )
        store.sync_entries(given)
        return given

    def test_merged_entry_has_what_both_had(self, store: Store, pair: list[ConceptEntry]) -> None:
        merged = store.merge([e.id for e in pair], who="mei")
        assert merged == store.entry(pair[0].id)
        assert store.count() == 1
        assert terms(store, merged.id) == {"en": ["NFT", "non-fungible token"], "zh-Hant": ["非同質化代幣"]}
        assert (merged.note, merged.subject_field, len(merged.contexts)) == ("n", "law", 2)

    def test_rebuild_keeps_them_merged_and_adds_what_it_found(self, store: Store, pair: list[ConceptEntry]) -> None:
        merged = store.merge([e.id for e in pair], who="mei")
        assert store.sync_entries(pair) == Changes(unchanged=1)
        new = replace(pair[1], contexts=(replace(pair[1].contexts[0], bitext_id="b3"),))
        assert store.sync_entries([pair[0], new]) == Changes(changed=1)
        kept = store.entry(merged.id)
        assert kept is not None
        assert [c.bitext_id for c in kept.contexts] == ["bitext1", "b2", "b3"]
        assert store.sync_entries([new, pair[0]]) == Changes(unchanged=1)

    def test_merged_into_a_merged_entry(self, store: Store, pair: list[ConceptEntry], entry: Make) -> None:
        third = entry("crypto collectible", "加密收藏品")
        store.sync_entries([*pair, third])
        store.merge([pair[0].id, pair[1].id], who="mei")
        store.merge([third.id, pair[0].id], who="mei")
        assert store.sync_entries([*pair, third]) == Changes(unchanged=1)

    def test_undoing_a_merge_brings_all_of_it_back(self, store: Store, pair: list[ConceptEntry]) -> None:
        before = list(store.entries())
        store.merge([e.id for e in pair], who="mei")
        store.undo(store.changes()[0].id, who="ann")
        assert list(store.entries()) == before
        store.sync_entries(pair)
        assert list(store.entries()) == before

    def test_one_entry_cannot_be_merged(self, store: Store, pair: list[ConceptEntry]) -> None:
        for ids in ([], [pair[0].id], [pair[0].id, pair[0].id]):
            with pytest.raises(StoreError, match="two or more"):
                store.merge(ids, who="mei")
        with pytest.raises(StoreError, match="no entry 'x'"):
            store.merge([pair[0].id, "x"], who="mei")


class TestSplitting:
    @pytest.fixture
    def bank(self, store: Store, entry: Make) -> ConceptEntry:
        money, river = entry("bank", "銀行"), entry("bank", "河岸")
        both = replace(money.lang_secs[1], terms=money.lang_secs[1].terms + river.lang_secs[1].terms)
        given = replace(money, lang_secs=(money.lang_secs[0], both), contexts=money.contexts + river.contexts)
        store.sync_entries([given])
        return given

    def test_each_sense_has_the_english_term_and_its_own_sentences(self, store: Store, bank: ConceptEntry) -> None:
        old, new = store.split(bank.id, [("zh-Hant", "河岸")], who="mei")
        assert terms(store, old.id) == {"en": ["bank"], "zh-Hant": ["銀行"]}
        assert terms(store, new.id) == {"en": ["bank"], "zh-Hant": ["河岸"]}
        assert [c.target for c in old.contexts] == ["銀行發展。"]
        assert [c.target for c in new.contexts] == ["河岸發展。"]

    def test_rebuild_keeps_them_apart(self, store: Store, bank: ConceptEntry) -> None:
        old, new = store.split(bank.id, [("zh-Hant", "河岸")], who="mei")
        assert store.sync_entries([bank]) == Changes(unchanged=2)
        more = replace(bank.contexts[1], bitext_id="b2")
        assert store.sync_entries([replace(bank, contexts=(*bank.contexts, more))]) == Changes(changed=1, unchanged=1)
        grown, same = store.entry(new.id), store.entry(old.id)
        assert grown is not None
        assert same == old
        assert grown.contexts == (*new.contexts, more)

    def test_undoing_a_split_makes_them_one_again(self, store: Store, bank: ConceptEntry) -> None:
        store.split(bank.id, [("zh-Hant", "河岸")], who="mei")
        store.undo(store.changes()[1].id, who="mei")
        assert list(store.entries()) == [bank]
        assert store.sync_entries([bank]) == Changes(unchanged=1)

    def test_converted_form_goes_with_its_term(self, store: Store, bank: ConceptEntry) -> None:
        money, river = (
            TermSec(t, origin="converted", conversion="opencc t2s", converted_from="zh-Hant") for t in ("银行", "河岸")
        )
        store.sync_entries([replace(bank, lang_secs=(*bank.lang_secs, LangSec("zh-Hans", (money, river))))])
        old, new = store.split(bank.id, [("zh-Hant", "河岸")], who="mei")
        assert terms(store, old.id)["zh-Hans"] == ["银行"]
        assert terms(store, new.id)["zh-Hans"] == ["河岸"]

    @pytest.mark.parametrize(
        "named", [[], [("zh-Hant", "海岸")], [("zh-Hant", "銀行"), ("zh-Hant", "河岸"), ("en", "bank")]]
    )
    def test_nothing_and_everything_cannot_be_split_off(
        self, store: Store, bank: ConceptEntry, named: list[tuple[str, str]]
    ) -> None:
        with pytest.raises(StoreError, match="nothing was split"):
            store.split(bank.id, named, who="mei")
        assert list(store.entries()) == [bank]


def test_duplicates_come_with_the_reason(store: Store, entry: Make) -> None:
    a = replace(entry("ledger", "賬本"), id="a")
    b = replace(entry("Ledger", "账本", lang="zh-Hans"), id="b")
    c = replace(entry("account book", "賬本"), id="c")
    d = replace(entry("river", "河"), id="d")
    store.sync_entries([a, b, c, d])
    found = dict(store.duplicates())
    assert found == {
        ("a", "b"): "the same term pair: variants of one en term: 'Ledger' (en) and 'ledger' (en), "
        "variants of one zh term: '賬本' (zh-Hant) and '账本' (zh-Hans)",
        ("a", "b", "c"): "variants of one zh term: '賬本' (zh-Hant) and '账本' (zh-Hans)",
    }
    decide(store, "c", "zh-Hant", "賬本", "rejected", who="mei")
    assert [ids for ids, _ in store.duplicates()] == [("a", "b")]
