"""The rows of a list of entries as HTML: drawn once an entry and language, filled with what was typed many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from glossary.language import fold
from glossary.variants import Rendering
from web.present import hit
from web.shown import Line

_HERE = "\0"
"""Stands in a drawn row where a form will be: no term and no template holds it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list as HTML but for its forms, in which the part that was typed will be marked."""

    states: tuple[str, ...]
    pieces: tuple[str, ...]  # before, between and after the forms
    forms: tuple[tuple[str, str, str], ...]  # folded, escaped, as it is

    def html(self, typed: str, query: str) -> str:
        """The row; `typed` is the folded query."""
        pieces = iter(self.pieces)
        made = [next(pieces)]
        for folded, escaped, form in self.forms:
            made += (hit(form, query) if typed and typed in folded else escaped), next(pieces)
        return "".join(made)


def row(
    line: Line, columns: Sequence[tuple[str, str]], chips: Mapping[str, Markup], *, row: Markup, cell: Markup,
    none_here: Markup, converted: Markup,
) -> Row:  # fmt: skip
    """The line as a row. `row`, `cell` and `none_here` are HTML with names in braces; everything put in is escaped.

    `row` has lang, id, head, further, cells, chip and pairs; `cell` label, sign, lang, shown (the form with what was
    typed marked) and form; `none_here`, for a variant without a form, label. `columns` are variants and their names,
    `chips` signs by status, `converted` is the sign of a form that no document shows.
    """
    forms = [line.head]

    def filled(label: str, rendering: Rendering, seen: bool) -> str:
        forms.append(rendering.term)
        lang, term = escape(rendering.lang), escape(rendering.term)
        return str(cell).format(label=label, sign="" if seen else converted, lang=lang, shown=_HERE, form=term)

    found = [
        filled(str(escape(name)), *line.cells[tag]) if tag in line.cells else str(none_here).format(label=escape(name))
        for tag, name in columns
    ]
    further = f' <span class="abbr">{escape(line.further)}</span>' if line.further else ""
    html = str(row).format(
        lang=escape(line.lang), id=quote(line.id), head=_HERE, further=further, cells="".join(found),
        chip=chips[line.states[0]] if line.states else "", pairs=line.pairs,
    )  # fmt: skip
    return Row(line.states, tuple(html.split(_HERE)), tuple([(fold(f).text, str(escape(f)), f) for f in forms]))
