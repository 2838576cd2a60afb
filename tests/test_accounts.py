"""Accounts: rights, passwords, names; and the command that makes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from glossary.accounts import COST, ROLES, Account, checked_name, hashed, key_of, new_secret, verified
from glossary.cli import main
from glossary.errors import AccountError
from glossary.store import Store, open_store

PASSWORD = "correct horse battery"


def test_each_role_may_what_the_one_before_may_and_more() -> None:
    rights = {role: [r for r in ("read", "add", "edit", "admin") if Account("a", role).may(r)] for role in ROLES}  # type: ignore[arg-type]
    assert rights == {
        "reader": ["read"],
        "contributor": ["read", "add"],
        "editor": ["read", "add", "edit"],
        "admin": ["read", "add", "edit", "admin"],
    }


def test_languages_narrow_what_may_be_changed_not_what_may_be_read() -> None:
    mei = Account("mei", "editor", ("zh-Hant", "en"))
    assert [mei.may("edit", t) for t in ("zh-Hant", "zh-Hant-HK", "zh-Hans", "en", "eng")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert mei.may("read", "zh-Hans")


@pytest.mark.parametrize("name", ["", " ", "a b", "x" * 65, "<script>", "a/b", "a\nb", "é\x00"])
def test_odd_names_are_refused(name: str) -> None:
    with pytest.raises(AccountError):
        checked_name(name)


def test_hashing_takes_what_rfc_9106_recommends(cost_of_passwords: dict[str, int]) -> None:
    assert cost_of_passwords == {"memory_cost": 64 * 1024, "time_cost": 3, "parallelism": 4}
    assert cost_of_passwords != COST
    assert f"m={COST['memory_cost']},t={COST['time_cost']},p={COST['parallelism']}" in hashed(PASSWORD)


def test_a_hash_is_argon2_and_opens_for_its_password_only() -> None:
    kept = hashed(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert hashed(PASSWORD) != kept
    assert verified(PASSWORD, kept)
    assert not verified(PASSWORD + "!", kept)
    assert not verified(PASSWORD, None)
    assert not verified(PASSWORD, "no hash")


@pytest.mark.parametrize("password", ["", "123456789", "x" * 1001])
def test_short_and_endless_passwords_are_refused(password: str) -> None:
    with pytest.raises(AccountError, match="10 to 1000 characters"):
        hashed(password)


def test_secrets_are_long_and_differ() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(first[0]) >= 43
    assert first[1] == key_of(first[0])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "terms.db"))


def test_the_command_makes_lists_changes_and_removes(tmp_path: Path) -> None:
    path = str(tmp_path / "terms.db")
    run = CliRunner()
    add = ["user", "add", "Mei", "--role", "editor", "--lang", "zh_TW", "--password-stdin", "--store", path]
    assert run.invoke(main, add, input=PASSWORD + "\n").exit_code == 0
    assert run.invoke(main, ["user", "list", "--store", path]).output.startswith("mei\teditor\tzh-Hant-TW\t")
    again = run.invoke(main, add, input=PASSWORD + "\n")
    assert (again.exit_code, "there is a user 'mei' already" in again.output) == (1, True)
    token = run.invoke(main, ["user", "token", "mei", "--scope", "write", "--store", path]).stdout.strip()
    assert run.invoke(main, ["user", "role", "mei", "admin", "--store", path]).exit_code == 0
    new = run.invoke(main, ["user", "passwd", "mei", "--password-stdin", "--store", path], input="another passphrase\n")
    assert new.exit_code == 0
    with open_store(path) as store:
        assert verified("another passphrase", store.accounts.password("mei"))
        assert store.accounts.token(token) == (store.accounts.get("mei"), ("write",))
        assert store.accounts.get("MEI").role == "admin"  # type: ignore[union-attr]
        assert [line.what for line in store.accounts.audit()] == [
            "password changed", "role changed", "token made", "account added",
        ]  # fmt: skip
    assert run.invoke(main, ["user", "remove", "mei", "--store", path]).exit_code == 0
    with open_store(path) as store:
        assert store.accounts.token(token) is None
        assert store.accounts.all() == ()
    gone = run.invoke(main, ["user", "remove", "mei", "--store", path])
    assert (gone.exit_code, "there is no user 'mei'" in gone.output) == (1, True)


def test_a_short_password_is_one_clear_line(tmp_path: Path) -> None:
    command = ["user", "add", "mei", "--password-stdin", "--store", str(tmp_path / "terms.db")]
    done = CliRunner().invoke(main, command, input="short\n")
    assert (done.exit_code, done.output) == (1, "glossary: a password has 10 to 1000 characters\n")


def test_sessions_end_with_their_time_and_their_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = store.accounts
    accounts.add("mei", "hash", "editor")
    secret, key = new_secret()
    accounts.log_in("mei", key)
    assert accounts.logged_in(secret) == accounts.get("mei")
    assert accounts.logged_in(key) is None
    accounts.change("mei", role="reader")
    assert accounts.logged_in(secret) is None
    monkeypatch.setattr("glossary.store.accounts.SESSION_HOURS", 0)
    accounts.log_in("mei", key)
    assert accounts.logged_in(secret) is None
    store.close()


def test_a_lock_ends_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [store.accounts.failed("mei") for _ in range(5)] == [4, 3, 2, 1, 0]
    assert store.accounts.locked("mei")
    monkeypatch.setattr("glossary.store.accounts.LOCK_MINUTES", -1)
    store.accounts.failed("li")
    assert not store.accounts.locked("li")
    store.close()
