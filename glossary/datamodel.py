"""Every record that crosses a door: frozen, slotted, standard library only. Read this first.

    Document --segmentation--> Segment --alignment--> Bead, Bitext --terms--> TermCandidate
    TermCandidate --terms.assemble--> ConceptEntry > LangSec > TermSec --store, exchange-->

Offsets are code-point offsets into `Document.text`, half open. Scores are 0..1, higher is better. Language tags are
BCP 47 (`en`, `zh-Hans`, `zh-Hant`, `zh-Hant-TW`, `zh-Hant-HK`). Ids come from content: the same input
gives the same id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import Any, Literal, TypeVar, cast

Record = TypeVar("Record")

Role = Literal["heading", "body", "summary", "footnote", "furniture"]
"""What a segment is in its document. heading and body are article text and get aligned; summary (the article retold in
its source language), footnote (definitions live there) and furniture (dates, bylines, related posts, comment forms) are
not."""

ARTICLE_ROLES: frozenset[str] = frozenset({"heading", "body"})

Kind = Literal["acronym", "organisation", "person", "place", "product", "concept"]
ReviewState = Literal["proposed", "approved", "rejected"]
AdministrativeStatus = Literal["preferred", "admitted", "deprecated", "forbidden"]
TermType = Literal["fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"]
Origin = Literal["observed", "converted"]


def content_id(*parts: str) -> str:
    """A stable id of 16 hexadecimal digits for a piece of content.

    >>> content_id("en", "blockchain") == content_id("en", "blockchain")
    True
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def altered(record: Record, **values: object) -> Record:
    """A record of two fields or more with other values in some: what `dataclasses.replace` gives, in half the time.

    Raises: KeyError for a name that is no field.

    >>> altered(Flag("damaged", "why"), form="缺")
    Flag(code='damaged', reason='why', form='缺', repair='')
    """
    kind: Any = type(record)
    places, values_of = _fields_of(kind)
    made = list(values_of(record))
    for name, value in values.items():
        made[places[name]] = value
    return cast(Record, kind(*made))


@cache
def _fields_of(kind: type) -> tuple[dict[str, int], attrgetter[tuple[object, ...]]]:
    names = [f.name for f in fields(kind)]
    return {name: at for at, name in enumerate(names)}, attrgetter(*names)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as text, which all offsets point into.

    Of plain text and Markdown `text` is the decoded file verbatim (no newline or Unicode normalisation, BOM removed).
    Of other kinds it is what the reader took out of the file: paragraphs, a blank line between, pages after form feeds.
    """

    id: str
    uri: str
    text: str
    lang: str | None = None  # None: not known, or more than one language
    kind: str = "text"  # text, markdown; taken out of: html, docx, pdf, epub, subtitles

    @property
    def is_verbatim(self) -> bool:
        """True when `text` is the file itself."""
        return self.kind in ("text", "markdown")

    def line_at(self, offset: int) -> int:
        """Where an offset stands, from 1: the line of a text file, the page of a PDF, else the paragraph.

        >>> Document("", "a.txt", "One.\\nTwo.").line_at(5), Document("", "", "一。\\n\\n二。", kind="docx").line_at(4)
        (2, 2)
        """
        mark = "\n" if self.is_verbatim else "\f" if self.kind == "pdf" else "\n\n"
        return self.text.count(mark, 0, offset) + 1


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence or heading: `document.text[start:end] == text`, always."""

    document_id: str
    index: int  # 0-based, per document and language, in document order, all roles counted
    lang: str
    text: str
    start: int
    end: int
    role: Role = "body"
    block: int = 0  # number of the paragraph it stands in, 0-based, per document


@dataclass(frozen=True, slots=True)
class Bead:
    """A group of source and target segments that translate each other; a null bead has one side empty.

    Ranges index `Bitext.source` and `Bitext.target`. An empty range keeps its position: `range(3, 3)`.
    """

    source: range
    target: range
    score: float  # 0..1, calibrated: of beads scored .9, nine in ten are right; 0.0 for a null bead
    evidence: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_null(self) -> bool:
        """True when one side is empty."""
        return not self.source or not self.target


@dataclass(frozen=True, slots=True)
class Bitext:
    """Two segment sequences and the beads that tile both, in order, without gap or overlap."""

    source: tuple[Segment, ...]
    target: tuple[Segment, ...]
    beads: tuple[Bead, ...]
    signature: str = ""  # version + aligner + settings + data hashes

    @property
    def source_lang(self) -> str:
        """Tag of the source side, `und` when it is empty."""
        return self.source[0].lang if self.source else "und"

    @property
    def target_lang(self) -> str:
        """Tag of the target side, `und` when it is empty."""
        return self.target[0].lang if self.target else "und"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at. `form` is the observed form it is about, `repair` a suggestion or ''."""

    code: str  # damaged, mixed-script, conflict, ...
    reason: str
    form: str = ""
    repair: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a term pair stands: bead number in the Bitext, and document offsets of each side, None where absent."""

    bead: int | None  # None: outside any bead (footnote, monolingual document)
    source: tuple[int, int] | None
    target: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A sentence of the text that says what a term is, with its offsets in its document."""

    text: str
    lang: str
    document_id: str
    start: int
    end: int
    rule: str  # stands-for, is, refers-to; written, imported: no document shows it (document_id '', offsets 0)
    source: str = ""  # where a written or imported definition was taken from


@dataclass(frozen=True, slots=True)
class TermCandidate:
    """A term and its rendering as one Bitext (or one monolingual document) shows them, verbatim.

    `target` is '' when the text gives no rendering. `expansions` are full forms the text itself states for `source`.
    """

    source: str
    target: str
    source_lang: str
    target_lang: str
    kind: Kind
    score: float
    rule: str  # the strongest piece of evidence: parenthesis, identical, enumeration, dictionary, ...
    evidence: Mapping[str, float] = field(default_factory=dict)
    occurrences: tuple[Occurrence, ...] = ()
    expansions: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    source_forms: tuple[str, ...] = ()  # other observed forms of the source: NFTs, nfts
    target_forms: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A pair a termbase holds already; `rejected` when a person said it is wrong."""

    english: str
    chinese: str
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one document pair, bilingual file or monolingual document gives; what the store keeps per document.

    A bilingual file is its own target. A monolingual document has an empty target side: all its beads are null.
    `extra` holds the segments that are not article text (footnotes, bylines ...) of both languages.
    """

    bitext_id: str  # from both paths, so that a changed file replaces its own part
    source: Document
    target: Document
    bitext: Bitext
    extra: tuple[Segment, ...] = ()
    candidates: tuple[TermCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why a term is in the glossary: which rule saw it where. An entry without one does not enter the store."""

    document_id: str
    start: int
    end: int
    rule: str
    score: float
    bitext_id: str = ""
    bead: int | None = None
    who: str = "glossary"
    when: str = ""  # ISO 8601, '' for machine work: it must not change between runs


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence pair a concept was seen in. Marks are (start, end) within the text of that side.

    `target` is '' for a monolingual context or a null bead. `score` is the bead's score.
    """

    source: str
    target: str
    source_lang: str
    target_lang: str
    source_marks: tuple[tuple[int, int], ...]
    target_marks: tuple[tuple[int, int], ...]
    bitext_id: str
    bead: int | None
    uri: str  # the source document's
    line: int  # where the source sentence stands in its document: Document.line_at
    score: float


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """A text and its translation as a translation file or an alignment holds them. An empty target: not translated."""

    source: str
    target: str
    source_lang: str
    target_lang: str
    uri: str
    line: int  # 1-based, where the unit begins
    id: str = ""  # what the file calls it


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check found in a translation unit. Offsets are into the text of `side`."""

    code: str  # E101, W203 ...: checks.CODES says what each means
    message: str
    unit: TranslationUnit
    side: Literal["source", "target"] = "target"
    start: int = 0
    end: int = 0
    suggestion: str = ""

    @property
    def is_error(self) -> bool:
        """True for E codes."""
        return self.code.startswith("E")


@dataclass(frozen=True, slots=True)
class TermSec:
    """One term of one language: TBX's termSec."""

    term: str
    term_type: TermType = "fullForm"
    part_of_speech: str = "noun"
    administrative_status: AdministrativeStatus = "admitted"
    review_state: ReviewState = "proposed"
    origin: Origin = "observed"
    conversion: str = ""  # what made a converted form: 'opencc s2twp + overrides'
    converted_from: str = ""  # the language tag it was converted from
    score: float = 0.0
    provenance: tuple[Provenance, ...] = ()
    flags: tuple[Flag, ...] = ()
    case_sensitive: bool = False
    geographical_usage: str = ""  # where it is used, when the language tag does not say it
    note: str = ""
    source: str = ""  # where the term was taken from, in an editor's words
    pinyin: str = ""  # numbered, one syllable a character: shu4 zi4 cang2 pin3; '' for the machine's reading
    jyutping: str = ""  # numbered: sou3 zi6 cong4 ban2; '' for the machine's reading


@dataclass(frozen=True, slots=True)
class LangSec:
    """The terms of one language, best first, and its definitions: TBX's langSec."""

    lang: str
    terms: tuple[TermSec, ...]
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """One concept with its terms per language: TBX's conceptEntry."""

    id: str
    lang_secs: tuple[LangSec, ...]
    kind: Kind
    score: float
    contexts: tuple[Context, ...] = ()
    subject_field: str = ""
    note: str = ""
    flags: tuple[Flag, ...] = ()
    do_not_translate: bool = False  # stays as it is in every translation

    def section(self, lang: str) -> LangSec | None:
        """The section with exactly this tag, or None."""
        return next((s for s in self.lang_secs if s.lang == lang), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entry by a person or an import: what it was before, what it is after; None: not there."""

    id: int  # grows with time
    entry_id: str
    who: str
    when: str  # ISO 8601, UTC
    what: str  # add, edit, review, status, merge, split, delete, import, undo, restore
    before: ConceptEntry | None
    after: ConceptEntry | None
    group: str = ""  # changes made by one act (an import, a merge) share it and are undone together


def upload_id(extraction: Extraction) -> str:
    """The id under which an upload of exactly these texts is kept."""
    return content_id("upload", extraction.source.id, extraction.target.id)
