"""Interface languages: which there are, which one a request gets, and their catalogues.

The catalogues are `locale/<locale>/LC_MESSAGES/messages.po`, read when the app starts: no compiled file is needed, and
none can be stale. A message is a whole sentence with named places, `_("No entry for {term}", term=...)`; an argument
that is markup stays markup, everything else is escaped. Chinese is written per region and never converted.

After adding a message run `python -m web.messages`, which adds it to every catalogue, then translate it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, format_decimal, get_domain, get_locale
from markupsafe import Markup, escape

COOKIE = "lang"

UNGROUPED = 1000
"""Numbers under it are written alike in every interface language."""


@dataclass(frozen=True, slots=True)
class Language:
    """An interface language: its tag in HTML, its folder under `locale/`, its own name, and the name in the header."""

    tag: str
    locale: str
    name: str
    short: str


LANGUAGES: Mapping[str, Language] = {
    language.tag: language
    for language in (
        Language("en", "en", "English", "English"),
        Language("zh-Hans", "zh_Hans", "简体中文", "简体"),
        Language("zh-Hant-TW", "zh_Hant", "繁體中文（台灣）", "繁體"),
        Language("zh-Hant-HK", "zh_Hant_HK", "繁體中文（香港）", "繁體（港）"),
    )
}

ALIASES: Mapping[str, str] = {
    "en": "en",
    "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-my": "zh-Hans", "cmn": "zh-Hans",
    "cmn-hans": "zh-Hans", "zh-hant": "zh-Hant-TW", "zh-tw": "zh-Hant-TW", "cmn-hant": "zh-Hant-TW",
    "zh-hk": "zh-Hant-HK", "zh-mo": "zh-Hant-HK", "zh-hant-hk": "zh-Hant-HK", "zh-hant-mo": "zh-Hant-HK",
    "yue": "zh-Hant-HK", "zh-yue": "zh-Hant-HK", "yue-hans": "zh-Hans", "yue-cn": "zh-Hans",
}  # fmt: skip
"""What browsers send, in lower case, and the interface language it gets; a longer tag falls back to its beginning.

werkzeug's best_match compares whole tags and so serves English to zh-TW, zh-HK and zh-SG browsers."""


def interface_language(tag: str) -> str | None:
    """The interface language for one language tag of a browser, or None.

    >>> [interface_language(t) for t in ("zh-TW", "zh_HK", "zh-SG", "zh-Hant-SG", "zh-Hans-HK", "en-GB", "de")]
    ['zh-Hant-TW', 'zh-Hant-HK', 'zh-Hans', 'zh-Hant-TW', 'zh-Hans', 'en', None]
    """
    parts = tag.strip().replace("_", "-").lower().split("-")
    found = (ALIASES.get("-".join(parts[:n])) for n in range(len(parts), 0, -1))
    return next((tag for tag in found if tag), None)


def negotiate(accepted: Iterable[tuple[str, float]], default: str = "en") -> str:
    """The interface language for (tag, quality) pairs, best quality first; quality 0 means never.

    >>> negotiate([("de", 1), ("zh-TW", 0.9), ("en", 0.8)]), negotiate([("zh-Hans", 0), ("fr", 1)]), negotiate([])
    ('zh-Hant-TW', 'en', 'en')
    """
    known = (interface_language(tag) for tag, quality in accepted if quality > 0)
    return next((tag for tag in known if tag), default)


def current_language() -> Language:
    """The language of this request, found once: the cookie's when it names one, else what the browser asks for."""
    found: Language | None = g.get("language")
    if found is None:
        chosen = request.cookies.get(COOKIE, "")
        found = g.language = LANGUAGES[chosen if chosen in LANGUAGES else negotiate(request.accept_languages)]
    return found


def catalogue_folder(package: Path = Path(__file__).parent) -> Path | None:
    """`locale/` inside the package in an installed wheel, beside it in a source tree; None when there is neither."""
    found = (place / "locale" for place in (package, package.parent))
    return next((folder for folder in found if any(folder.glob("*/LC_MESSAGES/messages.po"))), None)


def read_catalogue(path: Path) -> Translations:
    """One `messages.po` as translations, compiled in memory."""
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled, domain="messages")


@cache
def _kept_catalogue(path: Path, changed: int) -> Translations:
    """`read_catalogue`, once a process for each state of the file."""
    return read_catalogue(path)


class _Catalogues(Domain):  # type: ignore[misc]  # flask_babel has no types
    """Flask-Babel's domain over catalogues in memory."""

    def __init__(self) -> None:
        super().__init__(domain="messages")
        folder = catalogue_folder()
        paths = sorted(folder.glob("*/LC_MESSAGES/messages.po")) if folder else []
        self.catalogues = {path.parent.parent.name: _kept_catalogue(path, path.stat().st_mtime_ns) for path in paths}

    def get_translations(self) -> NullTranslations:
        return self.catalogues.get(str(get_locale()), NullTranslations())


def _filled(text: str, values: Mapping[str, object]) -> str:
    if not values:
        return text
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(text).format(**values)
    return text.format(**values)


def translate(message: str, **values: object) -> str:
    """The message in the language of the request, its `{places}` filled; Markup when a value is Markup."""
    return _filled(translations().ugettext(message), values)


def translate_count(one: str, many: str, n: int, **values: object) -> str:
    """The message for n things; `{n}` is written the way the language writes numbers."""
    text = translations().ungettext(one, many, n)
    return _filled(text, {"n": str(n) if 0 <= n < UNGROUPED else format_decimal(n), **values})


def translations() -> NullTranslations:
    """The catalogue of this request, found once: a page has a hundred messages."""
    found = g.get("translations") if has_request_context() else get_domain().get_translations()
    if found is None:
        found = g.translations = get_domain().get_translations()
    assert isinstance(found, NullTranslations)
    return found


def language_name(tag: str) -> str:
    """A language's name in the language of the request; the tag itself when Babel does not know it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def init_app(app: Flask) -> None:
    """Give the templates `_`, `ngettext` and the languages; read the catalogues."""
    babel = Babel(app, configure_jinja=False, default_locale="en", locale_selector=lambda: current_language().locale)
    babel.domain_instance = _Catalogues()
    if not babel.domain_instance.catalogues:
        app.logger.warning("no locale/*/LC_MESSAGES/messages.po found: the interface is in English only")
    app.jinja_env.globals.update(_=translate, ngettext=translate_count, language_name=language_name)

    @app.context_processor
    def languages() -> dict[str, object]:
        return {"lang": current_language().tag, "languages": LANGUAGES}
