"""Changes of alignments and background jobs, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from glossary.datamodel import Extraction
from glossary.errors import StoreConflict, StoreError
from glossary.store import Store

MakeExtraction = Callable[..., Extraction]


@pytest.fixture
def document(store: Store, extraction: MakeExtraction) -> Extraction:
    made = extraction()
    store.put(made)
    return made


def test_an_alignment_nobody_changed_has_an_empty_log(store: Store, document: Extraction) -> None:
    log = store.work.alignment_log(document)
    assert (log.base, log.edits, log.done, log.version) == (document.bitext, (), 0, 0)
    assert not store.work.is_edited(document)


def test_a_changed_alignment_comes_back_with_its_history(store: Store, document: Extraction) -> None:
    log = store.work.alignment_log(document).with_edit('{"op": "merge", "bead": 0}', "mei")
    store.work.put_alignment(document, log, expected=0)
    found = store.work.alignment_log(document)
    assert found.version == 1
    assert [(e.edit, e.who) for e in found.edits] == [('{"op": "merge", "bead": 0}', "mei")]
    assert store.work.is_edited(document)
    assert store.extraction(document.bitext_id) == document


def test_two_editors_do_not_overwrite_each_other(store: Store, document: Extraction) -> None:
    log = store.work.alignment_log(document).with_edit('{"op": "check"}', "mei")
    store.work.put_alignment(document, log, expected=0)
    with pytest.raises(StoreConflict):
        store.work.put_alignment(document, log, expected=0)


def test_changes_of_other_texts_do_not_count(store: Store, document: Extraction, extraction: MakeExtraction) -> None:
    log = store.work.alignment_log(document).with_edit('{"op": "check"}', "mei")
    store.work.put_alignment(document, log, expected=0)
    other = extraction(target="別的。文字！")
    assert not store.work.is_edited(other)
    assert store.work.alignment_log(other).edits == ()


def test_a_change_to_a_document_that_is_gone_is_refused(store: Store, document: Extraction) -> None:
    log = store.work.alignment_log(document).with_edit('{"op": "check"}', "mei")
    store.remove(document.bitext_id)
    with pytest.raises(StoreError, match="no document"):
        store.work.put_alignment(document, log, expected=0)


def test_jobs_are_taken_in_order_and_by_one_worker_only(store: Store) -> None:
    first = store.work.add_job("build", {"source": "a"}, who="mei")
    second = store.work.add_job("build", {"source": "b"}, who="mei")
    taken = [store.work.claim_job("w1"), store.work.claim_job("w2"), store.work.claim_job("w3")]
    assert [t and t.id for t in taken] == [first.id, second.id, None]
    assert taken[0] is not None
    assert dict(taken[0].arguments) == {"source": "a"}


def test_a_job_reports_and_ends(store: Store) -> None:
    job = store.work.add_job("build", {}, who="mei")
    with pytest.raises(StoreError, match="no running job"):
        store.work.report(job.id, step="aligning", progress=0.5)
    store.work.claim_job("w")
    store.work.report(job.id, step="aligning", progress=0.5)
    found = store.work.job(job.id)
    assert found is not None
    assert (found.step, found.progress) == ("aligning", 0.5)
    assert not store.work.forget_job(job.id)
    store.work.finish(job.id, message="no text in it")
    assert [j.state for j in store.work.jobs()] == ["failed"]
    store.work.retry(job.id)
    assert [j.state for j in store.work.jobs()] == ["queued"]


def test_a_job_whose_worker_is_silent_waits_again(store: Store) -> None:
    store.work.add_job("build", {}, who="mei")
    store.work.claim_job("w")
    assert store.work.requeue_lost() == 0
    assert store.work.requeue_lost(silent_seconds=-1) == 1
    assert store.work.claim_job("w2") is not None


def test_ended_jobs_can_be_taken_off_the_list(store: Store) -> None:
    job = store.work.add_job("build", {}, who="mei")
    store.work.claim_job("w")
    store.work.finish(job.id, result="abc")
    assert store.work.forget_job(job.id)
    assert store.work.jobs() == ()
    assert store.work.job(job.id) is None
