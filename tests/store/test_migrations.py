"""A store made by an older version comes up to date with everything people had done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, Table, create_engine, insert, inspect, table
from sqlalchemy import column as sql_column

from glossary.codec import dumps, to_json
from glossary.datamodel import (
    Bead,
    ConceptEntry,
    Definition,
    Document,
    Flag,
    LangSec,
    Provenance,
    Segment,
    TermCandidate,
)
from glossary.errors import StoreError
from glossary.language import fold_key
from glossary.store import Changes, connection, open_store, schema, search_index
from glossary.store.concepts import drawn, next_version, write_entries
from glossary.store.search_grams import Every, tokens_of
from glossary.store.search_pages import Wanted, matching

Make = Callable[..., ConceptEntry]


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (Document, schema.document), (Segment, schema.segment), (Bead, schema.bead), (TermCandidate, schema.candidate),
    ],
)  # fmt: skip
def test_every_field_of_a_record_has_a_column(kind: type, stored: Table) -> None:
    assert [f.name for f in fields(kind) if f.name not in stored.c] == []


def made(url: str, version: str) -> Engine:
    """A store with the schema of a migration."""
    engine = create_engine(connection.parse(url)[0])
    config = Config()
    config.set_main_option("script_location", "glossary.store:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, version)
    return engine


def described(url: str) -> dict[str, object]:
    """The tables of a store: columns, keys and indexes, those of the search index too."""
    engine = create_engine(connection.parse(url)[0])
    seen = inspect(engine)
    tables: dict[str, object] = {}
    for name in seen.get_table_names():
        columns = {c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in seen.get_columns(name)}
        keys = [(k["constrained_columns"], k["referred_table"], k["options"]) for k in seen.get_foreign_keys(name)]
        indexes = sorted((str(i["name"]), i["column_names"], i["unique"]) for i in seen.get_indexes(name))
        tables[name] = columns, seen.get_pk_constraint(name)["constrained_columns"], keys, indexes
    if engine.dialect.name == "sqlite":
        with engine.connect() as opened:
            made = opened.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name LIKE 'search_gram%'").all()
            tables["search_gram"] = {row[0]: row[1] for row in made}
    engine.dispose()
    return tables


def test_new_store_is_what_migrations_make_of_an_old_one(url: str) -> None:
    open_store(url).close()
    new = described(url)
    engine = create_engine(connection.parse(url)[0])
    if engine.dialect.name == "sqlite":
        Path(url).unlink()
    else:
        with engine.begin() as opened:
            for name in inspect(opened).get_table_names():
                opened.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    engine.dispose()
    made(url, "head").dispose()
    assert described(url) == new
    with open_store(url) as store:
        assert store.newest() == 0


@pytest.fixture
def old(url: str) -> Engine:
    """A store with the schema of the first release."""
    return made(url, "0001")


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


def rows_of_parts(engine: Engine, entry: ConceptEntry) -> None:
    """The rows 0005 had for an entry."""
    whole = to_json(entry)
    sections, contexts = whole.pop("lang_secs"), whole.pop("contexts")
    assert isinstance(sections, list)
    assert isinstance(contexts, list)
    fill(engine, "concept", {**_as_text(whole), "headword": "h", "digest": "old", "version": 7})
    number = 0
    for at, section in enumerate(sections):
        owner = {"concept_id": entry.id, "lang": section["lang"]}  # type: ignore[call-overload,index]
        definitions = _as_text({"definitions": section["definitions"]})  # type: ignore[call-overload,index]
        fill(engine, "lang_sec", {**owner, "position": at, **definitions})
        for position, term in enumerate(section["terms"]):  # type: ignore[call-overload,index,arg-type]
            proofs = term.pop("provenance")  # type: ignore[union-attr,call-overload]
            number += 1
            place = {"id": number, "section": at, "position": position, "key": fold_key(term["term"])}  # type: ignore[call-overload,index,arg-type]
            fill(engine, "term", {**owner, **place, **_as_text(term)})  # type: ignore[arg-type]
            for nth, proof in enumerate(proofs):  # type: ignore[arg-type]
                fill(engine, "provenance", {"term_id": number, "position": nth, **proof})  # type: ignore[dict-item]
    for nth, context in enumerate(contexts):
        fill(engine, "context", {"concept_id": entry.id, "position": nth, **_as_text(context)})  # type: ignore[arg-type]


def _as_text(row: dict[str, object]) -> dict[str, object]:
    return {name: dumps(value) if isinstance(value, list) else value for name, value in row.items()}  # type: ignore[arg-type]


def test_entries_kept_in_parts_become_whole(url: str, entry: Make) -> None:
    engine = made(url, "0005")
    plain = entry("ledger", "賬本")
    english, chinese = plain.lang_secs
    other = replace(chinese.terms[0], term="帳冊", origin="converted", provenance=(), pinyin="zhang4 ce4")
    flagged = replace(chinese.terms[0], flags=(Flag("damaged", "區\n塊 𠮷"),), case_sensitive=True, note="'\"")
    defined = replace(english, definitions=(Definition("A book.", "en", "d", 0, 7, "is"),))
    more = (defined, replace(chinese, terms=(flagged, other)), LangSec("zh-Hans", ()))
    given = replace(plain, lang_secs=more, do_not_translate=True, note="n", contexts=plain.contexts * 2)
    rows_of_parts(engine, given)
    engine.dispose()
    with open_store(url) as store:
        assert list(store.entries()) == [given]
        assert store.version(given.id) == 7
        assert [hit.term for hit in store.search("账本", "exact")] == ["賬本"]
        assert [hit.term for hit in store.search("zhangce", "reading")] == ["帳冊"]
        assert [e.id for e in store.queue("flagged")] == [given.id]
        assert [f.code for f in store.check()] == ["S103"]  # the clock, which these rows did not wind
        assert store.sync_entries([given]) == Changes(unchanged=1)


def test_search_keys_keep_their_ranks_and_become_rows_of_these(path: str, entry: Make) -> None:
    engine = made(path, "0006")
    with engine.begin() as opened:
        write_old_terms(opened, entry("ledger", "賬本"))
    with engine.begin() as opened:
        numbers = [row["id"] for row in write_old_terms(opened, entry("chain", "鏈"))]
        ranks = "SELECT rank, key, pinyin, jyutping FROM search_key ORDER BY key"
        before = opened.exec_driver_sql(ranks).all()
    engine.dispose()
    assert numbers == [1, 2, 3, 4]
    with open_store(path) as store, closing(sqlite3.connect(path)) as raw:
        assert raw.execute(ranks).fetchall() == before
        assert raw.execute("SELECT count(*) FROM search_key WHERE rowid = rank").fetchone() == (4,)
        assert raw.execute("SELECT count(DISTINCT segid) FROM search_gram_idx").fetchone() == (1,)
        assert [hit.term for hit in store.search("zhangben", "reading")] == ["賬本"]
        assert [hit.term for hit in store.search("le", "prefix")] == ["ledger"]
        store.save(entry("chain", "鎖鏈"), who="mei")
        assert [finding.code for finding in store.check()] == []


def test_readings_with_a_number_lose_the_tone_that_was_indexed(
    url: str, entry: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As 0006 had them: the letters of a further reading with the tone before a number still in."""
    engine = made(url, "0006")
    wrong = {"◀jzunghing2024": "◀jzunghing32024", "◀jcunggoeng2024": "◀jcunggoeng12024"}
    with engine.begin() as opened, monkeypatch.context() as then:
        then.setattr(search_index, "tokens_of", lambda *key: [wrong.get(token, token) for token in tokens_of(*key)])
        write_old_terms(opened, entry("the year", "重慶2024"), entry("the town", "重慶"))
    engine.dispose()
    with open_store(url) as store:
        assert [hit.term for hit in store.search("zunghing", "reading")] == ["重慶"]
        for typed in ("zunghing2024", "cunghing2024", "chongqing2024"):
            assert [hit.term for hit in store.search(typed, "reading")] == ["重慶2024"]
        with connection.reading(store._engine, store.name) as opened:
            assert matching_keys(opened, "◀jzunghing32024") == []
            if opened.dialect.name == "sqlite":
                opened.exec_driver_sql("INSERT INTO search_gram (search_gram) VALUES ('integrity-check')")
        store.sync_entries([])
        assert [finding.code for finding in store.check()] == []


def matching_keys(opened: Connection, token: str) -> list[str]:
    return [found.key for page in matching(opened, Wanted((Every((token,)),))) for found in page]


def write_old_terms(opened: Connection, *given: ConceptEntry) -> list[dict[str, object]]:
    """Entries as 0006 had them."""
    write_entries(opened, [drawn(one) for one in given], version=next_version(opened))
    return [dict(row) for row in opened.exec_driver_sql("SELECT id FROM term ORDER BY id").mappings()]


def test_old_store_that_is_read_only_says_so(old: Engine, url: str) -> None:
    with old.connect() as opened:
        on_file = opened.dialect.name == "sqlite"
    old.dispose()
    read_only = f"sqlite:///file:{url}?mode=ro&uri=true" if on_file else f"{url}%20-cdefault_transaction_read_only%3Don"
    with pytest.raises(StoreError, match="made by an older glossary and read only"):
        open_store(read_only)


def test_pages_of_entries_need_no_sorting(path: str) -> None:
    with open_store(path), closing(sqlite3.connect(path)) as raw:
        lower = "score < 0.5 ORDER BY score DESC, headword, id"
        level = "score = 0.5 AND (headword, id) > ('a', 'b') ORDER BY headword, id"
        for one in (lower, level):
            explained = raw.execute(f"EXPLAIN QUERY PLAN SELECT id FROM concept WHERE {one} LIMIT 200")
            plan = " ".join(str(row) for row in explained)
            assert "ix_concept_order" in plan
            assert "B-TREE" not in plan
