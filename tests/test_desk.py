"""Editing an alignment in a termbase, undo over sessions, and background jobs on real files."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from glossary.alignment import AlignmentEdit, replay
from glossary.desk import edited, extracted_again, open_desk, redone, steps, undone
from glossary.errors import AlignmentError, StoreConflict
from glossary.pipeline import build
from glossary.store import Job, Store, open_store
from glossary.terms import extract_terms
from glossary.worker import Worker, requeue_dead
from tests.conftest import Built, copy_store


@pytest.fixture
def url(built: Built, tmp_path: Path) -> str:
    copy_store(built.store, tmp_path / "terms.db")
    return str(tmp_path / "terms.db")


def first_document(store: Store) -> str:
    return store.documents()[0].bitext_id


def test_edits_are_kept_and_undone_over_sessions(url: str) -> None:
    with open_store(url) as store:
        name = first_document(store)
        before = open_desk(store, name)
        after = edited(store, name, AlignmentEdit("merge", 0), who="mei", expected=0)
        assert len(after.extraction.bitext.beads) == len(before.extraction.bitext.beads) - 1
    with open_store(url) as store:
        desk = open_desk(store, name)
        assert desk.can_undo == AlignmentEdit("merge", 0)
        assert desk.can_redo is None
        back = undone(store, name, expected=desk.version)
        assert back.extraction.bitext == before.extraction.bitext
        again = redone(store, name, expected=back.version)
        assert again.extraction == after.extraction
        with pytest.raises(AlignmentError, match="nothing to redo"):
            redone(store, name, expected=again.version)


def test_an_edit_after_undo_forgets_what_was_undone(url: str) -> None:
    with open_store(url) as store:
        name = first_document(store)
        desk = edited(store, name, AlignmentEdit("merge", 0), who="mei", expected=0)
        desk = undone(store, name, expected=desk.version)
        desk = edited(store, name, AlignmentEdit("check", 1), who="mei", expected=desk.version)
        assert desk.can_redo is None
        assert [json.loads(e.edit)["op"] for e in desk.log.edits] == ["check"]


def test_someone_elses_change_is_not_overwritten(url: str) -> None:
    with open_store(url) as store:
        name = first_document(store)
        edited(store, name, AlignmentEdit("check", 0), who="mei", expected=0)
        with pytest.raises(StoreConflict):
            edited(store, name, AlignmentEdit("check", 1), who="an", expected=0)


def test_extracting_again_uses_the_edited_alignment(url: str) -> None:
    with open_store(url) as store:
        name = first_document(store)
        desk = open_desk(store, name)
        linked = [n for n, bead in enumerate(desk.extraction.bitext.beads) if not bead.is_null]
        for done, number in enumerate(linked):
            desk = edited(store, name, AlignmentEdit("unlink", number + done), who="mei", expected=desk.version)
        extracted_again(store, name)
        extraction = store.extraction(name)
        assert extraction is not None
        assert all(not c.target for c in extraction.candidates)


def test_what_changes_while_terms_are_extracted_is_kept(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(url) as store:
        name = first_document(store)

        def slow(*args: Any, **more: Any) -> Any:
            edited(store, name, AlignmentEdit("merge", 0), who="mei", expected=0)
            return extract_terms(*args, **more)

        monkeypatch.setattr("glossary.desk.extract_terms", slow)
        extracted_again(store, name)
        desk = open_desk(store, name)
        assert desk.can_undo == AlignmentEdit("merge", 0)
        texts = (desk.extraction.source.text, desk.extraction.target.text)
        assert desk.extraction.bitext == replay(desk.log.base, [AlignmentEdit("merge", 0)], texts)
        beads = desk.extraction.bitext.beads
        source = desk.extraction.bitext.source
        for place in (o for c in desk.extraction.candidates for o in c.occurrences):
            if place.bead is not None and place.source is not None:
                where = beads[place.bead].source
                assert source[where.start].start <= place.source[0] < place.source[1] <= source[where.stop - 1].end


def test_the_steps_tell_who_did_what_and_how_it_looked(url: str) -> None:
    with open_store(url) as store:
        name = first_document(store)
        desk = edited(store, name, AlignmentEdit("merge", 0), who="mei", expected=0)
        desk = edited(store, name, AlignmentEdit("check", 2), who="an", expected=desk.version)
        first, second = steps(desk)
        assert (first.who, first.edit.op, second.who, second.edit.op) == ("mei", "merge", "an", "check")
        assert first.before == desk.log.base
        assert first.after == second.before
        assert second.after == desk.extraction.bitext
        assert steps(desk, since=first.when) == (second,)


def test_a_rebuild_keeps_what_people_aligned(tmp_path: Path, root: Path) -> None:
    shutil.copy(root / "seeds/tea-garden.txt", tmp_path)
    with open_store(str(tmp_path / "t.db")) as store:
        assert build([tmp_path / "tea-garden.txt"], store).failures == ()
        name = first_document(store)
        desk = edited(store, name, AlignmentEdit("merge", 0), who="mei", expected=0)
        build([tmp_path / "tea-garden.txt"], store)
        assert store.extraction(name) == desk.extraction


def finished(store: Store, job: Job, seconds: float = 60) -> Job:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        found = store.work.job(job.id)
        assert found is not None
        if found.state in ("done", "failed"):
            return found
        time.sleep(0.1)
    raise AssertionError("the job did not end")


def test_a_worker_does_jobs_and_survives_bad_ones(tmp_path: Path, root: Path) -> None:
    url = str(tmp_path / "t.db")
    (tmp_path / "empty.txt").touch()
    with open_store(url) as store:
        bad = store.work.add_job("build", {"source": str(tmp_path / "empty.txt")}, who="mei")
        odd = store.work.add_job("fly", {}, who="mei")
        good = store.work.add_job("build", {"source": str(root / "seeds/tea-garden.txt")}, who="mei")
        worker = Worker(url)
        worker.start()
        try:
            assert "empty" in finished(store, bad).message
            assert "Unknown job" in finished(store, odd).message
            done = finished(store, good)
            again = store.work.add_job("extract", {"bitext_id": done.result}, who="mei")
            assert (finished(store, again).message, finished(store, again).result) == ("", done.result)
            gone = store.work.add_job("extract", {"bitext_id": "nothing"}, who="mei")
            assert "no document" in finished(store, gone).message
        finally:
            worker.stop()
        assert done.message == ""
        assert store.extraction(done.result) is not None
        assert store.count() > 10


def test_jobs_of_a_dead_process_wait_again_at_once_and_others_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glossary.worker.DEAD_SECONDS", 0.0)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    here = socket.gethostname()
    workers = {
        f"{here}|{ended.pid}|abc|1": True,
        f"{here}|{os.getpid()}|another start of this number|1": True,
        Worker("x")._name: False,
        f"elsewhere|{ended.pid}|abc|1": False,
    }
    with open_store(str(tmp_path / "t.db")) as store:
        for worker in workers:
            store.work.add_job("build", {}, who="mei")
            assert store.work.claim_job(worker) is not None
        assert requeue_dead(store) == 2
        running = {job.worker for job in store.work.jobs() if job.state == "running"}
    assert running == {worker for worker, dead in workers.items() if not dead}


def test_a_job_that_takes_too_long_fails_and_the_next_is_begun(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glossary.worker.BEAT_SECONDS", 0.01)  # sooner than a process can start
    url = str(tmp_path / "t.db")
    with open_store(url) as store:
        source = {"source": str(root / "seeds/tea-garden.txt")}
        jobs = [store.work.add_job("build", source, who="mei") for _ in range(2)]
        worker = Worker(url, job_seconds=-1)
        worker.start()
        try:
            ended = [finished(store, job) for job in jobs]
        finally:
            worker.stop()
        assert [job.state for job in ended] == ["failed", "failed"]
        assert all("took longer" in job.message for job in ended)
