"""The page of one alignment: to read for everybody, with the editor's form for those who may edit it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import render_template, url_for

from glossary.datamodel import Extraction
from glossary.desk import Desk, Step
from glossary.store import Job, Store
from web.access import may
from web.cutting import best, pieces
from web.deskform import Sentence, bead_label, bead_value
from web.deskwords import told, told_step
from web.present import bead_state, overview

PER_PAGE = 100
"""Beads: with them a page has some 110 kB, and an answer to a key as much."""

MOST_TOLD = 5  # changes of others that a notice lists
UNSURE = ("doubtful", "weak")


@dataclass(frozen=True, slots=True)
class Notice:
    """What the bar says beside its commands: a refusal, or what others changed meanwhile."""

    text: str
    steps: Sequence[Step] = ()
    repeat: str = ""  # the operation that was not done


@dataclass(frozen=True, slots=True)
class View:
    """What of an alignment is shown. `at`: number of the current bead, None for the first of `page`, from 1."""

    at: int | None = None
    page: int = 1
    cut: Sentence | None = None
    ticked: Collection[str] = ()  # values of the form
    notice: Notice | None = None
    say: str = ""


def may_align(extraction: Extraction) -> bool:
    """Whether this request may edit the alignment: the right in one of its two languages."""
    bitext = extraction.bitext
    return any(may("edit", lang) for lang in (bitext.source_lang, bitext.target_lang) if lang != "und")


def pages_of(extraction: Extraction) -> int:
    """How many pages the beads fill, at least one."""
    return max(1, -(-len(extraction.bitext.beads) // PER_PAGE))


def shown(extraction: Extraction, desk: Desk | None, view: View, job: Job | None = None, *, part: bool = False) -> str:
    """The page, or only the part of it that changes."""
    beads = extraction.bitext.beads
    at = None if view.at is None else max(0, min(view.at, len(beads) - 1))
    page = view.page if at is None else at // PER_PAGE + 1
    first = (page - 1) * PER_PAGE
    states = [bead_state(b) for b in beads]
    current = first if at is None else at
    return render_template(
        "_desk.html" if part else "alignment.html",
        extraction=extraction,
        desk=desk,
        view=view,
        beads=list(enumerate(beads[first : first + PER_PAGE], first)),
        current=current,
        states=states,
        cells=overview(states),
        jumps=jumps(states, first - 1 if at is None else at, first),
        page_number=page,
        pages=pages_of(extraction),
        window=(first / max(1, len(beads)), min(1.0, PER_PAGE / max(1, len(beads)))),
        pieces=_pieces(extraction, view.cut) if view.cut else (),
        job=job,
        most_told=MOST_TOLD,
    )


def _pieces(extraction: Extraction, cut: Sentence) -> tuple[object, int]:
    text = getattr(extraction.bitext, cut[0])[cut[1]].text
    found = pieces(text)
    return found, best(found)


def jumps(states: Sequence[str], at: int, first: int) -> dict[str, int | None]:
    """The doubtful beads to go to, None where there is none: from `at`, and from the ends of its page.

    >>> jumps(["sure", "weak", "sure", "doubtful"], 1, 0)
    {'next': 3, 'previous': 3, 'beyond': 1, 'before': 3}
    """
    unsure = [n for n, state in enumerate(states) if state in UNSURE]
    last = first + PER_PAGE - 1

    def after(here: int) -> int | None:
        return next((n for n in unsure if n > here), unsure[0] if unsure else None)

    def before(here: int) -> int | None:
        return next((n for n in reversed(unsure) if n < here), unsure[-1] if unsure else None)

    return {"next": after(at), "previous": before(at), "beyond": after(last), "before": before(first)}


def bead_url(bitext_id: str, bead: int) -> str:
    """The address of one bead, 0-based, on its page."""
    return url_for("documents.show", bitext_id=bitext_id, at=bead + 1, _anchor="at")


def extracting(termbase: Store, bitext_id: str) -> Job | None:
    """The newest job that extracts the terms of a document, None when there was none."""
    jobs = termbase.work.jobs()
    return next((j for j in jobs if j.kind == "extract" and j.arguments.get("bitext_id") == bitext_id), None)


def now() -> str:
    """This moment as the log of an alignment writes it: ISO 8601, UTC, microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


TEMPLATE_NAMES = {f.__name__: f for f in (bead_label, bead_value, bead_url, told, told_step, now)}
