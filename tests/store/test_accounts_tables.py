"""Accounts and the review queue, the same on every database."""

from __future__ import annotations

from glossary.accounts import new_secret
from glossary.datamodel import Flag
from glossary.editing import changed_term, new_entry
from glossary.store import Store
from tests.deciding import decide


def test_accounts_sessions_tokens_and_the_log(store: Store) -> None:
    accounts = store.accounts
    made = accounts.add("Mei", "hash", "editor", ("zh-Hant", "en"))
    assert accounts.get("MEI") == made
    assert accounts.all() == (made,)
    secret, key = new_secret()
    accounts.log_in("mei", key)
    assert accounts.logged_in(secret) == made
    accounts.log_out(secret)
    assert accounts.logged_in(secret) is None
    accounts.add_token("mei", key, "script", ("read", "write"))
    assert accounts.token(secret) == (made, ("read", "write"))
    (token,) = accounts.tokens("mei")
    assert (token.label, len(token.used)) == ("script", 10)
    assert [accounts.failed("mei") for _ in range(5)] == [4, 3, 2, 1, 0]
    assert accounts.locked("mei")
    accounts.note("mei", "login", "x" * 999, "127.0.0.1")
    accounts.note("", "login failed")
    assert [(line.id, line.what) for line in accounts.audit()] == [(2, "login failed"), (1, "login")]
    assert [line.id for line in accounts.audit(before=2)] == [1]
    accounts.remove("mei")
    assert accounts.token(secret) is None


def test_a_lock_of_an_admin_stays_and_stops_tokens_and_sessions(store: Store) -> None:
    accounts, (secret, key) = store.accounts, new_secret()
    accounts.add("mei", "hash", "editor")
    accounts.add_token("mei", key, "script", ("read",))
    accounts.log_in("mei", key)
    accounts.lock("mei")
    assert (accounts.locked("mei"), accounts.locks()) == (True, {"mei": ""})
    assert (accounts.logged_in(secret), accounts.token(secret)) == (None, None)
    accounts.change("mei", role="reader")
    assert accounts.locked("mei")
    accounts.unlock("mei")
    assert accounts.locks() == {}
    assert accounts.token(secret) is not None
    for _ in range(5):
        accounts.failed("mei")
    assert len(accounts.locks()["mei"]) == 25
    assert accounts.token(secret) is not None
    accounts.change("mei", password="other")
    assert accounts.locks() == {}


def test_the_queue_holds_what_nobody_decided_about(store: Store) -> None:
    ledger, lute = new_entry([("en", "ledger"), ("zh-Hant", "帳本")]), new_entry([("en", "lute")])
    flagged = changed_term(ledger, "zh-Hant", "帳本", flags=(Flag("damaged", "cut"),))
    before = store.newest()
    store.save_many([flagged, lute], who="mei")
    assert store.newest() > before
    assert [store.queue_count(part) for part in ("all", "flagged", "rejected")] == [2, 1, 0]
    assert [e.id for e in store.queue("flagged")] == [flagged.id]
    decide(store, lute.id, "en", "lute", "rejected", who="mei")
    decide(store, flagged.id, "en", "ledger", "approved", who="mei")
    assert [store.queue_count(part) for part in ("all", "flagged", "rejected")] == [1, 1, 1]
    assert [e.id for e in store.queue("rejected")] == [lute.id]
    assert [e.id for e in store.queue(limit=1, skip=1)] == []
    newest = store.changes(limit=1)[0]
    assert store.change(newest.id) == newest
    assert store.change(newest.id + 1) is None
