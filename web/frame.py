"""Pages drawn once and filled in many times: all of a look-up's page but the results is the same for every query.

A template is rendered with holes in place of the values, once for each interface language and theme, and kept until
the glossary changes; a page is the pieces between the holes and, escaped, what goes into them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus

from flask import Flask, current_app, g, render_template
from markupsafe import escape

from glossary.store import Store
from web.answers import Kept
from web.i18n import current_language
from web.preferences import back, theme
from web.termbase import state_of

MOST_FRAMES = 64
"""Frames kept: four languages, three themes, two templates; nothing a visitor sends makes more."""

_KEY = "frames"
_MARK = secrets.token_hex(16)
"""Stands in a drawn frame for a hole: letters and digits, which no escaping changes, and nothing a glossary holds."""

_HOLE = re.compile(f"{_MARK}_(\\w+?)_{_MARK}")


@dataclass(frozen=True, slots=True)
class Frame:
    """Pieces of a page and the names of the holes after each but the last."""

    pieces: tuple[str, ...]
    holes: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """The page; the values are HTML."""
        filling = [*(values[name] for name in self.holes), ""]
        return "".join([part for pair in zip(self.pieces, filling, strict=True) for part in pair])


def drawn(html: str) -> Frame:
    """The frame of a page with holes."""
    parts = _HOLE.split(html)
    return Frame(tuple(parts[::2]), tuple(parts[1::2]))


def hole(name: str) -> str:
    """What stands in a page for a value that comes later."""
    return f"{_MARK}_{name}_{_MARK}"


def framed(termbase: Store, template: str, values: Mapping[str, str]) -> str:
    """The page of a visitor: the template with these values, Markup or texts, and the links that lead back to it.

    The template must only write the values, not ask about them.
    """
    frames: Kept[tuple[str, str, str], Frame] = current_app.extensions[_KEY]
    of, key = state_of(termbase), (template, current_language().tag, theme())
    found = frames.get(of, [key]).get(key)
    if found is None:
        holes = {name: hole(name) for name in (*values, "here")}
        found = drawn(render_template(template, **holes))
        if not g.get("of_before"):  # its numbers would stay
            frames.put(of, {key: found})
    filling = {name: str(escape(value)) for name, value in values.items()}
    if "here" in found.holes:
        filling["here"] = str(escape(quote_plus(back(), safe="!$'()*,/:;?@")))  # as url_for writes it
    return found.filled(filling)


def init_app(app: Flask) -> None:
    """Give the app a place for its frames."""
    app.extensions[_KEY] = Kept(MOST_FRAMES)
