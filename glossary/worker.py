"""Background jobs of a termbase: uploaded documents are read, aligned, extracted and stored in a process of their own.

    worker = Worker("terms.db"); worker.start(); ...; worker.stop()

Jobs are kept in the store: whatever was waiting or running when the program ended goes on at the next start. A job that
takes longer than `JOB_SECONDS`, or whose process dies, fails with one line; the worker goes on with the next.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from uuid import uuid4

from glossary.datamodel import Extraction, upload_id
from glossary.desk import extracted_again
from glossary.documents import DocumentPair
from glossary.errors import GlossaryError, StoreError, unknown
from glossary.pipeline import Options, extract_pair, known_terms, refresh
from glossary.store import Job, Store, open_store

JOB_SECONDS = 900.0
"""The longest a job may take: a book of 70,000 sentences takes 3 minutes to align."""

BEAT_SECONDS = 5.0
"""How often a running job says that it lives."""

IDLE_SECONDS = 1.0
"""How often a worker without work looks for some."""


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
    report("aligning", 0.1)
    names = (arguments.get("source_name", ""), arguments.get("target_name", ""))
    pair = DocumentPair(Path(arguments["source"]), Path(target) if target else None, *names)
    made = extract_pair(pair, options)
    report("storing", 0.8)
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


class Worker:
    """A thread that takes jobs from a store and does each in another process, one at a time."""

    def __init__(self, url: str, *, job_seconds: float = JOB_SECONDS) -> None:
        self._url, self._job_seconds = url, job_seconds
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._pool: ProcessPoolExecutor | None = None

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
            with suppress(StoreError), open_store(self._url, create=False) as store:  # not made yet: look again later
                self._work(store)
            self._stopping.wait(IDLE_SECONDS)

    def _work(self, store: Store) -> None:
        while not self._stopping.is_set():
            with suppress(StoreError):  # locked or out of reach for a while: look again later
                store.work.requeue_lost()
                job = store.work.claim_job(self._name)
                if job is not None:
                    self._do(store, job)
                    continue
            self._stopping.wait(IDLE_SECONDS)

    def _do(self, store: Store, job: Job) -> None:
        future = self._started().submit(run_job, self._url, job)
        message, result = self._awaited(store, job, future)
        if self._stopping.is_set() and message:
            store.work.requeue(job.id)
            return
        store.work.finish(job.id, message=message, result=result)

    def _awaited(self, store: Store, job: Job, future: Future[str]) -> tuple[str, str]:
        """(message, result) of a job; the message is '' when it went well."""
        last = monotonic() + self._job_seconds
        while True:
            try:
                return "", future.result(timeout=BEAT_SECONDS)
            except TooLong:
                store.work.beat(job.id)
                if monotonic() > last:
                    self._end_pool()
                    return f"took longer than {self._job_seconds:.0f} s and was stopped; give smaller files", ""
            except GlossaryError as error:
                return str(error), ""
            except (BrokenExecutor, OSError, MemoryError):
                self._end_pool()
                return "the process that read the files died, probably out of memory; give smaller files", ""
            except Exception as error:  # a bug in a reader must not end the worker
                return f"unexpected {type(error).__name__}; this is a bug, please report it", ""

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        return self._pool

    def _end_pool(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in list(getattr(pool, "_processes", None) or {}):
            with suppress(OSError, ProcessLookupError):
                os.kill(process, 9)
        pool.shutdown(wait=False, cancel_futures=True)
