"""Work in progress, kept in the store: the changes people made to alignments, and background jobs.

    log = store.work.alignment_log(bitext_id)
    store.work.put_alignment(extraction, log_with_one_more, expected=log.version)
    job = store.work.add_job("build", {"source": "a.docx"}, who="mei")
    job = store.work.claim_job("worker-1")      # the oldest that waits, for one worker only

What an edit does to a bitext the store does not know: it keeps the edits as JSON objects, in order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import uuid4

from sqlalchemy import Engine, delete, insert, select, update

from glossary.codec import dumps, from_json, to_json
from glossary.datamodel import Bitext, Extraction
from glossary.errors import StoreConflict, StoreError
from glossary.store.connection import reading, writing
from glossary.store.extractions import digest_of, is_stored, rewrite_beads, write_extraction
from glossary.store.schema import extraction as extraction_table
from glossary.store.work_schema import alignment_log, job

JobState = Literal["queued", "running", "done", "failed"]

SILENT_SECONDS = 120
"""A running job that has said nothing for so long lost its worker: a worker speaks up every few seconds."""

MOST_JOBS = 200
"""Jobs listed at most; older ones are of no interest to anyone."""


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """One change of an alignment: the edit as JSON, by whom and when (ISO 8601, UTC)."""

    edit: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class AlignmentLog:
    """Every change of one alignment since `base`; the first `done` are in force, the rest were undone.

    `first` is `base`, or its JSON as it is stored: a change needs neither to be read nor written anew. `digest` is that
    of the document (`Store.digest`) when this log was just stored with it, else ''.
    """

    bitext_id: str
    first: Bitext | str
    edits: tuple[LoggedEdit, ...] = ()
    done: int = 0
    version: int = 0
    digest: str = ""

    @property
    def base(self) -> Bitext:
        """The alignment before the first change."""
        return from_json(Bitext, json.loads(self.first)) if isinstance(self.first, str) else self.first

    def with_edit(self, edit: str, who: str) -> AlignmentLog:
        """The log with one more change; what was undone before it is forgotten."""
        logged = LoggedEdit(edit, who, _now())
        return replace(self, edits=(*self.edits[: self.done], logged), done=self.done + 1)


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of background work. `progress` is 0..1, `step` what is being done, `message` why it failed."""

    id: str
    kind: str
    state: JobState
    who: str
    created: str
    changed: str
    arguments: Mapping[str, str]
    step: str = ""
    progress: float = 0.0
    message: str = ""
    result: str = ""
    worker: str = ""


class Work:
    """Alignment changes and jobs of one store; `Store.work` gives it. Raises: StoreError as every method of a store."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    # alignments

    def alignment_log(self, extraction: Extraction) -> AlignmentLog:
        """The changes of an alignment; an empty log for one nobody changed, or whose texts are others by now."""
        c = alignment_log.c
        query = select(alignment_log).where(c.bitext_id == extraction.bitext_id)
        with reading(self._engine, self._name) as connection:
            row = connection.execute(query).mappings().first()
        if row is None or row["texts"] != _texts(extraction):
            return AlignmentLog(extraction.bitext_id, extraction.bitext, version=row["version"] if row else 0)
        edits = tuple(from_json(LoggedEdit, one) for one in json.loads(row["edits"]))
        return AlignmentLog(extraction.bitext_id, row["base"], edits, row["done"], row["version"])

    def is_edited(self, extraction: Extraction) -> bool:
        """True when changes of people are in force for exactly these texts."""
        c = alignment_log.c
        query = select(c.done).where(c.bitext_id == extraction.bitext_id, c.texts == _texts(extraction))
        with reading(self._engine, self._name) as connection:
            return bool(connection.execute(query).scalar())

    def put_alignment(
        self, extraction: Extraction, log: AlignmentLog, *, expected: int, before: Extraction | None = None
    ) -> AlignmentLog:
        """Stores a changed alignment with its log; the log with its new version.

        `before` is the document as it was read: of one whose sentences are the same only the beads are written.

        Raises: StoreConflict when someone else changed it since version `expected`, or it was read anew since
            `before`; StoreError for no such document.
        """
        of_it, digest = alignment_log.c.bitext_id == log.bitext_id, digest_of(extraction)
        with writing(self._engine, self._name) as connection:
            there = connection.execute(select(alignment_log.c.version).where(of_it)).scalar() or 0
            if there != expected or (before is not None and not is_stored(connection, before)):
                raise StoreConflict("this alignment was changed by someone else meanwhile; look at it again")
            if before is not None and _sentences(before) == _sentences(extraction):
                rewrite_beads(connection, extraction, digest)
            else:
                found = extraction_table.c.bitext_id == log.bitext_id
                if not connection.execute(delete(extraction_table).where(found)).rowcount:
                    raise StoreError(f"there is no document {log.bitext_id!r} any more")
                write_extraction(connection, extraction, digest)
            connection.execute(delete(alignment_log).where(of_it))
            connection.execute(insert(alignment_log), [_log_row(extraction, log, expected + 1)])
        return replace(log, version=expected + 1, digest=digest)

    # jobs

    def add_job(self, kind: str, arguments: Mapping[str, str], *, who: str) -> Job:
        """A new job that waits for a worker."""
        made = Job(uuid4().hex, kind, "queued", who, _now(), _now(), dict(arguments))
        with writing(self._engine, self._name) as connection:
            connection.execute(insert(job), [to_json(made)])
        return made

    def claim_job(self, worker: str) -> Job | None:
        """The oldest job that waits, now running and this worker's alone; None when none waits."""
        query = select(job).where(job.c.state == "queued").order_by(job.c.created, job.c.id).limit(1)
        with writing(self._engine, self._name) as connection:
            row = connection.execute(query.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                return None
            taken = {"state": "running", "worker": worker, "changed": _now(), "message": ""}
            connection.execute(update(job).where(job.c.id == row["id"]).values(taken))
            return _job({**row, **taken})

    def report(self, job_id: str, *, step: str, progress: float) -> None:
        """Notes how far a running job is; also the sign that its worker lives."""
        self._change(job_id, {"step": step, "progress": progress})

    def beat(self, job_id: str) -> None:
        """Says that a running job's worker lives."""
        self._change(job_id, {})

    def requeue(self, job_id: str) -> None:
        """Lets a running job wait again: its worker stops."""
        self._change(job_id, {"state": "queued", "worker": "", "progress": 0.0, "step": ""})

    def finish(self, job_id: str, *, message: str = "", result: str = "") -> None:
        """Ends a job: failed when there is a message, else done."""
        state = "failed" if message else "done"
        self._change(job_id, {"state": state, "message": message, "result": result, "progress": 1.0, "step": ""})

    def retry(self, job_id: str) -> None:
        """Lets a failed job wait for a worker again."""
        self._change(job_id, {"state": "queued", "message": "", "progress": 0.0, "worker": ""}, state="failed")

    def _change(self, job_id: str, values: Mapping[str, object], *, state: JobState = "running") -> None:
        at = (job.c.id == job_id) & (job.c.state == state)
        with writing(self._engine, self._name) as connection:
            if not connection.execute(update(job).where(at).values({**values, "changed": _now()})).rowcount:
                raise StoreError(f"there is no {state} job {job_id!r}")

    def requeue_lost(self, *, silent_seconds: float = SILENT_SECONDS) -> int:
        """Lets running jobs whose workers have been silent wait again; how many there were."""
        limit = (datetime.now(UTC) - timedelta(seconds=silent_seconds)).isoformat(timespec="microseconds")
        lost = (job.c.state == "running") & (job.c.changed < limit)
        with writing(self._engine, self._name) as connection:
            waiting = {"state": "queued", "worker": "", "progress": 0.0, "step": ""}
            return connection.execute(update(job).where(lost).values(waiting)).rowcount

    def jobs(self, *, limit: int = MOST_JOBS) -> tuple[Job, ...]:
        """The newest jobs, newest first."""
        query = select(job).order_by(job.c.created.desc(), job.c.id).limit(limit)
        with reading(self._engine, self._name) as connection:
            return tuple(_job(dict(row)) for row in connection.execute(query).mappings())

    def job(self, job_id: str) -> Job | None:
        """The job with this id, or None."""
        with reading(self._engine, self._name) as connection:
            row = connection.execute(select(job).where(job.c.id == job_id)).mappings().first()
        return None if row is None else _job(dict(row))

    def forget_job(self, job_id: str) -> bool:
        """Takes an ended job off the list; False when it was not there or has not ended."""
        ended = (job.c.id == job_id) & job.c.state.in_(("done", "failed"))
        with writing(self._engine, self._name) as connection:
            return connection.execute(delete(job).where(ended)).rowcount > 0


def _job(row: dict[str, object]) -> Job:
    return from_json(Job, row)


def _sentences(extraction: Extraction) -> tuple[object, ...]:
    return extraction.source, extraction.target, extraction.bitext.source, extraction.bitext.target, extraction.extra


def _texts(extraction: Extraction) -> str:
    return f"{extraction.source.id} {extraction.target.id}"


def _log_row(extraction: Extraction, log: AlignmentLog, version: int) -> dict[str, object]:
    return {
        "bitext_id": log.bitext_id,
        "texts": _texts(extraction),
        "base": log.first if isinstance(log.first, str) else dumps(to_json(log.first)),
        "edits": dumps([to_json(edit) for edit in log.edits]),
        "done": log.done,
        "version": version,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
