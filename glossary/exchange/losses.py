"""What an export could not carry and what an import passed over, counted by kind with a few examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from operator import attrgetter

from glossary.datamodel import ConceptEntry, LangSec, TermSec

EXAMPLES_KEPT = 3
"""Examples of a kind of loss that a report keeps: enough to find the place, short enough for a terminal."""
LONGEST_EXAMPLE = 80  # characters
MOST_KINDS = 100  # kinds counted apart


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of content that a format has no room for: how often, and where for instance."""

    kind: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the entries of one file. `of_language` counts entries with a term of the language asked for."""

    format: str
    entries: int  # written to the file, or read from it
    losses: tuple[Loss, ...] = ()
    of_language: int | None = None  # None: no language was asked for

    def lines(self) -> Iterator[str]:
        """The report for people: a line a kind of loss, most frequent first."""
        for loss in sorted(self.losses, key=lambda loss: (-loss.count, loss.kind)):
            shown = ", ".join(loss.examples)
            yield f"{loss.kind}: {loss.count}{f' (such as {shown})' if shown else ''}"


class Tally:
    """Counts losses while entries pass; `report` at any time gives what was counted so far."""

    def __init__(self, format: str) -> None:
        self.format = format
        self.entries = 0
        self.of_language: int | None = None
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def add(self, kind: str, example: str = "") -> None:
        """One more loss of a kind; the names of kinds may come from a file, so they are few and short."""
        if kind not in self._counts:
            kind = " ".join(kind[:LONGEST_EXAMPLE].split())
            kind = kind if kind in self._counts or len(self._counts) < MOST_KINDS else "other things"
        self._counts[kind] = self._counts.get(kind, 0) + 1
        kept = self._examples.setdefault(kind, [])
        if example and len(kept) < EXAMPLES_KEPT:
            short = " ".join(example[: LONGEST_EXAMPLE + 1].split())
            if short not in kept:
                kept.append(short if len(short) <= LONGEST_EXAMPLE else f"{short[:LONGEST_EXAMPLE]}…")

    def compare(self, whole: ConceptEntry, kept: ConceptEntry | None) -> None:
        """Counts all that `whole` holds and `kept`, what the format carries of it, does not."""
        if kept is None or not kept.lang_secs:
            self.add("entries without a term to write", label(whole))
            return
        if whole == kept:
            return
        for name, kind in _ENTRY_FIELDS:
            if getattr(whole, name) != getattr(kept, name):
                self.add(kind, label(whole))
        sections = {s.lang: s for s in kept.lang_secs}
        for section in whole.lang_secs:
            there = sections.get(section.lang)
            if there is None:
                self.add(f"terms in {section.lang}", section.terms[0].term if section.terms else label(whole))
            elif there != section:
                self._compare_section(section, there)

    def _compare_section(self, whole: LangSec, kept: LangSec) -> None:
        present = {t.term: t for t in kept.terms}
        for term in whole.terms:
            there = present.get(term.term)
            if there is None:
                self.add(_lost_term(term), term.term)
            elif there != term:
                for kind, had, has in zip(_TERM_KINDS, _of_term(term), _of_term(there), strict=True):
                    if had != has:
                        self.add(kind, term.term)
        texts = {d.text: d for d in kept.definitions}
        for definition in whole.definitions:
            match = texts.get(definition.text)
            if match is None:
                self.add("definitions, or characters of them", definition.text)
            elif match != definition:
                lost_source = match.source != definition.source
                self.add("sources of definitions" if lost_source else "places of definitions", definition.text)

    def report(self) -> Report:
        """What was counted so far."""
        losses = (Loss(kind, count, tuple(self._examples[kind])) for kind, count in self._counts.items())
        listed = tuple(sorted(losses, key=lambda loss: loss.kind))
        return Report(self.format, self.entries, listed, self.of_language)


def label(entry: ConceptEntry) -> str:
    """The name of an entry in messages: its first term, or its id."""
    return next((t.term for s in entry.lang_secs for t in s.terms), entry.id)


def _lost_term(term: TermSec) -> str:
    if term.review_state == "rejected":
        return "rejected terms"
    if term.administrative_status in ("deprecated", "forbidden"):
        return f"{term.administrative_status} terms"
    return "terms, or characters of them"


_ENTRY_NAMES = {
    "id": "ids", "kind": "kinds of concept", "score": "scores", "contexts": "contexts, or parts of them",
    "subject_field": "subject fields", "note": "notes", "flags": "flags",
    "do_not_translate": "marks do-not-translate",
}  # fmt: skip
_TERM_NAMES = {
    "term_type": "term types", "part_of_speech": "parts of speech", "administrative_status": "administrative statuses",
    "review_state": "review states", "origin": "marks of converted forms", "score": "scores of terms",
    "provenance": "provenance", "flags": "flags of terms", "case_sensitive": "marks of case",
    "geographical_usage": "regions of use", "note": "notes of terms", "source": "sources of terms",
    "pinyin": "pinyin readings", "jyutping": "jyutping readings",
}  # fmt: skip
_ENTRY_FIELDS = tuple(_ENTRY_NAMES.items())
_TERM_KINDS = tuple(_TERM_NAMES.values())
_of_term = attrgetter(*_TERM_NAMES)

assert {f.name for f in fields(ConceptEntry)} - {"lang_secs"} == _ENTRY_NAMES.keys()
