"""What every command shares: options, one-line errors, opening a store, where output goes."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, TextIO, TypeVar

import click

from glossary.config import Settings, load_settings
from glossary.errors import GlossaryError

if TYPE_CHECKING:
    from glossary.datamodel import KnownTerm
    from glossary.pipeline import Options
    from glossary.store import Store

Function = TypeVar("Function", bound=Callable[..., object])
LANGUAGE = "TAG"


class Commands(click.Group):
    """Turns the errors a user can meet into one line on stderr and exit code 1; Ctrl-C into 130."""

    def main(self, *args: Any, **more: Any) -> Any:
        """Runs the command. At its end Python looks through all tables in memory for garbage, which takes a third of
        the CPU time of a small `glossary build` (measured); what is frozen it passes over.
        """
        atexit.unregister(gc.freeze)
        atexit.register(gc.freeze)
        return super().main(*args, **more)

    def invoke(self, ctx: click.Context) -> object:
        """What the command gives."""
        try:
            return super().invoke(ctx)
        except GlossaryError as error:
            raise _Failure(str(error)) from None
        except KeyboardInterrupt:
            say("interrupted")
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
        say(self.message)


def say(message: str) -> None:
    """One line on stderr that starts with the program's name."""
    line = " ".join(message.split("\n"))
    click.echo(f"glossary: {line}".encode(errors="backslashreplace").decode(), err=True)


def _forget_stdout() -> None:
    """Sends what is still in the buffer of a closed standard output nowhere, or Python complains when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail_after(failures: Sequence[str]) -> None:
    """One line a failure, and exit code 1 when there are any."""
    for message in failures:
        say(message)
    if failures:
        raise SystemExit(1)


def languages(function: Function) -> Function:
    """Adds --source-lang and --target-lang."""
    target = click.option("--target-lang", metavar=LANGUAGE, help="Language of the translation, BCP 47 (zh-Hant-TW).")
    source = click.option("--source-lang", metavar=LANGUAGE, help="Language of the source, BCP 47; guessed otherwise.")
    return source(target(function))


known_option = click.option(
    "--glossary", "known_store", metavar="STORE", help="Termbase whose terms help: path or URL."
)
store_option = click.option("--store", metavar="STORE", help="Termbase: path or SQLAlchemy URL. Default: glossary.db.")
quiet_option = click.option("--quiet", is_flag=True, help="No progress on stderr.")
output_option = click.option(
    "-o", "--output", type=click.Path(), help="File to write instead of stdout, which is also `-`.",
    callback=lambda context, option, given: None if given == "-" else given,
)  # fmt: skip


def read_options(source_lang: str | None, target_lang: str | None, known_store: str | None) -> Options:
    """The options of reading and aligning, with the terms of the termbase that should help."""
    from glossary.pipeline import Options, known_terms

    known: tuple[KnownTerm, ...] = ()
    if known_store:
        with opened(known_store, load_settings(), create=False) as termbase:
            known = known_terms(termbase)
    return Options(source_lang=tag(source_lang), target_lang=tag(target_lang), known=known)


def tag(lang: str | None) -> str | None:
    """The language tag in its canonical form. Raises: BadParameter for what is no tag."""
    from glossary.language import canonical_tag

    try:
        return None if lang is None else canonical_tag(lang)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def opened(store: str | None, settings: Settings, *, create: bool = True) -> Store:
    """The termbase named on the command line or in the settings."""
    from glossary.store import open_store

    return open_store(store or settings.store, create=create)


def stdout() -> TextIO:
    """Standard output. Raises: GlossaryError when it is closed."""
    if sys.stdout is None:
        raise GlossaryError("standard output is closed; name a file with -o")
    return sys.stdout


def write_po(termbase: Store, folder: str, settings: Settings, style: str, *, quiet: bool = False) -> None:
    """One PO file a locale in a folder."""
    from glossary.exchange import write_po_tree

    for path in write_po_tree(termbase.entries(), folder, epoch=settings.source_date_epoch, locale_style=style):
        if not quiet:
            click.echo(f"wrote {path}", err=True)
