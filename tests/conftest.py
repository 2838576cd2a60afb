"""What every room's tests may ask for."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

import pytest
from click.testing import CliRunner, Result

from glossary import accounts
from glossary.cli import main

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent


SLOW = ("browser", "postgres", "server")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that start a browser or a server run in CI, and when they are asked for."""
    if os.environ.get("CI") or config.option.markexpr:
        return
    for item in items:
        slow = next((name for name in SLOW if item.get_closest_marker(name)), None)
        if slow:
            item.add_marker(pytest.mark.skip(f"runs in CI; here with CI=1 or pytest -m {slow}"))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """The tables in memory are no garbage: pytest has just looked, and Python need not look again."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def cost_of_passwords() -> Iterator[dict[str, int]]:
    """What hashing a password takes outside the tests; here it takes next to nothing."""
    real = dict(accounts.COST)
    accounts.COST.update(memory_cost=8, time_cost=1, parallelism=1)
    yield real
    accounts.COST.update(real)


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


@dataclass(frozen=True)
class Once:
    """A folder all workers share, for what takes long to make and is only read."""

    folder: Path

    @contextmanager
    def alone(self, name: str) -> Iterator[Path]:
        """A path in the folder, while no other worker makes what belongs there."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.folder / name

    def made(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives to the worker that asks first; the others read what it left."""
        with self.alone(name) as left:
            if not left.exists():
                left.write_bytes(pickle.dumps(make()))
        found: T = pickle.loads(left.read_bytes())
        return found


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once"
    folder.mkdir(exist_ok=True)
    return Once(folder)


@pytest.fixture(scope="session")
def built(root: Path, glossary: RunGlossary, once: Once) -> Built:
    """The glossary of the sample articles, built once for all workers; for reading only."""
    with once.alone("seeds") as folder:
        store, po_dir, printed = folder / "seeds.db", folder / "locale", folder / "printed.txt"
        folder.mkdir(exist_ok=True)
        if not printed.exists():
            result = glossary("build", root / "seeds", "--store", store, "--po-dir", po_dir)
            assert result.exit_code == 0, result.stderr
            printed.write_text(result.stdout, encoding="utf-8")
    return Built(store, po_dir, printed.read_text(encoding="utf-8"))


def copy_store(source: Path, target: Path) -> None:
    """A copy of a store that may be written to."""
    with closing(sqlite3.connect(source)) as database:
        database.execute("VACUUM INTO ?", (str(target),))
