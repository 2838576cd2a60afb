"""Sheets of ours and of people: CSV, TSV, XLSX; lines for OmegaT and jieba; PO after gettext tools."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.errors import ExchangeError
from glossary.exchange import read, write

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def back(path: Path, **options: str) -> list[ConceptEntry]:
    return list(read(path, **options).entries)  # type: ignore[arg-type]


def sheet(tmp_path: Path, text: str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def shown(entries: list[ConceptEntry]) -> list[list[str]]:
    return [[f"{s.lang}: {', '.join(t.term for t in s.terms)}" for s in e.lang_secs] for e in entries]


class TestCsv:
    def test_excel_finds_utf8_and_no_formula(self, entries: list[ConceptEntry], tmp_path: Path) -> None:
        write(entries, "csv", tmp_path / "a.csv")
        content = (tmp_path / "a.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbfid,source,")
        assert b",'=cmd()," in content

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ('English,"Chinese (Traditional, Taiwan)"', ["en", "zh-Hant-TW"]),
            ("English,Chinese_PRC", ["en", "zh-Hans"]),
            ("English (United States),Chinese (Hong Kong SAR)", ["en", "zh-Hant-HK"]),
            ("term_en,term_zh_tw", ["en", "zh-Hant-TW"]),
            ("英文,繁體中文（台灣）", ["en", "zh-Hant-TW"]),
            ("英文術語,简体中文", ["en", "zh-Hans"]),
            ("Term,香港", ["en", "zh-Hant-HK"]),
            ("EN term,Simplified Chinese", ["en", "zh-Hans"]),
            ("English,Traditional Chinese (HK)", ["en", "zh-Hant-HK"]),
            ('"English\nTerm","中文\n（台灣）"', ["en", "zh-Hant-TW"]),
            ("Source (EN),Chinese translation", ["en", "zh"]),
            ("english name,TW", ["en", "zh-Hant-TW"]),
        ],
    )
    def test_headings_are_read_as_people_write_them(self, tmp_path: Path, header: str, expected: list[str]) -> None:
        (entry,) = back(sheet(tmp_path, f"{header}\ntea,茶\n"))
        assert [s.lang for s in entry.lang_secs] == expected

    def test_a_chinese_column_without_script_takes_the_language_given(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, "英文,中文,備註,POS\ntea,茶,熱,noun\n")
        for lang, expected in ((None, "zh"), ("zh-Hant-TW", "zh-Hant-TW")):
            result = read(path, lang=lang)
            (entry,) = result.entries
            assert shown([entry]) == [["en: tea", f"{expected}: 茶"]]
            assert entry.note == "熱"
            assert [(loss.kind, loss.examples) for loss in result.report.losses] == [
                ("columns that are not known", ("POS",))
            ]

    @pytest.mark.parametrize(
        "heading",
        ["No.", "No", "Term ID", "English definition", "中文定義", "English POS", "zh_note", "as is", "狀態", ""],
    )
    def test_what_stands_beside_terms_is_not_taken_for_terms(self, tmp_path: Path, heading: str) -> None:
        result = read(sheet(tmp_path, f"{heading},English,中文\n7,tea,茶\n"))
        (entry,) = result.entries
        assert shown([entry]) == [["en: tea", "zh: 茶"]]
        assert [e for loss in result.report.losses for e in loss.examples] == [heading] * bool(heading)

    def test_a_language_whose_code_is_a_word_is_named_by_our_heading(self, tmp_path: Path) -> None:
        (entry,) = back(sheet(tmp_path, "id,source,target_id,target_no\n1,tea,teh,te\n"))
        assert (entry.id, shown([entry])) == ("1", [["en: tea", "id: teh", "no: te"]])

    def test_of_two_columns_of_notes_the_first_is_read_and_the_other_told(self, tmp_path: Path) -> None:
        result = read(sheet(tmp_path, "English,中文,Notes,備註\ntea,茶,hot,熱\n"))
        (entry,) = result.entries
        assert entry.note == "hot"
        assert [loss.examples for loss in result.report.losses] == [("備註",)]

    def test_a_chinese_column_keeps_its_tag_beside_one_of_the_language_given(self, tmp_path: Path) -> None:
        (entry,) = back(sheet(tmp_path, "en,zh,zh-TW\nnetwork,网络,網路\n"), lang="zh-Hant-TW")
        assert shown([entry]) == [["en: network", "zh: 网络", "zh-Hant-TW: 網路"]]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_sheets_of_people_are_read(self, tmp_path: Path, delimiter: str) -> None:
        lines = [
            "en,zh-TW,fr,Definition,Do not translate,colour",
            "tea,茶,thé,A leaf.,yes,green",
            ",,,,,",
            "pot,,pot,,,",
        ]
        result = read(sheet(tmp_path, "\r\n".join(line.replace(",", delimiter) for line in lines)))
        entries = list(result.entries)
        assert shown(entries) == [["en: tea", "zh-Hant-TW: 茶", "fr: thé"], ["en: pot", "fr: pot"]]
        assert entries[0].do_not_translate
        assert entries[0].lang_secs[0].definitions[0].text == "A leaf."
        assert entries[0].lang_secs[0].terms[0].review_state == "approved"
        assert [(loss.kind, loss.examples) for loss in result.report.losses] == [
            ("columns that are not known", ("colour",))
        ]

    def test_column_target_needs_its_language(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, "source,target,status\ntea,茶,forbidden\n")
        with pytest.raises(ExchangeError, match=r"a.csv:1: the column 'target' does not say its language"):
            back(path)
        (entry,) = back(path, lang="zh_TW")
        assert shown([entry]) == [["en: tea", "zh-Hant-TW: 茶"]]
        assert entry.lang_secs[1].terms[0].administrative_status == "forbidden"

    def test_one_status_a_term(self, tmp_path: Path) -> None:
        (entry,) = back(sheet(tmp_path, 'en,zh-CN,status\ntea,"茶; 茗","preferred; deprecated, proposed"\n'))
        states = [(t.administrative_status, t.review_state) for t in entry.lang_secs[1].terms]
        assert states == [("preferred", "approved"), ("deprecated", "proposed")]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a,b\n1,2\n", "a.csv:1: no column holds terms"),
            ("en,zh-CN,status\ntea,茶,nice\n", "a.csv:2: column status: 'nice' is no status"),
            ("en,zh-CN,status\ntea,茶; 茗; 荼,preferred; admitted\n", "a.csv:2: column status: 2 for 3 terms"),
            ("en,definition\n\n,x\n", "a.csv:3: no term in this row"),
            ("en,score\ntea,9\n", "a.csv:2: column score"),
            ("en,kind\ntea,dog\n", "a.csv:2: column kind"),
            ("en,details\ntea,{\n", "a.csv:2: column details"),
            ('en,details\ntea,"{""colour"":1}"\n', "a.csv:2: column details"),
            ("en,en\ntea,tee\n", "a.csv:1: two columns of one language"),
            ("id,en\n1,tea\n1,pot\n", "a.csv:3: a second entry with the id '1'"),
            ("en\ntea,extra\n", "a.csv:2: 2 cells for 1 columns"),
            ('en\n"tea\n', "a.csv:2: malformed CSV"),
        ],
    )
    def test_bad_row_is_named(self, tmp_path: Path, text: str, message: str) -> None:
        with pytest.raises(ExchangeError) as caught:
            back(sheet(tmp_path, text))
        assert message in str(caught.value)

    def test_a_term_somebody_changed_loses_only_its_details(self, entries: list[ConceptEntry], tmp_path: Path) -> None:
        write(entries, "tsv", tmp_path / "a.tsv")
        text = (
            (tmp_path / "a.tsv")
            .read_text(encoding="utf-8")
            .replace("NFT; non-fungible token", "nft; non-fungible token")
        )
        first = back(sheet(tmp_path, text, "b.tsv"))[0]
        assert [(t.term, t.term_type) for t in first.lang_secs[0].terms] == [
            ("nft", "fullForm"), ("non-fungible token", "fullForm"),
        ]  # fmt: skip


class TestXlsx:
    def test_openpyxl_reads_every_cell_as_text(self, entries: list[ConceptEntry], tmp_path: Path) -> None:
        write(entries, "xlsx", tmp_path / "a.xlsx")
        cells = list(openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows())
        assert {cell.data_type for row in cells for cell in row if cell.value is not None} <= {"s", "inlineStr"}
        assert [row[1].value for row in cells][-1] == "=cmd()"

    def test_workbooks_of_other_programs_are_read(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        for row in (["en", "zh-TW", "score"], ["tea", "茶", 1], [2024, "二〇二四", None], [None, None, None]):
            book.active.append(row)
        book.save(tmp_path / "a.xlsx")
        assert shown(back(tmp_path / "a.xlsx")) == [["en: tea", "zh-Hant-TW: 茶"], ["en: 2024", "zh-Hant-TW: 二〇二四"]]

    def test_no_clock_enters_the_file(self, entries: list[ConceptEntry], tmp_path: Path) -> None:
        write(entries, "xlsx", tmp_path / "a.xlsx")
        with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
            assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_too_long_for_a_cell_is_reported(self, tmp_path: Path) -> None:
        term = TermSec("tea", note="x" * 40_000, pinyin="y" * 9_000)
        entry = ConceptEntry("a", (LangSec("en", (term,)),), "concept", 1.0)
        report = write([entry], "xlsx", tmp_path / "a.xlsx")
        assert {"cells longer than Excel holds, left out", "notes of terms"} <= {loss.kind for loss in report.losses}

    def test_text_output_without_bytes_is_refused(self, entries: list[ConceptEntry]) -> None:
        with pytest.raises(ExchangeError, match="name a file"):
            write(entries, "xlsx", io.StringIO())

    @pytest.mark.parametrize(
        ("sheet_xml", "message"),
        [
            (b"<worksheet>" + b" " * 40_000_000 + b"</worksheet>", "packed over"),
            (b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', "document type; refused"),
            (
                f'<worksheet {NS}><row r="2"><c r="ZZZ2"><v>1</v></c></row></worksheet>'.encode(),
                "a.xlsx:2: a cell in column",
            ),
            (
                f'<worksheet {NS}><row><c t="s"><v>7</v></c></row></worksheet>'.encode(),
                "a.xlsx:1: a cell names the shared",
            ),
            (b"<worksheet>", "malformed workbook"),
            (f'<worksheet {NS}><row r="x"/></worksheet>'.encode(), "damaged"),
        ],
    )
    def test_bombs_and_damage_are_refused_in_one_line(
        self, entries: list[ConceptEntry], tmp_path: Path, sheet_xml: bytes, message: str
    ) -> None:
        write(entries, "xlsx", tmp_path / "good.xlsx")
        with (
            zipfile.ZipFile(tmp_path / "good.xlsx") as good,
            zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as bad,
        ):
            for name in good.namelist():
                bad.writestr(name, sheet_xml if name.endswith("sheet1.xml") else good.read(name))
        with pytest.raises(ExchangeError) as caught:
            back(tmp_path / "a.xlsx")
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_part_that_lies_about_its_size_is_refused(self, entries: list[ConceptEntry], tmp_path: Path) -> None:
        write(entries, "xlsx", tmp_path / "a.xlsx")
        content = (tmp_path / "a.xlsx").read_bytes()
        with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
            size = archive.getinfo("xl/workbook.xml").file_size
        (tmp_path / "a.xlsx").write_bytes(content.replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little")))
        with pytest.raises(ExchangeError, match=r"a.xlsx"):
            back(tmp_path / "a.xlsx")


class TestLines:
    def test_omegat_has_a_line_a_synonym(self, entries: list[ConceptEntry]) -> None:
        stream = io.StringIO()
        write(entries, "omegat", stream, lang="zh-Hant-TW")
        lines = stream.getvalue().splitlines()
        assert "NFT\t非同質化代幣\t[admitted, proposed] NFT stands for non-fungible token." in lines
        assert "non-fungible token\tNFT\t[admitted, proposed] NFT stands for non-fungible token." in lines
        assert all(line.count("\t") in (1, 2) for line in lines if line != "# another concept")

    def test_omegat_files_of_people_are_read(self, tmp_path: Path) -> None:
        path = sheet(tmp_path, "# a comment\r\ntea\t茶\r\n\r\ntea\t茗\trare\r\npot\t\r\n", "a.utf8")
        assert shown(back(path, lang="zh-CN")) == [["en: tea", "zh-Hans: 茶, 茗"], ["en: pot"]]
        with pytest.raises(ExchangeError, match="does not say its target language"):
            back(path)
        with pytest.raises(ExchangeError, match=r"b.utf8:2: not source<TAB>target"):
            back(sheet(tmp_path, "tea\t茶\nno tab\n", "b.utf8"), lang="zh-CN")

    def test_jieba_keeps_every_word_of_the_dictionary_whole(self, tmp_path: Path) -> None:
        jieba = pytest.importorskip("jieba")
        words = ["区块链", "的了是", "BaaS平台", "100%证", "C++语言", "链"]
        left_out = ["供应 链", "亨利·福特", "供-应链", "𠮷日"]
        made = [ConceptEntry(w, (LangSec("zh-Hans", (TermSec(w),)),), "concept", 1.0) for w in (*words, *left_out)]
        report = write(made, "jieba", tmp_path / "words.txt")
        (loss,) = [loss for loss in report.losses if "jieba cannot keep" in loss.kind]
        assert loss.count == len(left_out)
        tokenizer = jieba.Tokenizer()
        tokenizer.tmp_dir = str(tmp_path)
        with (tmp_path / "words.txt").open("rb") as words_file:
            tokenizer.load_userdict(words_file)
        for word in words:
            assert word in list(tokenizer.cut(f"我们，{word}，很好"))


@pytest.mark.gettext
@pytest.mark.skipif(shutil.which("msgmerge") is None, reason="msgmerge (gettext) is not installed")
class TestGettext:
    def test_statuses_survive_msgmerge(self, entries: list[ConceptEntry], tmp_path: Path) -> None:
        kept = [replace(e, do_not_translate=e.id.startswith("4e")) for e in entries]
        write(kept, "po", tmp_path / "old.po")
        template = (tmp_path / "old.po").read_text(encoding="utf-8") + '\nmsgid "new"\nmsgstr ""\n'
        (tmp_path / "new.pot").write_text(template, encoding="utf-8")
        run = ["msgmerge", "--quiet", "-o", "merged.po", "old.po", "new.pot"]
        subprocess.run(run, cwd=tmp_path, check=True, timeout=60, capture_output=True)
        before = {e.id: e for e in back(tmp_path / "old.po")}
        after = {e.id: e for e in back(tmp_path / "merged.po")}
        assert before.keys() < after.keys()
        assert {i: after[i] for i in before} == before
        assert next(e for e in after.values() if e.id.startswith("4e")).do_not_translate

    def test_what_an_editor_unfuzzied_is_approved(self, entries: list[ConceptEntry], tmp_path: Path) -> None:
        write(entries, "po", tmp_path / "a.po")
        text = (tmp_path / "a.po").read_text(encoding="utf-8").replace("#, fuzzy\n", "").replace("#, fuzzy, ", "#, ")
        states = {
            t.review_state for e in back(sheet(tmp_path, text, "b.po")) for s in e.lang_secs[1:] for t in s.terms[:1]
        }
        assert states == {"approved"}

    def test_po_of_other_programs_is_read(self, tmp_path: Path) -> None:
        text = (
            'msgid ""\nmsgstr ""\n"Language: zh_TW\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            '# ask Li\n#: a.c:1\n#, forbidden\nmsgctxt "menu"\nmsgid "Open"\nmsgstr "打"\n"開"\n\n'
            'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "多"\n\n#~ msgid "old"\n#~ msgstr "舊"\n'
        )
        result = read(sheet(tmp_path, text, "a.po"))
        (entry,) = result.entries
        assert shown([entry]) == [["en: Open", "zh-Hant-TW: 打開"]]
        assert (entry.note, entry.lang_secs[1].terms[0].administrative_status) == ("ask Li", "forbidden")
        assert [loss.kind for loss in result.report.losses] == ["messages with plural forms", "obsolete messages"]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('msgid "a"\nmsgstr "b"\n', "a.po:1: the header has no Language"),
            ('msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "a"\nb\n', "a.po:5: not PO: 'b'"),
            ('msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "a"\n', "a.po:4: a message without msgid or msgstr"),
            ('msgid ""\nmsgstr "Content-Type: text/plain; charset=BIG5\\n"\n', "a.po:1: charset BIG5; convert"),
            (
                'msgid ""\nmsgstr "Language: fr\\n"\n' + '\nmsgid "a"\nmsgstr "b"\n' * 2,
                "a.po:7: the message 'a' stands twice",
            ),
        ],
    )
    def test_malformed_po_is_refused_with_its_line(self, tmp_path: Path, text: str, message: str) -> None:
        with pytest.raises(ExchangeError) as caught:
            back(sheet(tmp_path, text, "a.po"))
        assert message in str(caught.value)
