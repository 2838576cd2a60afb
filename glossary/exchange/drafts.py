"""Entries put together from what a file says, and the projection of an entry on what a format has room for.

A reader fills a `Draft`. A `Room` declares what a format carries; `project` gives the entry as it comes back from the
format, so that reading back what was written is `project`, and the difference to the entry is the loss report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from operator import attrgetter

from glossary.datamodel import (
    AdministrativeStatus,
    ConceptEntry,
    Context,
    Definition,
    Flag,
    Kind,
    LangSec,
    ReviewState,
    TermSec,
    altered,
)
from glossary.exchange.options import ExportOptions
from glossary.language import ZH_TARGETS, base_language
from glossary.variants import with_converted

IMPORTED = "imported"
"""The rule of definitions and terms that a file gave and no document shows."""

IMPORTED_SCORE = 1.0
"""The score of an entry whose file gives none: somebody's termbase is taken at its word."""

Text = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Room:
    """What a format has room for: names of `ConceptEntry` and `TermSec` fields, and what becomes of a text."""

    entry: frozenset[str]
    term: frozenset[str]
    text: Text
    definitions: bool = True
    definition_sources: bool = True
    contexts: Callable[[ConceptEntry], tuple[Context, ...]] | None = None
    score_digits: int | None = None  # after the point; None: all of them
    statuses: frozenset[AdministrativeStatus] = frozenset({"preferred", "admitted", "deprecated", "forbidden"})
    reviews: frozenset[ReviewState] = frozenset({"proposed", "approved"})


def project(entry: ConceptEntry, room: Room) -> ConceptEntry | None:
    """The entry as it comes back from a format with that room; None when none of its terms has a place."""
    has, text = room.entry, room.text
    score = entry.score if "score" in has else IMPORTED_SCORE
    if room.score_digits is not None:
        score = round(score, room.score_digits)
    sections = tuple(s for s in (_section(s, room, score) for s in entry.lang_secs) if s.terms)
    if not sections:
        return None
    return ConceptEntry(
        entry.id if "id" in has else "",
        sections,
        entry.kind if "kind" in has else "concept",
        score,
        room.contexts(entry) if room.contexts else (),
        text(entry.subject_field) if "subject_field" in has else "",
        text(entry.note) if "note" in has else "",
        entry.flags if "flags" in has else (),
        entry.do_not_translate and "do_not_translate" in has,
    )


_TEXT_FIELDS = ("geographical_usage", "note", "source", "pinyin", "jyutping", "conversion")
_FIELDS = tuple(f.name for f in fields(TermSec))
_values = attrgetter(*_FIELDS)
_SCORE = _FIELDS.index("score")


def _section(section: LangSec, room: Room, score: float) -> LangSec:
    terms: dict[str, TermSec] = {}
    for term in section.terms:
        if term.review_state not in room.reviews or term.administrative_status not in room.statuses:
            continue
        text = room.text(term.term)
        if text.strip():
            terms.setdefault(text, _term(term, text, room, score))
    if not room.definitions or not section.definitions:
        return LangSec(section.lang, tuple(terms.values()))
    definitions = (_definition(d, section.lang, room) for d in section.definitions)
    return LangSec(section.lang, tuple(terms.values()), tuple(d for d in definitions if d.text.strip()))


def _term(term: TermSec, text: str, room: Room, score: float) -> TermSec:
    dropped, texts = _plan(room.term)
    values = list(_values(term))
    for at, usual in dropped:
        values[at] = usual
    for at in texts:
        if values[at]:
            values[at] = room.text(values[at])
    values[0], values[_SCORE] = text, score
    return TermSec(*values)


@cache
def _plan(kept: frozenset[str]) -> tuple[tuple[tuple[int, object], ...], tuple[int, ...]]:
    """Of the fields of a TermSec, by place: those that are not kept with their usual values, and those with texts."""
    listed = list(enumerate(fields(TermSec)))
    dropped = tuple((at, f.default) for at, f in listed if f.name not in kept and f.default is not MISSING)
    return dropped, tuple(at for at, f in listed if f.name in kept and f.name in _TEXT_FIELDS)


def _definition(definition: Definition, lang: str, room: Room) -> Definition:
    source = room.text(definition.source) if room.definition_sources else ""
    return imported_definition(room.text(definition.text), lang, source)


def imported_definition(text: str, lang: str, source: str = "") -> Definition:
    """A definition that a file gave."""
    return Definition(text, lang, "", 0, 0, IMPORTED, source)


def imported_context(text: str, lang: str, term: str, source: str = "") -> Context:
    """A sentence in one language that a file gave for a term, the term marked; `source` says where it stands."""
    place = place_of(term, text)
    return Context(text, "", lang, "und", () if place is None else (place,), (), "", None, source, 0, 0.0)


def place_of(term: str, text: str) -> tuple[int, int] | None:
    """Where a term first stands in a text, in any case, whole characters only; None when it does not.

    >>> place_of("chain", "A Chain."), place_of("STRASSE", "Die Straße"), place_of("s", "ß"), place_of("鏈", "區塊鏈")
    ((2, 7), (4, 10), None, (2, 3))
    """
    wanted, folded = term.casefold(), text.casefold()
    start = folded.find(wanted) if wanted else -1
    if len(folded) == len(text):  # each character became one: the places are the same
        return (start, start + len(wanted)) if start >= 0 else None
    bounds = [0]
    for char in text:
        bounds.append(bounds[-1] + len(char.casefold()))
    at = {b: i for i, b in enumerate(bounds)}
    while start >= 0:
        if start in at and start + len(wanted) in at:
            return at[start], at[start + len(wanted)]
        start = folded.find(wanted, start + 1)
    return None


def selected(entry: ConceptEntry, options: ExportOptions, *, single: bool) -> ConceptEntry | None:
    """The part of an entry that was asked for; None when a status or review filter leaves no target term.

    `single` formats choose the forms of their one language themselves. For the others, sections of other target
    languages are left out, and a form in a variant nobody has stored is converted and marked.
    """
    wanted = options.lang
    if wanted in ZH_TARGETS and not single and entry.section(str(wanted)) is None:
        entry = with_converted(entry)
    filtered = bool(options.statuses or options.reviews)
    if wanted is None and not filtered:
        return entry
    source = base_language(options.source_lang)
    sections = []
    for section in entry.lang_secs:
        if base_language(section.lang) != source:
            if not single and wanted is not None and not belongs(section.lang, wanted):
                continue
            section = altered(section, terms=_chosen(section, options)) if filtered else section
        if section.terms:
            sections.append(section)
    if filtered and all(base_language(s.lang) == source for s in sections):
        return None
    return (
        entry if len(sections) == len(entry.lang_secs) and not filtered else altered(entry, lang_secs=tuple(sections))
    )


def _chosen(section: LangSec, options: ExportOptions) -> tuple[TermSec, ...]:
    return tuple(
        t
        for t in section.terms
        if (not options.statuses or t.administrative_status in options.statuses)
        and (not options.reviews or t.review_state in options.reviews)
    )


def belongs(lang: str, wanted: str) -> bool:
    """True when a tag is the wanted one or a variant of it.

    >>> belongs("zh-Hant-TW", "zh"), belongs("zh-Hant-TW", "zh-Hans"), belongs("zha", "zh")
    (True, False, False)
    """
    return f"{lang}-".startswith(f"{wanted}-")


@dataclass(slots=True)
class Draft:
    """An entry while its file is being read."""

    id: str = ""
    kind: Kind = "concept"
    score: float = IMPORTED_SCORE
    subject_field: str = ""
    note: str = ""
    do_not_translate: bool = False
    contexts: list[Context] = field(default_factory=list)
    flags: tuple[Flag, ...] = ()
    terms: dict[str, dict[str, TermSec]] = field(default_factory=dict)
    definitions: dict[str, list[Definition]] = field(default_factory=dict)

    def add_term(self, lang: str, term: TermSec) -> bool:
        """Adds a term to its language; False when the language has it already (the first one stays)."""
        section = self.terms.setdefault(lang, {})
        if term.term in section:
            return False
        section[term.term] = term
        return True

    def add_definition(self, lang: str, text: str, source: str = "") -> None:
        """Adds a definition to its language."""
        if text.strip():
            self.definitions.setdefault(lang, []).append(imported_definition(text, lang, source))

    def add_note(self, text: str) -> None:
        """Adds to the entry's note, a line of its own."""
        self.note = f"{self.note}\n{text}" if self.note else text

    @property
    def is_empty(self) -> bool:
        """True without any term."""
        return not any(self.terms.values())

    def entry(self) -> ConceptEntry:
        """The entry; a definition in a language without terms goes to the first language that has some."""
        langs = [lang for lang, terms in self.terms.items() if terms]
        definitions: dict[str, list[Definition]] = {}
        for lang, listed in self.definitions.items():
            definitions.setdefault(lang if lang in langs else langs[0], []).extend(listed)
        sections = tuple(
            LangSec(
                lang,
                tuple(self.terms[lang].values()),
                tuple(d if d.lang == lang else altered(d, lang=lang) for d in definitions.get(lang, ())),
            )
            for lang in langs
        )
        return ConceptEntry(
            self.id, sections, self.kind, self.score, tuple(self.contexts), self.subject_field, self.note,
            self.flags, self.do_not_translate,
        )  # fmt: skip
