"""store: the database (check, backup, restore, migrate) and what people did in it (history, undo, duplicates).

Commands that change entries are in `reviewing`.
"""

from __future__ import annotations

from pathlib import Path

import click

from glossary.cli.base import fail_after, opened, store_option
from glossary.config import load_settings


@click.group("store")
def store_group() -> None:
    """Look after the termbase: its database and its history."""


@store_group.command("check")
@store_option
def check_command(store: str | None) -> None:
    """Tell whether the database is sound: its file, its rows, our own rules. Exit code 1 when it is not.

    Each finding is a line with a code (S101 ...); glossary/store/checking.py says what to do about each.

    \b
    Example: glossary store check --store terms.db
    """
    with opened(store, load_settings(), create=False) as termbase:
        found = termbase.check()
        if not found:
            click.echo(f"{termbase.name}: sound; {termbase.count()} entries, {len(termbase.documents())} documents")
        fail_after([f"{code} {message}" for code, message in found])


@store_group.command("backup")
@store_option
@click.option("-o", "--output", type=click.Path(dir_okay=False), required=True, help="The copy: FILE.db or FILE.zip.")
def backup_command(store: str | None, output: str) -> None:
    """Write a consistent copy while others go on working.

    FILE.db is a SQLite file that can be opened as it is. FILE.zip holds JSON lines; it is the kind for PostgreSQL, and
    moves a termbase from one database to another.

    \b
    Example: glossary store backup --store terms.db -o terms-2026-11-22.zip
    """
    with opened(store, load_settings(), create=False) as termbase:
        termbase.backup(output)
        click.echo(f"wrote {output}", err=True)


@store_group.command("restore")
@click.argument("copy", type=click.Path(exists=True, dir_okay=False))
@store_option
@click.option("--force", is_flag=True, help="Replace what is there already.")
def restore_command(copy: str, store: str | None, force: bool) -> None:
    """Put a copy back: the termbase becomes what it holds, or stays as it was when that fails.

    \b
    Example: glossary store restore terms-2026-11-22.zip --store terms.db --force
    """
    from glossary.store import display_name, restore_store

    url = store or load_settings().store
    restore_store(copy, url, force=force)
    click.echo(f"restored {display_name(url)} from {copy}", err=True)


@store_group.command("migrate")
@store_option
@click.option("--no-backup", is_flag=True, help="Write no copy of the file first.")
def migrate_command(store: str | None, no_backup: bool) -> None:
    """Bring a termbase made by an older version up to date, after writing a copy beside it.

    Opening it with any other command does the same, without the copy.

    \b
    Example: glossary store migrate --store terms.db
    """
    from glossary.store import display_name, migrate_store

    url = store or load_settings().store
    name = display_name(url)
    copy = None if no_backup else Path(f"{name}.before-migration")
    version = migrate_store(url, copy)
    if version is None:
        click.echo(f"{name}: up to date")
    else:
        kept = f"; the copy from before is {copy}" if copy else ""
        click.echo(f"{name}: brought up to date from schema {version}{kept}")


@store_group.command("history")
@click.argument("entry_id", required=False)
@store_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many changes.")
@click.option("--format", "format_", type=click.Choice(["tsv", "jsonl"]), default="tsv", show_default=True)
def history_command(entry_id: str | None, store: str | None, limit: int, format_: str) -> None:
    """List what people and imports changed, newest first, of one entry or all.

    The columns are change, when, who, what, entry, term, group; jsonl adds the entry before and after.

    \b
    Example: glossary store history --store terms.db --limit 5
    """
    from glossary.codec import dumps, to_json

    with opened(store, load_settings(), create=False) as termbase:
        for change in termbase.changes(entry_id, limit=limit):
            if format_ == "jsonl":
                click.echo(dumps(to_json(change)))
                continue
            entry = change.after or change.before
            term = next((t.term for s in entry.lang_secs for t in s.terms), "") if entry else ""
            columns = (change.id, change.when, change.who, change.what, change.entry_id, term, change.group)
            click.echo("\t".join(" ".join(str(column).split()) for column in columns))


@store_group.command("undo")
@click.argument("change", type=int)
@store_option
@click.option("--who", required=True, help="Your name, for the history.")
@click.option("--group", is_flag=True, help="All changes made in the same act, such as an import.")
def undo_command(change: int, store: str | None, who: str, group: bool) -> None:
    """Take a change back; its number is the first column of `glossary store history`.

    It is refused when the entry was changed since. An undo is in the history too, and can be undone.

    \b
    Example: glossary store undo 7 --who mei --store terms.db
    """
    with opened(store, load_settings(), create=False) as termbase:
        found = termbase.changes(limit=1, before=change + 1)
        if group and found and found[0].id == change and found[0].group:
            termbase.undo_group(found[0].group, who=who)
        else:
            termbase.undo(change, who=who)
    click.echo(f"change {change} undone", err=True)


@store_group.command("duplicates")
@store_option
def duplicates_command(store: str | None) -> None:
    """List entries that may be the same concept, and why: their ids, a tab, the reason.

    \b
    Example: glossary store duplicates --store terms.db
    """
    with opened(store, load_settings(), create=False) as termbase:
        for ids, reason in termbase.duplicates():
            click.echo(f"{' '.join(ids)}\t{' '.join(reason.split())}")
