"""Every change by a person or an import is recorded, can be undone, and old states can be restored."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.datamodel import ConceptEntry, LangSec
from glossary.errors import EditError, StoreConflict, StoreError
from glossary.store import Changes, Store, open_store
from tests.deciding import decide

from .conftest import dump
from .making import make_entry

Make = Callable[..., ConceptEntry]


def test_change_says_who_when_what_before_and_after(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    edited = replace(given, note="區塊 𠮷\n'\"\x1f")
    store.save(given, who="mei")
    store.save(edited, who="ann")
    store.delete(given.id, who="mei")
    deleted, changed, added = store.changes()
    assert [(c.what, c.who, c.before, c.after) for c in (added, changed, deleted)] == [
        ("add", "mei", None, given),
        ("edit", "ann", given, edited),
        ("delete", "mei", edited, None),
    ]
    assert added.id < changed.id < deleted.id
    assert all(c.entry_id == given.id and c.when[-6:] == "+00:00" for c in store.changes())


def test_review_and_status_are_recorded(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    store.sync_entries([given])
    decide(store, given.id, "en", "ledger", "approved", who="mei")
    decide(store, given.id, "en", "ledger", "preferred", who="mei")
    assert [c.what for c in store.changes(given.id)] == ["status", "review"]


def test_rebuilds_are_not_recorded(store: Store, entry: Make) -> None:
    store.sync_entries([entry("ledger", "賬本")])
    store.sync_entries([])
    assert store.changes() == ()


def test_history_comes_in_pages_and_by_entry(store: Store, entry: Make) -> None:
    first, second = entry("a1", "甲"), entry("b2", "乙")
    for number in range(4):
        store.save(replace(first, note=str(number)), who="mei")
        store.save(replace(second, note=str(number)), who="mei")
    own = store.changes(second.id)
    assert [c.after.note for c in own if c.after] == ["3", "2", "1", "0"]
    page = store.changes(limit=3)
    assert [c.id for c in page + store.changes(limit=5, before=page[-1].id)] == list(range(8, 0, -1))


def test_undoing_puts_back_what_was_there_and_can_be_undone(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    edited = replace(given, note="x")
    store.save(given, who="mei")
    store.save(edited, who="mei")
    store.undo(store.changes()[0].id, who="ann")
    assert store.entry(given.id) == given
    undone = store.changes()[0]
    assert (undone.what, undone.who, undone.before, undone.after) == ("undo", "ann", edited, given)
    store.undo(undone.id, who="mei")
    assert store.entry(given.id) == edited


def test_several_changes_are_undone_one_after_the_other(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    for note in ("0", "1", "2"):
        store.save(replace(given, note=note), who="mei")
    for change in store.changes():
        store.undo(change.id, who="mei")
    assert store.entry(given.id) is None
    assert store.count() == 0


def test_change_with_a_later_one_is_not_undone_and_the_later_one_is_named(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    store.save(given, who="mei")
    store.save(replace(given, note="x"), who="mei")
    edit = store.changes()[0]
    store.save(replace(given, note="y"), who="ann")
    before = dump(store)
    with pytest.raises(StoreConflict, match=rf"by change {edit.id + 1} \(edit by ann at"):
        store.undo(edit.id, who="mei")
    assert dump(store) == before


def test_change_is_not_undone_twice(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    store.save(given, who="mei")
    store.save(replace(given, note="x"), who="mei")
    edit = store.changes()[0]
    store.undo(edit.id, who="mei")
    with pytest.raises(StoreConflict, match="undo by mei"):
        store.undo(edit.id, who="ann")


def test_undone_deletion_brings_the_entry_back_for_rebuilds_too(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    store.sync_entries([given])
    store.delete(given.id, who="mei")
    store.undo(store.changes()[0].id, who="mei")
    assert store.entry(given.id) == given
    assert store.sync_entries([]) == Changes(removed=1)  # nobody claims it any more


def test_undone_addition_of_a_term_leaves_it_to_the_machine(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    found = replace(given, lang_secs=(*given.lang_secs, LangSec("zh-Hans", given.lang_secs[1].terms)))
    store.save(given, who="mei")
    store.save(found, who="mei")
    store.undo(store.changes()[0].id, who="mei")
    store.sync_entries([found])
    assert store.entry(given.id) == found


def test_an_import_is_undone_as_a_whole(store: Store, entry: Make) -> None:
    old = [entry(f"t{i}", f"詞{i}") for i in range(3)]
    store.save_many(old, who="mei")
    done = store.save_many([*(replace(e, note="new") for e in old), entry("fresh", "新")], who="ann")
    assert done == Changes(added=1, changed=3)
    assert {c.group for c in store.changes(limit=4)} == {done.group}
    store.undo_group(done.group, who="mei")
    assert set(store.entries()) == set(old)
    store.undo_group(store.changes()[0].group, who="mei")
    assert store.count() == 4


def test_an_import_with_an_entry_edited_since_stays(store: Store, entry: Make) -> None:
    given = [entry(f"t{i}", f"詞{i}") for i in range(3)]
    done = store.save_many(given, who="mei", group="import 1")
    assert done.group == "import 1"
    store.save(replace(given[1], note="mine"), who="ann")
    with pytest.raises(StoreConflict, match=given[1].id):
        store.undo_group("import 1", who="mei")
    assert store.count() == 3


def test_same_import_again_writes_nothing(store: Store, entry: Make) -> None:
    bare = replace(entry("ledger", "賬本"), contexts=())
    sections = tuple(replace(s, terms=tuple(replace(t, provenance=()) for t in s.terms)) for s in bare.lang_secs)
    given = [replace(bare, lang_secs=sections)]
    assert store.save_many(given, who="mei") == Changes(added=1)
    before = dump(store)
    assert store.save_many(given, who="ann") == Changes(unchanged=1)
    assert dump(store) == before


def test_bad_entry_in_an_import_leaves_everything_as_it_was(store: Store, entry: Make) -> None:
    store.save(entry("ledger", "賬本"), who="mei")
    before = dump(store)
    good = [entry(f"t{i}", f"詞{i}") for i in range(700)]
    for bad in (replace(good[0], score=float("inf")), replace(good[0], id="new", lang_secs=()), good[0]):
        with pytest.raises(StoreError):
            store.save_many([*good, bad], who="mei")
        assert dump(store) == before


def test_old_state_is_restored(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    store.save(given, who="mei")
    store.save(replace(given, note="x"), who="mei")
    store.delete(given.id, who="mei")
    deleted, _, added = store.changes()
    store.restore(given.id, added.id, who="ann")
    assert store.entry(given.id) == given
    store.restore(given.id, deleted.id, who="ann")
    restored = store.entry(given.id)
    assert restored is not None
    assert restored.note == "x"
    assert store.changes()[0].what == "restore"


def test_unknown_changes_and_groups_are_refused(store: Store, entry: Make) -> None:
    given = entry("ledger", "賬本")
    store.save(given, who="mei")
    for wrong in (
        lambda: store.undo(99, who="mei"),
        lambda: store.undo_group("no", who="mei"),
        lambda: store.undo_group("", who="mei"),
        lambda: store.restore("other", store.changes()[0].id, who="mei"),
        lambda: store.delete("other", who="mei"),
    ):
        with pytest.raises(StoreError):
            wrong()
    assert list(store.entries()) == [given]


ENGLISH, CHINESE = ("ledger", "chain", "block"), ("賬本", "鏈", "區塊")
Edit = tuple[str, int, int]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["save", "delete", "merge", "split", "review", "import", "undo"]), *[st.integers(0, 2)] * 2
        ),
        max_size=12,
    )
)
def test_undoing_everything_leaves_nothing(edits: list[Edit]) -> None:
    with open_store("sqlite://") as store:
        machine = [make_entry(term, CHINESE[i]) for i, term in enumerate(ENGLISH)]
        store.sync_entries(machine)
        before = list(store.entries())
        for edit in edits:
            with suppress(StoreError, EditError):  # an entry that is gone cannot be merged; that must change nothing
                do(store, machine, edit)
        assert store.check() == ()
        undone: set[str] = set()
        for change in store.changes(limit=1000):
            if change.group not in undone or not change.group:
                store.undo_group(change.group, who="mei") if change.group else store.undo(change.id, who="mei")
            undone.add(change.group)
        assert list(store.entries()) == before
        assert store.sync_entries(machine) == Changes(unchanged=3)
        assert store.sync_entries([]) == Changes(removed=3)  # and nobody claims anything


def do(store: Store, machine: list[ConceptEntry], edit: Edit) -> None:
    """One act of a person, chosen by a word and two numbers."""
    what, first, second = edit
    one, other = machine[first], machine[second]
    both = replace(one.lang_secs[1], terms=one.lang_secs[1].terms + make_entry("x", "新詞").lang_secs[1].terms)
    if what == "save":
        store.save(replace(one, note=str(second), lang_secs=(one.lang_secs[0], both)), who="mei")
    elif what == "delete":
        store.delete(one.id, who="mei")
    elif what == "merge":
        store.merge([one.id, other.id], who="mei")
    elif what == "split":
        store.split(one.id, [("zh-Hant", "新詞")], who="mei")
    elif what == "review":
        decide(store, one.id, "en", ENGLISH[first], "approved", who="mei")
    elif what == "import":
        store.save_many([replace(one, note="i"), replace(other, id=f"new {second}")], who="mei")
    else:
        store.undo(store.changes(limit=1)[0].id if store.changes() else 0, who="mei")
