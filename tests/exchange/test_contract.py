"""What every exporter and every bitext writer promises."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from glossary.datamodel import Bitext, ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange import (
    BITEXT_READERS,
    BITEXT_WRITERS,
    EXPORTERS,
    IMPORTERS,
    format_of,
    read,
    read_bitext,
    write,
    write_bitext,
)

from . import strategies

every_exporter = pytest.mark.parametrize("format", sorted(EXPORTERS))
every_writer = pytest.mark.parametrize("format", sorted(BITEXT_WRITERS))


def exported(entries: Iterable[ConceptEntry], format: str, **options: str) -> bytes:
    stream = io.BytesIO()
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    write(entries, format, text, **options)  # type: ignore[arg-type]
    text.detach()
    return stream.getvalue()


def written(bitext: Bitext, format: str) -> str:
    stream = io.StringIO()
    write_bitext(bitext, format, stream, source_uri="a&b.txt", target_uri="a.zh.txt")
    return stream.getvalue()


class TestEntries:
    @every_exporter
    def test_same_glossary_same_bytes(self, entries: list[ConceptEntry], format: str) -> None:
        assert exported(entries, format) == exported(list(entries), format)

    @every_exporter
    def test_file_holds_what_the_stream_gets(self, entries: list[ConceptEntry], format: str, tmp_path: Path) -> None:
        write(entries, format, tmp_path / "out")
        assert (tmp_path / "out").read_bytes() == exported(entries, format)
        assert [p.name for p in tmp_path.iterdir()] == ["out"]

    @every_exporter
    def test_empty_glossary_is_a_valid_file_and_reads_back_empty(self, format: str, tmp_path: Path) -> None:
        content = exported([], format)
        assert content == b"" or format == "xlsx" or content.endswith(b"\n")
        (tmp_path / "empty").write_bytes(content)
        assert list(read(tmp_path / "empty", format, lang="zh-Hans").entries) == []

    @every_exporter
    def test_generator_is_enough(self, entries: list[ConceptEntry], format: str) -> None:
        assert exported((e for e in entries), format) == exported(entries, format)

    @every_exporter
    def test_hostile_content_is_written(self, format: str, glossaries: list[list[ConceptEntry]]) -> None:
        for entries in glossaries:
            exported(entries, format)

    @pytest.mark.parametrize("format", sorted(EXPORTERS.keys() - {"jieba"}))  # jieba leaves such a word out
    def test_lone_surrogate_writes_nothing(self, entries: list[ConceptEntry], format: str, tmp_path: Path) -> None:
        from dataclasses import replace

        bad = [replace(s, terms=(replace(s.terms[0], term="lone \ud800"),)) for s in entries[0].lang_secs]
        with pytest.raises(ExchangeError, match=r"U\+D800"):
            write([replace(entries[0], lang_secs=tuple(bad))], format, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    def test_unknown_format_lists_the_known(self) -> None:
        with pytest.raises(
            ExchangeError,
            match=r"Unknown format 'doc'. Available: csv, jieba, jsonl, omegat, po, tbx, tbx2, tmx, tsv, xlsx.",
        ):
            exported([], "doc")

    def test_every_format_is_written_and_read(self) -> None:
        assert EXPORTERS.keys() == IMPORTERS.keys()

    @every_exporter
    def test_report_counts_what_was_left_behind(self, entries: list[ConceptEntry], format: str) -> None:
        report = write(entries, format, io.BytesIO() if format == "xlsx" else io.StringIO())
        kinds = {loss.kind for loss in report.losses}
        assert ("provenance" in kinds) == (format != "jsonl")
        assert all(loss.count > 0 and len(loss.examples) <= 3 for loss in report.losses)

    @every_exporter
    def test_language_nobody_has_is_told(self, entries: list[ConceptEntry], format: str) -> None:
        stream = io.BytesIO() if format == "xlsx" else io.StringIO()
        assert write(entries, format, stream, lang="fr").of_language == 0

    @every_exporter
    def test_status_and_review_filters_keep_only_these_target_terms(
        self, entries: list[ConceptEntry], format: str, tmp_path: Path
    ) -> None:
        write(entries, format, tmp_path / "out", lang="zh-Hans", statuses=["preferred"], reviews=["approved"])
        back = list(read(tmp_path / "out", format, lang="zh-Hans").entries)
        targets = [t.term for e in back for s in e.lang_secs if s.lang == "zh-Hans" for t in s.terms]
        assert "数字身份" in targets
        assert len(back) == 1
        with pytest.raises(ExchangeError, match="Unknown status 'nice'"):
            write(entries, format, tmp_path / "out", statuses=["nice"])

    @pytest.mark.parametrize("format", sorted(IMPORTERS))
    @pytest.mark.parametrize(
        "content",
        [b"\x00\x01\x02", b"\xff\xfe\x00", b"<a>", b"PK\x03\x04junk", b"{", b'msgid "', b"a\tb\n\xff", b"\x80" * 50],
    )
    def test_rubbish_is_refused_in_one_line_or_read(self, format: str, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "rubbish").write_bytes(content)
        message = f"{tmp_path}/rubbish"
        try:
            list(read(tmp_path / "rubbish", format, lang="zh-Hans").entries)
        except ExchangeError as error:
            message = str(error)
        assert message.startswith(f"{tmp_path}/rubbish")
        assert "\n" not in message

    @pytest.mark.parametrize("format", sorted(IMPORTERS))
    def test_missing_file_and_folder_are_named(self, format: str, tmp_path: Path) -> None:
        for path in (tmp_path / "none", tmp_path):
            with pytest.raises(ExchangeError, match=str(path)):
                list(read(path, format, lang="zh-Hans").entries)

    def test_suffix_names_the_format(self, tmp_path: Path) -> None:
        assert [format_of(f"a.{s}") for s in ("TBX", "pot", "utf8", "xlsx")] == ["tbx", "po", "omegat", "xlsx"]
        with pytest.raises(ExchangeError, match="suffix names no format"):
            read(tmp_path / "terms.txt")


class TestBitexts:
    @every_writer
    def test_same_bitext_same_bytes(self, bitext: Bitext, format: str) -> None:
        assert written(bitext, format) == written(bitext, format)

    @every_writer
    def test_empty_bitext_is_a_valid_file(self, format: str) -> None:
        text = written(Bitext((), (), ()), format)
        assert text == "" or text.endswith("\n")

    @pytest.mark.parametrize("format", sorted(BITEXT_READERS))
    def test_empty_bitext_comes_back_empty(self, format: str, tmp_path: Path) -> None:
        path = tmp_path / f"a.{format}"
        write_bitext(Bitext((), (), ()), format, path)
        assert read_bitext(path).beads == ()

    @every_writer
    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(bitext=strategies.bitexts())
    def test_hostile_content_is_written(self, format: str, bitext: Bitext) -> None:
        written(bitext, format).encode("utf-8")

    def test_unknown_format_lists_the_known(self, bitext: Bitext) -> None:
        with pytest.raises(ExchangeError, match=r"Available: html, jsonl, tmx, tsv, vecalign."):
            written(bitext, "doc")


class TestFiles:
    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        path = tmp_path / "out.tsv"
        path.write_text("old")
        return path

    def test_failure_leaves_the_old_file(self, old: Path) -> None:
        def failing() -> Iterator[ConceptEntry]:
            raise OSError(errno.ENOSPC, "No space left on device")
            yield

        with pytest.raises(ExchangeError, match=r"out.tsv: not written: No space left on device"):
            write(failing(), "tsv", old)
        assert old.read_text() == "old"
        assert list(old.parent.iterdir()) == [old]

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
    def test_full_disk_is_one_line(self, bitext: Bitext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        full = os.open("/dev/full", os.O_WRONLY)
        monkeypatch.setattr("tempfile.mkstemp", lambda **_: (full, str(tmp_path / "part")))
        with pytest.raises(ExchangeError, match="No space left") as caught:
            write_bitext(bitext, "tsv", tmp_path / "out.tsv")
        assert "\n" not in str(caught.value)
        assert list(tmp_path.iterdir()) == []

    def test_missing_folder_and_folder_are_named(self, bitext: Bitext, tmp_path: Path) -> None:
        for path in (tmp_path / "no" / "out.tsv", tmp_path):
            with pytest.raises(ExchangeError, match="not written"):
                write_bitext(bitext, "tsv", path)

    def test_new_file_has_the_usual_permissions(self, bitext: Bitext, tmp_path: Path) -> None:
        write_bitext(bitext, "tsv", tmp_path / "a")
        (tmp_path / "b").touch()
        assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode
