"""Accounts in the store: who may log in, who is logged in, tokens, and the log of all that. Door: `Store.accounts`.

The store holds hashes of passwords and SHA-256 sums of session cookies and tokens, never these themselves. Times are
ISO 8601 in UTC, so that they compare as text. Every method Raises: StoreError as the store does.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from glossary.accounts import Account, AuditLine, Token, checked_name, checked_role, key_of
from glossary.errors import AccountError
from glossary.store.accounts_schema import account, audit, failure, session, token
from glossary.store.connection import reading, writing

LOCK_AFTER = 5
"""Wrong passwords in a row after which a name is locked."""

LOCK_MINUTES = 15
"""How long it stays locked: 480 guesses a day, nothing against ten characters."""

FOR_EVER = "9999-12-31T23:59:59+00:00"
"""Until when a name is locked that an admin has locked."""

SESSION_HOURS = 12
"""How long one stays logged in: a working day."""

AUDIT_TEXT = 200
"""Characters of what the log keeps of one thing: names that are tried may be of any length."""


def _now() -> datetime:
    return datetime.now(UTC)


def _text(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _from_row(row: object) -> Account:
    name, role, languages, created = row.name, row.role, row.languages, row.created  # type: ignore[attr-defined]
    return Account(name, checked_role(role), tuple(languages.split()), created)


class Accounts:
    """The accounts of one store."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    # people

    def add(self, name: str, password: str, role: str, languages: tuple[str, ...] = ()) -> Account:
        """Makes an account; `password` is its hash. Raises: AccountError for a bad or taken name or role."""
        made = Account(checked_name(name), checked_role(role), languages, _text(_now()))
        row = {"name": made.name, "password": password, "role": made.role, "created": made.created}
        with writing(self._engine, self._name) as connection:
            if self._row(connection, made.name) is not None:
                raise AccountError(f"there is a user {made.name!r} already; change it with `glossary user passwd`")
            connection.execute(insert(account), [{**row, "languages": " ".join(languages)}])
        return made

    def get(self, name: str) -> Account | None:
        """The account with this name, or None."""
        with reading(self._engine, self._name) as connection:
            row = self._row(connection, name.strip().casefold())
        return None if row is None else _from_row(row)

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with reading(self._engine, self._name) as connection:
            return tuple(_from_row(row) for row in connection.execute(select(account).order_by(account.c.name)))

    def password(self, name: str) -> str | None:
        """The hash of an account's password, None when there is no such account."""
        with reading(self._engine, self._name) as connection:
            row = self._row(connection, name.strip().casefold())
        return None if row is None else str(row.password)  # type: ignore[attr-defined]

    def change(
        self, name: str, *, password: str | None = None, role: str | None = None,
        languages: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        """Changes what is given and ends the account's sessions; a new password lifts a lock.

        Raises: AccountError when there is no such account.
        """
        fields = {
            "password": password,
            "role": None if role is None else checked_role(role),
            "languages": None if languages is None else " ".join(languages),
        }
        wanted = {column: value for column, value in fields.items() if value is not None}
        plain = name.strip().casefold()
        with writing(self._engine, self._name) as connection:
            if not connection.execute(update(account).where(account.c.name == plain).values(wanted)).rowcount:
                raise AccountError(f"there is no user {name!r}")
            connection.execute(delete(session).where(session.c.account == plain))
            if password is not None:
                connection.execute(delete(failure).where(failure.c.name == plain))

    def remove(self, name: str) -> None:
        """Removes an account with its sessions and tokens. Raises: AccountError when there is no such account."""
        with writing(self._engine, self._name) as connection:
            if not connection.execute(delete(account).where(account.c.name == name.strip().casefold())).rowcount:
                raise AccountError(f"there is no user {name!r}")

    def _row(self, connection: Connection, name: str) -> object | None:
        return connection.execute(select(account).where(account.c.name == name)).first()

    # wrong passwords

    def locked(self, name: str) -> bool:
        """Whether a name is locked now; a name nobody has can be locked too, so that nothing shows who exists."""
        f = failure.c
        query = select(f.until).where(f.name == name, f.failures >= LOCK_AFTER, f.until > _text(_now()))
        with reading(self._engine, self._name) as connection:
            return connection.execute(query).first() is not None

    def locks(self) -> dict[str, str]:
        """Every name that is locked now, and until when; '' where an admin has locked it."""
        f = failure.c
        query = select(f.name, f.until).where(f.failures >= LOCK_AFTER, f.until > _text(_now()))
        with reading(self._engine, self._name) as connection:
            return {row.name: row.until.replace(FOR_EVER, "") for row in connection.execute(query)}

    def lock(self, name: str) -> None:
        """Locks an account until somebody lifts it: its sessions end, passwords and tokens no longer open it."""
        row = {"name": name, "failures": LOCK_AFTER, "until": FOR_EVER}
        with writing(self._engine, self._name) as connection:
            connection.execute(delete(failure).where(failure.c.name == name))
            connection.execute(insert(failure), [row])
            connection.execute(delete(session).where(session.c.account == name))

    def unlock(self, name: str) -> None:
        """Lifts a lock, whoever or whatever made it."""
        with writing(self._engine, self._name) as connection:
            connection.execute(delete(failure).where(failure.c.name == name))

    def failed(self, name: str) -> int:
        """Counts a wrong password; how many tries are left before the name is locked. Old counts are forgotten."""
        now, f = _now(), failure.c
        until = _text(now + timedelta(minutes=LOCK_MINUTES))
        with writing(self._engine, self._name) as connection:
            connection.execute(delete(failure).where(f.until <= _text(now)))
            count = (connection.execute(select(f.failures).where(f.name == name)).scalar() or 0) + 1
            connection.execute(delete(failure).where(f.name == name))
            connection.execute(insert(failure), [{"name": name, "failures": count, "until": until}])
        return max(0, LOCK_AFTER - count)

    # sessions

    def log_in(self, name: str, key: str) -> None:
        """Opens a session under a key, forgets wrong passwords and sessions that have ended."""
        now = _now()
        row = {
            "key": key,
            "account": name,
            "created": _text(now),
            "expires": _text(now + timedelta(hours=SESSION_HOURS)),
        }
        with writing(self._engine, self._name) as connection:
            connection.execute(delete(session).where(session.c.expires <= _text(now)))
            connection.execute(delete(failure).where(failure.c.name == name))
            connection.execute(insert(session), [row])

    def logged_in(self, secret: str) -> Account | None:
        """Whose session a cookie opens, None for none or one that has ended."""
        query = (
            select(account)
            .join(session, session.c.account == account.c.name)
            .where(session.c.key == key_of(secret), session.c.expires > _text(_now()))
        )
        with reading(self._engine, self._name) as connection:
            row = connection.execute(query).first()
        return None if row is None else _from_row(row)

    def log_out(self, secret: str) -> None:
        """Ends a session."""
        with writing(self._engine, self._name) as connection:
            connection.execute(delete(session).where(session.c.key == key_of(secret)))

    # tokens

    def add_token(self, name: str, key: str, label: str, scopes: tuple[str, ...]) -> None:
        """Keeps a token of an account under its key."""
        row = {"key": key, "account": name, "label": label[:AUDIT_TEXT], "scopes": " ".join(scopes)}
        with writing(self._engine, self._name) as connection:
            connection.execute(insert(token), [{**row, "created": _text(_now()), "used": ""}])

    def token(self, secret: str) -> tuple[Account, tuple[str, ...]] | None:
        """The account and scopes of a token, None for one that is not known or whose owner an admin has locked.

        Notes the day it was used. Wrong passwords do not stop tokens: anybody may try some.
        """
        key, today = key_of(secret), _text(_now())[:10]
        locked = (failure.c.name == account.c.name, failure.c.until == FOR_EVER)
        query = (
            select(account, token.c.scopes, token.c.used)
            .join(token, token.c.account == account.c.name)
            .where(token.c.key == key, ~select(failure.c.name).where(*locked).exists())
        )
        with reading(self._engine, self._name) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if row.used != today:
            with writing(self._engine, self._name) as connection:
                connection.execute(update(token).where(token.c.key == key).values(used=today))
        return _from_row(row), tuple(row.scopes.split())

    def tokens(self, name: str) -> tuple[Token, ...]:
        """An account's tokens, the newest first."""
        query = select(token).where(token.c.account == name).order_by(token.c.created.desc(), token.c.key)
        with reading(self._engine, self._name) as connection:
            rows = connection.execute(query)
            return tuple(
                Token(r.key[:16], r.account, r.label, tuple(r.scopes.split()), r.created, r.used) for r in rows
            )

    def remove_token(self, name: str, token_id: str) -> bool:
        """Ends a token of an account, named by its id; False when there is none."""
        own = (token.c.account == name, func.substr(token.c.key, 1, 16) == token_id)
        with writing(self._engine, self._name) as connection:
            return connection.execute(delete(token).where(*own)).rowcount > 0

    # the log

    def note(self, who: str, what: str, about: str = "", address: str = "") -> None:
        """Writes a line into the log."""
        line = {"when": _text(_now()), "who": who[:AUDIT_TEXT], "what": what, "about": about[:AUDIT_TEXT]}
        with writing(self._engine, self._name) as connection:
            last = connection.execute(select(func.coalesce(func.max(audit.c.id), 0))).scalar_one()
            connection.execute(insert(audit), [{"id": last + 1, **line, "address": address[:AUDIT_TEXT]}])

    def audit(self, *, limit: int = 100, before: int | None = None) -> tuple[AuditLine, ...]:
        """The newest lines of the log, older than the line `before`."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        with reading(self._engine, self._name) as connection:
            rows = connection.execute(query).mappings()
            return tuple(AuditLine(r["id"], r["when"], r["who"], r["what"], r["about"], r["address"]) for r in rows)
