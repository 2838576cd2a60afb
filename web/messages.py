"""The messages the app uses, found in its code and templates; `python -m web.messages` adds new ones to `locale/`."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from web.i18n import catalogue_folder

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"silent": "false"}}  # a template that cannot be parsed is an error
KEYWORDS = {"_": None, "translate_count": (1, 2), "ngettext": (1, 2), "_operation": (2,)}
"""What messages stand in, and as which arguments: `_operation` of api/spec.py has the summary second."""


def used_messages() -> Catalog:
    """A catalogue without translations: every message of web/, with the files it stands in."""
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(Path(__file__).parent, METHODS, keywords=KEYWORDS, options_map=OPTIONS)
    for name, _line, message, _comments, context in sorted(found, key=lambda f: (f[0], f[1])):
        catalogue.add(message, locations=[(f"web/{name}", 0)], context=context)
    return catalogue


def update(path: Path, template: Catalog) -> None:
    """Add the template's new messages to one `messages.po`, untranslated, and drop those no longer used."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False)


def main() -> None:
    """Update every catalogue of the source tree."""
    template = used_messages()
    for path in sorted((catalogue_folder() or Path("locale")).glob("*/LC_MESSAGES/messages.po")):
        update(path, template)


if __name__ == "__main__":
    main()
