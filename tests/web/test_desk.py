"""The alignment editor through its forms: every operation, who may, stale forms, hostile values, files, jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from io import BytesIO
from xml.etree import ElementTree

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from glossary.alignment import AlignmentEdit
from glossary.datamodel import Extraction
from glossary.desk import edited
from glossary.store import Store
from glossary.worker import extract_job
from tests.web.desks import START, desk_of, hidden, send, shape
from tests.web.people import Visitor, app_fixture, kept_as_it_was, logged_in

HX = {"HX-Request": "true"}


app = app_fixture("module")


@pytest.fixture(autouse=True)
def stored(app: Flask) -> Iterator[Store]:
    """The store behind the app; what a test changed is taken back."""
    with kept_as_it_was(app) as store:
        yield store


@pytest.fixture
def address(documents: dict[str, str]) -> str:
    return f"/documents/{documents['harrow']}"


OPERATIONS = [
    ({"op": "merge", "bead": "0-1.0-1"}, "1–2 ↔ 1–3, 3–4 ↔ 4"),
    ({"op": "split", "t": "3"}, "1 ↔ 1, 2 ↔ 2, – ↔ 3, 3–4 ↔ 4"),
    ({"op": "up", "t": "2"}, "1 ↔ 1–2, 2 ↔ 3, 3–4 ↔ 4"),
    ({"op": "down", "s": "4"}, "3 ↔ 4, 4–5 ↔ 5, 6 ↔ –"),
    ({"op": "link", "bead": ["9-10.8-9", "10-10.9-10"]}, "9 ↔ 8, 10 ↔ 9–10"),
    ({"op": "unlink", "bead": "8-9.7-8"}, "8 ↔ 7, 9 ↔ –, – ↔ 8, 10 ↔ 9"),
    ({"op": "none", "s": "8"}, "7 ↔ 6, 8 ↔ –, – ↔ 7, 9 ↔ 8"),
    ({"op": "check", "bead": "7-8.6-7"}, START),
    ({"op": "cut t1 4"}, "1 ↔ 1–2, 2 ↔ 3–4, 3–4 ↔ 5"),
    ({"op": "join", "t": "2"}, "1 ↔ 1, 2 ↔ 2, 3–4 ↔ 3"),
]


@pytest.mark.parametrize(("fields", "wanted"), OPERATIONS, ids=lambda v: v["op"] if isinstance(v, dict) else "")
def test_each_operation_is_saved_undone_and_redone(
    app: Flask, stored: Store, address: str, fields: dict[str, object], wanted: str
) -> None:
    editor = logged_in(app)
    answer = send(editor, address, **fields)  # type: ignore[arg-type]
    assert answer.status_code == 303
    assert re.fullmatch(rf"{address}\?at=\d+#at", answer.headers["Location"])
    changed = desk_of(stored, address)
    assert wanted in shape(changed)
    assert changed.log.edits[0].who == "editor"
    assert send(editor, address, "undo").status_code == 303
    assert shape(desk_of(stored, address)) == START
    assert send(editor, address, "redo").status_code == 303
    assert desk_of(stored, address).extraction == changed.extraction


def test_with_scripts_the_form_alone_comes_back_and_says_what_was_done(app: Flask, address: str) -> None:
    editor = logged_in(app)
    seen = hidden(editor.get(address).text)
    answer = editor.client.post(address, data={**seen, "op": "merge", "here": "9-10.8-9"}, headers=HX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<form class="page page--wide align desk" id="desk"')
    assert 'data-say="Merged: 10 ↔ 9–10"' in answer.text
    assert 'title="Undo: Merged"' in answer.text
    assert answer.headers["HX-Replace-Url"] == f"{address}?at=9"
    assert answer.text.count('id="at"') == 1
    assert '<li class="bead" id="r10-9" data-c="checked" tabindex="0">' in answer.text


def test_a_checked_bead_is_no_longer_doubtful(app: Flask, address: str) -> None:
    editor = logged_in(app)
    assert f'href="{address}?at=7#at" data-jump="next"' in editor.get(address).text
    send(editor, address, "check", bead=["7-8.6-7", "9-10.8-9"])
    page = editor.get(address).text
    assert "No doubtful beads left" in page
    assert "2 checked" in page


def test_the_next_doubtful_bead_comes_after_the_one_that_is_shown(app: Flask, address: str) -> None:
    editor = logged_in(app)
    page = editor.get(f"{address}?at=7").text
    assert f'href="{address}?at=9#at" data-jump="next"' in page
    assert f'href="{address}?at=9#at" data-jump="previous"' in page
    assert f'href="{address}?at=7#at" data-jump="next"' in editor.get(f"{address}?at=9").text


@pytest.mark.parametrize(
    ("role", "status"), [("reader", 403), ("contributor", 403), ("editor", 303), ("admin", 303), ("hant", 303)]
)
@pytest.mark.parametrize("op", ["merge", "cut s1 2", "undo", "extract", "stay"])
def test_editors_may_and_others_may_not(
    app: Flask, stored: Store, address: str, role: str, status: int, op: str
) -> None:
    edited(stored, address[11:], AlignmentEdit("check", 3), who="admin", expected=0)
    before = desk_of(stored, address)
    seen = hidden(logged_in(app).get(address).text)
    visitor = logged_in(app, role)
    page = visitor.get(address)
    assert page.status_code == 200
    assert ('name="op"' in page.text) == (status == 303)
    fields = {"csrf_token": visitor.token("/account"), "op": op, "bead": "0-1.0-1"}
    assert visitor.client.post(address, data={**seen, **fields}).status_code == status
    if status == 403:
        assert desk_of(stored, address) == before
        assert stored.work.jobs() == ()


def test_a_right_in_another_language_is_not_enough(app: Flask, stored: Store, documents: dict[str, str]) -> None:
    address = f"/documents/{documents['handbook']}"
    seen = hidden(logged_in(app).get(address).text)
    hant = logged_in(app, "hant")
    assert 'name="op"' not in hant.get(address).text
    answer = hant.client.post(address, data={**seen, "csrf_token": hant.token("/account"), "op": "merge", "s": "1"})
    assert answer.status_code == 403
    assert desk_of(stored, address).version == 0


def test_visitors_read_and_a_form_without_its_token_is_refused(app: Flask, stored: Store, address: str) -> None:
    assert 'name="op"' not in Visitor(app).get(address).text
    assert "desk.js" not in Visitor(app).get(address).text
    assert Visitor(app).post(address, "/login", op="merge").status_code == 401
    editor = logged_in(app)
    seen = hidden(editor.get(address).text)
    seen.pop("csrf_token")
    assert editor.client.post(address, data={**seen, "op": "merge", "s": "1"}).status_code == 400
    assert editor.get(f"{address}/terms").status_code == 200
    assert Visitor(app).get(f"{address}/terms").status_code == 303
    assert logged_in(app, "reader").get(f"{address}/terms").status_code == 403
    assert desk_of(stored, address).version == 0


def test_two_editors_on_one_page_overwrite_nothing(app: Flask, stored: Store, address: str) -> None:
    first, second = logged_in(app), logged_in(app, "admin")
    old = first.get(address).text
    assert send(second, address, "merge", bead="0-1.0-1").status_code == 303
    answer = send(first, address, "check", old, bead="7-8.6-7")
    assert answer.status_code == 409
    assert "Your change was not made." in answer.text
    assert re.search(r"<li>admin <time[^>]*>[\d:]+ UTC</time> Merged: 1–2 ↔ 1–3</li>", answer.text)
    assert desk_of(stored, address).version == 1
    assert 'value="7-8.6-7" data-label="8 ↔ 7" checked' in answer.text
    assert '<button class="key" name="op" value="check">Use mine</button>' in answer.text
    assert send(first, address, "check", answer.text, bead="7-8.6-7").status_code == 303
    assert [e.who for e in desk_of(stored, address).log.edits] == ["admin", "editor"]


def test_of_many_at_once_one_change_is_made_and_the_others_are_told(app: Flask, stored: Store, address: str) -> None:
    editor = logged_in(app)
    seen = hidden(editor.get(address).text)
    cookies = "; ".join(f"{c.key}={c.value}" for c in editor.client._cookies.values())

    def press(number: int) -> int:
        client = app.test_client(use_cookies=False)
        fields = {**seen, "op": "check", "s": str(number)}
        return client.post(address, data=fields, headers={"Cookie": cookies}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(press, range(1, 9)))
    assert sorted(answers) == [303] + [409] * 7
    desk = desk_of(stored, address)
    assert (desk.version, desk.log.done) == (1, 1)
    assert sum("checked" in bead.evidence for bead in desk.extraction.bitext.beads) == 1


def test_undo_on_a_stale_page_takes_nothing_back(app: Flask, stored: Store, address: str) -> None:
    first, second = logged_in(app), logged_in(app, "admin")
    send(first, address, "check", bead="0-1.0-1")
    old = first.get(address).text
    send(second, address, "merge", bead="0-1.0-1")
    assert send(first, address, "undo", old).status_code == 409
    assert desk_of(stored, address).log.done == 2


def test_a_document_that_was_read_anew_makes_a_page_stale(app: Flask, stored: Store, address: str) -> None:
    from dataclasses import replace

    editor = logged_in(app)
    old = editor.get(address).text
    extraction = desk_of(stored, address).extraction
    fewer = replace(extraction.bitext, beads=extraction.bitext.beads[:-1], target=extraction.bitext.target[:-1])
    stored.put(replace(extraction, bitext=fewer))
    answer = editor.client.post(address, data={**hidden(old), "op": "merge", "bead": "0-1.0-1"}, headers=HX)
    assert answer.status_code == 409
    assert 'id="desk"' in answer.text
    assert desk_of(stored, address).version == 0


def test_a_bead_that_is_no_more_is_told_even_when_the_version_fits(app: Flask, stored: Store, address: str) -> None:
    assert send(logged_in(app), address, "merge", bead="0-2.0-1").status_code == 409
    assert desk_of(stored, address).version == 0


def test_what_cannot_be_done_is_told_and_keeps_what_is_selected(app: Flask, stored: Store, address: str) -> None:
    editor = logged_in(app)
    answer = send(editor, address, "merge", bead=["0-1.0-1", "2-4.3-4"])
    assert answer.status_code == 422
    assert "Only beads that stand next to each other can become one." in answer.text
    assert 'value="2-4.3-4" data-label="3–4 ↔ 4" checked' in answer.text
    seen = hidden(answer.text)
    part = editor.client.post(address, data={**seen, "op": "up", "bead": "0-1.0-1"}, headers=HX)
    assert (part.status_code, "Select one sentence first" in part.text) == (200, True)
    for op in ("undo", "redo", "merge"):
        assert send(editor, address, op).status_code == 422
    assert send(editor, address, "cut s1 0").status_code == 422
    assert send(editor, address, "cut s1 999999").status_code == 422
    assert desk_of(stored, address).version == 0


HOSTILE = [
    {"op": "drop table", "s": "1"}, {"op": "merge", "bead": "<script>alert(1)</script>"}, {"op": "check", "s": "1e9"},
    {"op": "merge", "bead": "'; --"}, {"op": "check", "focus": "s1\r\nA: b"}, {"op": "merge", "here": "../../x"},
    {"op": "x" * 100_000, "s": "1"}, {"op": "check", "bead": ["0-1.0-1"] * 3000},
]  # fmt: skip


@pytest.mark.parametrize("fields", HOSTILE, ids=lambda f: str(f)[:40])
def test_hostile_fields_are_refused(app: Flask, stored: Store, address: str, fields: dict[str, object]) -> None:
    answer = send(logged_in(app), address, **fields)  # type: ignore[arg-type]
    assert answer.status_code in (400, 413)
    assert "<script>alert" not in answer.text
    assert desk_of(stored, address).version == 0


def test_hostile_versions_and_moments_are_stale_and_show_nothing(app: Flask, stored: Store, address: str) -> None:
    editor = logged_in(app)
    for version in ("", "999", "<script>alert(1)</script>", "0-" + "f" * 16, "-1"):
        answer = send(editor, address, "merge", version=version, seen="<script>alert(1)</script>", bead="0-1.0-1")
        assert answer.status_code == 409
        assert "<script>alert" not in answer.text
    assert desk_of(stored, address).version == 0


@pytest.mark.parametrize("query", ["at=0", "at=-1", "at=x", "at=99999999999", "page=2", "page=0", "at=%3Cscript%3E"])
def test_places_that_do_not_exist_are_not_found(app: Flask, address: str, query: str) -> None:
    assert logged_in(app).get(f"{address}?{query}").status_code == 404


@pytest.mark.parametrize("cut", ["", "s", "s0", "s99", "x1", "t1<script>", "s9999999999999"])
def test_a_cut_that_makes_no_sense_shows_the_page(app: Flask, address: str, cut: str) -> None:
    page = logged_in(app).get(address, query_string={"at": 1, "cut": cut})
    assert page.status_code == 200
    assert 'class="cutting"' not in page.text


def test_a_bead_after_the_last_shows_the_last(app: Flask, address: str) -> None:
    page = logged_in(app).get(f"{address}?at=500").text
    assert '<li class="bead" id="r11-10" data-c="null" tabindex="0">' in page


def test_markup_in_a_sentence_stays_text(app: Flask, stored: Store, address: str) -> None:
    from dataclasses import replace

    bad = "<img src=x onerror=alert(1)>"
    extraction = desk_of(stored, address).extraction
    first = replace(extraction.bitext.source[0], text=bad, end=len(bad))
    evil = replace(extraction, bitext=replace(extraction.bitext, source=(first, *extraction.bitext.source[1:])))
    stored.put(evil)
    for query in ("", "?at=1&cut=s1"):
        assert "<img" not in logged_in(app).get(address + query).text


def test_a_sentence_is_cut_without_scripts(app: Flask, stored: Store, address: str) -> None:
    editor = logged_in(app)
    answer = send(editor, address, "break", s="2")
    assert answer.headers["Location"] == f"{address}?at=2&cut=s2#at"
    page = editor.get(f"{address}?at=2&cut=s2").text
    assert hidden(page)["here"] == "1-2.1-3"
    before_a = next(
        unescape(v) for v, word in re.findall(r'value="(cut [^"]+)"[^>]*>([^<]*)</button>', page) if word == "a "
    )
    assert send(editor, address, before_a, page).status_code == 303
    texts = [s.text for s in desk_of(stored, address).extraction.bitext.source[1:3]]
    assert texts == [
        "The library at Harrow Bridge has two cats and, since March,",
        "a ledger that nobody can quietly rewrite.",
    ]


def test_enter_in_a_box_presses_no_command(app: Flask, address: str) -> None:
    form = logged_in(app).get(address).text.split('id="desk"')[1]
    assert re.search(r"<button[^>]*>", form)[0] == "<button disabled hidden>"  # type: ignore[index]


def test_terms_are_extracted_again_by_one_job(app: Flask, stored: Store, address: str) -> None:
    editor = logged_in(app)
    send(editor, address, "unlink", bead="8-9.7-8")
    for _ in range(2):
        assert send(editor, address, "extract").status_code == 303
    (job,) = stored.work.jobs()
    assert (job.kind, dict(job.arguments), job.who) == ("extract", {"bitext_id": address[11:]}, "editor")
    waiting = editor.get(f"{address}/terms").text
    assert 'hx-trigger="every 2s"' in waiting
    assert "<progress" in waiting
    claimed = stored.work.claim_job("w")
    assert claimed is not None
    steps: list[float] = []
    stored.work.finish(job.id, result=extract_job(stored, job.arguments, lambda step, part: steps.append(part)))
    assert steps == sorted(steps)
    done = editor.get(f"{address}/terms").text
    assert "hx-trigger" not in done
    assert "Terms extracted" in done
    assert desk_of(stored, address).log.done == 1


def test_a_failed_extraction_says_so_and_can_be_asked_for_again(app: Flask, stored: Store, address: str) -> None:
    editor = logged_in(app)
    send(editor, address, "extract")
    job = stored.work.claim_job("w")
    assert job is not None
    stored.work.finish(job.id, message="no memory")
    page = editor.get(address).text
    assert "Terms were not extracted." in page
    assert 'value="extract"' in page


def file_of(visitor: Visitor, address: str, format_: str) -> TestResponse:
    answer = visitor.get(f"{address}/file", query_string={"format": format_})
    answer.get_data()
    answer.close()
    return answer


def test_the_alignment_is_taken_away_as_edited(app: Flask, address: str) -> None:
    send(logged_in(app), address, "merge", bead="9-10.8-9")
    visitor = Visitor(app)
    rows = file_of(visitor, address, "tsv").text.splitlines()
    assert len(rows) == 10
    assert rows[-1].split("\t")[:3] == ["9", "8,9", "1.0000"]
    answer = file_of(visitor, address, "tmx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=harrow-bridge.en-zh-Hant.tmx"
    assert len(ElementTree.fromstring(answer.data).findall(".//tu")) == 8
    sheet = openpyxl.load_workbook(BytesIO(file_of(visitor, address, "xlsx").data)).active
    assert sheet is not None
    table = [[str(c) for c in row] for row in sheet.iter_rows(values_only=True)]
    assert table[-1][3:] == rows[-1].split("\t")[3:]


@pytest.mark.parametrize("format_", ["", "exe", "../tmx", "html", "TMX"])
def test_unknown_formats_and_documents_have_no_file(app: Flask, address: str, format_: str) -> None:
    assert file_of(Visitor(app), address, format_).status_code == 400
    assert file_of(Visitor(app), "/documents/nothing", "tmx").status_code == 404


def test_a_document_that_does_not_exist_cannot_be_edited(app: Flask) -> None:
    editor = logged_in(app)
    assert editor.post("/documents/nothing", op="merge").status_code == 404
    assert editor.get("/documents/nothing/terms").status_code == 200


def test_a_long_document_comes_in_pages_under_200_kb(app: Flask, stored: Store, documents: dict[str, str]) -> None:
    editor, address = logged_in(app), f"/documents/{documents['rules']}"
    page = editor.get(f"{address}?page=3").text
    assert page.count('class="bead"') == 100
    assert len(page.encode()) < 120_000
    assert f'data-far="{address}?at=301#at"' in page
    answer = send(editor, address, "merge", page, bead="299-300.299-300")
    assert answer.headers["Location"] == f"{address}?at=300#at"
    assert "Rule 301 of the club." in editor.get(f"{address}?at=300").text
    assert desk_of(stored, address).log.done == 1


def test_the_editor_of_an_empty_document_has_nothing_to_press(app: Flask, stored: Store) -> None:
    from glossary.datamodel import Bitext, Document, content_id

    nothing = Document(content_id("e", ""), "e.txt", "", "en")
    stored.put(Extraction("empty00000000000", nothing, nothing, Bitext((), (), ())))
    page = logged_in(app, "admin").get("/documents/empty00000000000")
    assert page.status_code == 200
    assert 'name="op"' not in page.text
