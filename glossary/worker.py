"""Background jobs of a termbase: uploaded documents are read, aligned, extracted and stored in a process of their own.

    worker = Worker("terms.db"); worker.start(); ...; worker.stop()

Jobs are kept in the store: whatever was waiting or running when the program ended, however it ended, goes on at the
next start. A job that takes longer than `JOB_SECONDS` or more memory than `JOB_BYTES`, or whose process dies, fails
with one line; the worker goes on with the next.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import uuid4

from glossary.datamodel import Extraction, upload_id
from glossary.desk import extracted_again
from glossary.documents import DocumentPair
from glossary.errors import GlossaryError, StoreError, unknown
from glossary.pipeline import Options, extract_pair, known_terms, refresh
from glossary.store import Job, Store, open_store

_log = logging.getLogger(__name__)

JOB_SECONDS = 900.0
"""The longest a job may take: a book of 70,000 sentences takes 3 minutes to align."""

BEAT_SECONDS = 5.0
"""How often a running job says that it lives."""

IDLE_SECONDS = 1.0
"""How often a worker without work looks for some."""

DEAD_SECONDS = 2.5 * BEAT_SECONDS
"""A job whose worker's process is gone and that has been silent for so long is taken up by another worker."""

JOB_BYTES = 6 * 1024**3
"""Address space of the process that reads files; the system refuses it more. A short pair takes .7 GB, most of it the
encoder's weights; the limit is a choice, so that one hostile file does not take the machine's memory."""

NICENESS = 3
"""How far the process that reads files steps back when a page needs the processor too: to half its share (Linux)."""

_RUN = uuid4().hex[:6]
"""Tells this process from an earlier one with the same number, as every container's first process has."""


PARTS = {"aligning": 0.1, "extracting": 0.5, "storing": 0.8}
"""How far a job is when a step begins: chosen, so that whoever waits sees it move."""


def build_job(store: Store, arguments: Mapping[str, str], report: Callable[[str, float], None]) -> str:
    """Aligns and extracts one upload and puts it into the store; the bitext's id.

    `source` is a path, `target` another or ''; `source_lang` and `target_lang` are tags or ''; `source_name` and
    `target_name` are what the person called the files.
    """
    target = arguments.get("target") or ""
    options = Options(
        source_lang=arguments.get("source_lang") or None,
        target_lang=arguments.get("target_lang") or None,
        known=known_terms(store),
    )
    report("reading", 0.05)
    names = (arguments.get("source_name", ""), arguments.get("target_name", ""))
    pair = DocumentPair(Path(arguments["source"]), Path(target) if target else None, *names)
    made = extract_pair(pair, options, begin=lambda step: report(step, PARTS[step]))
    report("storing", PARTS["storing"])
    return add_upload(store, made)


def add_upload(store: Store, extraction: Extraction) -> str:
    """Puts what an upload gave into a termbase and brings its entries up to date; the id of the document.

    The id comes from the texts, not from names that two people may both use; the same texts again keep people's edits.
    """
    named = replace(extraction, bitext_id=upload_id(extraction))
    with store.together():
        if store.extraction(named.bitext_id) is None or not store.work.is_edited(named):
            store.put(named)
        refresh(store)
    return named.bitext_id


def extract_job(store: Store, arguments: Mapping[str, str], report: Callable[[str, float], None]) -> str:
    """Extracts the terms of the document `bitext_id` again, from its alignment as people left it; its id."""
    report("extracting", 0.1)
    known = known_terms(store)
    report("extracting", 0.3)
    extracted_again(store, arguments["bitext_id"], known=known)
    return arguments["bitext_id"]


JOBS: Mapping[str, Callable[[Store, Mapping[str, str], Callable[[str, float], None]], str]] = {
    "build": build_job,
    "extract": extract_job,
}


def run_job(url: str, job: Job) -> str:
    """Does one job in this process; its result. Raises: GlossaryError in one line when it cannot be done."""
    if job.kind not in JOBS:
        raise GlossaryError(unknown("job", job.kind, JOBS))
    with open_store(url, create=False) as store:

        def report(step: str, part: float) -> None:
            store.work.report(job.id, step=step, progress=part)

        return JOBS[job.kind](store, job.arguments, report)


class TooLong(Exception):
    """A job took longer than it may."""


class Worker:
    """A thread that takes jobs from a store and does each in another process, one at a time."""

    def __init__(self, url: str, *, job_seconds: float = JOB_SECONDS) -> None:
        self._url, self._job_seconds = url, job_seconds
        self._name = f"{_host()}|{os.getpid()}|{_RUN}|{uuid4().hex[:6]}"
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()  # around the pool: nobody starts one after `stop` has ended it

    def start(self) -> None:
        """Begins to work, first on what an earlier run left unfinished."""
        self._thread = threading.Thread(target=self._run, name="glossary-worker", daemon=True)
        self._thread.start()

    def stop(self, *, seconds: float = 5.0) -> None:
        """Stops; a job that is running waits again in the store and goes on at the next start."""
        self._stopping.set()
        self._end_pool()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with open_store(self._url, create=False) as store:
                    self._work(store)
            except StoreError as error:  # not made yet, or out of reach for a while: look again later
                _log.debug("%s", error)
            except Exception:  # a fault of ours must not leave every later upload waiting
                _log.exception("the worker failed and goes on")
            self._stopping.wait(IDLE_SECONDS)

    def _work(self, store: Store) -> None:
        while not self._stopping.is_set():
            store.work.requeue_lost()
            requeue_dead(store)
            job = store.work.claim_job(self._name)
            if job is None:
                self._stopping.wait(IDLE_SECONDS)
            else:
                self._do(store, job)

    def _do(self, store: Store, job: Job) -> None:
        began = monotonic()
        message, result = self._outcome(store, job)
        if self._stopping.is_set() and message:
            store.work.requeue(job.id)
            _log.info("job %s waits for the next start", job.id)
            return
        store.work.finish(job.id, message=message, result=result)
        _log.info("job %s %s after %.1f s", job.id, "failed" if message else "done", monotonic() - began)

    def _outcome(self, store: Store, job: Job) -> tuple[str, str]:
        """(message, result) of a job; the message is '' when it went well."""
        try:
            return "", self._tried(store, job)
        except TooLong:
            self._end_pool()
            return f"took longer than {self._job_seconds:.0f} s and was stopped; give smaller files", ""
        except GlossaryError as error:
            return str(error), ""
        except (BrokenExecutor, OSError, MemoryError):
            self._end_pool()
            return "the process that read the files died, probably out of memory; give smaller files", ""
        except Exception as error:  # a bug in a reader must not end the worker
            _log.exception("job %s", job.id)
            return f"unexpected {type(error).__name__}; this is a bug, please report it", ""

    def _tried(self, store: Store, job: Job) -> str:
        """What a job gives; begun again in a new process when the old one died before it began."""
        try:
            return self._awaited(store, job, self._started().submit(run_job, self._url, job))
        except BrokenExecutor:
            self._end_pool()
            now = store.work.job(job.id)
            if now is None or now.step:
                raise
            return self._awaited(store, job, self._started().submit(run_job, self._url, job))

    def _awaited(self, store: Store, job: Job, future: Future[str]) -> str:
        """What a job gives. Raises: TooLong after its time, and what the job raises."""
        last = monotonic() + self._job_seconds
        while True:
            done, _ = wait([future], timeout=BEAT_SECONDS)
            if done:
                return future.result()
            if monotonic() > last:
                raise TooLong
            with suppress(StoreError):  # somebody writes for long; the next beat will do
                store.work.beat(job.id)

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._stopping.is_set():
                raise BrokenExecutor("the worker stops")
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin)
            return self._pool

    def _end_pool(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list(getattr(pool, "_processes", None) or {}):
            with suppress(OSError, ProcessLookupError):
                os.kill(process, 9)
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """What the process that reads files does first: it ends with its parent, steps back, and takes limited memory."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)  # whoever waited for the job is gone; its transaction rolls back, another worker takes it up

    threading.Thread(target=watch, name="parent", daemon=True).start()
    with suppress(ImportError, OSError, ValueError):  # not on Windows; a stricter limit may be set already
        import resource

        os.nice(NICENESS)
        resource.setrlimit(resource.RLIMIT_AS, (JOB_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


def requeue_dead(store: Store) -> int:
    """Lets jobs of this machine's dead processes wait again; how many there were."""
    limit = (datetime.now(UTC) - timedelta(seconds=DEAD_SECONDS)).isoformat(timespec="microseconds")
    dead = [j for j in store.work.jobs() if j.state == "running" and j.changed < limit and _is_dead(j.worker)]
    for job in dead:
        with suppress(StoreError):  # another worker was first
            store.work.requeue(job.id)
    return len(dead)


def _is_dead(worker: str) -> bool:
    """Whether a worker's process ran on this machine and does no longer; False in doubt."""
    host, _, rest = worker.partition("|")
    number, _, run = rest.partition("|")
    if host != _host() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return not run.startswith(_RUN)
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _host() -> str:
    return socket.gethostname().replace("|", "-")
