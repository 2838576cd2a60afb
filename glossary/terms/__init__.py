"""Room 4: Bitext to TermCandidates, TermCandidates to ConceptEntries.

Doors: `extract_terms(bitext)`, `extract_terms_together(texts)`, `assemble(...)`.

One article is enough: evidence comes from inside the sentence. For every bead the words of both languages are linked by
a translation table adapted to the document (pairing), English noun phrases and names are listed (candidates), each gets
the Chinese span its words explain best (spans, boundaries, ranking), glosses, identical strings and lists are taken as
they stand (certain), pairs compete one to one within a bead (choosing), damaged forms are flagged (damage), and
acronyms, full forms and definitions the text states are attached (acronyms, definitions).

Scores are meant as the chance that a terminologist signs the pair, however it was found. Offsets are those of the
documents. English and Chinese in either direction; other languages raise
TermError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glossary.datamodel import Bitext, ConceptEntry, Extraction, KnownTerm, Segment, TermCandidate
from glossary.errors import TermError

DEFAULT_MIN_SCORE = 0.5
"""The cut-off of the list a terminologist would sign."""

DAMAGED_MIN_SCORE = 0.1
"""A pair flagged as damaged shows from here on: the damage itself keeps its score low."""

MIXED_MIN_SCORE = 0.3
"""A pair of mixed script shows from here on. Both set by hand."""

__all__ = ["DEFAULT_MIN_SCORE", "assemble", "extract_terms", "extract_terms_together"]


def extract_terms(
    bitext: Bitext,
    *,
    extra: Sequence[Segment] = (),
    min_score: float = DEFAULT_MIN_SCORE,
    known: Sequence[KnownTerm] = (),
) -> tuple[TermCandidate, ...]:
    """Terms of a bitext with their renderings, best first; then named and defined terms without a rendering, of a text
    in one language also what is likely a term.

    `extra` are segments that are not article text; definitions and full forms are read from the footnotes among them.
    `known` pairs are found wherever both sides stand in one bead; rejected ones are never listed.
    With `min_score=0` every candidate pair is listed.

    Raises: TermError for languages other than English and Chinese, or when the shipped tables cannot be read.
    """
    from glossary.terms.extraction import extract

    return _listed(extract(bitext, extra, known, least=min(min_score, DAMAGED_MIN_SCORE)), min_score)


def extract_terms_together(
    texts: Sequence[tuple[Bitext, Sequence[Segment]]],
    *,
    min_score: float = DEFAULT_MIN_SCORE,
    known: Sequence[KnownTerm] = (),
) -> list[tuple[TermCandidate, ...] | TermError]:
    """Terms of each bitext as `extract_terms` gives them, found over all bitexts of one language together.

    What one text shows only once, the others may show often; each bitext comes with its `extra`. A bitext in other
    languages gives its TermError instead.

    Raises: TermError when the shipped tables cannot be read.
    """
    from glossary.terms.extraction import extract_together

    found = extract_together(texts, known, least=min(min_score, DAMAGED_MIN_SCORE))
    return [own if isinstance(own, TermError) else _listed(own, min_score) for own in found]


def assemble(extractions: Iterable[Extraction]) -> tuple[ConceptEntry, ...]:
    """One ConceptEntry a concept from the candidates of all documents, best first. See `terms.assembly`."""
    from glossary.terms.assembly import assemble as assembled

    return assembled(extractions)


def _listed(found: Iterable[TermCandidate], min_score: float) -> tuple[TermCandidate, ...]:
    return tuple(c for c in found if c.score >= min_score or _without_rendering(c) or _needs_a_look(c))


def _without_rendering(candidate: TermCandidate) -> bool:
    """A name, an acronym or a defined term is listed whatever its score when the text has no rendering for it."""
    return not (candidate.source and candidate.target) and candidate.rule != "termhood"


def _needs_a_look(candidate: TermCandidate) -> bool:
    """A pair whose form is probably damaged or of mixed script is listed under the cut-off too, for a person to see."""
    least = {"damaged": DAMAGED_MIN_SCORE, "mixed-script": MIXED_MIN_SCORE}
    return any(flag.code in least and candidate.score >= least[flag.code] for flag in candidate.flags)
