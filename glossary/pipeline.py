"""The corridor: the only file that knows the order of rooms 1 to 5.

    read_document -> segment -> align -> extract_terms -> store.put
    store.extractions -> assemble -> with_converted -> store.sync_entries

`align_files` gives a Bitext, `extract_files` an Extraction, `build` fills a termbase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from glossary.alignment import align
from glossary.datamodel import (
    ARTICLE_ROLES,
    Bead,
    Bitext,
    Document,
    Extraction,
    KnownTerm,
    Segment,
    content_id,
    upload_id,
)
from glossary.documents import DocumentPair, discover, read_document, uri_of
from glossary.errors import AlignmentError, GlossaryError, TermError
from glossary.exchange import document_text, read_bitext
from glossary.language import base_language, han_share
from glossary.lexicon import PairLexicon
from glossary.segmentation import segment
from glossary.terms import DEFAULT_MIN_SCORE, assemble, extract_terms, extract_terms_together
from glossary.variants import with_converted

if TYPE_CHECKING:
    from glossary.store import Changes, Store

Report = Callable[[str, int, int], None]
"""Called with what is being worked on, how many are done, how many there are."""

Begin = Callable[[str], None]
"""Called with "aligning" when the files of a pair are read, with "extracting" when they are aligned."""

ALIGNED_SUFFIXES = (".tmx", ".tsv", ".jsonl")
"""Files that hold aligned text; `extract_files` reads their beads instead of aligning."""

CHINESE_FROM = 0.8
ENGLISH_TO = 0.2
"""Shares of Han characters (language.han_share) that contradict a declared en or zh. English articles that gloss every
term in Chinese stay under the first (seeds: .05), Chinese ones full of Latin names over the second (seeds: .95)."""

_SCRIPT_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Options:
    """How texts are read and aligned. None for a language: guessed from file names and script."""

    source_lang: str | None = None
    target_lang: str | None = None
    presegmented: bool = False
    aligner: str = "combined"
    encoder: str = "use"
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

    Raises: DocumentError for a file that cannot be read; AlignmentError when a single file holds one language only, two
        files are in the same language, a text is not in the language it is said to be in, or `presegmented` comes with
        a single file.
    """
    options = options or Options()
    aligned = _aligned(DocumentPair(Path(source), None if target is None else Path(target)), options)
    bitext = aligned.bitext
    if target is None and bool(bitext.source) != bool(bitext.target):
        lang = bitext.source_lang if bitext.source else bitext.target_lang
        raise AlignmentError(f"{_name(source)}: holds only {lang} text; give its translation as a second file")
    return aligned


def align_texts(source: Document, target: Document, options: Options | None = None) -> Bitext:
    """Two texts that are no files, all of each aligned: nothing counts as a byline or a footnote.

    Raises: AlignmentError when both are in one language.
    """
    first, second = (_one_language([replace(s, role="body") for s in segment(d)]) for d in (source, target))
    _check_pair(DocumentPair(Path(source.uri), Path(target.uri)), first, second)
    return _bitext(first, second, options or Options())


def extract_pair(
    pair: DocumentPair, options: Options, *, min_score: float = DEFAULT_MIN_SCORE,
    begin: Begin = lambda step: None,
) -> Extraction:  # fmt: skip
    """Everything one pair of files, bilingual file or monolingual file gives."""
    found = _before_terms(pair, options, begin)
    begin("extracting")
    candidates = extract_terms(found.bitext, extra=found.extra, min_score=min_score, known=options.known)
    return replace(found, candidates=candidates)


def _before_terms(pair: DocumentPair, options: Options, begin: Begin = lambda step: None) -> Extraction:
    """The extraction of a pair of files, aligned and without its candidates."""
    aligned = _aligned(pair, options, begin)
    name = content_id(aligned.source.uri, aligned.target.uri)
    return Extraction(name, aligned.source, aligned.target, aligned.bitext, aligned.extra)


def _before_terms_aligned(pair: DocumentPair, options: Options) -> Extraction:
    """The extraction of a file of aligned text without its candidates; its documents are the texts of its two sides."""
    bitext = _retagged(read_bitext(pair.source), options)
    uri = uri_of(pair.source)
    source, target = (
        Document(content_id(text), uri, text, lang)
        for text, lang in (
            (document_text(bitext.source), bitext.source_lang), (document_text(bitext.target), bitext.target_lang),
        )
    )  # fmt: skip
    return Extraction(content_id(uri, uri), source, target, bitext)


def _retagged(bitext: Bitext, options: Options) -> Bitext:
    """The bitext with the languages the options name."""
    first, second = options.source_lang, options.target_lang
    return replace(
        bitext,
        source=tuple(replace(s, lang=first or s.lang) for s in bitext.source),
        target=tuple(replace(s, lang=second or s.lang) for s in bitext.target),
    )


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
    documents, failures = _discovered([p for p in listed if p not in aligned])
    pairs = [*(DocumentPair(p) for p in dict.fromkeys(aligned)), *documents]
    steps = len(pairs) + (len(pairs) > 1)  # the last one finds the terms of all documents together
    made: list[tuple[DocumentPair, Extraction]] = []
    for done, pair in enumerate(pairs):
        if report:
            report(_label(pair), done, steps)
        try:
            made.append((pair, (_before_terms_aligned if pair.source in aligned else _before_terms)(pair, options)))
        except GlossaryError as error:
            failures.append((str(pair.source), str(error)))
    if report and len(pairs) > 1:
        report("terms of all documents", len(pairs), steps)
    found, without = _with_candidates(made, options.known, min_score)
    if report:
        report("", steps, steps)
    return found, [*failures, *without]


def _with_candidates(
    made: Sequence[tuple[DocumentPair, Extraction]], known: Sequence[KnownTerm], min_score: float
) -> tuple[list[Extraction], list[tuple[str, str]]]:
    """The extractions with their candidates, found over all of them together, and (path, message) of failures."""
    listed = extract_terms_together([(e.bitext, e.extra) for _, e in made], min_score=min_score, known=known)
    found: list[Extraction] = []
    failures: list[tuple[str, str]] = []
    for (pair, extraction), candidates in zip(made, listed, strict=True):
        if isinstance(candidates, TermError):  # it knows the text, not where it comes from
            failures.append((str(pair.source), f"{_label(pair)}: {candidates}"))
        else:
            found.append(replace(extraction, candidates=candidates))
    return found, failures


def _discovered(paths: Sequence[Path]) -> tuple[tuple[DocumentPair, ...], list[tuple[str, str]]]:
    """The documents under the paths, and (path, message) of paths that cannot be looked at."""
    good: list[Path] = []
    failures: list[tuple[str, str]] = []
    for path in dict.fromkeys(paths):
        try:
            discover([path])
        except GlossaryError as error:
            failures.append((str(path), str(error)))
        else:
            good.append(path)
    return discover(good), failures


def build(
    paths: Iterable[str | Path], store: Store, options: Options | None = None, *,
    min_score: float = DEFAULT_MIN_SCORE, report: Report | None = None,
) -> BuildReport:  # fmt: skip
    """Fill a termbase from documents. Building the same again changes nothing; a changed file updates its own part.

    Raises: StoreError; documents that fail are in the report.
    """
    return fill(store, *extract_files(paths, options, min_score=min_score, report=report))


def fill(store: Store, made: Sequence[Extraction], failures: Sequence[tuple[str, str]] = ()) -> BuildReport:
    """Put extractions into a termbase and bring its entries up to date, as a whole or not at all."""
    with store.together():
        changed = sum(_put(store, extraction) for extraction in made)
        changes = refresh(store)
    pairs = sum(1 for e in made for b in e.bitext.beads if not b.is_null)
    return BuildReport(len(made), changed, tuple(failures), changes, store.count(), pairs)


def _put(store: Store, extraction: Extraction) -> bool:
    """Store an extraction under its files' absolute paths; False when that changed nothing.

    So equal file names in two folders stay two documents, wherever `build` is called from. A text that was moved is not
    kept twice: what has the same content and the same address, or an address that is no longer there, goes.
    """
    uris = (extraction.source.uri, extraction.target.uri)
    own = content_id(*(str(Path(uri).absolute()) for uri in uris))
    for name, uri in store.same_text(extraction.source.id, extraction.target.id):
        if name not in (own, upload_id(extraction)) and (uri == uris[0] or not Path(uri).exists()):
            store.remove(name)
    extraction = replace(extraction, bitext_id=own)
    if store.work.is_edited(extraction):  # the same texts: people's alignment of them stays
        return False
    return store.put(extraction)


def refresh(store: Store) -> Changes:
    """Assemble the entries of a termbase from all its extractions, regional forms added."""
    return store.sync_entries(with_converted(entry) for entry in assemble(store.extractions()))


def _aligned(pair: DocumentPair, options: Options, begin: Begin = lambda step: None) -> Aligned:
    if pair.target is None:
        if options.presegmented:
            raise AlignmentError(f"{_name(pair.source)}: pre-segmented text needs two files, one a language")
        single = read_document(pair.source, encoding=options.encoding, name=pair.source_name)
        begin("aligning")
        return _align_single(single, options)
    sides = []
    for path, name, lang in (
        (pair.source, pair.source_name, options.source_lang),
        (pair.target, pair.target_name, options.target_lang),
    ):
        document = read_document(path, lang=lang, encoding=options.encoding, name=name)
        _check_language(Path(name or path), document)
        segments = segment(document, presegmented=options.presegmented)
        sides.append((document, segments if options.presegmented else _one_language(segments)))
    (source, first), (target, second) = sides
    _check_pair(pair, first, second)
    begin("aligning")
    return _join(source, target, first, second, options)


def _check_language(path: Path, document: Document) -> None:
    """Raises: AlignmentError for a text in the letters of another language than the one it is said to be in."""
    if document.lang is None or base_language(document.lang) not in ("en", "zh"):
        return
    share = han_share(document.text[:_SCRIPT_SAMPLE])
    chinese = base_language(document.lang) == "zh"
    if share < ENGLISH_TO if chinese else share > CHINESE_FROM:
        looks = "has hardly any Chinese in it" if chinese else "is mostly Chinese"
        raise AlignmentError(f"{_name(path)}: said to be {document.lang}, but the text {looks}; are the files swapped?")


def _check_pair(pair: DocumentPair, first: Sequence[Segment], second: Sequence[Segment]) -> None:
    """Raises: AlignmentError for two texts in one language."""
    langs = [next((s.lang for s in side if s.role in ARTICLE_ROLES), None) for side in (first, second)]
    if langs[0] and langs[1] and base_language(langs[0]) == base_language(langs[1]):
        raise AlignmentError(
            f"{pair.source_name or _name(pair.source)}, {pair.target_name or _name(pair.target or '')}: "
            f"both are {base_language(langs[0])}; give a text and "
            "its translation, or name the languages with --source-lang and --target-lang"
        )


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
    """The segments of a file that should hold one language; quoted lines in another one count as its own."""
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
    return Aligned(source, target, _with_blanks(left, right, options), extra)


def _with_blanks(left: Sequence[Segment], right: Sequence[Segment], options: Options) -> Bitext:
    """The two sides aligned; blank lines of pre-segmented text are null beads, or stand inside a bead."""
    full = [[i for i, s in enumerate(side) if s.text] for side in (left, right)]
    bitext = _bitext([left[i] for i in full[0]], [right[i] for i in full[1]], options)
    if len(full[0]) == len(left) and len(full[1]) == len(right):
        return bitext
    beads = _renumbered(bitext.beads, full, (len(left), len(right)))
    return replace(bitext, source=tuple(left), target=tuple(right), beads=tuple(beads))


def _renumbered(beads: Iterable[Bead], kept: Sequence[Sequence[int]], sizes: tuple[int, int]) -> Iterator[Bead]:
    """Beads over the kept segments as beads over all of them: what is left out becomes null beads in its place."""
    at = [0, 0]

    def up_to(ends: Sequence[int]) -> Iterator[Bead]:
        for i in range(at[0], ends[0]):
            yield Bead(range(i, i + 1), range(at[1], at[1]), 0.0)
        for i in range(at[1], ends[1]):
            yield Bead(range(ends[0], ends[0]), range(i, i + 1), 0.0)
        at[:] = ends

    for bead in beads:
        sides = (bead.source, bead.target)
        starts = [kept[k][side[0]] if side else at[k] for k, side in enumerate(sides)]
        yield from up_to(starts)
        ends = [kept[k][side[-1]] + 1 if side else at[k] for k, side in enumerate(sides)]
        yield replace(bead, source=range(starts[0], ends[0]), target=range(starts[1], ends[1]))
        at[:] = ends
    yield from up_to(sizes)


def _bitext(left: Sequence[Segment], right: Sequence[Segment], options: Options) -> Bitext:
    if left and right:
        return align(
            left, right, aligner=options.aligner, encoder=options.encoder, min_score=options.min_score,
            anchors=options.anchors, lexicon=_lexicon(options.known),
        )  # fmt: skip
    beads = [Bead(range(i, i + 1), range(0), 0.0) for i in range(len(left))]
    beads += [Bead(range(len(left), len(left)), range(i, i + 1), 0.0) for i in range(len(right))]
    return Bitext(tuple(left), tuple(right), tuple(beads), "one side only")


def _name(path: str | Path) -> str:
    return "standard input" if str(path) == "-" else str(path)


def _label(pair: DocumentPair) -> str:
    return pair.source.name if pair.target is None else f"{pair.source.name} + {pair.target.name}"
