"""user: the accounts of the web app."""

from __future__ import annotations

import sys

import click

from glossary.accounts import ROLES, SCOPES, checked_name, hashed, new_secret
from glossary.cli.base import LANGUAGE, opened, store_option, tag
from glossary.config import load_settings
from glossary.errors import AccountError

BY = "command line"

_role = click.option("--role", type=click.Choice(ROLES), help="What the user may do; the README says what each may.")
_langs = click.option("--lang", "langs", multiple=True, metavar=LANGUAGE, help="Change only this language; repeatable.")
_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")


@click.group("user")
def user_group() -> None:
    """Accounts of the web app: add, list, passwd, role, token, remove."""


@user_group.command("add")
@click.argument("name")
@_role
@_langs
@_stdin
@store_option
def add_command(name: str, role: str | None, langs: tuple[str, ...], password_stdin: bool, store: str | None) -> None:
    """Make an account.

    \b
    Example: glossary user add mei --role editor --lang zh-Hant --store terms.db
    """
    checked_name(name)
    kept = hashed(_password(password_stdin))
    with opened(store, load_settings()) as termbase:
        made = termbase.accounts.add(name, kept, role or "reader", _tags(langs))
        termbase.accounts.note(BY, "account added", f"{made.name} {made.role}")
    click.echo(f"added {made.name} ({made.role})", err=True)


@user_group.command("list")
@store_option
def list_command(store: str | None) -> None:
    """Name, role, languages and day of every account, tab-separated.

    \b
    Example: glossary user list --store terms.db
    """
    with opened(store, load_settings(), create=False) as termbase:
        for one in termbase.accounts.all():
            click.echo("\t".join((one.name, one.role, " ".join(one.languages) or "*", one.created[:10])))


@user_group.command("passwd")
@click.argument("name")
@_stdin
@store_option
def passwd_command(name: str, password_stdin: bool, store: str | None) -> None:
    """Set a new password; whoever is logged in as this user is logged out, a lock is lifted.

    \b
    Example: glossary user passwd mei
    """
    with opened(store, load_settings(), create=False) as termbase:
        _known(termbase.accounts.get(name), name)
        termbase.accounts.change(name, password=hashed(_password(password_stdin)))
        termbase.accounts.note(BY, "password changed", name)


@user_group.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@_langs
@store_option
def role_command(name: str, role: str, langs: tuple[str, ...], store: str | None) -> None:
    """Give a user another role, in the languages named or in all.

    \b
    Example: glossary user role mei admin
    """
    with opened(store, load_settings(), create=False) as termbase:
        termbase.accounts.change(name, role=role, languages=_tags(langs))
        termbase.accounts.note(BY, "role changed", f"{name} {role}")


@user_group.command("token")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=("read",), show_default=True)
@click.option("--label", default="", help="What it is for.")
@store_option
def token_command(name: str, scopes: tuple[str, ...], label: str, store: str | None) -> None:
    """Make a token for the API and print it; it cannot be shown again.

    \b
    Example: glossary user token mei --scope read --scope write --label scripts
    """
    with opened(store, load_settings(), create=False) as termbase:
        owner = _known(termbase.accounts.get(name), name)
        secret, key = new_secret()
        termbase.accounts.add_token(owner, key, label, tuple(dict.fromkeys(scopes)))
        termbase.accounts.note(BY, "token made", f"{owner} {' '.join(scopes)}")
    click.echo(secret)


@user_group.command("remove")
@click.argument("name")
@store_option
def remove_command(name: str, store: str | None) -> None:
    """Remove an account; what the user changed stays, under the name.

    \b
    Example: glossary user remove mei
    """
    with opened(store, load_settings(), create=False) as termbase:
        termbase.accounts.remove(name)
        termbase.accounts.note(BY, "account removed", name)


def _known(account: object, name: str) -> str:
    if account is None:
        raise AccountError(f"there is no user {name!r}")
    return checked_name(name)


def _tags(langs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(t for t in map(tag, langs) if t)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
