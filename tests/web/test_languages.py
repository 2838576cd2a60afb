"""Interface languages and themes: which one a browser gets, and how it is chosen."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from glossary.language import has_han
from web.i18n import LANGUAGES


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("en-US,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant-TW"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("zh-Hant", "zh-Hant-TW"),
        ("zh-HK,zh;q=0.9,en;q=0.8", "zh-Hant-HK"),
        ("zh-MO", "zh-Hant-HK"),
        ("zh-Hant-HK", "zh-Hant-HK"),
        ("yue-HK", "zh-Hant-HK"),
        ("zh-SG,zh;q=0.9", "zh-Hans"),
        ("zh-MY", "zh-Hans"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("ZH_tw", "zh-Hant-TW"),
        ("de-DE,de;q=0.9,zh-TW;q=0.5", "zh-Hant-TW"),
        ("en;q=0.3,zh-HK;q=0.9", "zh-Hant-HK"),
        ("zh-TW;q=0,fr", "en"),
        ("fr,*;q=0.1", "en"),
        (";;,,q=,zh-TW;q=nonsense", "en"),
    ],
)
def test_a_browser_gets_the_page_in_its_language(client: FlaskClient, header: str, tag: str) -> None:
    page = client.get("/", headers={"Accept-Language": header}).text
    assert f'<html lang="{tag}">' in page


def test_the_words_follow_the_region(client: FlaskClient, documents: dict[str, str]) -> None:
    expected = {"en": "Documents", "zh-Hans": "文档", "zh-Hant-TW": "文件", "zh-Hant-HK": "文件"}
    approved = {"en": "Approved", "zh-Hans": "已通过", "zh-Hant-TW": "已核准", "zh-Hant-HK": "已批准"}
    for tag in LANGUAGES:
        page = client.get("/entry/nft0000000000001", headers={"Accept-Language": tag}).text
        assert f">{expected[tag]}</a>" in page
        assert approved[tag] in page


@pytest.mark.parametrize(
    ("tag", "export"),
    [
        ("zh-Hans", "供其他工具使用的文件"),
        ("zh-Hant-TW", "供其他工具使用的檔案"),
        ("zh-Hant-HK", "供其他工具使用的檔案"),
        ("en", "A file for other tools"),
    ],
)
def test_the_page_of_the_api_says_in_its_language_what_programs_can_ask(
    client: FlaskClient, tag: str, export: str
) -> None:
    asked = {"Accept-Language": tag}
    row = r"<code[^>]*>(/[^<]*)</code></th><td[^>]*><code[^>]*>(\w+)</code></td><td[^>]*>([^<]*)</td>"
    found = {(place, method): words for place, method, words in re.findall(row, client.get("/api", headers=asked).text)}
    assert found["/api/v1/export", "GET"] == export
    assert [place for place, words in found.items() if has_han(words) == (tag == "en")] == []
    paths = client.get("/api/v1/openapi.json", headers=asked).get_json()["paths"]
    assert found.keys() == {(f"/api/v1{path}", m.upper()) for path in paths for m in paths[path] if m != "parameters"}
    assert paths["/export"]["get"]["summary"] == "A file for other tools"


def test_a_link_keeps_the_language_and_returns_to_the_page(client: FlaskClient) -> None:
    page = client.get("/lookup?q=区块链&x=1").text
    link = re.search(r'href="(/preferences\?lang=zh-Hant-TW[^"]*)"', page)
    assert link
    answer = client.get(link[1].replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lookup?q=%E5%8C%BA%E5%9D%97%E9%93%BE&x=1")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("lang=zh-Hant-TW;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert '<html lang="zh-Hant-TW">' in client.get("/").text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_kept_and_taken_back(client: FlaskClient, theme: str) -> None:
    client.get(f"/preferences?theme={theme}")
    assert f'data-theme="{theme}"' in client.get("/").text
    client.get("/preferences?theme=system")
    assert "data-theme" not in client.get("/").text


def test_pages_work_without_cookies_and_set_none(client: FlaskClient, documents: dict[str, str]) -> None:
    for page in ("/", "/lookup?q=nft", "/entry/nft0000000000001", f"/documents/{documents['harrow']}", "/nothing"):
        answer = client.get(page)
        assert answer.status_code in (200, 404)
        assert "Set-Cookie" not in answer.headers


def test_unknown_cookies_are_ignored(client: FlaskClient) -> None:
    client.set_cookie("lang", "xx")
    client.set_cookie("theme", "pink")
    assert '<html lang="en">' in client.get("/").text


def test_one_is_not_many(client: FlaskClient) -> None:
    assert "1 pair<" in client.get("/entry/baas000000000001").text
    assert "2 entries" in client.get("/lookup?q=区块链").text
    assert "1 entry" in client.get("/lookup?q=baas").text
