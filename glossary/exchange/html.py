"""A bitext as one HTML page to read and check: pairs side by side, confidence in words and colour, nulls visible.

Self-contained and without scripts; the boxes that hide sure pairs and untranslated sentences work by CSS alone.
Confidence: sure from .80, doubtful from .50, weak below (the web design's limits).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from glossary.datamodel import Bead, Bitext, Segment
from glossary.exchange.options import BitextOptions

SURE_FROM = 0.8
DOUBTFUL_FROM = 0.5

_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --sure: light-dark(#1b7f3b, #5fce86);
  --doubtful: light-dark(#8a5a00, #e5b04d); --weak: light-dark(#b3261e, #ff8a80); --null: light-dark(#666, #aaa); }
body { font: 1rem/1.65 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
:lang(zh) { line-height: 1.75; }
h1 { font-size: 1.3rem; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: .4rem .6rem; text-align: start; vertical-align: top; }
th.c { width: 7rem; }
td.c { border-left: 4px solid currentColor; font-size: .85rem; font-variant-numeric: tabular-nums; }
.sure .c { color: var(--sure); } .doubtful .c { color: var(--doubtful); }
.weak .c { color: var(--weak); } .null .c { color: var(--null); }
td p { margin: 0; } td.empty { background: repeating-linear-gradient(45deg, transparent 0 6px, var(--line) 6px 7px); }
body:has(#hide-sure:checked) .sure, body:has(#hide-null:checked) .null { display: none; }
@media (max-width: 40rem) { table, tbody, tr, td { display: block; } thead { display: none; } td { border: 0; } }
"""


def write_html(bitext: Bitext, options: BitextOptions) -> Iterator[str]:
    """The page, a bead a row."""
    title = escape(" and ".join(dict.fromkeys(u for u in (options.source_uri, options.target_uri) if u)) or "Alignment")
    langs = escape(bitext.source_lang), escape(bitext.target_lang)
    yield (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{_summary(bitext)}</p>\n"
        '<p><label><input type="checkbox" id="hide-sure"> Hide sure pairs</label>\n'
        '<label><input type="checkbox" id="hide-null"> Hide sentences without a counterpart</label></p>\n'
        f'<table>\n<thead><tr><th scope="col">{langs[0]}</th><th scope="col">{langs[1]}</th>'
        '<th scope="col" class="c">Confidence</th></tr></thead>\n<tbody>\n'
    )
    for bead in bitext.beads:
        kind = confidence(bead)
        score = "no counterpart" if bead.is_null else f"{kind} {bead.score:.2f}".replace("0.", ".", 1)
        yield f'<tr class="{kind}">'
        yield _cell(bitext.source, bead.source, langs[0]) + _cell(bitext.target, bead.target, langs[1])
        yield f'<td class="c">{score}</td></tr>\n'
    yield "</tbody>\n</table>\n</body>\n</html>\n"


def confidence(bead: Bead) -> str:
    """The word for how sure a bead is.

    >>> confidence(Bead(range(1), range(1), 0.79)), confidence(Bead(range(1), range(0), 0.0))
    ('doubtful', 'null')
    """
    if bead.is_null:
        return "null"
    return "sure" if bead.score >= SURE_FROM else "doubtful" if bead.score >= DOUBTFUL_FROM else "weak"


def _summary(bitext: Bitext) -> str:
    kinds = [confidence(bead) for bead in bitext.beads]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("sure", "doubtful", "weak"))
    return f"{len(kinds) - kinds.count('null')} pairs: {counts}; {kinds.count('null')} without a counterpart."


def _cell(segments: tuple[Segment, ...], where: range, lang: str) -> str:
    if not where:
        return '<td class="empty"></td>'
    return f'<td lang="{lang}">' + "".join(f"<p>{escape(segments[i].text)}</p>" for i in where) + "</td>"
