"""The command line: one short function a command. Data on stdout or -o, talk on stderr; exit 0 ok, 1 error, 2 usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO, TypeVar

import click

from glossary import __version__
from glossary.config import Settings, load_settings
from glossary.errors import GlossaryError
from glossary.progress import progress

if TYPE_CHECKING:
    from glossary.datamodel import KnownTerm
    from glossary.pipeline import Options
    from glossary.store import Store

Function = TypeVar("Function", bound=Callable[..., object])
LANGUAGE = "TAG"
SERVE_PORT = 8000


class _Commands(click.Group):
    """Turns the errors a user can meet into one line on stderr and exit code 1; Ctrl-C into 130."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except GlossaryError as error:
            raise _Failure(str(error)) from None
        except KeyboardInterrupt:
            _say("interrupted")
            raise SystemExit(130) from None
        except BrokenPipeError:  # `| head` has had enough
            _forget_stdout()
            raise SystemExit(1) from None
        except MemoryError:
            raise _Failure("out of memory; give a smaller file or fewer --jobs") from None
        except OSError as error:
            raise _Failure(f"{error.filename or 'output'}: {error.strerror or error}") from None


class _Failure(click.ClickException):
    def show(self, file: IO[str] | None = None) -> None:
        _say(self.message)


def _say(message: str) -> None:
    """One line on stderr that starts with the program's name."""
    line = " ".join(message.split("\n"))
    click.echo(f"glossary: {line}".encode(errors="backslashreplace").decode(), err=True)


def _forget_stdout() -> None:
    """Sends what is still in the buffer of a closed standard output nowhere, or Python complains when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail_after(failures: Sequence[str]) -> None:
    """One line a failure, and exit code 1 when there are any."""
    for message in failures:
        _say(message)
    if failures:
        raise SystemExit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="glossary")
def main() -> None:
    """Sentence pairs, a bilingual glossary with proof, and translators' files from an article and its translation."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _languages(function: Function) -> Function:
    target = click.option("--target-lang", metavar=LANGUAGE, help="Language of the translation, BCP 47 (zh-Hant-TW).")
    source = click.option("--source-lang", metavar=LANGUAGE, help="Language of the source, BCP 47; guessed otherwise.")
    return source(target(function))


_known = click.option("--glossary", "known_store", metavar="STORE", help="Termbase whose terms help: path or URL.")
_store_option = click.option("--store", metavar="STORE", help="Termbase: path or SQLAlchemy URL. Default: glossary.db.")
_quiet = click.option("--quiet", is_flag=True, help="No progress on stderr.")
_output = click.option("-o", "--output", type=click.Path(), help="File to write instead of stdout.")


@main.command("align")
@click.argument("paths", nargs=-1, metavar="SOURCE TARGET | BILINGUAL")
@_languages
@click.option("--presegmented", is_flag=True, help="One segment a line, kept as it is.")
@click.option("--aligner", default="combined", show_default=True, help="combined, embedding, lexical or length.")
@click.option("--encoder", default="use", show_default=True, help="use, none or sentence-transformers:FOLDER.")
@click.option("--format", "format_", default="tsv", show_default=True, help="tsv, jsonl, tmx, vecalign or html.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.0, help="Beads under it become null beads.")
@click.option("--anchors", metavar="REGEX", help="Lines that match must start together on both sides.")
@click.option("--encoding", help="Encoding of the files; detected otherwise.")
@click.option("--batch", type=click.Path(), metavar="LIST", help="TSV of source and target paths, one pair a line.")
@click.option("--out-dir", type=click.Path(), help="Folder for the outputs of --batch.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes for --batch.")
@_known
@_output
@_quiet
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
        _options(source_lang, target_lang, known_store), presegmented=presegmented, aligner=aligner, encoder=encoder,
        min_score=min_score, anchors=anchors, encoding=encoding,
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
    from glossary.exchange import BITEXT_WRITERS

    if name not in BITEXT_WRITERS:
        raise ExchangeError(unknown("format", name, BITEXT_WRITERS))


def _align_one(paths: Sequence[str], options: Options, format_: str, output: str | None, quiet: bool) -> None:
    from glossary.exchange import write_bitext
    from glossary.pipeline import align_files
    from glossary.shown import alignment_summary

    aligned = align_files(paths[0], paths[1] if len(paths) == 2 else None, options)
    uris = {"source_uri": aligned.source.uri, "target_uri": aligned.target.uri}
    write_bitext(aligned.bitext, format_, output or _stdout(), **uris)
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
    _fail_after(failures)


@main.command("extract")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_languages
@click.option("--format", "format_", type=click.Choice(["tsv", "jsonl", "html"]), default="tsv", show_default=True)
@click.option("--min-score", type=click.FloatRange(0, 1), default=None, help="Default .5; 0 lists every pair.")
@click.option("--top", type=click.IntRange(1), help="Only the best N pairs.")
@_known
@_output
@_quiet
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
    options = _options(source_lang, target_lang, known_store)
    with progress(quiet=quiet) as report:
        made, failures = extract_files(paths, options, min_score=cut, report=report)
    if made or not failures:
        write_candidates(made, format_, output or _stdout(), top=top)
    _fail_after([message for _, message in failures])


@main.command("build")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_languages
@_store_option
@click.option("--po-dir", type=click.Path(), help="Also write one PO file a locale into this folder.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=None, help="Pairs under it stay out; default .5.")
@_known
@_quiet
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
    options = _options(source_lang, target_lang, known_store)
    with progress(quiet=quiet) as report:
        made, failures = extract_files(paths, options, min_score=cut, report=report)
    if made or not failures:  # a store is not made for nothing
        with _open(store, settings) as termbase:
            filled = fill(termbase, made, failures)
            if po_dir:
                _write_po(termbase, po_dir, settings, "weblate", quiet=quiet)
            for line in build_summary(filled, termbase):
                click.echo(line)
    _fail_after([message for _, message in failures])


def _write_po(termbase: Store, folder: str, settings: Settings, style: str, *, quiet: bool = False) -> None:
    from glossary.exchange import write_po_tree

    for path in write_po_tree(termbase.entries(), folder, epoch=settings.source_date_epoch, locale_style=style):
        if not quiet:
            click.echo(f"wrote {path}", err=True)


@main.command("lookup")
@click.argument("term")
@_store_option
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

    with _open(store, load_settings(), create=False) as termbase:
        matches = lookup(termbase, term, lang=_tag(lang), limit=limit)
        if not matches:
            raise GlossaryError(f"no entry for {clipped(term)!r} among {termbase.count()}")
        for match in matches:
            if format_ == "jsonl":
                click.echo(dumps({"how": match.how, "form": match.form, "entry": to_json(match.entry)}))
            else:
                click.echo("\n".join(entry_lines(match)))


@main.command("export")
@_store_option
@click.option("--format", "format_", default="tsv", show_default=True, help="po, tsv or jsonl.")
@click.option("--lang", metavar=LANGUAGE, help="Target language or locale; all Chinese variants otherwise.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.0, help="Entries under it stay out.")
@click.option(
    "--locale-style", default="weblate", show_default=True, help="Names of PO locales: weblate, gettext, bcp47."
)
@click.option("--po-dir", type=click.Path(), help="With po and no --lang: one file a locale in this folder.")
@_output
def export_command(
    store: str | None, format_: str, lang: str | None, min_score: float, locale_style: str, po_dir: str | None,
    output: str | None,
) -> None:  # fmt: skip
    """Write the termbase for other tools.

    \b
    Example: glossary export --format po --lang zh-Hant-TW -o glossary.po
    """
    from glossary.exchange import has_language, write

    settings = load_settings()
    if po_dir and (format_ != "po" or lang or output):
        raise click.UsageError("--po-dir goes with --format po, without --lang and -o")
    with _open(store, settings, create=False) as termbase:
        if po_dir:
            _write_po(termbase, po_dir, settings, locale_style)
            return
        entries, epoch = list(termbase.entries(min_score=min_score)), settings.source_date_epoch
        write(entries, format_, output or _stdout(), lang=lang, epoch=epoch, locale_style=locale_style)
        if lang and entries and not has_language(entries, lang):
            _say(f"no terms in {lang}")


@main.command("serve")
@_store_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=SERVE_PORT, show_default=True)
def serve_command(store: str | None, host: str, port: int) -> None:
    """Serve the glossary as a small web app.

    \b
    Example: glossary serve --store terms.db --port 8000
    """
    from glossary.store import check_store
    from web.serve import serve

    settings = load_settings()
    settings = replace(settings, store=store or settings.store)
    check_store(settings.store)
    said = f"serving {settings.store} on %s (stop with Ctrl-C)"
    serve(settings, host, port, lambda address: click.echo(said % address, err=True))


@main.group("evaluate")
def evaluate_group() -> None:
    """Measure against gold files."""


@evaluate_group.command("alignment")
@click.argument("golddir", type=click.Path(path_type=Path))
@click.option("--aligner", default="combined", show_default=True)
@click.option("--encoder", default="use", show_default=True, help="use, none or sentence-transformers:FOLDER.")
@click.option("--source-lang", metavar=LANGUAGE, help="Source language where the gold does not tell.")
@click.option("--errors", is_flag=True, help="List wrong beads with their text.")
def evaluate_alignment(golddir: Path, aligner: str, encoder: str, source_lang: str | None, errors: bool) -> None:
    """Strict, Vecalign's and lax figures of an aligner over a folder of NAME.<lang> and NAME.gold.

    \b
    Example: glossary evaluate alignment ../shared/corpora/alignment/fiction-dev
    """
    from glossary.alignment import evaluate_folder
    from glossary.shown import alignment_figures

    result = evaluate_folder(golddir, aligner=aligner, encoder=encoder, source_lang=source_lang)
    for line in alignment_figures(result, errors=errors):
        click.echo(line)


@evaluate_group.command("terms")
@click.argument("predicted", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--errors", is_flag=True, help="List wrong and missed pairs, with what gold says.")
def evaluate_terms_command(predicted: Path, gold: Path, errors: bool) -> None:
    """Precision at k, recall, F1, accuracy, calibration and offsets of an extracted TSV or JSONL against a gold TSV.

    \b
    Example: glossary evaluate terms terms.tsv gold.tsv --errors
    """
    from glossary.pipeline import evaluate_term_files
    from glossary.shown import term_figures

    for line in term_figures(*evaluate_term_files(predicted, gold), errors=errors):
        click.echo(line)


def _options(source_lang: str | None, target_lang: str | None, known_store: str | None) -> Options:
    from glossary.pipeline import Options, known_terms

    known: tuple[KnownTerm, ...] = ()
    if known_store:
        with _open(known_store, load_settings(), create=False) as termbase:
            known = known_terms(termbase)
    return Options(source_lang=_tag(source_lang), target_lang=_tag(target_lang), known=known)


def _tag(lang: str | None) -> str | None:
    from glossary.language import canonical_tag

    try:
        return None if lang is None else canonical_tag(lang)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _open(store: str | None, settings: Settings, *, create: bool = True) -> Store:
    from glossary.store import open_store

    return open_store(store or settings.store, create=create)


def _stdout() -> TextIO:
    if sys.stdout is None:
        raise GlossaryError("standard output is closed; name a file with -o")
    return sys.stdout
