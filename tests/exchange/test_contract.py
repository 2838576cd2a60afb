"""What every exporter and every bitext writer promises."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from glossary.datamodel import Bitext, ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange import BITEXT_READERS, BITEXT_WRITERS, EXPORTERS, read_bitext, write, write_bitext

from . import strategies

every_exporter = pytest.mark.parametrize("format", sorted(EXPORTERS))
every_writer = pytest.mark.parametrize("format", sorted(BITEXT_WRITERS))


def exported(entries: list[ConceptEntry], format: str, **options: str) -> str:
    stream = io.StringIO()
    write(entries, format, stream, **options)  # type: ignore[arg-type]
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
        assert (tmp_path / "out").read_bytes().decode() == exported(entries, format)
        assert [p.name for p in tmp_path.iterdir()] == ["out"]

    @every_exporter
    def test_empty_glossary_is_a_valid_file(self, format: str) -> None:
        text = exported([], format)
        assert text == "" or text.endswith("\n")

    @every_exporter
    def test_generator_is_enough(self, entries: list[ConceptEntry], format: str) -> None:
        stream = io.StringIO()
        write((e for e in entries), format, stream)
        assert stream.getvalue() == exported(entries, format)

    @every_exporter
    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(entry=strategies.entries())
    def test_hostile_content_is_written(self, format: str, entry: ConceptEntry) -> None:
        exported([entry], format).encode("utf-8")

    @every_exporter
    def test_lone_surrogate_writes_nothing(self, entries: list[ConceptEntry], format: str, tmp_path: Path) -> None:
        from dataclasses import replace

        section = entries[0].lang_secs[0]
        bad = replace(section, terms=(replace(section.terms[0], term="lone \ud800"),))
        with pytest.raises(ExchangeError, match=r"U\+D800"):
            write([replace(entries[0], lang_secs=(bad,))], format, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    def test_unknown_format_lists_the_known(self) -> None:
        with pytest.raises(ExchangeError, match=r"Unknown format 'doc'. Available: jsonl, po, tsv."):
            exported([], "doc")


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
