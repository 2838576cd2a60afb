"""Aligned texts out and back: what a format carries comes back as it was; a bad file is refused with its line."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from glossary.datamodel import Bitext
from glossary.errors import ExchangeError
from glossary.exchange import document_text, read_bitext, write_bitext
from glossary.exchange.bitext_lines import bead_text

from . import strategies

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Texts = list[tuple[str, str, float]]


def written(bitext: Bitext, format: str) -> str:
    stream = io.StringIO()
    write_bitext(bitext, format, stream, source_uri="a&b.txt", target_uri="<zh>.txt")
    return stream.getvalue()


def texts(bitext: Bitext) -> Texts:
    return [
        (bead_text(bitext.source, b.source), bead_text(bitext.target, b.target), round(b.score, 4))
        for b in bitext.beads
    ]


def back(bitext: Bitext, format: str, folder: Path) -> Bitext:
    path = folder / f"pairs.{format}"
    write_bitext(bitext, format, path)
    return read_bitext(path)


def slices(bitext: Bitext) -> bool:
    sides = (bitext.source, bitext.target)
    return all(document_text(side)[s.start : s.end] == s.text for side in sides for s in side)


@quick
@given(strategies.bitexts())
def test_tsv_carries_the_text_of_every_bead(tmp_path: Path, bitext: Bitext) -> None:
    read = back(bitext, "tsv", tmp_path)
    assert texts(read) == [t for t in texts(bitext) if t[0] or t[1]]
    assert slices(read)


@quick
@given(strategies.bitexts())
def test_jsonl_carries_segments_beads_and_evidence(tmp_path: Path, bitext: Bitext) -> None:
    read = back(bitext, "jsonl", tmp_path)
    assert read.source == bitext.source
    assert read.target == bitext.target
    assert [(list(b.source), list(b.target), b.score, b.evidence) for b in read.beads] == [
        (list(b.source), list(b.target), b.score, b.evidence) for b in bitext.beads
    ]
    assert slices(read)


NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@quick
@given(strategies.bitexts())
def test_tmx_carries_the_text_of_beads_with_both_sides(tmp_path: Path, bitext: Bitext) -> None:
    read = back(bitext, "tmx", tmp_path)
    expected = [
        (NOT_XML.sub("\ufffd", s).strip("\n\t "), NOT_XML.sub("\ufffd", t).strip("\n\t "), score)
        for (s, t, score), bead in zip(texts(bitext), bitext.beads, strict=True)
        if not bead.is_null
    ]
    assert texts(read) == [e for e in expected if e[0] or e[1]]
    assert slices(read)


def test_tsv_is_a_bead_a_line(bitext: Bitext) -> None:
    assert written(bitext, "tsv").splitlines()[:4] == [
        "source_ids\ttarget_ids\tscore\tsource\ttarget",
        "0\t0\t0.9500\tTitle\t標題",
        '1,2\t1,2\t0.6123\tIt\'s <b>bold</b> & "new". A tab\\tand\\nbreak \\\\n.\t這是<新>的。後面。',
        "3\t\t0.0000\tUntranslated.\t",
    ]


def test_vecalign_is_the_notation_of_the_field(bitext: Bitext) -> None:
    assert written(bitext, "vecalign") == "[0]:[0]:0.950\n[1, 2]:[1, 2]:0.612\n[3]:[]:0.000\n[4]:[3]:0.300\n"


def test_jsonl_has_text_and_offsets(bitext: Bitext) -> None:
    line = written(bitext, "jsonl").splitlines()[0]
    assert line.startswith('{"source_ids":[0],"target_ids":[0],"score":0.95,"evidence":{"cosine":0.9},"source":"Title"')
    assert '"source_offsets":[[0,5]]' in line


def test_tmx_is_well_formed_14(bitext: Bitext) -> None:
    root = etree.fromstring(written(bitext, "tmx").encode())
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    header = root.find("header")
    assert header is not None
    assert header.get("srclang") == "en"
    units = root.findall("body/tu")
    assert len(units) == 3
    assert len({u.get("tuid") for u in units}) == 3
    assert [p.text for p in units[1].findall("prop")] == ["0.6123", "[1, 2]:[1, 2]", "a&b.txt <zh>.txt"]
    assert [tuv.get("{http://www.w3.org/XML/1998/namespace}lang") for tuv in units[0].findall("tuv")] == [
        "en",
        "zh-Hant",
    ]
    assert "date" not in written(bitext, "tmx")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.langs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.langs += [value or "" for name, value in attrs if name == "lang"]


def test_html_page_is_for_reading_without_scripts(bitext: Bitext) -> None:
    page = written(bitext, "html")
    seen = _Tags()
    seen.feed(page)
    assert not {"script", "b", "zh", "link", "img"} & set(seen.tags)
    assert set(seen.langs) == {"en", "zh-Hant"}
    assert "<title>a&amp;b.txt and &lt;zh&gt;.txt</title>" in page
    assert "It&#x27;s &lt;b&gt;bold&lt;/b&gt;" in page
    assert [re.findall(f'<tr class="{kind}">', page).__len__() for kind in ("sure", "doubtful", "weak", "null")] == [
        1
    ] * 4
    assert "doubtful .61" in page
    assert "3 pairs: 1 sure, 1 doubtful, 1 weak; 1 without a counterpart." in page
    assert seen.tags.count("p") == 2 + 9  # nothing is lost: 9 segments


class TestReading:
    def read(self, folder: Path, name: str, content: str | bytes) -> Bitext:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_bitext(path)

    def refused(self, folder: Path, name: str, content: str | bytes) -> str:
        with pytest.raises(ExchangeError) as caught:
            self.read(folder, name, content)
        message = str(caught.value)
        assert "\n" not in message
        assert len(message) < 400
        return message

    def test_languages_of_a_tsv_are_guessed(self, tmp_path: Path) -> None:
        read = self.read(
            tmp_path, "a.tsv", "source_ids\ttarget_ids\tscore\tsource\ttarget\r\n0\t0\t1\tA chain\t区块链\r\n"
        )
        assert (read.source_lang, read.target_lang) == ("en", "zh-Hans")

    def test_empty_file_is_an_empty_bitext(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "a.tmx", "").beads == ()

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("0\t0\t1\tonly four", "a.tsv:3: 4 fields instead of 5"),
            ("0\t0\thigh\ta\tb", "a.tsv:3: the score 'high' is no number"),
            ("0\t0\t7\ta\tb", "a.tsv:3: the score 7 is not between 0 and 1"),
            ("0\t0\tnan\ta\tb", "a.tsv:3: the score nan is not between 0 and 1"),
        ],
    )
    def test_malformed_tsv(self, tmp_path: Path, line: str, message: str) -> None:
        start = "source_ids\ttarget_ids\tscore\tsource\ttarget\n0\t0\t1\ta\t甲\n"
        assert message in self.refused(tmp_path, "a.tsv", start + line)

    def test_foreign_tsv(self, tmp_path: Path) -> None:
        assert "a.tsv:1: the header must be" in self.refused(tmp_path, "a.tsv", "en\tzh\na\tb\n")

    @pytest.mark.parametrize("line", ["{", "[]", '{"source_ids": [0]}', "null", "[" * 10_000])
    def test_malformed_jsonl(self, tmp_path: Path, line: str) -> None:
        assert "a.jsonl:1: not a bead" in self.refused(tmp_path, "a.jsonl", line)

    def test_jsonl_that_lies_about_its_segments(self, tmp_path: Path, bitext: Bitext) -> None:
        good = written(bitext, "jsonl")
        assert "do not go on" in self.refused(
            tmp_path, "a.jsonl", good.replace('"source_ids":[1,2]', '"source_ids":[2,3]')
        )
        assert "not between 0 and 1" in self.refused(tmp_path, "a.jsonl", good.replace('"score":0.95', '"score":NaN'))
        assert "offsets do not fit" in self.refused(tmp_path, "a.jsonl", good.replace("[[0,5]]", "[[0,4]]"))

    @pytest.mark.parametrize("name", ["a.docx", "a", "a.TXT"])
    def test_unknown_suffix_lists_the_known(self, tmp_path: Path, name: str) -> None:
        assert "Available: jsonl, tmx, tsv." in self.refused(tmp_path, name, "x")

    @pytest.mark.parametrize("name", ["a.tsv", "a.jsonl", "a.tmx"])
    def test_binary_and_missing_files(self, tmp_path: Path, name: str) -> None:
        self.refused(tmp_path, name, bytes(range(256)))
        with pytest.raises(ExchangeError, match="cannot be read"):
            read_bitext(tmp_path / "missing" / name)
        (tmp_path / name).unlink()
        (tmp_path / name).mkdir()
        with pytest.raises(ExchangeError, match="cannot be read"):
            read_bitext(tmp_path / name)


TMX = '<?xml version="1.0"?>{dtd}<tmx version="1.4"><header srclang="{src}"/><body>{body}</body></tmx>'
UNIT = '<tu><tuv xml:lang="zh-TW"><seg>區塊<ph>x</ph>鏈</seg></tuv><tuv xml:lang="EN-us"><seg>chain</seg></tuv></tu>'
LAUGHS = "<!DOCTYPE tmx [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)


class TestForeignTmx:
    read = TestReading.read
    refused = TestReading.refused

    @pytest.mark.parametrize("srclang", ["en-US", "EN-US", "en"])
    def test_srclang_decides_the_direction(self, tmp_path: Path, srclang: str) -> None:
        read = self.read(tmp_path, "a.tmx", TMX.format(dtd="", src=srclang, body=UNIT))
        assert (read.source_lang, read.target_lang) == ("en-US", "zh-Hant-TW")
        assert [s.text for s in read.target] == ["區塊x鏈"]

    def test_doctype_of_the_standard_is_fine_and_not_fetched(self, tmp_path: Path) -> None:
        read = self.read(tmp_path, "a.tmx", TMX.format(dtd='<!DOCTYPE tmx SYSTEM "tmx14.dtd">', src="*all*", body=UNIT))
        assert read.source_lang == "zh-Hant-TW"

    @pytest.mark.parametrize(
        "dtd",
        [
            LAUGHS + "]>",
            '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            "<!DOCTYPE tmx [<!ENTITY % p 'x'>]>",
        ],
    )
    def test_entities_are_refused(self, tmp_path: Path, dtd: str) -> None:
        body = UNIT.replace("chain", "&x;") if "passwd" in dtd else UNIT
        assert "declares XML entities" in self.refused(tmp_path, "a.tmx", TMX.format(dtd=dtd, src="en", body=body))

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("<tmx>\n<body>\n<tu>", "a.tmx:3: not well-formed XML"),
            ("<html></html>", "not TMX"),
            ("plain text", "a.tmx:1: not well-formed XML"),
            (TMX.format(dtd="", src="en", body="<tu><tuv><seg>a</seg></tuv></tu>"), "tuv without xml:lang or seg"),
            (TMX.format(dtd="", src="en", body='<tu><tuv xml:lang="en"><seg>a</seg></tuv></tu>'), "holds 1 language"),
            (TMX.format(dtd="", src="en", body=UNIT.replace("EN-us", "???")), "is not a language tag"),
        ],
    )
    def test_malformed_tmx(self, tmp_path: Path, content: str, message: str) -> None:
        assert message in self.refused(tmp_path, "a.tmx", content)
