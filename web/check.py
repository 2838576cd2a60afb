"""`/check`: a text with its terms marked; beside its translation, with what does not follow the glossary.

A POST here changes nothing, so it needs no token; it is a POST because a text does not fit into an address.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from glossary.datamodel import Document, content_id
from glossary.documents import read_text
from glossary.errors import AlignmentError, DocumentError
from glossary.pipeline import align_texts
from glossary.store import Store
from web.i18n import translate as _
from web.limits import CHECKS, limiter
from web.marking import Marked, mark_pair, mark_text, same_language, text_language
from web.shown import DISPLAYED
from web.termbase import store, store_path

LONGEST = 20_000
"""Characters a text may have: some forty pages; `glossary check` takes any length."""

blueprint = Blueprint("check", __name__, url_prefix="/check")


class Refused(Exception):
    """A text that cannot be checked; the message says why, in the language of the request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds. `variant`: the variant of Chinese that was chosen, '' to be told by the characters."""

    text: str = ""
    translation: str = ""
    variant: str = ""


@blueprint.get("")
def show() -> str:
    """The form."""
    return _page(Asked(variant=_variant(request.args.get("variant", ""))))


@blueprint.post("")
@limiter.limit(CHECKS)
def mark() -> ResponseReturnValue:
    """The marked text; a text that cannot be checked comes back in the form with the reason."""
    asked = Asked(variant=_variant(request.form.get("variant", "")))
    try:
        text, translation = _side("text"), _side("translation")
        asked = Asked(text, translation, asked.variant)
        termbase = store()
        if not text.strip():
            raise Refused(_("There is no text. Paste one or choose a file."))
        return _page(asked, marked=_marked(termbase, asked) if termbase else None)
    except Refused as reason:
        return make_response(_page(asked, refused=str(reason)), 422)


def _page(asked: Asked, *, marked: Marked | None = None, refused: str = "") -> str:
    return render_template(
        "text.html",
        asked=asked,
        marked=marked,
        refused=refused,
        variants=DISPLAYED,
        empty=store() is None,
        path=store_path(),
    )


def _marked(termbase: Store, asked: Asked) -> Marked:
    source_lang = text_language(asked.text, asked.variant)
    if not asked.translation.strip():
        return mark_text(termbase, asked.text, asked.variant)
    target_lang = text_language(asked.translation, asked.variant)
    if same_language(source_lang, target_lang):
        raise Refused(_("Both texts are in the same language. Paste a text and its translation."))
    try:
        bitext = align_texts(_document(asked.text, source_lang), _document(asked.translation, target_lang))
    except AlignmentError as error:
        raise Refused(_("The two texts cannot be aligned.")) from error
    return mark_pair(termbase, bitext, source_lang, target_lang)


def _document(text: str, lang: str) -> Document:
    return Document(content_id(lang, text), lang, text, lang)


def _side(name: str) -> str:
    """The text of one side: the file when one was chosen, else what was pasted; line ends as in Unix."""
    file = request.files.get(f"{name}_file")
    pasted = request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    text = pasted if file is None or not file.filename else _file_text(file.read(), file.filename)
    if len(text) > LONGEST:
        message = _("A text has {n} characters; the limit is {limit}. The command “glossary check” takes longer ones.")
        raise Refused(message.format(n=len(text), limit=LONGEST))
    return text


def _file_text(raw: bytes, name: str) -> str:
    try:
        return read_text(raw, uri="upload").text.replace("\r\n", "\n").replace("\x00", "")
    except DocumentError as error:
        raise Refused(_("{file} cannot be read as plain text.").format(file=name[:100])) from error


def _variant(tag: str) -> str:
    return tag if tag in DISPLAYED else ""
