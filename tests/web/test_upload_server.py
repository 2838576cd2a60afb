"""Uploads to `glossary serve` itself: every format, kills and stops in the middle of a job, what is refused."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path

import pytest

from glossary.lookup import lookup
from glossary.store import Job, open_store
from tests.documents.making import book_parts, chapter, column, docx, paragraph, pdf, table, zipped
from tests.web.servers import Files, Person, Server, serving, store_with_people

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
SIDES = tuple(
    [line for line in (ROOT / f"seeds/court-evidence.{tag}.txt").read_text(encoding="utf-8").splitlines() if line]
    for tag in ("en", "zh-Hant-TW")
)
CUE = "{n}\n00:{m:02d}:{s:02d},000 --> 00:{m:02d}:{s:02d},900\n{text}\n"


def _page(lines: list[str]) -> bytes:
    return f"<html><main>{''.join(f'<p>{escape(line)}</p>' for line in lines)}</main></html>".encode()


def _cues(lines: list[str]) -> bytes:
    return "\n".join(CUE.format(n=n, m=n // 60, s=n % 60, text=text) for n, text in enumerate(lines, 1)).encode()


def _sheets(lines: list[str]) -> bytes:
    width = 80 if lines[0].isascii() else 40
    cut = [line[i : i + width] for line in lines for i in range(0, len(line), width)]
    return pdf([column(cut[at : at + 40]) for at in range(0, len(cut), 40)])


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    "txt": lambda lines: "\n\n".join(lines).encode(),
    "md": lambda lines: "\n\n".join([f"# {lines[0]}", *lines[1:]]).encode(),
    "html": _page,
    "docx": lambda lines: docx("".join(paragraph(line) for line in lines)),
    "pdf": _sheets,
    "epub": lambda lines: zipped(book_parts({"c.xhtml": chapter("".join(f"<p>{escape(s)}</p>" for s in lines))})),
    "srt": _cues,
}


def pair(suffix: str = "txt", more: str = "") -> Files:
    """The same article and its translation in a format; `more` makes other texts of them."""
    make = FORMATS[suffix]
    source, target = ([*side, *([more] if more else [])] for side in SIDES)
    return {"source": (f"court.en.{suffix}", make(source)), "target": (f"court.zh-Hant-TW.{suffix}", make(target))}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    store = store_with_people(folder / "terms.db", "editor", "contributor")
    with serving(store, folder / "log") as running:
        yield running


@cache
def person(server: Server, name: str = "editor") -> Person:
    """Somebody who is logged in, once a server: it lets nobody log in more than ten times a minute."""
    made = Person(server.url)
    assert made.log_in(name) == 200
    return made


def store_of(server: Server) -> str:
    return str(server.log.with_name("terms.db"))


def jobs(server: Server) -> tuple[Job, ...]:
    with open_store(store_of(server)) as store:
        return store.work.jobs()


def forms_of(server: Server, query: str) -> set[str]:
    with open_store(store_of(server)) as store:
        return {t.term for m in lookup(store, query)[:1] for s in m.entry.lang_secs for t in s.terms}


def test_a_pair_of_every_format_becomes_an_alignment_and_terms(server: Server) -> None:
    editor = person(server)
    for suffix in FORMATS:
        status, page = editor.upload(pair(suffix))
        assert (status, f"court.en.{suffix}" in page) == (200, True)
    page = editor.waited(200)
    assert "Failed" not in page
    # the same text in another format is the same document: txt and srt differ in nothing that is kept
    links = set(re.findall(r'href="(/documents/[^"/]+)"', page))
    assert links
    for link in links:
        status, alignment = editor.ask(link)
        assert status == 200
        assert "distributed ledger" in alignment
    assert "雜湊值" in forms_of(server, "hash value")
    assert {job.state for job in jobs(server)} == {"done"}


def test_one_bilingual_file_is_aligned_with_itself(server: Server) -> None:
    editor = person(server, "contributor")
    both = (ROOT / "seeds/tea-garden.txt").read_bytes()
    assert editor.upload({"source": ("tea.txt", both)}, "one")[0] == 200
    rows = docx(table(list(zip(*SIDES, strict=False))))
    assert editor.upload({"source": ("court.docx", rows)}, "one")[0] == 200
    page = editor.waited()
    assert "Failed" not in page
    assert "tea.txt" in page
    assert "二维码" in forms_of(server, "QR code")


def test_a_file_in_one_language_gives_its_terms(server: Server) -> None:
    editor = person(server, "contributor")
    english = "The kiln controller reads every thermocouple. A kiln controller needs a calibration table."
    chinese = "窯爐控制器讀取每個熱電偶。窯爐控制器需要校準表，熱電偶會老化。"
    for name, text in (("kiln.en.txt", english), ("kiln.zh-Hant-TW.txt", chinese)):
        assert editor.upload({"source": (name, text.encode())}, "one")[0] == 200
    page = editor.waited()
    links = set(re.findall(r'href="(/documents/[^"/]+)"[^>]*>[^<]*kiln', page))
    assert ("Failed" in page, [editor.ask(link)[0] for link in links]) == (False, [200, 200])
    assert "thermocouple" in forms_of(server, "thermocouple")
    assert "熱電偶" in forms_of(server, "熱電偶")


def bomb() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(200_000_000))
    return made.getvalue()


def test_bad_files_give_a_clear_line_and_can_be_tried_again(server: Server) -> None:
    editor = person(server)
    bad = {"empty.docx": b"PK", "bomb.docx": bomb(), "odd.pdf": b"%PDF-1.7\n", "noise.txt": bytes(range(256)) * 99}
    for name, raw in bad.items():
        assert editor.upload({"source": (name, raw)}, "one")[0] == 200
    page = editor.waited()
    failed = [job for job in jobs(server) if job.state == "failed"]
    assert {job.arguments["source_name"] for job in failed} == set(bad)
    for job in failed:
        assert job.message.startswith(job.arguments["source_name"])
        assert "\n" not in job.message
        assert ".uploads" not in job.message
    assert page.count("Try again") == len(bad)


def test_what_is_refused_is_logged_and_leaves_nothing(server: Server) -> None:
    editor, before = person(server), len(jobs(server))
    kept = set(Path(store_of(server) + ".uploads").iterdir())
    status, page = editor.upload({"source": ("a.exe", b"x")}, "one")
    assert (status, "cannot be read" in page) == (400, True)
    assert editor.upload({"source": ("a.txt", b"")}, "one")[0] == 400
    assert editor.upload({"source": ("a.txt", b"x"), "target": ("b.exe", b"x")})[0] == 400
    assert editor.upload({"source": ("big.txt", b"x" * 23_000_000)}, "one")[0] == 413
    assert editor.ask("/documents", b"{}", "application/json")[0] == 400
    assert Person(server.url).ask("/documents", b"a=b", "application/x-www-form-urlencoded")[0] in (400, 401, 413)
    refused = [line for line in server.lines() if line.get("path") == "/documents" and line["status"] in (400, 413)]
    assert len(refused) >= 6
    assert len(jobs(server)) == before
    assert set(Path(store_of(server) + ".uploads").iterdir()) == kept


def test_fifty_megabytes_are_refused_and_logged(server: Server) -> None:
    editor = person(server)
    try:
        status = editor.upload({"source": ("huge.txt", b"x" * 52_428_800)}, "one")[0]
    except OSError:  # it hung up before all was sent
        status = 413
    assert status == 413
    assert any(line.get("status") == 413 for line in server.lines())
    assert editor.ask("/health")[0] == 200


@pytest.mark.parametrize("name", ["../../../evil.txt", "..\\..\\evil.txt", "/etc/cron.d/evil.txt", "a\x00/../evil.txt"])
def test_a_name_never_moves_a_file(server: Server, name: str) -> None:
    folder = Path(store_of(server)).parent
    assert person(server).upload({"source": (name, name.encode())}, "one")[0] in (200, 400)
    assert list(folder.parent.rglob("*evil*")) == []
    assert all(re.fullmatch(r"[0-9a-f]{64}\.\w+", path.name) for path in (folder / "terms.db.uploads").iterdir())


def test_two_people_at_once_do_not_disturb_each_other(server: Server) -> None:
    before = len(jobs(server))

    def give(name: str) -> None:
        for number in range(3):
            person(server, name).upload(pair(more=f"Number {number} was kept."))

    person(server), person(server, "contributor")
    people = [threading.Thread(target=give, args=(name,)) for name in ("editor", "contributor")]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join(60)
    page = person(server).waited(120)
    assert len(jobs(server)) == before + 6
    assert page.count("court.en.txt") >= 3
    assert {job.state for job in jobs(server)[:6]} == {"done"}


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_job_goes_on_after_the_server_was(tmp_path: Path, sign: signal.Signals) -> None:
    store = store_with_people(tmp_path / "terms.db", "editor")
    with serving(store, tmp_path / "log") as first:
        person(first).upload(pair())
        until(lambda: [j.state for j in jobs(first)] == ["running"] and len(first.helpers()) > 0)
        helpers = first.helpers()
        first.process.send_signal(sign)
        first.process.wait(20)
    until(lambda: not any(Path(f"/proc/{number}").exists() for number in helpers))
    assert [j.state for j in jobs(first)] == ["queued" if sign is signal.SIGTERM else "running"]
    with serving(store, tmp_path / "log") as second:
        editor = person(second)
        assert "court.en.txt" in editor.ask("/documents")[1]
        editor.waited()
        assert "雜湊值" in editor.ask("/lookup?q=hash+value")[1]
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(20) == 0
        assert second.lines()[-1]["message"] == "stopped"


def test_a_helper_that_died_idle_does_not_end_the_uploads(server: Server) -> None:
    editor = person(server)
    editor.upload({"source": ("first.txt", b"The first cat sleeps.")}, "one")
    editor.waited()
    for number in server.helpers():
        os.kill(number, signal.SIGKILL)
    editor.upload({"source": ("second.txt", b"The second cat sleeps.")}, "one")
    editor.waited()
    assert jobs(server)[0].state == "done"


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last
        time.sleep(0.05)
