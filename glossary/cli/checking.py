"""annotate, check: the glossary used on texts and translations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from glossary.cli.base import LANGUAGE, languages, opened, output_option, stdout, store_option, tag
from glossary.config import load_settings
from glossary.errors import GlossaryError

if TYPE_CHECKING:
    from glossary.annotation import Annotation, TextKind
    from glossary.datamodel import Document, TranslationUnit


_CUT = "Entries scored under it stay out."
HTML_SUFFIXES = (".html", ".htm", ".xhtml")


@click.command("annotate")
@click.argument("file", metavar="FILE")
@store_option
@click.option("--lang", metavar=LANGUAGE, help="Variant offered for English terms: zh-Hans, zh-Hant-TW, zh-Hant-HK.")
@click.option("--source-lang", metavar=LANGUAGE, help="Language of the text; told by its script otherwise.")
@click.option("--format", "format_", default="marked", show_default=True,
              type=click.Choice(["marked", "html", "tsv", "jsonl"]))  # fmt: skip
@click.option("--once", is_flag=True, help="Mark only the first place of each term.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.5, show_default=True, help=_CUT)
@output_option
def annotate_command(
    file: str, store: str | None, lang: str | None, source_lang: str | None, format_: str, once: bool,
    min_score: float, output: str | None,
) -> None:  # fmt: skip
    """Mark the glossary's terms in a text, Markdown or HTML file, or list them.

    \b
    Example: glossary annotate article.md --lang zh-Hant-TW
    """
    from glossary.annotation import Annotator
    from glossary.exchange import write_text

    document, kind = _document(file)
    with opened(store, load_settings(), create=False) as termbase:
        annotator = Annotator(termbase.entries(min_score=min_score), target_lang=tag(lang))
    found = annotator.find(document.text, kind=kind, lang=tag(source_lang))
    write_text([_annotated(document, kind, found, format_, once)], output or stdout())


def _document(file: str) -> tuple[Document, TextKind]:
    from glossary.documents import read_document, read_text

    if Path(file).suffix.lower() in HTML_SUFFIXES:  # marked as it is, not what a reader makes of it
        return read_text(Path(file).read_bytes(), uri=file), "html"
    document = read_document(file)
    return document, "markdown" if document.kind == "markdown" else "text"


def _annotated(document: Document, kind: TextKind, found: list[Annotation], format_: str, once: bool) -> str:
    from glossary.annotation import counted, html_page, marked
    from glossary.codec import dumps, to_json

    if format_ == "tsv":
        rows = [("term", "renderings", "places"), *((f, "; ".join(r), str(n)) for f, r, n in counted(found))]
        return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in rows)
    if format_ == "jsonl":
        return "".join(dumps(to_json(place)) + "\n" for place in found)
    if format_ == "html" and kind != "html":
        return html_page(document.text, found, title=Path(document.uri).name, lang=document.lang or "und")
    return marked(document.text, found, kind=kind, once=once)


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="FILE | SOURCE TARGET")
@store_option
@languages
@click.option("--format", "format_", default="text", show_default=True, help="text, json, sarif or github.")
@click.option("--min-score", type=click.FloatRange(0, 1), default=0.5, show_default=True, help=_CUT)
@click.option("--ignore", metavar="CODES", default="", help="Codes to leave out, comma between: W102,W302.")
@output_option
def check_command(
    paths: tuple[str, ...], store: str | None, source_lang: str | None, target_lang: str | None, format_: str,
    min_score: float, ignore: str, output: str | None,
) -> None:  # fmt: skip
    """Check a translation against the glossary: a PO, TMX, XLIFF or TSV file, or a text and its translation.

    Exit code 1 when there are findings. The codes stand in the README.

    \b
    Example: glossary check locale/zh_Hant/LC_MESSAGES/messages.po --target-lang zh-Hant-TW
    """
    from glossary.checks import CODES, Checker
    from glossary.errors import ExchangeError, unknown
    from glossary.exchange import FINDING_WRITERS, findings_summary, write_text
    from glossary.vocabulary import words_to_report

    if format_ not in FINDING_WRITERS:
        raise ExchangeError(unknown("format", format_, FINDING_WRITERS))
    ignored = {code.strip().upper() for code in ignore.split(",") if code.strip()}
    if ignored - set(CODES):
        raise GlossaryError(unknown("code", ", ".join(sorted(ignored - set(CODES))), CODES))
    units = _units(paths, tag(source_lang), tag(target_lang))
    langs = _languages_of(units, tag(source_lang), tag(target_lang))
    with opened(store, load_settings(), create=False) as termbase:
        entries = termbase.entries(min_score=min_score)
        regional = words_to_report(langs[1])
        checker = Checker(entries, source_lang=langs[0], target_lang=langs[1], regional=regional)
    found = [finding for finding in checker.check(units) if finding.code not in ignored]
    write_text(FINDING_WRITERS[format_](found, CODES), output or stdout())
    untranslated = sum(not unit.target.strip() for unit in units)
    click.echo(findings_summary(found, len(units), untranslated), err=True)
    if found:
        raise SystemExit(1)


def _units(paths: tuple[str, ...], source_lang: str | None, target_lang: str | None) -> list[TranslationUnit]:
    from glossary.exchange import read_units, units_of
    from glossary.pipeline import Options, align_files

    if len(paths) == 1:
        return list(read_units(paths[0]))
    if len(paths) != 2:
        raise click.UsageError("give one translation file, or a text and its translation")
    aligned = align_files(*paths, Options(source_lang=source_lang, target_lang=target_lang))
    return list(units_of(aligned.bitext, aligned.source))


def _languages_of(units: list[TranslationUnit], source: str | None, target: str | None) -> tuple[str, str]:
    first = source or next((u.source_lang for u in units if u.source_lang != "und"), "en")
    second = target or next((u.target_lang for u in units if u.target_lang != "und"), "")
    if units and not second:
        raise GlossaryError(f"{units[0].uri}: does not say its target language; name it with --target-lang")
    return first, second or "und"
