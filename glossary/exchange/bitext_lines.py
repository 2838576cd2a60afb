"""Bitexts line by line: TSV, XLSX, JSONL, vecalign's bead list. One bead a line, in order, every segment in one bead.

| format | a line | carries |
|---|---|---|
| tsv | `source_ids target_ids score source target` under a header | text per bead, scores to 4 digits |
| xlsx | the same columns, texts as they are | the same |
| jsonl | the same names, `evidence`, languages, documents and offsets | segments, beads, scores, evidence |
| vecalign | `[0]:[0, 1]:0.873` | bead shapes, scores to 3 digits |

Segment numbers count from 0 on each side. A null bead has an empty list and the score 0. In TSV ids are separated by
commas and backslash, tab, line feed and carriage return in a text are written `\\\\ \\t \\n \\r`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from glossary.codec import dumps, to_json
from glossary.datamodel import Bead, Bitext, Segment
from glossary.exchange.files import escape_field
from glossary.exchange.losses import Tally
from glossary.exchange.options import BitextOptions
from glossary.language import join_segments

TSV_HEADER = "source_ids\ttarget_ids\tscore\tsource\ttarget"


def bead_text(segments: Sequence[Segment], where: range) -> str:
    """The text of one side of a bead as one line."""
    return join_segments([segments[i].text for i in where])


def write_tsv(bitext: Bitext, options: BitextOptions) -> Iterator[str]:
    """The bitext as TSV."""
    for row in _rows(bitext):
        yield "\t".join(map(escape_field, row)) + "\n"


def write_sheet(bitext: Bitext, options: BitextOptions) -> Iterator[bytes]:
    """The bitext as an XLSX workbook; a text longer than a cell holds is left out."""
    from glossary.exchange.xlsx import workbook  # the sheet's XML only where it is needed

    return workbook(_rows(bitext), Tally("xlsx"), name="alignment", wide=(4, 5, 70))


def _rows(bitext: Bitext) -> Iterator[list[str]]:
    yield TSV_HEADER.split("\t")
    for bead in bitext.beads:
        texts = (bead_text(bitext.source, bead.source), bead_text(bitext.target, bead.target))
        ids = (",".join(map(str, bead.source)), ",".join(map(str, bead.target)))
        yield [*ids, f"{bead.score:.4f}", *texts]


def write_jsonl(bitext: Bitext, options: BitextOptions) -> Iterator[str]:
    """The bitext as JSON Lines; `source_offsets` are the segments' offsets in their document."""
    for bead in bitext.beads:
        sides = {"source": (bitext.source, bead.source), "target": (bitext.target, bead.target)}
        shape = to_json(Bead(bead.source, bead.target, bead.score, bead.evidence))
        yield (
            dumps(
                {
                    **{f"{side}_ids": list(where) for side, (_, where) in sides.items()},
                    "score": shape["score"],
                    "evidence": shape["evidence"],
                    **{side: bead_text(segments, where) for side, (segments, where) in sides.items()},
                    **{
                        f"{side}_offsets": [[segments[i].start, segments[i].end] for i in where]
                        for side, (segments, where) in sides.items()
                    },
                    "source_lang": bitext.source_lang,
                    "target_lang": bitext.target_lang,
                    **{f"{side}_document": _document(segments) for side, (segments, _) in sides.items()},
                }
            )
            + "\n"
        )


def _document(segments: Sequence[Segment]) -> str:
    return segments[0].document_id if segments else ""


def write_vecalign(bitext: Bitext, options: BitextOptions) -> Iterator[str]:
    """The bead list that vecalign, bertalign and the gold sets use; no text."""
    for bead in bitext.beads:
        yield f"{list(bead.source)}:{list(bead.target)}:{bead.score:.3f}\n"
