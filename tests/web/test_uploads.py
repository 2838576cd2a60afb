"""Uploads: who may, what is refused, where the files go."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from glossary.store import open_store
from glossary.worker import build_job
from tests.web.people import Visitor, app_fixture, logged_in

app = app_fixture("function")


def file(text: str, name: str) -> tuple[BytesIO, str]:
    return BytesIO(text.encode()), name


def jobs(app: Flask) -> list[dict[str, str]]:
    with open_store(app.extensions["settings"].store) as store:
        return [dict(job.arguments) for job in store.work.jobs()]


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("contributor", 303), ("editor", 303)])
def test_contributors_may_upload_and_readers_may_not(app: Flask, role: str, status: int) -> None:
    answer = logged_in(app, role).post("/documents", source=file("A cat.", "a.txt"), kind="one")
    assert answer.status_code == status
    assert len(jobs(app)) == (status == 303)


def test_a_visitor_and_a_form_without_its_token_are_refused(app: Flask) -> None:
    assert Visitor(app).post("/documents", "/login", kind="one").status_code in (401, 413)
    form = {"source": file("A cat.", "a.txt"), "kind": "one"}
    assert logged_in(app, "editor").client.post("/documents", data=form).status_code == 400
    assert jobs(app) == []


def test_a_name_with_a_path_leaves_the_folder_alone(app: Flask) -> None:
    logged_in(app, "editor").post("/documents", source=file("A cat.", "../../../evil.txt"), kind="one")
    (job,) = jobs(app)
    assert job["source_name"] == "evil.txt"
    assert Path(job["source"]).parent == Path(f"{app.extensions['settings'].store}.uploads")
    assert len(Path(job["source"]).stem) == 64


def test_too_large_and_unknown_files_are_refused(app: Flask) -> None:
    visitor = logged_in(app, "editor")
    assert visitor.post("/documents", source=file("x", "a.exe"), kind="one").status_code == 400
    large = {"data": bytes(50_000_000), "content_type": "multipart/form-data; boundary=x"}
    assert visitor.client.post("/documents", **large).status_code == 413
    assert jobs(app) == []


def test_the_page_shows_what_waits_and_what_failed(app: Flask) -> None:
    visitor = logged_in(app, "editor")
    visitor.post("/documents", source=file("A cat.", "a.docx"), kind="one")
    assert "Waiting" in visitor.get("/documents").text
    with open_store(app.extensions["settings"].store) as store:
        job = store.work.claim_job("w")
        assert job is not None
        store.work.finish(job.id, message="a.docx: no Word document")
    page = visitor.get("/documents").text
    assert "no Word document" in page
    visitor.post(f"/documents/jobs/{job.id}/retry")
    assert "Waiting" in visitor.get("/documents").text
    assert "a.docx" not in Visitor(app).get("/documents").text


def test_the_document_keeps_the_names_of_the_upload(app: Flask) -> None:
    form = {"source": file("The cat sleeps.", "cat.en.txt"), "target": file("貓在睡覺。", "cat.zh-Hant.txt")}
    logged_in(app, "editor").post("/documents", kind="pair", **form)
    with open_store(app.extensions["settings"].store) as store:
        made = store.extraction(build_job(store, jobs(app)[0], lambda step, part: None))
    assert made is not None
    assert (made.source.uri, made.target.uri, made.bitext.target_lang) == ("cat.en.txt", "cat.zh-Hant.txt", "zh-Hant")
