"""What the results of every look-up have in common, drawn once a language: templates write what a rendering and a row
look like (_look.html), here the forms go in. A list has sixty forms, and a template would look ten things up for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask, current_app, url_for
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

from web.i18n import current_language
from web.rows import rows
from web.shown import DISPLAYED, Line
from web.view import variant, variants

FILTERS = ("preferred", "admitted")
"""The states by which results may be filtered."""

STATES = ("preferred", "admitted", "deprecated", "forbidden", "proposed", "approved", "rejected")

_KEY = "looks"


@dataclass(frozen=True, slots=True)
class Look:
    """HTML with names in braces for what is filled in; `chips` signs by state, `columns` variants and their names."""

    filters: Mapping[str, str]  # by the state that is chosen, '' for all: {find_at}
    chips: Mapping[str, Markup]
    observed: str  # a rendering that documents show: {label}, {lang}, {form}, {status}, {pairs}
    made: str  # one that was converted: the same
    table: str  # {rows}
    row: Markup
    cell: Markup
    none_here: Markup
    converted: Markup
    columns: Sequence[tuple[str, str]]
    entries: str  # where the pages of entries are

    def page(self, entry_id: str) -> str:
        """The address of an entry's page."""
        return self.entries + quote(entry_id)

    def filter(self, find_at: str, chosen: str) -> Markup:
        """The links that filter the results; `find_at` shows all of them."""
        return Markup(self.filters[chosen].format(find_at=escape(find_at)))

    def renderings(self, card: Line) -> Markup:
        """The renderings of an entry, the best of each variant."""
        made = [
            (self.observed if r.origin == "observed" else self.made).format(
                label=escape(variant(tag)), lang=escape(r.lang), form=escape(r.term),
                status=r.administrative_status, pairs=r.n_contexts,
            )
            for tag, (r, _seen) in card.cells.items()
        ]  # fmt: skip
        return Markup("".join(made))

    def list(self, lines: Sequence[Line], query: str) -> Markup:
        """Entries as a table, in them what was typed marked."""
        own = {"row": self.row, "cell": self.cell, "none_here": self.none_here, "converted": self.converted}
        return Markup(self.table.format(rows=rows(lines, query, self.columns, self.chips, **own)))


def look() -> Look:
    """The look of results in the language of this request."""
    looks: dict[str, Look] = current_app.extensions[_KEY]
    tag = current_language().tag
    if tag not in looks:
        looks[tag] = _drawn()
    return looks[tag]


def _drawn() -> Look:
    template: TemplateModule = current_app.jinja_env.get_template("_look.html").make_module({"filters": FILTERS})
    part, columns = vars(template), variants(DISPLAYED)
    return Look(
        filters={chosen: str(part["filter"](chosen)) for chosen in ("", *FILTERS)},
        chips={code: part["chip"](code) for code in STATES},
        observed=str(part["rendering"](True)),
        made=str(part["rendering"](False)),
        table=str(part["table"](columns)),
        row=part["row"](),
        cell=part["cell"](),
        none_here=part["none_here"](),
        converted=part["converted"](),
        columns=columns,
        entries=url_for("entries.show", entry_id=""),
    )


def init_app(app: Flask) -> None:
    """Give the app a place for its looks; the templates ask for them."""
    app.extensions[_KEY] = {}
    app.jinja_env.globals["look"] = look
