"""Whatever an entry holds comes back from either database, from the history and from a copy."""

from __future__ import annotations

import dataclasses
import types
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.store import Store, open_store, restore_store

HOSTILE = [
    "'; DROP TABLE term; --",
    "%s %(x)s :x ?",
    "=cmd()",
    "<b>&amp;",
    "a\r\n\tb",
    "𠮷e\u0301\u200d",
    "\\x00 \\",
    '"[]"',
    "長" * 3400,
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
)  # fmt: skip


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Anything of a type that a record may hold."""
    origin, args = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{f.name: values(hints[f.name]) for f in dataclasses.fields(kind)})  # type: ignore[arg-type]
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        if args[1:] == (Ellipsis,):
            return st.lists(values(args[0]), max_size=2).map(tuple)
        return st.tuples(*map(values, args))
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if a is types.NoneType else values(a) for a in args))
    plain = {str: TEXTS, float: st.floats(0, 1), int: st.integers(0, 2**31 - 1), bool: st.booleans()}
    return plain[kind]


def named(section: LangSec, lang: str, number: int) -> LangSec:
    """The section with a tag of its own and terms that are not blank."""
    terms = section.terms or (TermSec("x"),)
    return replace(
        section, lang=lang, terms=tuple(replace(t, term=f"{t.term}{number}{i}") for i, t in enumerate(terms))
    )


def stored(entry: ConceptEntry) -> ConceptEntry:
    """The entry with what the store asks for: an id, terms, provenance."""
    sections = entry.lang_secs or (LangSec("en", (TermSec("x"),)),)
    tagged = [named(s, lang, i) for i, (s, lang) in enumerate(zip(sections, ("en", "zh-Hant-TW"), strict=False))]
    proven = tuple(
        replace(s, terms=tuple(t if t.provenance else replace(t, origin="converted") for t in s.terms)) for s in tagged
    )
    return replace(entry, id="e", lang_secs=proven)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values(ConceptEntry).map(stored))
def test_entry_comes_back_as_it_was(store: Store, entry: ConceptEntry) -> None:
    store.save(entry, who="mei")
    assert store.entry("e") == entry
    assert store.changes("e", limit=1)[0].after == entry
    assert store.check() == ()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values(ConceptEntry).map(stored))
def test_copy_holds_the_entry_as_it_was(store: Store, tmp_path: Path, entry: ConceptEntry) -> None:
    store.save(entry, who="mei")
    store.backup(tmp_path / "copy.zip")
    restore_store(tmp_path / "copy.zip", str(tmp_path / "copy.db"), force=True)
    with open_store(str(tmp_path / "copy.db")) as copy:
        assert list(copy.entries()) == [entry]
        assert copy.changes() == store.changes()
