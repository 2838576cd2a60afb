"""Who may do what in the web app: roles, rights per language, passwords, tokens. Records and pure rules.

| role | may |
|---|---|
| reader | read, also where reading needs a login |
| contributor | also add entries and renderings, which wait for review |
| editor | also change, review, merge, split, delete and undo |
| admin | also make and change accounts, and see the log of what they did |

Languages narrow what a role may change: `zh-Hant` covers `zh-Hant-TW`; none named means every language.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from glossary.errors import AccountError, unknown

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Role = Literal["reader", "contributor", "editor", "admin"]
Right = Literal["read", "add", "edit", "admin"]

ROLES: tuple[Role, ...] = ("reader", "contributor", "editor", "admin")
"""From the least to the most."""

_NEEDED: dict[Right, Role] = {"read": "reader", "add": "contributor", "edit": "editor", "admin": "admin"}

SCOPES: tuple[str, ...] = ("read", "write")
"""What a token of the API may be for; `write` goes as far as its owner's role."""

SHORTEST_PASSWORD = 10
"""Characters. Source: NIST SP 800-63B-4 asks for 8 at least where there is a second factor and 15 where there is none;
10 with a lock after few failures is our compromise."""

LONGEST_PASSWORD = 1000
"""Characters; hashing a longer one would only cost time."""

COST = {"memory_cost": 65_536, "time_cost": 3, "parallelism": 4}
"""What hashing a password takes: KiB of memory, passes, threads. Source: RFC 9106, the second recommended choice. The
tests set less, and one of them holds these."""

_NAME = re.compile(r"(?=.*\w)[\w.@+-]{1,64}")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in. `languages`: tags of what may be changed, () for all."""

    name: str
    role: Role
    languages: tuple[str, ...] = ()
    created: str = ""  # ISO 8601, UTC

    def may(self, right: Right, lang: str | None = None) -> bool:
        """Whether the role goes so far, and, for adding and editing, the languages cover this one.

        >>> mei = Account("mei", "editor", ("zh-Hant",))
        >>> mei.may("edit", "zh-Hant-TW"), mei.may("edit", "zh-Hans"), mei.may("admin")
        (True, False, False)
        """
        if ROLES.index(self.role) < ROLES.index(_NEEDED[right]):
            return False
        return right in ("read", "admin") or lang is None or self.covers(lang)

    def covers(self, lang: str) -> bool:
        """Whether the account's languages cover a tag."""
        return not self.languages or any(lang == tag or lang.startswith(f"{tag}-") for tag in self.languages)


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the API as it may be shown: never the token itself."""

    id: str
    account: str
    label: str
    scopes: tuple[str, ...]
    created: str
    used: str  # the day it was last used, '' for never


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Something an account did, or somebody tried to do with it."""

    id: int
    when: str  # ISO 8601, UTC
    who: str
    what: str  # login, login failed, locked, logout, account added, password changed, token made, ...
    about: str
    address: str


def checked_name(name: str) -> str:
    """The name as it is kept. Raises: AccountError for one with other than letters, digits and . @ + - _.

    >>> checked_name(" Mei.Lin ")
    'mei.lin'
    """
    plain = name.strip().casefold()
    if not _NAME.fullmatch(plain):
        raise AccountError(f"{name[:80]!r}: a user name has 1 to 64 letters, digits and . @ + - _")
    return plain


def checked_role(role: str) -> Role:
    """The role. Raises: AccountError for an unknown one."""
    for known in ROLES:
        if role == known:
            return known
    raise AccountError(unknown("role", role, ROLES))


def hashed(password: str) -> str:
    """The Argon2id hash of a password. Raises: AccountError for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return _hasher().hash(password)


def verified(password: str, kept: str | None) -> bool:
    """Whether a password belongs to a hash. Without a hash it takes as long and is False."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(kept or _nobody(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def new_secret() -> tuple[str, str]:
    """A random token of 256 bits, and the key under which the store knows it: the store never holds the token."""
    token = secrets.token_urlsafe(32)
    return token, key_of(token)


def key_of(token: str) -> str:
    """The SHA-256 of a token; enough, because tokens are random and long."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # only where somebody logs in

    return PasswordHasher(COST["time_cost"], COST["memory_cost"], COST["parallelism"])


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))
