"""Records that are made by the hundred thousand behave as any other frozen record."""

from __future__ import annotations

import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, replace

import pytest

from glossary.datamodel import ConceptEntry, Flag, LangSec, TermSec, altered, quickly_made

ENTRY = ConceptEntry("e1", (LangSec("en", (TermSec("ledger", score=0.5, flags=(Flag("a", "b"),)),)),), "concept", 0.5)


def test_quickly_made_record_is_equal_to_one_made_slowly() -> None:
    slow = dataclass(frozen=True, slots=True)(type("Pair", (), {"__annotations__": {"a": int, "b": int}, "b": 2}))
    quick = quickly_made(dataclass(frozen=True, slots=True)(
        type("Pair", (), {"__annotations__": {"a": int, "b": int}, "b": 2})
    ))  # fmt: skip
    assert repr(quick(1)) == repr(slow(1)) == "Pair(a=1, b=2)"
    assert (quick(1) == quick(1, 2), quick(a=1) == quick(b=3, a=1)) == (True, False)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        quick()


def test_entry_is_frozen_hashable_and_travels() -> None:
    with pytest.raises(FrozenInstanceError):
        ENTRY.id = "e2"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(ENTRY)) == ENTRY
    assert hash(ENTRY) == hash(replace(ENTRY))
    assert list(inspect.signature(TermSec).parameters) == [f.name for f in fields(TermSec)]


def test_altered_record_differs_in_what_was_named_only() -> None:
    term = ENTRY.lang_secs[0].terms[0]
    assert altered(term, note="n", score=1.0) == replace(term, note="n", score=1.0)
    with pytest.raises(TypeError, match="colour"):
        altered(term, colour="red")
