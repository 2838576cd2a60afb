"""Editing, adding, merging, deleting, undoing; who may; two editors at once; hostile input."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from glossary.datamodel import ConceptEntry
from glossary.store import Store
from tests.web.people import Visitor, app_fixture, kept_as_it_was, logged_in

LEDGER = "ledger0000000001"
XSS = "\"'><script>alert(1)</script>{{7001*7003}}"


shared = app_fixture("module", name="shared")


@pytest.fixture
def app(shared: Flask) -> Flask:
    return shared


@pytest.fixture
def stored(app: Flask) -> Iterator[Store]:
    """The store behind the app; what a test changed is taken back."""
    with kept_as_it_was(app) as store:
        yield store


def fields(page: str) -> dict[str, str]:
    """What the form of an entry would send as it stands."""
    form = page.split('id="entry-form"')[1].split("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = value[1] if value else ""
    for name_, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]+)" selected', options) or re.search(r'value="([^"]+)"', options)
        found[name_] = chosen[1] if chosen else ""
    for name_, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name_] = text
    return found


def terms(entry: ConceptEntry | None, lang: str) -> list[tuple[str, str, str]]:
    section = entry.section(lang) if entry else None
    return [(t.term, t.administrative_status, t.review_state) for t in section.terms] if section else []


def test_an_unchanged_form_changes_nothing(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    before = stored.entry(LEDGER)
    sent = fields(editor.get(f"/entry/{LEDGER}/edit").text)
    assert editor.client.post(f"/entry/{LEDGER}/edit", data=sent).status_code == 303
    assert stored.entry(LEDGER) == before
    assert stored.changes(LEDGER) == ()


def test_what_is_typed_is_kept_with_its_author(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    sent = fields(editor.get(f"/entry/{LEDGER}/edit").text)
    sent |= {"t1_term": "帳冊", "t1_status": "preferred", "note": "Line one\r\nLine two", "def_en": "A book.",
             "new_term": "账簿", "new_lang": "zh-Hans", "t1_pinyin": "zhang4 ce4",
             "do_not_translate": "on"}  # fmt: skip
    assert editor.client.post(f"/entry/{LEDGER}/edit", data=sent).status_code == 303
    entry = stored.entry(LEDGER)
    assert entry is not None
    assert terms(entry, "zh-Hant")[0] == ("帳冊", "preferred", "proposed")
    assert terms(entry, "zh-Hans") == [("账簿", "admitted", "approved")]
    assert (entry.note, entry.do_not_translate) == ("Line one\nLine two", True)
    assert stored.changes(LEDGER)[0].who == "editor"
    page = Visitor(app).get(f"/entry/{LEDGER}").text
    assert '<del lang="zh-Hant">帳本</del> → <ins lang="zh-Hant">帳冊</ins>' in page
    assert '<span class="rom"><span lang="zh-Latn-pinyin">zhàng cè</span>' in page
    assert "<form" not in page.split('id="h-hist"')[1].split("</section>")[0]


def test_two_editors_at_once_lose_nothing(app: Flask, stored: Store) -> None:
    first, second = logged_in(app, "editor"), logged_in(app, "admin")
    mine = fields(first.get(f"/entry/{LEDGER}/edit").text) | {"note": "from the first"}
    theirs = fields(second.get(f"/entry/{LEDGER}/edit").text) | {"t1_status": "deprecated"}
    assert second.client.post(f"/entry/{LEDGER}/edit", data=theirs).status_code == 303
    answer = first.client.post(f"/entry/{LEDGER}/edit", data=mine)
    assert answer.status_code == 409
    assert "from the first" in answer.text
    assert "Admitted</del> → <ins" in answer.text
    assert "Use mine" in answer.text
    again = fields(answer.text)
    assert again["note"] == "from the first"
    assert first.client.post(f"/entry/{LEDGER}/edit", data=again).status_code == 303
    entry = stored.entry(LEDGER)
    assert entry is not None
    assert entry.note == "from the first"


def test_undo_and_restore_from_the_history(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    for note in ("one", "two"):
        sent = fields(editor.get(f"/entry/{LEDGER}/edit").text) | {"note": note}
        editor.client.post(f"/entry/{LEDGER}/edit", data=sent)
    two, one = stored.changes(LEDGER, limit=2)
    older = editor.post(f"/entry/{LEDGER}/undo", change=one.id)
    assert (older.status_code, "Take back the newer change first" in older.text) == (409, True)
    assert editor.post(f"/entry/{LEDGER}/undo", change=two.id).status_code == 303
    assert stored.entry(LEDGER).note == "one"  # type: ignore[union-attr]
    assert editor.post(f"/entry/{LEDGER}/undo", change=two.id, restore="1").status_code == 303
    assert stored.entry(LEDGER).note == "two"  # type: ignore[union-attr]


def test_a_contributor_adds_and_an_editor_approves(app: Flask, stored: Store) -> None:
    helper, editor = logged_in(app, "contributor"), logged_in(app, "editor")
    assert "Add as a new term" in helper.get("/lookup?q=xylophone").text
    sent = {
        "term": "xylophone",
        "lang": "en",
        "rendering": "木琴",
        "rendering_lang": "zh-Hant-TW",
        "definition": "Bars.",
    }
    answer = helper.post("/add", "/add", **sent)
    assert answer.status_code == 303
    entry_id = answer.headers["Location"].rsplit("/", 1)[1]
    assert terms(stored.entry(entry_id), "zh-Hant-TW") == [("木琴", "admitted", "proposed")]
    assert entry_id in editor.get("/review").text
    done = editor.post("/review", "/review", approve=entry_id)
    assert terms(stored.entry(entry_id), "zh-Hant-TW") == [("木琴", "admitted", "approved")]
    page = editor.get(done.headers["Location"]).text
    assert f'value="{entry_id}" data-op' not in page
    undo = re.search(r'name="undo" value="(\d+)"', page)
    assert undo is not None
    editor.post("/review", "/review", undo=undo[1])
    assert terms(stored.entry(entry_id), "zh-Hant-TW") == [("木琴", "admitted", "proposed")]
    assert helper.post("/add", "/add", **sent).headers["Location"] == f"/entry/{entry_id}"


def test_ticked_candidates_are_decided_and_undone_together(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    ids = ["smart00000000001", "blockchain000001"]
    done = editor.post("/review", "/review", bulk="reject", c=ids)
    assert all(terms(stored.entry(i), "en")[0][2] == "rejected" for i in ids)
    page = editor.get(done.headers["Location"]).text
    assert "Reviewed: 2 entries" in page
    assert all(i in editor.get("/review?part=rejected").text for i in ids)
    undo = re.search(r'name="undo" value="(\d+)"', page)
    assert undo is not None
    editor.post("/review", "/review", undo=undo[1])
    assert all(terms(stored.entry(i), "en")[0][2] == "proposed" for i in ids)


def test_the_suggested_repair_takes_the_place_of_the_damaged_form(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    page = editor.get("/review?part=flagged").text
    assert "電子收藏品" in page
    editor.post("/review", "/review", fix="collect000000001")
    assert [t[0] for t in terms(stored.entry("collect000000001"), "zh-Hant")] == ["電子收藏品"]


def test_evidence_and_keys_stand_in_the_queue(app: Flask) -> None:
    page = logged_in(app, "editor").get("/review").text
    first = page.split('<li class="cand"')[1]
    assert '<mark class="t">' in first
    assert [k for k in "AREM" if f'aria-keyshortcuts="{k}"' not in first] == []


def test_merged_entries_become_one_and_can_be_parted_again(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    assert 'value="blockchain000001"' in editor.get(f"/entry/{LEDGER}/merge?q=blockchain").text
    editor.post(f"/entry/{LEDGER}/merge", into="blockchain000001")
    assert stored.entry(LEDGER) is None
    assert [t[0] for t in terms(stored.entry("blockchain000001"), "en")] == ["blockchain", "ledger"]
    stored.undo(stored.changes(limit=1)[0].id, who="test")
    assert stored.entry(LEDGER) is not None


def test_a_deleted_entry_can_be_brought_back(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    done = editor.post(f"/entry/{LEDGER}/delete")
    assert stored.entry(LEDGER) is None
    undo = re.search(r'name="undo" value="(\d+)"', editor.get(done.headers["Location"]).text)
    assert undo is not None
    editor.post("/review", "/review", undo=undo[1])
    assert stored.entry(LEDGER) is not None


CHANGING = [
    ("/entry/ledger0000000001/edit", "edit"), ("/entry/ledger0000000001/undo", "edit"),
    ("/entry/ledger0000000001/merge", "edit"), ("/entry/ledger0000000001/delete", "edit"), ("/review", "edit"),
    ("/entry/ledger0000000001/add", "add"), ("/add", "add"),
]  # fmt: skip


ROLES = ("", "reader", "contributor")
FORBIDDEN = [(n, url) for n in ROLES for url, right in CHANGING if (n, right) != ("contributor", "add")]


@pytest.mark.parametrize(("name", "url"), FORBIDDEN)
def test_forced_browsing_changes_nothing(app: Flask, stored: Store, url: str, name: str) -> None:
    visitor = logged_in(app, name) if name else Visitor(app)
    before = stored.newest()
    token = visitor.token("/account" if name else "/login")
    answer = visitor.client.post(url, data={"csrf_token": token, "approve": LEDGER, "term": "x", "lang": "en"})
    assert answer.status_code == (403 if name else 401)
    assert stored.newest() == before
    if "/undo" not in url and "/delete" not in url and not url.endswith(LEDGER + "/add"):
        assert visitor.get(url).status_code == (403 if name else 303)


@pytest.mark.parametrize("url", [url for url, _right in CHANGING])
def test_a_change_without_a_form_token_is_refused(app: Flask, stored: Store, url: str) -> None:
    editor = logged_in(app, "editor")
    before = stored.newest()
    assert editor.client.post(url, data={"approve": LEDGER, "term": "x", "lang": "en"}).status_code == 400
    assert stored.newest() == before


def test_an_editor_of_one_language_leaves_the_others_alone(app: Flask, stored: Store) -> None:
    hant = logged_in(app, "hant")
    before = stored.newest()
    sent = fields(hant.get(f"/entry/{LEDGER}/edit").text) | {"t0_term": "account book"}
    answer = hant.client.post(f"/entry/{LEDGER}/edit", data=sent)
    assert (answer.status_code, "may not change this language: en" in answer.text) == (403, True)
    assert hant.post(f"/entry/{LEDGER}/add", lang="zh-Hans", term="账簿").status_code == 403
    assert stored.newest() == before
    hant.post("/review", "/review", approve=LEDGER)
    entry = stored.entry(LEDGER)
    assert (terms(entry, "en")[0][2], terms(entry, "zh-Hant")[0][2]) == ("proposed", "approved")


def test_markup_typed_into_any_field_is_text(app: Flask, stored: Store) -> None:
    editor = logged_in(app, "editor")
    sent = fields(editor.get(f"/entry/{LEDGER}/edit").text)
    sent |= {name: XSS for name in sent if name.endswith(("_term", "_note", "_pinyin", "_jyutping"))}
    sent |= {
        "note": XSS,
        "subject_field": XSS,
        "def_en": XSS,
        "new_term": XSS + "new",
        "t1_term": XSS + "1",
        "t2_term": XSS + "2",
    }
    assert editor.client.post(f"/entry/{LEDGER}/edit", data=sent).status_code == 303
    for page in (
        f"/entry/{LEDGER}",
        f"/entry/{LEDGER}/edit",
        f"/entry/{LEDGER}/merge",
        "/review",
        "/lookup?q=script",
        "/",
    ):
        text = editor.get(page).text
        assert "<script>alert" not in text, page
        assert "49028003" not in text


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({"t0_term": ""}, 422), ({"t0_term": "x" * 201}, 400), ({"note": "x" * 4001}, 400), ({"version": "x"}, 400),
        ({"rows": "99999"}, 400), ({"t0_status": "best"}, 400), ({"t0_lang": "<b>"}, 400), ({"def_<b>": "x"}, 400),
        ({"t1_term": "分類帳"}, 422), ({"version": "' OR 1=1"}, 400), ({"t0_review": "../../etc"}, 400),
    ],
)  # fmt: skip
def test_what_no_form_sends_is_refused(app: Flask, stored: Store, extra: dict[str, str], status: int) -> None:
    editor = logged_in(app, "editor")
    before = stored.newest()
    sent = fields(editor.get(f"/entry/{LEDGER}/edit").text) | extra
    assert editor.client.post(f"/entry/{LEDGER}/edit", data=sent).status_code == status
    assert stored.newest() == before


@pytest.mark.parametrize("entry_id", ["nothing", "..%2f..%2fetc", "' OR 1=1 --", "%00"])
def test_entries_that_are_not_there_are_not_found(app: Flask, entry_id: str) -> None:
    editor = logged_in(app, "editor")
    for act in ("edit", "merge"):
        assert editor.get(f"/entry/{entry_id}/{act}").status_code == 404
    assert editor.post(f"/entry/{entry_id}/delete").status_code == 404
    assert editor.post("/review", "/review", undo="99999999").status_code == 404
    assert editor.post("/review", "/review", undo="x").status_code == 404
    assert editor.post("/review", "/review").status_code == 400


def test_nobody_undoes_the_work_of_another_in_the_queue(app: Flask, stored: Store) -> None:
    other = logged_in(app, "admin")
    other.post("/review", "/review", approve=LEDGER)
    change = stored.changes(LEDGER, limit=1)[0]
    assert logged_in(app, "editor").post("/review", "/review", undo=change.id).status_code == 404
