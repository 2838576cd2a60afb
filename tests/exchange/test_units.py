"""Translation units of PO, TMX, XLIFF and TSV files, and what refuses to be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.errors import ExchangeError
from glossary.exchange import UNIT_READERS, read_units

XLIFF_1 = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file source-language="en" target-language="zh-TW">
<body><trans-unit id="a"><source>One <g id="1">chain</g><x id="2"/></source>
<target>一條<g id="1">鏈</g></target></trans-unit>
<trans-unit id="b" translate="no"><source>skip</source></trans-unit>
<trans-unit id="c"><source>None yet</source></trans-unit></body></file></xliff>"""
XLIFF_2 = """<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="zh-Hans">
<file id="f"><unit id="u"><segment id="s"><source>One <pc id="1">chain</pc><ph id="2"/></source>
<target>一条链</target></segment></unit></file></xliff>"""
PO = """msgid ""
msgstr "Language: zh_Hant\\n"

#: a.txt:1
msgctxt "menu"
msgid "One chain"
msgstr "一條鏈"

#~ msgid "old"
#~ msgstr "舊"
"""
TMX = """<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>One chain</seg></tuv><tuv xml:lang="zh-TW"><seg>一條鏈</seg></tuv></tu></body></tmx>"""
FILES = {
    "a.xlf": (XLIFF_1, [("One chain", "一條鏈", "zh-Hant-TW", 3, "a"), ("None yet", "", "zh-Hant-TW", 6, "c")]),
    "b.xliff": (XLIFF_2, [("One chain", "一条链", "zh-Hans", 2, "u/s")]),
    "c.po": (PO, [("One chain", "一條鏈", "zh-Hant", 4, "menu")]),
    "d.tmx": (TMX, [("One chain", "一條鏈", "zh-Hant-TW", 2, "")]),
    "e.tsv": ("source\ttarget\nOne chain\t一条链\n", [("One chain", "一条链", "zh-Hans", 2, "")]),
    "f.tsv": ("One chain\t一条链\n", [("One chain", "一条链", "zh-Hans", 1, "")]),
    "g.tsv": ("", []),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_gives_its_units(tmp_path: Path, name: str) -> None:
    text, wanted = FILES[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    units = [(u.source, u.target, u.target_lang, u.line, u.id) for u in read_units(tmp_path / name)]
    assert units == wanted


BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
BAD = {
    "long.xlf": XLIFF_1.replace("urn:oasis", "{" * 5000),
    "bomb.xlf": BOMB + XLIFF_1.split("\n", 1)[1],
    "other.xlf": "<tmx/>",
    "cut.xliff": XLIFF_2[:-20],
    "deep.xlf": XLIFF_1.replace("chain", "<g>" * 240 + "</g>" * 240),
    "bad.po": 'msgid "a\nmsgstr',
    "narrow.tsv": "source\ttarget\nonly one\n",
    "what.docx": "x",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_line_that_names_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BAD[name], encoding="utf-8")
    with pytest.raises(ExchangeError) as caught:
        list(read_units(tmp_path / name))
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("suffix", sorted(UNIT_READERS))
@pytest.mark.parametrize("raw", [b"\xff\xfe\x00\xd8", b"\x00" * 50, "\ufefftext".encode(), b"<" * 5000])
def test_rubbish_is_refused_or_empty(tmp_path: Path, suffix: str, raw: bytes) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(raw)
    problem = ""
    try:
        assert all(unit.uri == str(path) for unit in read_units(path))
    except ExchangeError as error:
        problem = str(error)
    assert "\n" not in problem
