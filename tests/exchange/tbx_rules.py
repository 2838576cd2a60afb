"""The Schematron rules of TBX-Basic in DCA style as code: lxml has no XSLT 2. Each broken rule is one line.

Source: TBX-Basic_DCA.sch (../shared/schemas). The rules for inline markup (sc, ec) are not here: we write none.
Rules of ours beyond the schema: one langSec a language, ids that start with a letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

NS = "{urn:iso:std:iso:30042:ed-2}"
TYPES = {
    "admin": {"customerSubset", "projectSubset", "source"},
    "descrip": {"subjectField", "context", "definition"},
    "ref": {"crossReference"},
    "termNote": {
        "administrativeStatus", "partOfSpeech", "geographicalUsage", "grammaticalGender", "termLocation", "termType",
    },
    "transac": {"transactionType"},
    "transacNote": {"responsibility"},
    "xref": {"externalCrossReference", "xGraphic"},
}  # fmt: skip
VALUES = {
    "administrativeStatus": {f"{s}Term-admn-sts" for s in ("admitted", "deprecated", "superseded", "preferred")},
    "partOfSpeech": {"adjective", "noun", "other", "verb", "adverb"},
    "grammaticalGender": {"masculine", "feminine", "neuter", "other"},
    "termType": {"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"},
    "transactionType": {"origination", "modification"},
}
LEVELS = {
    "customerSubset": {"conceptEntry", "termSec"},
    "projectSubset": {"conceptEntry", "termSec"},
    "source": {"conceptEntry", "langSec", "termSec"},
    "subjectField": {"conceptEntry"},
    "context": {"termSec"},
    "definition": {"conceptEntry", "langSec"},
    "crossReference": {"conceptEntry", "termSec"},
    "externalCrossReference": {"conceptEntry", "langSec", "termSec"},
    "xGraphic": {"conceptEntry", "langSec"},
    "transactionType": {"conceptEntry", "langSec", "termSec"},
    "responsibility": {"conceptEntry", "langSec", "termSec"},
}


def broken_rules(root: etree._Element) -> Iterator[str]:
    """What is wrong with a TBX document, with its line."""
    if root.tag != f"{NS}tbx" or root.get("type") != "TBX-Basic" or root.get("style") != "dca":
        yield "the root is no tbx of type TBX-Basic and style dca"
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    for element in root.iter(etree.Element):
        for problem in _of_element(element, ids):
            yield f"line {element.sourceline}: {problem}"


def _of_element(element: etree._Element, ids: set[str | None]) -> Iterator[str]:
    if not element.tag.startswith(NS):
        yield f"{element.tag} is not permitted in DCA style"
        return
    name, kind = element.tag.removeprefix(NS), element.get("type")
    if kind == "":
        yield "an empty type"
    target = element.get("target")
    if target is not None and target not in ids and not target.startswith(("http://", "https://")):
        yield f"the target {target} is neither an id nor a web address"
    if name in TYPES and kind not in TYPES[name]:
        yield f"{name} of type {kind}"
    if kind in VALUES and element.text not in VALUES[kind]:
        yield f"{kind} {element.text!r} is not in its picklist"
    if name in TYPES and kind in LEVELS and _level(element) not in LEVELS[kind]:
        yield f"{kind} in {_level(element)}"
    if name == "termNote" and _level(element) != "termSec":
        yield "a termNote outside a termSec"
    if name == "conceptEntry":
        counted = Counter(s.get("{http://www.w3.org/XML/1998/namespace}lang") for s in element.findall(f"{NS}langSec"))
        yield from (f"{count} langSecs of {lang}" for lang, count in counted.items() if count > 1)
        if not (element.get("id") or "")[:1].isalpha():
            yield f"the id {element.get('id')!r} starts with no letter"


def _level(element: etree._Element) -> str:
    parent = element.getparent()
    while parent is not None and parent.tag.endswith("Grp"):
        parent = parent.getparent()
    return "" if parent is None else parent.tag.removeprefix(NS)
