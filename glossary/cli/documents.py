"""align, extract, build: from files to sentence pairs, terms and a termbase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glossary.cli.base import (
    fail_after,
    known_option,
    languages,
    opened,
    output_option,
    quiet_option,
    read_options,
    stdout,
    store_option,
    write_po,
)
from glossary.config import load_settings
from glossary.progress import progress

if TYPE_CHECKING:
    from glossary.pipeline import Options


@click.command("align")
@click.argument("paths", nargs=-1, metavar="SOURCE TARGET | BILINGUAL")
@languages
@click.option("--presegmented", is_flag=True, help="One segment a line, kept as it is.")
@click.option("--aligner", default="combined", show_default=True, help="combined, embedding, lexical or length.")
@click.option("--encoder", default="use", show_default=True, help="use, none or sentence-transformers:FOLDER.")
@click.option("--format", "format_", default="tsv", show_default=True, help="tsv, jsonl, tmx, xlsx, vecalign or html.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.0, help="Beads under it become null beads.")
@click.option("--anchors", metavar="REGEX", help="Lines that match must start together on both sides.")
@click.option("--encoding", help="Encoding of the files; detected otherwise.")
@click.option("--batch", type=click.Path(), metavar="LIST", help="TSV of source and target paths, one pair a line.")
@click.option("--out-dir", type=click.Path(), help="Folder for the outputs of --batch.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes for --batch.")
@known_option
@output_option
@quiet_option
def align_command(
    paths: tuple[str, ...], source_lang: str | None, target_lang: str | None, presegmented: bool, aligner: str,
    encoder: str, format_: str, min_score: float, anchors: str | None, encoding: str | None, batch: str | None,
    out_dir: str | None, jobs: int, known_store: str | None, output: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Align two files, or one file that holds both languages, sentence by sentence.

    \b
    Example: glossary align article.en.txt article.zh-Hant.txt --format tmx -o article.tmx
    """
    options = replace(
        read_options(source_lang, target_lang, known_store), presegmented=presegmented, aligner=aligner,
        encoder=encoder, min_score=min_score, anchors=anchors, encoding=encoding,
    )  # fmt: skip
    _check_format(format_)
    if batch:
        if paths or not out_dir or output:
            raise click.UsageError("--batch takes --out-dir, and neither paths nor -o")
        _align_batch(Path(batch), Path(out_dir), format_, options, jobs, quiet)
        return
    if len(paths) not in (1, 2) or paths == ("-", "-"):
        raise click.UsageError("give a source and a target file, or one file that holds both languages")
    _align_one(paths, options, format_, output, quiet)


def _check_format(name: str) -> None:
    from glossary.errors import ExchangeError, unknown
    from glossary.exchange import BITEXT_BOOKS, BITEXT_WRITERS

    if name not in {**BITEXT_WRITERS, **BITEXT_BOOKS}:
        raise ExchangeError(unknown("format", name, [*BITEXT_WRITERS, *BITEXT_BOOKS]))


def _align_one(paths: Sequence[str], options: Options, format_: str, output: str | None, quiet: bool) -> None:
    from glossary.exchange import write_bitext
    from glossary.pipeline import align_files
    from glossary.shown import alignment_summary

    aligned = align_files(paths[0], paths[1] if len(paths) == 2 else None, options)
    uris = {"source_uri": aligned.source.uri, "target_uri": aligned.target.uri}
    write_bitext(aligned.bitext, format_, output or stdout(), **uris)
    if not quiet:
        click.echo(alignment_summary(aligned), err=True)


def _align_batch(path: Path, out_dir: Path, format_: str, options: Options, jobs: int, quiet: bool) -> None:
    from glossary.runner import read_list, run

    listed = read_list(path, out_dir, format_, options)
    failures = []
    with progress(quiet=quiet) as report:
        for done, outcome in enumerate(run(listed, workers=jobs)):
            report(outcome.job.output.name, done, len(listed))
            failures += [outcome.message] if outcome.message else []
    if not quiet:
        click.echo(f"{len(listed) - len(failures)} of {len(listed)} pairs aligned into {out_dir}", err=True)
    fail_after(failures)


@click.command("extract")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@languages
@click.option("--format", "format_", type=click.Choice(["tsv", "jsonl", "html"]), default="tsv", show_default=True)
@click.option("--min-score", type=click.FloatRange(0, 1), default=None, help="Default .5; 0 lists every pair.")
@click.option("--top", type=click.IntRange(1), help="Only the best N pairs.")
@known_option
@output_option
@quiet_option
def extract_command(
    paths: tuple[str, ...], source_lang: str | None, target_lang: str | None, format_: str, min_score: float | None,
    top: int | None, known_store: str | None, output: str | None, quiet: bool,
) -> None:  # fmt: skip
    """List bilingual terms of aligned text (.tmx, our .tsv and .jsonl) or of documents, which are aligned first.

    \b
    Example: glossary extract article.txt --top 50 -o terms.tsv
    """
    from glossary.exchange import write_candidates
    from glossary.pipeline import extract_files
    from glossary.terms import DEFAULT_MIN_SCORE

    cut = DEFAULT_MIN_SCORE if min_score is None else min_score
    options = read_options(source_lang, target_lang, known_store)
    with progress(quiet=quiet) as report:
        made, failures = extract_files(paths, options, min_score=cut, report=report)
    if made or not failures:
        write_candidates(made, format_, output or stdout(), top=top)
    fail_after([message for _, message in failures])


@click.command("build")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@languages
@store_option
@click.option("--po-dir", type=click.Path(), help="Also write one PO file a locale into this folder.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=None, help="Pairs under it stay out; default .5.")
@known_option
@quiet_option
def build_command(
    paths: tuple[str, ...], source_lang: str | None, target_lang: str | None, store: str | None, po_dir: str | None,
    min_score: float | None, known_store: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Fill a termbase from files and folders: align, extract, store. The same again changes nothing.

    \b
    Example: glossary build articles/ --store terms.db --po-dir locale
    """
    from glossary.pipeline import extract_files, fill
    from glossary.shown import build_summary
    from glossary.store import check_store
    from glossary.terms import DEFAULT_MIN_SCORE

    settings, cut = load_settings(), DEFAULT_MIN_SCORE if min_score is None else min_score
    check_store(store or settings.store)
    options = read_options(source_lang, target_lang, known_store)
    with progress(quiet=quiet) as report:
        made, failures = extract_files(paths, options, min_score=cut, report=report)
    if made or not failures:  # a store is not made for nothing
        with opened(store, settings) as termbase:
            filled = fill(termbase, made, failures)
            if po_dir:
                write_po(termbase, po_dir, settings, "weblate", quiet=quiet)
            for line in build_summary(filled, termbase):
                click.echo(line)
    fail_after([message for _, message in failures])
