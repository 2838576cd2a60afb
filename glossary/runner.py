"""Many documents: a list of file pairs aligned into a folder, by several processes if wanted, one failure never all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
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

    Raises: AlignmentError with file and line for a malformed line, or two sources that would share an output.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AlignmentError(f"{path}: cannot be read as a list of files: {error}") from error
    jobs: list[Job] = []
    outputs: dict[Path, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != 2 or not all(c.strip() for c in cells):
            raise AlignmentError(f"{path}:{number}: needs two paths with a tab between them")
        source, target = (path.parent / c.strip() for c in cells)
        output = out_dir / f"{source.stem}.{format}"
        if output in outputs:
            raise AlignmentError(f"{path}:{number}: {output} is already the output of line {outputs[output]}")
        outputs[output] = number
        jobs.append(Job(source, target, output, format, options))
    return jobs


def run(jobs: Iterable[Job], *, workers: int = 1) -> Iterator[Outcome]:
    """Outcomes in the order of the jobs. Start-up is paid once a process."""
    if workers <= 1:
        yield from map(run_job, jobs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(run_job, jobs)


def run_job(job: Job) -> Outcome:
    """Align one pair and write it; an error becomes a message."""
    try:
        job.output.parent.mkdir(parents=True, exist_ok=True)
        aligned = align_files(job.source, job.target, job.options)
        uris = {"source_uri": aligned.source.uri, "target_uri": aligned.target.uri}
        write_bitext(aligned.bitext, job.format, job.output, **uris)
    except (GlossaryError, OSError) as error:
        return Outcome(job, str(error))
    return Outcome(job)
