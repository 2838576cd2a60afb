"""Term candidates as TSV for a spreadsheet, JSONL with all evidence. One row a pair over all documents, best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from glossary.codec import JsonObject, dumps, to_json
from glossary.datamodel import Extraction, TermCandidate
from glossary.exchange.files import one_line
from glossary.language import fold_key

COLUMNS = (
    "source",
    "target",
    "score",
    "kind",
    "status",
    "n_beads",
    "rule",
    "expansions",
    "definition",
    "flags",
    "documents",
)


@dataclass(slots=True)
class Row:
    """The finds of one pair over all documents; `best` is the one with the highest score."""

    best: TermCandidate
    finds: list[tuple[Extraction, TermCandidate]] = field(default_factory=list)

    @property
    def rendered(self) -> bool:
        """True when both languages are there."""
        return bool(self.best.source and self.best.target)

    @property
    def beads(self) -> int:
        """How many beads the pair stands in."""
        return sum(len({o.bead for o in c.occurrences if o.bead is not None}) for _, c in self.finds)


def rows(extractions: Iterable[Extraction], top: int | None) -> list[Row]:
    """Pairs by folded form; those with a rendering first, by score."""
    found: dict[tuple[str, str], Row] = {}
    for extraction in extractions:
        for candidate in extraction.candidates:
            row = found.setdefault((fold_key(candidate.source), fold_key(candidate.target)), Row(candidate))
            row.finds.append((extraction, candidate))
            if candidate.score > row.best.score:
                row.best = candidate
    ordered = sorted(
        found.values(), key=lambda r: (not (r.best.source and r.best.target), -r.best.score, r.best.source)
    )
    return ordered[:top]


def write_tsv(extractions: Iterable[Extraction], top: int | None) -> Iterator[str]:
    """Header, then a line a pair; tabs and line breaks in a field become spaces."""
    yield "\t".join(COLUMNS) + "\n"
    for row in rows(extractions, top):
        best = row.best
        definitions = [d.text for _, c in row.finds for d in c.definitions]
        cells = (
            best.source, best.target, f"{best.score:.3f}", best.kind, "proposed", str(row.beads), best.rule,
            "; ".join(dict.fromkeys(x for _, c in row.finds for x in c.expansions)),
            definitions[0] if definitions else "",
            "; ".join(dict.fromkeys(f"{f.code}: {f.reason}" for _, c in row.finds for f in c.flags)),
            "; ".join(dict.fromkeys(e.source.uri for e, _ in row.finds)),
        )  # fmt: skip
        yield "\t".join(one_line(cell) for cell in cells) + "\n"


def write_jsonl(extractions: Iterable[Extraction], top: int | None) -> Iterator[str]:
    """A JSON object a pair: the best find's fields; per document its occurrences with offsets, flags, definitions."""
    for row in rows(extractions, top):
        best = row.best
        line: JsonObject = {
            "source": best.source, "target": best.target, "score": best.score, "kind": best.kind, "status": "proposed",
            "n_beads": row.beads, "source_lang": best.source_lang, "target_lang": best.target_lang, "rule": best.rule,
            "evidence": dict(sorted(best.evidence.items())),
            "expansions": list(dict.fromkeys(x for _, c in row.finds for x in c.expansions)),
            "definitions": [to_json(d) for _, c in row.finds for d in c.definitions],
            "flags": [to_json(f) for f in dict.fromkeys(f for _, c in row.finds for f in c.flags)],
            "source_forms": list(dict.fromkeys(x for _, c in row.finds for x in c.source_forms)),
            "target_forms": list(dict.fromkeys(x for _, c in row.finds for x in c.target_forms)),
            "documents": [
                {
                    "source_uri": e.source.uri, "target_uri": e.target.uri,
                    "occurrences": [to_json(o) for o in c.occurrences],
                }
                for e, c in row.finds
            ],
        }  # fmt: skip
        yield dumps(line) + "\n"
