"""Many documents: a list of file pairs aligned into a folder, by several processes if wanted, one failure never all."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from glossary.errors import AlignmentError, GlossaryError
from glossary.exchange import write_bitext
from glossary.pipeline import Options, align_files


@dataclass(frozen=True, slots=True)
class Job:
    """One line of a batch list."""

    source: Path
    target: Path
    output: Path
    format: str
    options: Options


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job; `message` is '' when its output was written."""

    job: Job
    message: str = ""


def read_list(path: Path, out_dir: Path, format: str, options: Options) -> list[Job]:
    """The jobs of a TSV `source<TAB>target`; outputs are named after the source's stem.

    A relative path is looked for beside the list first, then in the working folder. Blank lines are left out.

    Raises: AlignmentError with file and line for a malformed line, or two sources that would share an output.
    """
    jobs: list[Job] = []
    outputs: dict[Path, int] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != 2 or not all(c.strip() for c in cells):
            raise AlignmentError(f"{path}:{number}: needs two paths with a tab between them")
        source, target = (_found(path.parent, c.strip()) for c in cells)
        output = out_dir / f"{source.stem}.{format}"
        if output in outputs:
            raise AlignmentError(f"{path}:{number}: {output} is already the output of line {outputs[output]}")
        outputs[output] = number
        jobs.append(Job(source, target, output, format, options))
    return jobs


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise AlignmentError(f"{path}: not UTF-8 (byte {error.start}); a list holds two paths a line") from None
    except OSError as error:
        raise AlignmentError(f"{path}: cannot be read as a list of files: {error.strerror or error}") from error
    return text.replace("\r\n", "\n").split("\n")


def _found(folder: Path, name: str) -> Path:
    beside = folder / name
    return beside if beside.exists() else Path(name)


def run(jobs: Sequence[Job], *, workers: int = 1) -> Iterator[Outcome]:
    """Outcomes in the order of the jobs. Start-up is paid once a process."""
    if workers <= 1 or len(jobs) <= 1:
        yield from map(run_job, jobs)
        return
    with ProcessPoolExecutor(min(workers, len(jobs)), initializer=_leave_interrupts_to_the_parent) as pool:
        try:
            for job, future in [(job, pool.submit(run_job, job)) for job in jobs]:
                yield _outcome(job, future)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _outcome(job: Job, future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(job, f"{job.source}: a process ended early, perhaps out of memory; give fewer --jobs")


def run_job(job: Job) -> Outcome:
    """Align one pair and write it; an error becomes a message."""
    try:
        job.output.parent.mkdir(parents=True, exist_ok=True)
        aligned = align_files(job.source, job.target, job.options)
        uris = {"source_uri": aligned.source.uri, "target_uri": aligned.target.uri}
        write_bitext(aligned.bitext, job.format, job.output, **uris)
    except GlossaryError as error:
        return Outcome(job, str(error))
    except OSError as error:
        return Outcome(job, f"{error.filename or job.output}: {error.strerror or error}")
    except MemoryError:
        return Outcome(job, f"{job.source}: out of memory; give a smaller file or fewer --jobs")
    return Outcome(job)
