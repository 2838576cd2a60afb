"""lookup, export, import: what a termbase holds, on the terminal, to other tools' files and back."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from glossary.cli.base import (
    LANGUAGE,
    opened,
    output_option,
    quiet_option,
    say,
    stdout,
    store_option,
    tag,
    write_po,
)
from glossary.config import load_settings
from glossary.errors import ExchangeError, GlossaryError

if TYPE_CHECKING:
    from glossary.exchange import Report
    from glossary.store import Store


@click.command("lookup")
@click.argument("term")
@store_option
@click.option("--lang", metavar=LANGUAGE, help="Only forms of this language.")
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True)
@click.option("--format", "format_", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def lookup_command(term: str, store: str | None, lang: str | None, limit: int, format_: str) -> None:
    """Look a term up, in either language and script, exact before similar. Exit code 1 when nothing is found.

    \b
    Example: glossary lookup 区块链
    """
    from glossary.codec import dumps, to_json
    from glossary.lookup import lookup
    from glossary.shown import clipped, entry_lines

    with opened(store, load_settings(), create=False) as termbase:
        matches = lookup(termbase, term, lang=tag(lang), limit=limit)
        if not matches:
            raise GlossaryError(f"no entry for {clipped(term)!r} among {termbase.count()}")
        for match in matches:
            if format_ == "jsonl":
                click.echo(dumps({"how": match.how, "form": match.form, "entry": to_json(match.entry)}))
            else:
                click.echo("\n".join(entry_lines(match)))


@click.command("export")
@store_option
@click.option(
    "--format", "format_", default="tsv", show_default=True,
    help="csv, jieba, jsonl, omegat, po, tbx (v3), tbx2 (v2), tmx, tsv or xlsx.",
)  # fmt: skip
@click.option("--lang", metavar=LANGUAGE, help="Target language or locale; all that the format holds otherwise.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.0, help="Entries under it stay out.")
@click.option("--status", "statuses", multiple=True, help="Only target terms of this status; may be repeated.")
@click.option("--review", "reviews", multiple=True, help="Only target terms proposed, approved, rejected; repeatable.")
@click.option(
    "--locale-style", default="weblate", show_default=True, help="Names of PO locales: weblate, gettext, bcp47."
)
@click.option("--po-dir", type=click.Path(), help="With po and no --lang: one file a locale in this folder.")
@output_option
@click.option("--quiet", is_flag=True, help="No report of what the format could not carry.")
def export_command(
    store: str | None, format_: str, lang: str | None, min_score: float, statuses: tuple[str, ...],
    reviews: tuple[str, ...], locale_style: str, po_dir: str | None, output: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Write the termbase for other tools, and say on stderr what their format could not carry.

    \b
    Example: glossary export --format po --lang zh-Hant-TW -o glossary.po
    """
    from glossary.exchange import write

    settings = load_settings()
    if po_dir and (format_ != "po" or lang or output or statuses or reviews):
        raise click.UsageError("--po-dir goes with --format po, without --lang, --status, --review and -o")
    with opened(store, settings, create=False) as termbase:
        if po_dir:
            write_po(termbase, po_dir, settings, locale_style, quiet=quiet)
            return
        report = write(
            termbase.entries(min_score=min_score), format_, output or _place(format_), lang=lang,
            epoch=settings.source_date_epoch, locale_style=locale_style, statuses=statuses, reviews=reviews,
        )  # fmt: skip
    if not quiet:
        _tell(report, lang)


def _place(format_: str) -> TextIO:
    """Standard output, unless bytes would go to a terminal."""
    stream = stdout()
    if format_ == "xlsx" and stream.isatty():
        raise GlossaryError("xlsx is not for a terminal; name a file with -o")
    return stream


def _tell(report: Report, lang: str | None) -> None:
    """The report of an export or of reading a file, on stderr."""
    for line in report.lines():
        click.echo(f"not carried: {line}", err=True)
    if report.of_language == 0:
        say(f"warning: no entry has a term in {lang}")


@click.command("import")
@click.argument("file", metavar="FILE")
@store_option
@click.option("--format", "format_", help="As of export; told by the suffix otherwise.")
@click.option("--lang", metavar=LANGUAGE, help="Target language, where the file does not say it.")
@click.option("--source-lang", metavar=LANGUAGE, default="en", show_default=True, help="The same of the source terms.")
@click.option(
    "--on-conflict", type=click.Choice(["merge", "keep", "overwrite"]), default="merge", show_default=True,
    help="What becomes of entries that are there: take what they lack, stay, or take the file's values too.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--who", default="import", show_default=True, help="Who makes the change; recorded in the history.")
@quiet_option
def import_command(
    file: str, store: str | None, format_: str | None, lang: str | None, source_lang: str, on_conflict: str,
    dry_run: bool, who: str, quiet: bool,
) -> None:  # fmt: skip
    """Put a file's entries into the termbase: all of them or, when one is malformed, none. Prints each change.

    \b
    Example: glossary import terms.tbx --store terms.db --dry-run
    """
    from glossary.exchange import read
    from glossary.merging import import_entries

    with _readable(file) as path, _opened_for(store, dry_run) as termbase:
        result = read(path, format_, lang=lang, source_lang=source_lang, storable=True)
        report = import_entries(termbase, result.entries, policy=on_conflict, dry_run=dry_run, who=who)
    for line in report.lines() if not quiet else [report.summary()]:
        click.echo(line)
    if not quiet:
        for line in result.report.lines():
            click.echo(f"passed over: {line}", err=True)
        if not report.items:
            say(f"warning: {file} holds no entries")


@contextmanager
def _opened_for(store: str | None, dry_run: bool) -> Iterator[Store]:
    """The termbase; a new one is made with what is imported or not at all, elsewhere when nothing is to be written."""
    from glossary.store import new_store, store_is_absent

    settings = load_settings()
    url = store or settings.store
    with ExitStack() as kept:
        if not store_is_absent(url):
            yield kept.enter_context(opened(url, settings, create=False))
            return
        if dry_run:
            url = str(Path(kept.enter_context(tempfile.TemporaryDirectory()), "empty.db"))
        yield kept.enter_context(new_store(url))


@contextmanager
def _readable(file: str) -> Iterator[Path]:
    """The path of a file; of `-`, a copy of standard input that is deleted afterwards."""
    if file != "-":
        yield Path(file)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stdin")
        with path.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        try:
            yield path
        except ExchangeError as error:
            raise ExchangeError(str(error).replace(str(path), "stdin")) from None
