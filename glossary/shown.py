"""What the command line prints for people: build summary, entries, evaluation figures. Every function gives lines."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from glossary.datamodel import ConceptEntry, Context
from glossary.variants import renderings

if TYPE_CHECKING:
    from glossary.alignment import Evaluation
    from glossary.alignment.scoring import Tally
    from glossary.lookup import Match
    from glossary.pipeline import Aligned, BuildReport
    from glossary.store import Store
    from glossary.terms.scoring import Exactness, TermFigures

BEST_TERMS = 20
SAMPLE_PAIRS = 4
WIDTH = 110
LONGEST_ECHO = 60  # characters of what a person typed that a message repeats
SHOWN_VARIANTS = ("zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")


def alignment_summary(aligned: Aligned) -> str:
    """One line: sentences, pairs, sentences without translation, what was left out."""
    beads = aligned.bitext.beads
    alone = sum(not b.target for b in beads), sum(not b.source for b in beads)
    extra = {role: sum(s.role == role for s in aligned.extra) for role in ("summary", "footnote", "furniture")}
    outside = ", ".join(f"{n} {role}" for role, n in extra.items() if n)
    text = (
        f"{len(aligned.bitext.source)} x {len(aligned.bitext.target)} sentences, "
        f"{sum(not b.is_null for b in beads)} pairs, {alone[0]} + {alone[1]} without translation"
    )
    return f"{text}; not article text: {outside}" if outside else text


def build_summary(report: BuildReport, store: Store) -> Iterator[str]:
    """What a build found: counts, the best terms as a table, a sample of sentence pairs."""
    changes = report.changes
    noun = "document" if report.documents == 1 else "documents"
    failed = f" ({len(report.failures)} more failed)" if report.failures else ""
    yield (
        f"{report.documents} {noun}{failed}, {report.changed} new or changed, {report.pairs} sentence pairs, "
        f"{report.entries} entries: {changes.added} added, {changes.changed} changed, {changes.removed} removed"
    )
    best = list(islice((e for e in store.entries() if len(e.lang_secs) > 1), BEST_TERMS))
    if best:
        yield ""
        rows = [(_headword(e), _rendering(e), e.kind, f"{e.score:.2f}", str(_pairs(e))) for e in best]
        yield from table(("term", "rendering", "kind", "score", "pairs"), rows, title="Best terms")
        yield ""
        yield "Sentence pairs"
        for context in _samples(best):
            yield f"  {_shown(context.source)}"
            yield f"  {_shown(context.target)}"
            yield ""


def _headword(entry: ConceptEntry) -> str:
    terms = [t.term for t in entry.lang_secs[0].terms]
    return terms[0] if len(terms) == 1 else f"{terms[0]} ({terms[1]})"


def _rendering(entry: ConceptEntry) -> str:
    seen = [r for r in renderings(entry, SHOWN_VARIANTS) if r.origin == "observed"]
    return seen[0].term + (" !" if seen[0].flags else "") if seen else ""


def _pairs(entry: ConceptEntry) -> int:
    return sum(bool(c.source and c.target) for c in entry.contexts)


def _samples(entries: Sequence[ConceptEntry]) -> list[Context]:
    found: dict[tuple[str, int | None], Context] = {}
    for entry in entries:
        for context in entry.contexts[:1]:
            if context.source and context.target:
                found.setdefault((context.bitext_id, context.bead), context)
    return list(found.values())[:SAMPLE_PAIRS]


def _shown(text: str) -> str:
    return " ".join(text.split())


def clipped(text: str) -> str:
    """The beginning of a text as a message repeats it.

    >>> clipped("NFT"), len(clipped("區" * 10_000))
    ('NFT', 61)
    """
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"


def entry_lines(match: Match) -> Iterator[str]:
    """An entry as lookup shows it: terms, renderings with their origin, definition, flags, pairs."""
    entry = match.entry
    yield f"{' / '.join(t.term for t in entry.lang_secs[0].terms)}   [{entry.kind}, score {entry.score:.2f}]"
    if match.how != "exact":
        yield f"  {match.how} match of {match.form}"
    for rendering in renderings(entry, SHOWN_VARIANTS):
        origin = f"{rendering.n_contexts} pairs" if rendering.origin == "observed" else f"≈ {rendering.conversion}"
        yield f"  {rendering.lang:<11} {rendering.term}   ({origin}, {rendering.administrative_status})"
    for definition in (d for s in entry.lang_secs for d in s.definitions):
        yield f"  definition: {_shown(definition.text)}"
    for flag in entry.flags:
        repair = f"; perhaps {flag.repair}" if flag.repair else ""
        yield f"  look at: {flag.reason}{f' ({flag.form})' if flag.form else ''}{repair}"
    for context in entry.contexts[:3]:
        yield f"  {context.uri}:{context.line}"
        yield f"    {marked(context.source, context.source_marks)}"
        if context.target:
            yield f"    {marked(context.target, context.target_marks)}"
    yield ""


def marked(text: str, marks: Sequence[tuple[int, int]]) -> str:
    """A sentence with its terms in square brackets, on one line.

    >>> marked("An NFT is unique.", [(3, 6)]), marked("非同質化代幣", [(0, 6)])
    ('An [NFT] is unique.', '[非同質化代幣]')
    """
    out, at = "", 0
    for start, end in sorted(marks):
        if start >= at:
            out += f"{text[at:start]}[{text[start:end]}]"
            at = end
    return _shown(out + text[at:])


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> list[str]:
    """Rows as lines with aligned columns, Han counted as two."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    made = Table(*header, title=title or None, title_justify="left", box=SIMPLE, pad_edge=False)
    for row in rows:
        made.add_row(*row)
    stream = io.StringIO()
    Console(file=stream, width=WIDTH, highlight=False, markup=False).print(made)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def alignment_figures(result: Evaluation, *, errors: bool) -> Iterator[str]:
    """The figures of an aligner, per document and in total."""
    yield f"aligner {result.aligner}   {result.signature}"
    rows = [
        (
            d.name,
            f"{d.source_lang}-{d.target_lang}",
            str(d.sentences),
            *_three(d.figures.strict),
            f"{d.cpu_seconds:.2f}",
        )
        for d in result.documents
    ]
    yield from table(("document", "pair", "sentences", "P", "R", "strict F1", "CPU s"), rows)
    totals = (("strict", result.total.strict), ("vecalign", result.total.vecalign), ("lax", result.total.lax))
    yield from table(("total", "P", "R", "F1"), [(name, *_three(tally)) for name, tally in totals])
    types = [(name, str(t.gold), str(t.predicted), *_three(t)) for name, t in result.total.types.items()]
    yield from table(("bead type", "gold", "found", "P", "R", "F1"), types)
    yield (
        f"{result.sentences_per_cpu_second:.0f} sentences a CPU second (start-up apart), peak memory "
        f"{result.peak_memory_mb:.0f} MB, calibration error {result.reliability.expected_error:.3f}"
    )
    for bead in result.wrong if errors else ():
        yield f"{bead.document} {bead.kind} {list(bead.source_ids)}:{list(bead.target_ids)} {bead.score:.2f}"
        yield f"    {_shown(bead.source)}"
        yield f"    {_shown(bead.target)}"


def _three(tally: Tally) -> tuple[str, str, str]:
    return f"{tally.precision:.3f}", f"{tally.recall:.3f}", f"{tally.f1:.3f}"


def term_figures(result: TermFigures, exact: Exactness | None, *, errors: bool) -> Iterator[str]:
    """The figures of a list of pairs, the calibration of its scores, and with `errors` what is wrong."""
    cuts = [(f"P@{k}", "-" if value is None else f"{value:.3f}") for k, value in result.precision_at.items()]
    rows = [
        ("pairs predicted", str(result.predicted)), ("rows in gold", str(result.gold)), *cuts,
        ("precision", f"{result.precision:.3f}"), ("recall of required", f"{result.recall:.3f}"),
        ("F1", f"{result.f1:.3f}"), ("Acc@1", f"{result.accuracy_1:.3f}"), ("Acc@5", f"{result.accuracy_5:.3f}"),
        ("calibration error", f"{result.calibration_error:.3f}"), ("exact offsets", _exact(exact)),
    ]  # fmt: skip
    yield from table(("figure", "value"), rows)
    bins = [
        (f"{b.low:.1f}-{b.low + 0.1:.1f}", str(b.pairs), f"{b.mean_score:.3f}", f"{b.right:.3f}") for b in result.bins
    ]
    yield from table(("scores", "pairs", "mean score", "right"), bins)
    if errors:
        yield from _term_errors(result)


def _exact(exact: Exactness | None) -> str:
    if exact is None:
        return "not checked (only JSONL has offsets)"
    unread = f"; {len(exact.unread)} documents cannot be read" if exact.unread else ""
    share = f"{exact.exact / exact.checked:.3f} of {exact.checked} entries" if exact.checked else "not checked"
    return share + unread


def _term_errors(result: TermFigures) -> Iterator[str]:
    for wrong in result.wrong:
        gold = f"   gold: {' | '.join(wrong.expected)}" if wrong.expected else ""
        yield f"wrong   {wrong.pair.score:.2f}  {wrong.pair.source} = {wrong.pair.target}{gold}"
    for term in result.missed:
        yield f"missed        {term.source} = {' | '.join(term.targets)}"
