"""lookup, export: what a termbase holds, on the terminal and in other tools' files."""

from __future__ import annotations

import click

from glossary.cli.base import LANGUAGE, opened, output_option, stdout, store_option, tag, write_po
from glossary.config import load_settings
from glossary.errors import GlossaryError


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
@click.option("--format", "format_", default="tsv", show_default=True, help="po, tsv or jsonl.")
@click.option("--lang", metavar=LANGUAGE, help="Target language or locale; all Chinese variants otherwise.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.0, help="Entries under it stay out.")
@click.option(
    "--locale-style", default="weblate", show_default=True, help="Names of PO locales: weblate, gettext, bcp47."
)
@click.option("--po-dir", type=click.Path(), help="With po and no --lang: one file a locale in this folder.")
@output_option
def export_command(
    store: str | None, format_: str, lang: str | None, min_score: float, locale_style: str, po_dir: str | None,
    output: str | None,
) -> None:  # fmt: skip
    """Write the termbase for other tools.

    \b
    Example: glossary export --format po --lang zh-Hant-TW -o glossary.po
    """
    from glossary.exchange import write

    settings = load_settings()
    if po_dir and (format_ != "po" or lang or output):
        raise click.UsageError("--po-dir goes with --format po, without --lang and -o")
    with opened(store, settings, create=False) as termbase:
        if po_dir:
            write_po(termbase, po_dir, settings, locale_style)
            return
        write(
            termbase.entries(min_score=min_score), format_, output or stdout(), lang=lang,
            epoch=settings.source_date_epoch, locale_style=locale_style,
        )  # fmt: skip
