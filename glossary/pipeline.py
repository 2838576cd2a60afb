"""The corridor: the only file that knows the order of rooms 1 to 5.

    read_document -> segment -> align -> extract_terms -> store.put ; store.extractions -> assemble -> with_converted -> sync

`align_files` gives a Bitext, `extract_files` an Extraction, `build` fills a termbase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from glossary.alignment import align
from glossary.datamodel import (
    ARTICLE_ROLES, Bead, Bitext, Document, Extraction, KnownTerm, Segment, content_id,
)  # fmt: skip
from glossary.documents import DocumentPair, discover, read_document, uri_of
from glossary.errors import AlignmentError, GlossaryError
from glossary.exchange import document_text, read_bitext
from glossary.language import base_language
from glossary.lexicon import PairLexicon
from glossary.segmentation import segment
from glossary.store import Changes, Store
from glossary.terms import DEFAULT_MIN_SCORE, assemble, extract_terms
from glossary.variants import with_converted

Report = Callable[[str, int, int], None]
"""Called with what is being worked on, how many are done, how many there are."""


ALIGNED_SUFFIXES = (".tmx", ".tsv", ".jsonl")
"""Files that hold aligned text; `extract_files` reads their beads instead of aligning."""


@dataclass(frozen=True, slots=True)
class Options:
    """How texts are read and aligned. None for a language: guessed from file names and script."""

    source_lang: str | None = None
    target_lang: str | None = None
    presegmented: bool = False
    aligner: str = "combined"
    min_score: float = 0.0
    anchors: str | None = None
    encoding: str | None = None
    known: tuple[KnownTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class Aligned:
    """A bitext with its documents and the segments that are not article text."""

    source: Document
    target: Document
    bitext: Bitext
    extra: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: documents stored anew, failures as (path, message), changes to the entries."""

    documents: int
    changed: int
    failures: tuple[tuple[str, str], ...]
    changes: Changes
    entries: int = 0
    pairs: int = 0


def align_files(source: str | Path, target: str | Path | None = None, options: Options | None = None) -> Aligned:
    """Two files, or one file that holds both languages, aligned.

    Raises: DocumentError for a file that cannot be read; AlignmentError when a single file holds one language only.
    """
    options = options or Options()
    aligned = _aligned(DocumentPair(Path(source), None if target is None else Path(target)), options)
    if not (aligned.bitext.source and aligned.bitext.target):
        if target is None and (aligned.bitext.source or aligned.bitext.target):
            lang = aligned.bitext.source_lang if aligned.bitext.source else aligned.bitext.target_lang
            raise AlignmentError(f"{source}: holds only {lang} text; give its translation as a second file")
    return aligned


def extract_pair(pair: DocumentPair, options: Options, *, min_score: float = DEFAULT_MIN_SCORE) -> Extraction:
    """Everything one pair of files, bilingual file or monolingual file gives."""
    aligned = _aligned(pair, options)
    candidates = extract_terms(aligned.bitext, extra=aligned.extra, min_score=min_score, known=options.known)
    name = content_id(aligned.source.uri, aligned.target.uri)
    return Extraction(name, aligned.source, aligned.target, aligned.bitext, aligned.extra, candidates)


def extract_aligned(pair: DocumentPair, options: Options, *, min_score: float = DEFAULT_MIN_SCORE) -> Extraction:
    """Everything a file of aligned text gives; its documents are the texts of its two sides."""
    bitext = read_bitext(pair.source)
    uri = uri_of(pair.source)
    source, target = (
        Document(content_id(text), uri, text, lang)
        for text, lang in (
            (document_text(bitext.source), bitext.source_lang), (document_text(bitext.target), bitext.target_lang),
        )
    )  # fmt: skip
    candidates = extract_terms(bitext, min_score=min_score, known=options.known)
    return Extraction(content_id(uri, uri), source, target, bitext, (), candidates)


def known_terms(store: Store) -> tuple[KnownTerm, ...]:
    """The observed English-Chinese pairs of a termbase, those a person rejected included and marked."""
    found: dict[KnownTerm, None] = {}
    for entry in store.entries():
        english = entry.section("en")
        others = [t for s in entry.lang_secs if s.lang != "en" for t in s.terms if t.origin == "observed"]
        for term in english.terms if english else ():
            for other in others:
                rejected = "rejected" in (term.review_state, other.review_state)
                found[KnownTerm(term.term, other.term, rejected)] = None
    return tuple(found)


def _lexicon(known: Sequence[KnownTerm]) -> PairLexicon | None:
    pairs = [(k.english, k.chinese) for k in known if not k.rejected]
    return PairLexicon(pairs, ("en", "zh")) if pairs else None


def extract_files(
    paths: Iterable[str | Path], options: Options | None = None, *, min_score: float = DEFAULT_MIN_SCORE,
    report: Report | None = None,
) -> tuple[list[Extraction], list[tuple[str, str]]]:  # fmt: skip
    """Extractions of every document under the paths, and (path, message) of those that failed."""
    options = options or Options()
    listed = [Path(p) for p in paths]
    aligned = [p for p in listed if p.suffix.lower() in ALIGNED_SUFFIXES and p.is_file()]
    pairs = [*(DocumentPair(p) for p in aligned), *discover(p for p in listed if p not in aligned)]
    made: list[Extraction] = []
    failures: list[tuple[str, str]] = []
    for done, pair in enumerate(pairs):
        if report:
            report(_label(pair), done, len(pairs))
        try:
            one = extract_aligned if pair.source in aligned else extract_pair
            made.append(one(pair, options, min_score=min_score))
        except GlossaryError as error:
            failures.append((str(pair.source), str(error)))
    if report:
        report("", len(pairs), len(pairs))
    return made, failures


def build(
    paths: Iterable[str | Path], store: Store, options: Options | None = None, *,
    min_score: float = DEFAULT_MIN_SCORE, report: Report | None = None,
) -> BuildReport:  # fmt: skip
    """Fill a termbase from documents. Building the same again changes nothing; a changed file updates its own part."""
    made, failures = extract_files(paths, options, min_score=min_score, report=report)
    changed = sum(store.put(extraction) for extraction in made)
    changes = refresh(store)
    pairs = sum(1 for e in made for b in e.bitext.beads if not b.is_null)
    return BuildReport(len(made), changed, tuple(failures), changes, store.count(), pairs)


def refresh(store: Store) -> Changes:
    """Assemble the entries of a termbase from all its extractions, regional forms added."""
    return store.sync_entries(with_converted(entry) for entry in assemble(store.extractions()))


def _aligned(pair: DocumentPair, options: Options) -> Aligned:
    source = read_document(pair.source, lang=options.source_lang if pair.target else None, encoding=options.encoding)
    if pair.target is None:
        return _align_single(source, options)
    target = read_document(pair.target, lang=options.target_lang, encoding=options.encoding)
    first = segment(source, presegmented=options.presegmented, lang=options.source_lang)
    second = segment(target, presegmented=options.presegmented, lang=options.target_lang)
    if not options.presegmented:
        first, second = _one_language(first), _one_language(second)
    return _join(source, target, first, second, options)


def _align_single(document: Document, options: Options) -> Aligned:
    """A bilingual file: the language that comes first is the source, unless the options say otherwise."""
    segments = segment(document)
    article = [s for s in segments if s.role in ARTICLE_ROLES]
    bases = list(dict.fromkeys(base_language(s.lang) for s in article))
    first = base_language(options.source_lang) if options.source_lang else (bases[0] if bases else "en")
    named = {first: options.source_lang, **{b: options.target_lang for b in bases if b != first}}
    retagged = [replace(s, lang=named.get(base_language(s.lang)) or s.lang) for s in segments]
    source = tuple(s for s in retagged if base_language(s.lang) == first)
    target = tuple(s for s in retagged if base_language(s.lang) != first)
    return _join(document, document, source, target, options)


def _one_language(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments of a file that should hold one language: quoted lines in another one become furniture."""
    article = [s for s in segments if s.role in ARTICLE_ROLES]
    sizes: dict[str, int] = {}
    for s in article:
        sizes[s.lang] = sizes.get(s.lang, 0) + len(s.text) * (3 if base_language(s.lang) == "zh" else 1)
    main = max(sizes, key=lambda lang: sizes[lang]) if sizes else ""
    return tuple(s if s.lang == main or s.role not in ARTICLE_ROLES else replace(s, lang=main) for s in segments)


def _join(
    source: Document, target: Document, first: Sequence[Segment], second: Sequence[Segment], options: Options
) -> Aligned:
    left = tuple(s for s in first if s.role in ARTICLE_ROLES)
    right = tuple(s for s in second if s.role in ARTICLE_ROLES)
    extra = tuple(s for s in (*first, *second) if s.role not in ARTICLE_ROLES)
    if left and right:
        bitext = align(
            left, right, aligner=options.aligner, min_score=options.min_score, anchors=options.anchors,
            lexicon=_lexicon(options.known),
        )  # fmt: skip
    else:
        beads = [Bead(range(i, i + 1), range(0), 0.0) for i in range(len(left))]
        beads += [Bead(range(0), range(i, i + 1), 0.0) for i in range(len(right))]
        bitext = Bitext(left, right, tuple(beads), "one side only")
    return Aligned(source, target, bitext, extra)


def _label(pair: DocumentPair) -> str:
    return pair.source.name if pair.target is None else f"{pair.source.name} + {pair.target.name}"
