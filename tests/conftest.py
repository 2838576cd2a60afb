"""What every room's tests may ask for."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner, Result

from glossary.cli import main

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evaluation data beside the repository; the test is skipped where it is absent."""
    folder = Path(os.environ.get("GLOSSARY_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no evaluation data: {folder} is absent (set GLOSSARY_SHARED)")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


RunGlossary = Callable[..., Result]


@pytest.fixture(scope="session")
def glossary() -> RunGlossary:
    """The command `glossary` with these arguments; an exception that is no exit is the test's failure."""

    def run(*args: str | Path, stdin: str | bytes | IO[bytes] | None = None) -> Result:
        result = CliRunner().invoke(main, [str(a) for a in args], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@dataclass(frozen=True)
class Built:
    """What `glossary build seeds` left."""

    store: Path
    po_dir: Path
    printed: str


@pytest.fixture(scope="session")
def built(root: Path, glossary: RunGlossary, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The glossary of the sample articles; for reading only."""
    folder = tmp_path_factory.mktemp("built")
    store, po_dir = folder / "seeds.db", folder / "locale"
    result = glossary("build", root / "seeds", "--store", store, "--po-dir", po_dir)
    assert result.exit_code == 0, result.stderr
    return Built(store, po_dir, result.stdout)
