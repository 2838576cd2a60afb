"""A store made by an older version comes up to date with everything people had done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, Table, create_engine, insert, table
from sqlalchemy import column as sql_column

from glossary.datamodel import (
    Bead,
    ConceptEntry,
    Context,
    Document,
    LangSec,
    Provenance,
    Segment,
    TermCandidate,
    TermSec,
)
from glossary.store import Changes, connection, open_store, schema

Make = Callable[..., ConceptEntry]


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (Document, schema.document), (Segment, schema.segment), (Bead, schema.bead), (TermCandidate, schema.candidate),
        (ConceptEntry, schema.concept), (LangSec, schema.lang_sec), (TermSec, schema.term),
        (Provenance, schema.provenance), (Context, schema.context),
    ],
)  # fmt: skip
def test_every_field_of_a_record_has_a_column_or_a_table(kind: type, stored: Table) -> None:
    tables = {"lang_secs": schema.lang_sec, "contexts": schema.context, "terms": schema.term}
    tables["provenance"] = schema.provenance
    assert [f.name for f in fields(kind) if f.name not in stored.c and f.name not in tables] == []


@pytest.fixture
def old(url: str) -> Engine:
    """A store with the schema of the first release."""
    engine = create_engine(connection.parse(url)[0])
    config = Config()
    config.set_main_option("script_location", "glossary.store:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, "0001")
    return engine


def fill(engine: Engine, name: str, *rows: dict[str, object]) -> None:
    with engine.begin() as opened:
        opened.execute(insert(table(name, *(sql_column(key) for key in rows[0]))), list(rows))


def first_release(engine: Engine, entry: ConceptEntry) -> None:
    """The rows 0001 had for an entry."""
    concept = {"id": entry.id, "kind": entry.kind, "score": entry.score, "subject_field": "", "note": "", "flags": "[]"}
    fill(engine, "concept", {**concept, "headword": entry.lang_secs[0].terms[0].term, "digest": "old"})
    for at, section in enumerate(entry.lang_secs):
        owner = {"concept_id": entry.id, "lang": section.lang}
        fill(engine, "lang_sec", {**owner, "position": at, "definitions": "[]"})
        with engine.connect() as opened:
            number = opened.exec_driver_sql("SELECT count(*) FROM term").scalar_one()
        (term,) = section.terms
        states = {"administrative_status": "admitted", "review_state": term.review_state}
        made = {"term_type": "fullForm", "part_of_speech": "noun", "origin": "observed", "conversion": ""}
        texts = {"term": term.term, "key": term.term, "converted_from": "", "flags": "[]", "score": term.score}
        fill(engine, "term", {**owner, "id": number, "section": at, "position": 0, **texts, **states, **made})
        proof = {f.name: getattr(term.provenance[0], f.name) for f in fields(Provenance)}
        fill(engine, "provenance", {"term_id": number, "position": 0, **proof})


def decide(engine: Engine, entry_id: str, term: str, review: str | None, status: str | None = None) -> None:
    when = f"2026-11-0{len(term)}T00:00:00+00:00"
    place = {"concept_id": entry_id, "lang": "zh-Hant", "term": term, "who": "mei", "when": when}
    fill(engine, "decision", {**place, "review_state": review, "administrative_status": status})


def test_decisions_of_the_first_release_still_hold(old: Engine, url: str, entry: Make) -> None:
    approved, machine = entry("ledger", "賬本"), entry("chain", "鏈")
    rejected = entry("blockchain", "區塊鍊")
    for given in (approved, machine):
        first_release(old, given)
    decide(old, approved.id, "賬本", "approved")
    decide(old, machine.id, "鏈", "proposed")  # approved once, then reopened
    decide(old, rejected.id, "區塊鍊", "rejected")  # its document has gone, and the entry with it
    old.dispose()
    with open_store(url) as store:
        assert [c.what for c in store.changes()] == ["review"] * 3
        assert [(c.who, c.when[:10]) for c in store.changes(rejected.id)] == [("mei", "2026-11-03")]
        assert store.version(approved.id) == 1
        assert store.sync_entries([rejected]) == Changes(removed=1, unchanged=1)
        (kept,) = store.entries()
        assert kept.id == approved.id
        assert kept.lang_secs[1].terms[0].pinyin == ""
        assert store.save(machine, who="mei") > 1


def test_machine_entries_of_the_first_release_are_rebuilt(old: Engine, url: str, entry: Make) -> None:
    given = entry("ledger", "賬本")
    first_release(old, given)
    old.dispose()
    with open_store(url) as store:
        assert store.sync_entries([given]) == Changes(changed=1)  # its context had not been written
        assert list(store.entries()) == [given]
        assert store.changes() == ()


def test_empty_store_of_the_first_release_starts_its_versions_at_nought(old: Engine, url: str, entry: Make) -> None:
    old.dispose()
    with open_store(url) as store:
        assert store.save(entry("ledger", "賬本"), who="mei") == 1


def test_pages_of_entries_need_no_sorting(path: str) -> None:
    with open_store(path), closing(sqlite3.connect(path)) as raw:
        lower = "score < 0.5 ORDER BY score DESC, headword, id"
        level = "score = 0.5 AND (headword, id) > ('a', 'b') ORDER BY headword, id"
        for one in (lower, level):
            explained = raw.execute(f"EXPLAIN QUERY PLAN SELECT id FROM concept WHERE {one} LIMIT 200")
            plan = " ".join(str(row) for row in explained)
            assert "ix_concept_order" in plan
            assert "B-TREE" not in plan
