"""The errors a caller can meet, one class per room.

    GlossaryError
    ├── ConfigError        a setting or an option is wrong
    ├── DocumentError      a file cannot be read
    ├── SegmentationError  a text cannot be segmented
    ├── AlignmentError     two texts cannot be aligned
    ├── TermError          terms cannot be extracted
    ├── StoreError         the database cannot be opened, read or written
    │   └── StoreConflict  somebody else changed the entry meanwhile
    ├── ExchangeError      a file cannot be written, or a file read back is malformed
    ├── AccountError       a user, a password or a token cannot be used
    └── EvaluationError    gold and predicted files do not fit together

Every message is one line: what is wrong, where (`article.txt:14`), what to do.
"""

from __future__ import annotations

from collections.abc import Iterable


class GlossaryError(Exception):
    """Base of every error this package raises on purpose."""


class ConfigError(GlossaryError):
    """A setting or an option is wrong."""


class DocumentError(GlossaryError):
    """A file cannot be read as a document."""


class SegmentationError(GlossaryError):
    """A document cannot be cut into segments."""


class AlignmentError(GlossaryError):
    """Two texts cannot be aligned."""


class TermError(GlossaryError):
    """Terms cannot be extracted."""


class StoreError(GlossaryError):
    """The database cannot be opened, read or written."""


class StoreConflict(StoreError):
    """An entry is not what the editor saw: somebody changed it meanwhile. The message says who and when."""


class ExchangeError(GlossaryError):
    """A file cannot be written, or a file that was read is malformed."""


class AccountError(GlossaryError):
    """A user, a password or a token cannot be used."""


class EvaluationError(GlossaryError):
    """Gold and predicted files do not fit together."""


def unknown(kind: str, name: str, available: Iterable[str]) -> str:
    """One line that says a name is not in a registry, and which names are.

    >>> unknown("aligner", "x", ["length", "combined"])
    "Unknown aligner 'x'. Available: combined, length."
    """
    return f"Unknown {kind} {name!r}. Available: {', '.join(sorted(available))}."
