"""The arrays that ship with this room as compressed files."""

from __future__ import annotations

import zlib
from importlib.resources import files
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from glossary.errors import TermError


def shipped_arrays(name: str, *wanted: str) -> dict[str, NDArray[Any]]:
    """The named arrays of a file.

    Raises: TermError when the file is missing or damaged, or lacks one of them.
    """
    path = files("glossary.terms") / name
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return {one: arrays[one] for one in wanted}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error) as error:
        raise TermError(f"{path}: it is damaged or missing ({error}); install the package again") from error
