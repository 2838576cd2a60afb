"""Web pages (HTML, XHTML) as text: what a reader of the article sees, without the page around it.

Left out: scripts, styles, code blocks, forms' fields, hidden elements, readings over characters (ruby), and the page's
furniture (nav, header, footer, aside, form and what has such a role) unless it holds much of the text. A main or
article element stands for the page when it holds most of what is left. In doubt text is kept.

Limits: what is hidden or added by style sheets and scripts is not known; furniture in plain `div`s stays.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html import escape
from html.entities import html5

from lxml import etree

from glossary.documents.decoding import decode
from glossary.documents.extracted import Block, Extract, Form, composed, declared, unbroken
from glossary.documents.limits import MAX_ELEMENTS
from glossary.documents.markup import local_name, parse_html, parse_xml
from glossary.errors import DocumentError

CHROME_SHARE = 0.3
MAIN_SHARE = 0.6
RIVAL_SHARE = 0.1
"""Share of a page's text from which furniture is taken for text after all (old sites put the whole page in a form),
from which `main` or `article` stands for the page, and over which a second article (the translation, as a rule) keeps
it from that. Choices, not measured."""

_LEFT_OUT = """script style template noscript iframe object embed svg math canvas audio video map button select textarea
input datalist option rt rp head title dialog"""
_DROPPED = frozenset(_LEFT_OUT.split())
_CHROME = {"nav", "header", "footer", "aside", "form", "menu"}
_CHROME_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "toolbar"}
_PARAGRAPHS = """address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre section summary
table tbody td tfoot th thead tr ul"""
_BLOCKS = frozenset(_PARAGRAPHS.split())
_HEADING = re.compile("h[1-6]")
_NOTES = re.compile(r"(?:foot|end|rear)notes?|doc-(?:foot|end)notes?")
_EPUB_TYPE = ("{http://www.idpf.org/2007/ops}type", "epub:type")
_NOTE_PARTS = {"li", "aside", "p", "div", "dd", "tr"}
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_BACK_LINK = re.compile("[↩↑⏎]\ufe0e?")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_CHARSET_WITHIN = 4096
"""Bytes from the start in which a page names its encoding; the HTML standard asks for the first 1024."""

_XHTML = re.compile(r"^\s*<\?xml\b|<html[^>]{0,500}\sxmlns=")
"""What an XHTML page starts with; in HTML an empty `<title/>` would swallow the page."""

_AS_BROWSERS = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "big5": "big5hkscs"}
"""What browsers decode when a page names these. Source: WHATWG Encoding Standard, names and labels."""

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_XML_ENTITIES = frozenset(("lt;", "gt;", "amp;", "quot;", "apos;"))


def read(raw: bytes, name: str, encoding: str | None) -> Extract:
    """The text of a web page; its language when the `lang` attribute agrees with the letters.

    Raises: DocumentError for a page that cannot be decoded or is nested too deeply.
    """
    text = page_text(raw, name, encoding)
    is_xhtml = _XHTML.search(text[:_CHARSET_WITHIN]) is not None
    root = parse_page(text, name) if is_xhtml else parse_html(text, name)
    body = composed(page_blocks(root, name))
    return Extract(body, "html", declared(page_language(root), body))


def page_text(raw: bytes, name: str, encoding: str | None) -> str:
    """The page's characters: named encoding, byte order mark, UTF-8 if valid, the page's own word, detection."""
    head = raw[:_CHARSET_WITHIN]
    named = _XML_CHARSET.search(head) or _CHARSET.search(head)
    if encoding is None and named and not raw.startswith((codecs.BOM_UTF8, b"\xff\xfe", b"\xfe\xff")):
        for charset in ("utf-8", _codec(named[1].decode("ascii"))):
            try:
                return raw.decode(charset)
            except (UnicodeDecodeError, LookupError):
                continue  # the page's word is wrong: detection decides
    return decode(raw, name=name, encoding=encoding)


def _codec(charset: str) -> str:
    """The Python codec for a charset label; utf-8, which failed already, for one that is no text encoding."""
    try:
        found = codecs.lookup(charset)
    except (LookupError, ValueError):
        return "utf-8"
    if found.name.startswith("utf-16") or not getattr(found, "_is_text_encoding", True):
        return "utf-8"
    return _AS_BROWSERS.get(found.name, found.name)


def parse_page(text: str, name: str) -> etree._Element:
    """The root of an XHTML page: as XML, where `<title/>` is empty, or when that fails as browsers read it.

    Raises: DocumentError as parse_xml for entities, as parse_html for the rest.
    """
    bare = _NAMED.sub(_character, re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    try:
        return parse_xml(bare.encode("utf-8", "replace"), name)
    except DocumentError as error:
        if "not well-formed" not in str(error):
            raise
        return parse_html(bare, name)


def _character(match: re.Match[str]) -> str:
    """What stands for a named entity in XML that has no document type: the character, or the name spelt out."""
    if match[1] in _XML_ENTITIES:
        return match[0]
    return escape(html5[match[1]]) if match[1] in html5 else f"&amp;{match[1]}"


def page_language(root: etree._Element) -> str | None:
    """What the html or body element says its language is."""
    for element in root.iter("{*}html", "{*}body"):
        lang = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
        if lang:
            return lang
    return None


def page_blocks(root: etree._Element, name: str) -> list[Block]:
    """The paragraphs of a page in order.

    Raises: DocumentError for a page of more than MAX_ELEMENTS.
    """
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise DocumentError(f"{name}: more than {MAX_ELEMENTS:,} elements on a page; cut it into parts")
    total, chrome, articles = _surveyed(root)
    left_out = {e for e, size in chrome.items() if size < CHROME_SHARE * total}
    outermost = (e for e in left_out if not any(a in left_out for a in e.iterancestors()))
    article = _article(articles, total - sum(chrome[e] for e in outermost))
    if article is None:
        return list(_Page(root, left_out).blocks())
    titles = [e for e in root.iter("{*}h1") if not any(a in left_out for a in (e, *e.iterancestors()))]
    outside = [] if any(article in e.iterancestors() for e in titles) else titles[:1]
    return [block for part in (*outside, article) for block in _Page(part, left_out).blocks()]


_Sizes = dict[etree._Element, int]


def _surveyed(root: etree._Element) -> tuple[int, _Sizes, _Sizes]:
    """Characters of text, white space left out: of the page, of its furniture, of its main and article elements."""
    chrome: _Sizes = {}
    articles: _Sizes = {}
    starts: list[int] = []
    kept = [
        0
    ]  # for each open element, how many notes and titles it holds: a header or footer with them is no furniture
    total = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            starts.append(total)
            kept.append(0)
            if local_name(element) in _DROPPED:
                walk.skip_subtree()
            else:
                total += _length(element.text)
            continue
        size = total - starts.pop()
        inside = kept.pop()
        kept[-1] += inside + (_is_notes(element) or local_name(element) == "h1")
        if element is not root:
            total += _length(element.tail)
        if _is_hidden(element) or (not inside and _is_chrome(element)):
            chrome[element] = size
        elif _is_article(element):
            articles[element] = size
    return total, chrome, articles


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _is_hidden(element: etree._Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and re.search(r"display\s*:\s*none", style) is not None


def _is_chrome(element: etree._Element) -> bool:
    """True for navigation, page headers and footers, asides and forms; never for notes and the header of an article."""
    name = local_name(element)
    if name not in _CHROME and element.get("role") not in _CHROME_ROLES:
        return False
    if name == "header" and any(_is_article(a) for a in element.iterancestors()):
        return False
    return not _is_notes(element)


def _is_notes(element: etree._Element) -> bool:
    kinds = (element.get("role"), element.get("class"), *(element.get(a) for a in _EPUB_TYPE))
    return any(_NOTES.fullmatch(word.lower()) for kind in kinds if kind for word in kind.split())


def _is_article(element: etree._Element) -> bool:
    return local_name(element) in ("main", "article") or element.get("role") == "main"


def _article(articles: _Sizes, total: int) -> etree._Element | None:
    """The smallest main or article element that holds most of the text, with no second article beside it."""
    large = [e for e, size in articles.items() if size > RIVAL_SHARE * total]
    for element in sorted(large, key=lambda e: articles[e]):
        if articles[element] >= MAIN_SHARE * total and not any(_is_apart(element, other) for other in large):
            return element
    return None


def _is_apart(one: etree._Element, two: etree._Element) -> bool:
    return one is not two and one not in two.iterancestors() and two not in one.iterancestors()


class _Page:
    """One walk over a tree: text gathers until a block element begins or ends."""

    def __init__(self, root: etree._Element, dropped: set[etree._Element]) -> None:
        self.root = root
        self.dropped = dropped
        self.pending: list[str] = []
        self.open: list[tuple[str, bool, bool]] = []  # name, whether it stands among notes, whether in one of them

    def blocks(self) -> Iterator[Block]:
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            name = local_name(element)
            if event == "end":
                yield from self.end(element, name)
            elif self.is_left_out(element, name):
                walk.skip_subtree()
                self.open.append((name, False, False))
            else:
                yield from self.begin(element, name)
        yield from self.flush()

    def is_left_out(self, element: etree._Element, name: str) -> bool:
        if name in _DROPPED or (element in self.dropped and element is not self.root):
            return True
        return (name == "pre" and any(local_name(e) == "code" for e in element)) or _is_reference(element, name)

    def begin(self, element: etree._Element, name: str) -> Iterator[Block]:
        if name == "br" and self.form() == "heading":
            self.pending.append("\n")
        elif name in _BLOCKS:
            yield from self.flush()
        _, among, within = self.open[-1] if self.open else ("", False, False)
        among = among or _is_notes(element)
        self.open.append((name, among, within or (among and name in _NOTE_PARTS)))
        self.pending.append(_marked(element, name))

    def end(self, element: etree._Element, name: str) -> Iterator[Block]:
        if name in _BLOCKS and name != "br":
            yield from self.flush()
        self.open.pop()
        if element is not self.root:
            self.pending.append(element.tail or "")

    def flush(self) -> Iterator[Block]:
        text, form = "".join(self.pending), self.form()
        self.pending = []
        if not text.strip():
            return
        keeps_lines = any(name == "pre" for name, *_ in self.open[-4:])
        for piece in re.split(r"\n[ \t]*\n", text) if keeps_lines else [text]:
            yield Block(_BACK_LINK.sub("", unbroken(piece)) if form == "note" else unbroken(piece), form)

    def form(self) -> Form:
        """What the paragraph at hand is. The heading over notes is one, not a note."""
        names = [name for name, *_ in self.open[-5:]]
        if any(_HEADING.fullmatch(name) for name in names):
            return "heading"
        if self.open and self.open[-1][2]:
            return "note"
        return "item" if "li" in names else "plain"


def _is_reference(element: etree._Element, name: str) -> bool:
    """True for the raised number that leads to a note: it is no part of the sentence."""
    if name not in ("sup", "a"):
        return False
    if {element.get("role"), *(element.get(a) for a in _EPUB_TYPE)} & {"doc-noteref", "noteref"}:
        return True
    if len(element) != 1 or (element.text or "").strip():
        return False
    link, raised = (element, element[0]) if name == "a" else (element[0], element)
    return local_name(raised) == "sup" and local_name(link) == "a" and "#" in (link.get("href") or "")


def _marked(element: etree._Element, name: str) -> str:
    """The element's own text; digits set high are written as such, so that 10² does not become 102."""
    text = element.text or ""
    return text.translate(_SUPERSCRIPT) if name == "sup" and re.fullmatch(r"[+-]?\d+", text.strip()) else text
