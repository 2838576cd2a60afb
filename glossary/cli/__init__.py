"""The command line: one short function a command. Data on stdout or -o, talk on stderr; exit 0 ok, 1 error, 2 usage."""

from __future__ import annotations

import gc
import sys

import click

from glossary import __version__
from glossary.cli.base import Commands
from glossary.cli.checking import annotate_command, check_command
from glossary.cli.documents import align_command, build_command, extract_command
from glossary.cli.evaluation import evaluate_group
from glossary.cli.reviewing import review_group
from glossary.cli.serving import serve_command
from glossary.cli.stores import store_group
from glossary.cli.termbase import export_command, import_command, lookup_command
from glossary.cli.users import user_group

_OBJECTS_AT_ONCE = 20_000
"""New objects between two looks for cycles. Records are many and hold none: with Python's 700 an export of 20,000
entries took 5.6 to 7.0 s of CPU, with 20,000 4.6 to 4.8."""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="glossary")
def main() -> None:
    """Sentence pairs, a bilingual glossary with proof, and translators' files from an article and its translation."""
    gc.set_threshold(_OBJECTS_AT_ONCE)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


for command in (
    align_command, extract_command, build_command, lookup_command, annotate_command, check_command,
    export_command, import_command, serve_command, review_group, store_group, user_group, evaluate_group,
):  # fmt: skip
    main.add_command(command)
