"""The rows of a list of entries as HTML, filled into what `look` has drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup, escape

from glossary.variants import Rendering
from web.present import hit
from web.shown import Line


def rows(
    lines: Iterable[Line], query: str, columns: Sequence[tuple[str, str]], chips: Mapping[str, Markup], *, row: Markup,
    cell: Markup, none_here: Markup, converted: Markup,
) -> Markup:  # fmt: skip
    """The lines as rows. `row`, `cell` and `none_here` are HTML with names in braces; everything put in is escaped.

    `row` has lang, id, head, further, cells, chip and pairs; `cell` label, sign, lang, shown (the form with what was
    typed marked) and form; `none_here`, for a variant without a form, label. `columns` are variants and their names,
    `chips` signs by status, `converted` is the sign of a form that no document shows.
    """
    form, missing, whole = str(cell), str(none_here), str(row)
    labels = [(tag, str(escape(name))) for tag, name in columns]

    def filled(label: str, rendering: Rendering, seen: bool) -> str:
        lang, term = escape(rendering.lang), escape(rendering.term)
        shown = hit(rendering.term, query)
        return form.format(label=label, sign="" if seen else converted, lang=lang, shown=shown, form=term)

    def one(line: Line) -> str:
        found = [
            filled(label, *line.cells[tag]) if tag in line.cells else missing.format(label=label)
            for tag, label in labels
        ]
        further = f' <span class="abbr">{escape(line.further)}</span>' if line.further else ""
        return whole.format(
            lang=escape(line.lang), id=quote(line.id), head=hit(line.head, query), further=further,
            cells="".join(found), chip=chips[line.states[0]] if line.states else "", pairs=line.pairs,
        )  # fmt: skip

    return Markup("".join(map(one, lines)))
