"""evaluate: figures against gold files."""

from __future__ import annotations

from pathlib import Path

import click

from glossary.cli.base import LANGUAGE


@click.group("evaluate")
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
    from glossary.measuring import evaluate_term_files
    from glossary.shown import term_figures

    for line in term_figures(*evaluate_term_files(predicted, gold), errors=errors):
        click.echo(line)
