"""Benchmarks run only when this folder is named: `pytest tests/bench`."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave every benchmark out of a run that does not ask for them."""
    return None if any("bench" in argument for argument in config.args) else True
