"""Helpers for tests of the alignment editor: what its form says, how an alignment looks."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.test import TestResponse

from glossary.desk import Desk, open_desk
from glossary.store import Store
from tests.web.people import Visitor
from web.deskform import bead_label


def hidden(page: str) -> dict[str, str]:
    """What the form says without anybody's help."""
    form = page.split('id="desk"')[1].split("</form>")[0]
    return {n: unescape(v) for n, v in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)}


def send(visitor: Visitor, address: str, op: str, page: str | None = None, **fields: object) -> TestResponse:
    """Presses one button of the page as it is now, or as it was."""
    seen = hidden(page or visitor.get(address).text)
    return visitor.client.post(address, data={**seen, "op": op, **fields})


def shape(desk: Desk) -> str:
    return ", ".join(bead_label(b) for b in desk.extraction.bitext.beads)


def desk_of(store: Store, address: str) -> Desk:
    return open_desk(store, address.rsplit("/", 1)[1])


START = "1 ↔ 1, 2 ↔ 2–3, 3–4 ↔ 4, 5 ↔ 5, 6 ↔ –, 7 ↔ 6, 8 ↔ 7, 9 ↔ 8, 10 ↔ 9, – ↔ 10"
